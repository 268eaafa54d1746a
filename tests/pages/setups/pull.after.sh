# Every order came, each once, and tomorrow's question was answered.
test "$(grep -o '"number"' pages.json | wc -l)" -eq 250
test "$(grep -o '"number":"[^"]*"' pages.json | sort -u | wc -l)" -eq 250
test -s cursor
