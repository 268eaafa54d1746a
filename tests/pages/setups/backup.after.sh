# It went on from its backup: the record at the cursor was read again and billed by the ledger as it was restored, and nothing is in the
# warehouse twice.
"${host[@]}" run acme/orders
"${host[@]}" --json usage | grep -q '"spent":{[^}]*"records":251'
warehouse=127.0.0.1:8702
exec 4<>"/dev/tcp/${warehouse%:*}/${warehouse#*:}"
printf 'GET /summary HTTP/1.0\r\nhost: 127.0.0.1\r\n\r\n' >&4
grep -q '"lines":250' <&4
