//! What an operation gave: a table, one thing with its fields, or JSON.

use serde_json::Value;
use weighbridge_server::api::{self, Export};

use super::Called;
use crate::args::Args;
use crate::output;

pub(super) fn answer(args: &Args, called: &Called, given: &Value) {
    if args.json {
        return output::json(given);
    }
    match given["items"].as_array() {
        Some(items) if called.operation.is_list() => list(called, items, given["next"].as_str()),
        _ => fields("", given),
    }
}

fn list(called: &Called, items: &[Value], next: Option<&str>) {
    let columns = called.operation.columns;
    let rows: Vec<Vec<String>> =
        items.iter().map(|item| columns.iter().map(|column| api::cell(&item[*column])).collect()).collect();
    output::rows(columns, &rows);
    if let Some(next) = next {
        output::aside(format_args!(
            "there are more: repeat this with --cursor {next}, or --csv or --jsonl for all of them"
        ));
    }
}

/// What people look for first comes first.
const FIRST: &[&str] = &["name", "label", "step", "line", "level", "id"];

/// One field a line; what is inside a field goes under its name.
fn fields(prefix: &str, value: &Value) {
    let Value::Object(fields) = value else { return output::line(api::cell(value)) };
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_by_key(|(name, _)| FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len()));
    for (name, value) in fields {
        match value {
            // A verb of the command line sends none back.
            _ if name == "etag" => {}
            Value::Null => {}
            Value::Array(items) if items.is_empty() => {}
            Value::Object(_) => self::fields(&format!("{prefix}{name}."), value),
            Value::Array(items) if items.iter().any(Value::is_object) => {
                for (index, item) in items.iter().enumerate() {
                    self::fields(&format!("{prefix}{name}[{index}]."), item);
                }
            }
            _ => output::line(format_args!("{prefix}{name}: {}", api::cell(value))),
        }
    }
}

pub(super) fn page(called: &Called, form: Export, given: &Value, is_first: bool) {
    let text = form.page(called.operation.columns, given, is_first);
    if !text.is_empty() {
        output::line(text.trim_end().replace("\r\n", "\n"));
    }
}
