//! Rules as people write them: one on a line, and the line on which one stands.

use serde_json::Value;

/// Rules as a text, each of them on a line of its own.
pub(super) fn written(rules: &Value) -> String {
    let empty = serde_json::Map::new();
    let parts = rules
        .as_object()
        .unwrap_or(&empty)
        .iter()
        .filter(|(_, part)| part.as_array().is_none_or(|all| !all.is_empty()));
    let mut parts: Vec<_> = parts.collect();
    // How fields are kept and which records go on stand before the rules.
    parts.sort_by_key(|(name, _)| (*name == "rules", *name != "keep"));
    let parts: Vec<String> =
        parts.into_iter().map(|(name, part)| format!("  {}: {}", Value::from(name.as_str()), list(part))).collect();
    format!("{{\n{}\n}}", parts.join(",\n"))
}

fn list(part: &Value) -> String {
    match part.as_array() {
        Some(all) => {
            let lines: Vec<String> = all.iter().map(|one| format!("    {one}")).collect();
            format!("[\n{}\n  ]", lines.join(",\n"))
        }
        None => part.to_string(),
    }
}

/// The line, counted from 1, on which a rule or a filter begins: `/rules/2`, and whatever is inside of it.
pub(super) fn line_of(text: &str, pointer: &str) -> Option<usize> {
    let mut parts = pointer.split('/').skip(1);
    let (list, number) = (parts.next()?, parts.next()?.parse().ok()?);
    Scan::default().find(text, list, number)
}

/// Where a reading of a JSON text stands.
#[derive(Default)]
struct Scan {
    depth: usize,
    word: String,
    in_text: bool,
    is_escaped: bool,
    inside: bool,
    awaits: bool,
    seen: usize,
}

impl Scan {
    fn find(mut self, text: &str, list: &str, number: usize) -> Option<usize> {
        for (at, line) in text.lines().enumerate() {
            for one in line.chars() {
                if self.in_text {
                    self.inside_text(one);
                } else if self.begins_one(one) && self.counts(number) {
                    return Some(at + 1);
                } else {
                    self.outside(one, list);
                }
            }
        }
        None
    }

    fn inside_text(&mut self, one: char) {
        match one {
            _ if self.is_escaped => self.is_escaped = false,
            '\\' => self.is_escaped = true,
            '"' => self.in_text = false,
            one => self.word.push(one),
        }
    }

    const fn begins_one(&self, one: char) -> bool {
        self.inside && self.depth == 2 && self.awaits && !one.is_ascii_whitespace() && !matches!(one, ',' | ']')
    }

    const fn counts(&mut self, number: usize) -> bool {
        self.awaits = false;
        self.seen += 1;
        self.seen > number
    }

    fn outside(&mut self, one: char, list: &str) {
        match one {
            '"' => {
                self.in_text = true;
                self.word.clear();
            }
            '{' | '[' => {
                self.depth += 1;
                if self.depth == 2 {
                    (self.inside, self.awaits) = (one == '[' && self.word == list, true);
                }
            }
            '}' | ']' => self.depth = self.depth.saturating_sub(1),
            ',' if self.depth == 2 => self.awaits = true,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_stand_one_on_a_line_and_are_found_there() {
        let rules = json!({ "rules": [{ "copy": "/id" }, { "constant": "], [", "to": "/a" }, { "copy": "/b" }], "keep": "all", "filter": [] });
        let text = written(&rules);
        let expected = "{\n  \"keep\": \"all\",\n  \"rules\": [\n    {\"copy\":\"/id\"},\n    {\"constant\":\"], [\",\"to\":\"/a\"},\n    {\"copy\":\"/b\"}\n  ]\n}";
        assert_eq!(text, expected);
        let lines = ["/rules/0", "/rules/1/to", "/rules/2", "/rules/3", "/filter/0"].map(|at| line_of(&text, at));
        assert_eq!(lines, [Some(4), Some(5), Some(6), None, None]);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["rules"], rules["rules"]);
    }

    #[test]
    fn rules_over_several_lines_are_found_where_they_begin() {
        let text = "{ \"filter\": [{ \"field\": \"/a\" }],\n\"rules\":\n[ { \"each\": \"/l\",\n \"rules\": [{}, {}] },\n {\"copy\": \"/\\\"\"}, 1 ] }";
        let lines = ["/filter/0", "/rules/0/rules/1", "/rules/1", "/rules/2"].map(|at| line_of(text, at));
        assert_eq!(lines, [Some(1), Some(3), Some(5), Some(5)]);
    }
}
