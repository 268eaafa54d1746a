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

pub(crate) fn quoted(text: &str) -> String {
    let calculates = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if calculates { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
