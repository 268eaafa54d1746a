//! From a form's fields to an operation's parameters, and carrying it out once.
//!
//! A field has the name of its parameter: `name`, `window.start` for what stands inside another. A kind may stand behind a colon:
//! `quota.records:number`. Whatever comes is checked by the operation, as from anybody.

use data_encoding::HEXLOWER;
use http::Method;
use serde_json::{Map, Value};
use weighbridge::model::problem::{Problem, ProblemCode};

use super::visit::Visit;
use crate::api::{Given, Operation, Parameter, ParameterKind, once, operations, typed};

/// Fields that say how a form is carried out, and are none of the operation's.
pub(crate) const OWN: [&str; 4] = ["token", "do", "etag", "once"];

/// The most parts of a field's name: `schedule.hours` has two. Whoever sends more sends no form of ours.
const PARTS_MAX: usize = 8;

/// Something that nobody guesses, and that is never given twice.
pub(crate) fn chance() -> String {
    weighbridge::request_id().map(|bytes| HEXLOWER.encode(&bytes)).unwrap_or_default()
}

/// The operation with a name.
pub(crate) fn operation(name: &str) -> Option<&'static Operation> {
    operations().iter().find(|one| one.name == name)
}

/// Carries out what a form asks for. Sent twice, it is done once.
pub(crate) async fn carry_out(
    visit: &Visit,
    operation: &'static Operation,
    fields: &[(String, String)],
) -> Result<Value, Problem> {
    let own = |name: &str| fields.iter().find(|(key, text)| key == name && !text.is_empty()).map(|(_, text)| text);
    let mut asked = visit.asked(input(operation, fields)?);
    asked.input.retain(|name, _| operation.parameters().iter().any(|one| one.name == *name));
    asked.seen = own("etag").cloned();
    let given = match own("once").filter(|_| operation.method == Method::POST && !operation.open) {
        Some(key) => once::run(&visit.engine, operation, asked, key).await?,
        None => Given::of(&operation.run(&visit.engine, asked).await?),
    };
    serde_json::from_str(&given.text).map_err(Problem::fault)
}

/// The operation's parameters, from a form's fields.
fn input(operation: &Operation, fields: &[(String, String)]) -> Result<Map<String, Value>, Problem> {
    let mut input = Map::new();
    for (name, text) in fields.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
        let (path, kind) = name.split_once(':').unwrap_or((name, ""));
        if path.split('.').count() > PARTS_MAX {
            return Err(Problem::invalid("", "a field's name has more parts than any parameter"));
        }
        let known = operation.parameters().iter().find(|one| one.name == path && kind.is_empty());
        if kind == "parts" {
            parts(&mut input, path, text)?;
            continue;
        }
        let value = match known {
            Some(parameter) => of_parameter(operation, parameter, text)?,
            None => of_kind(path, kind, text)?,
        };
        if let Some(value) = value {
            place(&mut input, path, value, kind == "several");
        }
    }
    Ok(input)
}

/// A parameter that has its own field. What is left empty was not given; only in a change an empty text takes something away.
fn of_parameter(operation: &Operation, parameter: &Parameter, text: &str) -> Result<Option<Value>, Problem> {
    let is_kept = parameter.kind == ParameterKind::Text && (parameter.required || operation.method == Method::PATCH);
    match &parameter.kind {
        _ if text.is_empty() && !is_kept => Ok(None),
        ParameterKind::Text => Ok(Some(text.into())),
        _ => typed(parameter, &[text.to_owned()]).map(Some),
    }
}

/// A choice that stands for several parameters at once: an object of them.
fn parts(input: &mut Map<String, Value>, path: &str, text: &str) -> Result<(), Problem> {
    if let Some(Value::Object(all)) = of_kind(path, "json", text)? {
        input.extend(all);
    }
    Ok(())
}

