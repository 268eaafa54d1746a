//! A list as a table: for people, and as CSV.

use serde_json::Value;

/// A value as one cell: texts as they are, lists with commas, nothing where there is nothing.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(cell).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Items under their columns, as CSV (RFC 4180). What a spreadsheet would calculate begins with an apostrophe.
pub fn csv(columns: &[&str], items: &[Value], with_headings: bool) -> String {
    let mut text = String::new();
    if with_headings {
        text.push_str(&columns.join(","));
        text.push_str("\r\n");
    }
    for item in items {
        let cells: Vec<_> = columns.iter().map(|column| quoted(&cell(&item[*column]))).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// What a formula may begin with: also in the wide letters that some spreadsheets take for the same.
const CALCULATES: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

pub(crate) fn quoted(text: &str) -> String {
    let calculates = text.starts_with(CALCULATES);
    let text = if calculates { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_calculate_is_a_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＠SUM(A1)"] {
            assert!(quoted(formula).trim_start_matches('"').starts_with('\''), "{formula:?}");
        }
        assert_eq!(quoted("1 = 1"), "1 = 1");
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }
}