fn of_kind(path: &str, kind: &str, text: &str) -> Result<Option<Value>, Problem> {
    let wrong = |what: &str| Problem::invalid(path, what.to_owned());
    let text = text.trim();
    let value = match kind {
        "list" | "several" | "lines" => listed(kind, text),
        "flag" => (text == "true").into(),
        "text" => text.into(),
        _ if text.is_empty() => return Ok(None),
        "words" => listed("list", text),
        "number" => {
            text.replace([' ', '\u{a0}'], "").parse::<i64>().map_err(|_| wrong("this is not a whole number"))?.into()
        }
        "json" => serde_json::from_str(text).map_err(|error| wrong(&format!("this is no JSON: {error}")))?,
        _ => text.into(),
    };
    Ok(Some(value))
}

fn listed(kind: &str, text: &str) -> Value {
    let parts: Vec<&str> = match kind {
        "list" => text.split(',').collect(),
        "lines" => text.lines().collect(),
        _ => vec![text],
    };
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).map(Value::from).collect()
}

/// Puts a value where its path says; several under one name stand in a list.
fn place(input: &mut Map<String, Value>, path: &str, value: Value, is_several: bool) {
    let Some((first, rest)) = path.split_once('.') else {
        match (input.get_mut(path), value) {
            (Some(Value::Array(before)), Value::Array(more)) if is_several => before.extend(more),
            // An object that is said to be there, and whose parts were typed.
            (Some(Value::Object(_)), Value::Object(none)) if none.is_empty() => {}
            (_, value) => {
                input.insert(path.to_owned(), value);
            }
        }
        return;
    };
    let inner = input.entry(first).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(inner) = inner {
        place(inner, rest, value, is_several);
    }
}

/// A form that names an operation which its page does not carry out.
pub(crate) fn unknown() -> Problem {
    ProblemCode::UnknownOperation.into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(name: &str, fields: &[(&str, &str)]) -> Value {
        let fields: Vec<_> = fields.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
        Value::Object(input(operation(name).unwrap(), &fields).unwrap())
    }

    #[test]
    fn fields_become_parameters() {
        let fields = [
            ("token", "t"),
            ("name", "Ada"),
            ("labels:list", "north, vip,,"),
            ("window.start", "2026-03-01"),
            ("window.end", ""),
            ("quota.records:number", "1 000"),
        ];
        let expected = json!({
            "name": "Ada", "labels": ["north", "vip"], "window": { "start": "2026-03-01" }, "quota": { "records": 1000 },
        });
        assert_eq!(read("customer add", &fields), expected);
    }

    #[test]
    fn a_choice_of_several_parameters_gives_each_and_an_empty_one_gives_none() {
        let place = r#"{"connection":"c1","stream":"orders"}"#;
        let expected = json!({ "name": "orders", "connection": "c1", "stream": "orders" });
        assert_eq!(read("endpoint add", &[("name", "orders"), ("place:parts", place)]), expected);
        assert_eq!(read("endpoint add", &[("name", "orders"), ("place:parts", "")]), json!({ "name": "orders" }));
    }

    #[test]
    fn a_schedule_that_nobody_typed_is_none() {
        let empty = [("schedule.cron", ""), ("schedule.hours:words", "")];
        assert_eq!(read("transfer add", &empty), json!({}));
        let typed =
            [("schedule.every", "15m"), ("schedule.hours:words", "08:00-18:00"), ("schedule.paused:flag", "true")];
        let expected = json!({ "schedule": { "every": "15m", "hours": ["08:00-18:00"], "paused": true } });
        assert_eq!(read("transfer add", &typed), expected);
    }

    #[test]
    fn a_name_of_endless_parts_is_refused_before_anything_is_made_of_it() {
        let refused = |parts: usize| {
            let name = format!("window{}", ".a".repeat(parts));
            input(operation("customer add").unwrap(), &[(name, "1".to_owned())]).is_err()
        };
        assert!(!refused(PARTS_MAX - 1));
        assert!(refused(PARTS_MAX));
        assert!(refused(1_000_000));
    }

    #[test]
    fn several_fields_of_one_name_are_a_list() {
        let fields = [("endpoints:several", ""), ("endpoints:several", "a"), ("endpoints:several", "b")];
        assert_eq!(read("service add", &fields), json!({ "endpoints": ["a", "b"] }));
    }
}
