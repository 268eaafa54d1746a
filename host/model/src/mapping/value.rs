//! One rule, checked: what it writes, and that it says nothing beside.

use super::compile::{Asked, Joined, Link, MappingError, Piece, Shape, Shaping, StepValue, number_of, pointer};
use super::date::Date;
use super::expression::Expression;
use super::number::Number;
use super::rules::{Concat, Keep, Lookup, Part, Rule};

/// What a rule writes.
pub(super) fn step_value(rule: &Rule, at: &str, asked: &mut Asked) -> Result<StepValue, MappingError> {
    match (&rule.copy, &rule.constant, &rule.concat, &rule.jq, &rule.each) {
        (Some(from), None, None, None, None) => copied(rule, from, at, asked),
        (None, Some(constant), None, None, None) => {
            refuse(rule, &["split", "date", "number", "lookup", "cast", "table", "default", "rules"], "constant", at)?;
            Ok(StepValue::Constant(constant.to_string()))
        }
        (None, None, Some(concat), None, None) => {
            refuse(rule, &["split", "date", "number", "lookup", "cast", "table", "rules"], "concat", at)?;
            joined(concat, at).map(StepValue::Concat)
        }
        (None, None, None, Some(text), None) => {
            refuse(rule, &["split", "date", "number", "lookup", "cast", "table", "rules"], "jq", at)?;
            Expression::check(text).map_err(|error| MappingError::new(format!("{at}/jq"), error.to_string()))?;
            Ok(StepValue::Expression(number_of(&mut asked.expressions, text)))
        }
        (None, None, None, None, Some(from)) => {
            refuse(rule, &["split", "date", "number", "lookup", "cast", "table"], "each", at)?;
            let from = pointer(from, &format!("{at}/each"))?;
            let shape = Shape::compile(&rule.rules, Keep::Mapped, at, asked)?;
            Ok(StepValue::Each { from, shape })
        }
        _ => {
            let what = "a rule has exactly one of `copy`, `constant`, `concat`, `jq`, `each` and `drop`";
            Err(MappingError::new(at, what))
        }
    }
}

/// Refuses keys that mean nothing beside another.
fn refuse(rule: &Rule, keys: &[&str], beside: &str, at: &str) -> Result<(), MappingError> {
    let said = |key: &str| match key {
        "split" => rule.split.is_some(),
        "date" => rule.date.is_some(),
        "number" => rule.number.is_some(),
        "lookup" => rule.lookup.is_some(),
        "cast" => rule.cast.is_some(),
        "table" => rule.table.is_some(),
        "default" => rule.default.is_some(),
        _ => !rule.rules.is_empty(),
    };
    match keys.iter().find(|key| said(key)) {
        Some(key) => Err(MappingError::new(at, format!("`{key}` has no meaning beside `{beside}`"))),
        None => Ok(()),
    }
}

fn copied(rule: &Rule, from: &str, at: &str, asked: &mut Asked) -> Result<StepValue, MappingError> {
    refuse(rule, &["rules"], "copy", at)?;
    let from = pointer(from, &format!("{at}/copy"))?;
    if rule.split.as_ref().is_some_and(|split| split.separator.is_empty()) {
        return Err(MappingError::new(
            format!("{at}/split/separator"),
            "a text is cut at something; write a separator",
        ));
    }
    let table = rule.table.as_ref().map(|table| table.iter().map(|(k, v)| (k.clone(), v.to_string())).collect());
    let shaping = match (&rule.date, &rule.number, &rule.lookup) {
        (Some(date), None, None) => {
            refuse(rule, &["cast", "table"], "date", at)?;
            Shaping::Date(Date::compile(date, &format!("{at}/date"))?)
        }
        (None, Some(number), None) => {
            refuse(rule, &["cast", "table"], "number", at)?;
            Shaping::Number(Number::compile(number, &format!("{at}/number"))?)
        }
        (None, None, Some(lookup)) => {
            refuse(rule, &["table"], "lookup", at)?;
            Shaping::Link(linked(rule, lookup, at, asked)?)
        }
        (None, None, None) if rule.split.is_none() => return Ok(StepValue::Copy { from, cast: rule.cast, table }),
        (None, None, None) => table.map_or(Shaping::Cast(rule.cast), Shaping::Table),
        _ => return Err(MappingError::new(at, "a value has at most one of `date`, `number` and `lookup`")),
    };
    Ok(StepValue::Shaped { from, split: rule.split.clone(), shaping })
}

fn linked(rule: &Rule, lookup: &Lookup, at: &str, asked: &mut Asked) -> Result<Link, MappingError> {
    if lookup.endpoint.is_empty() {
        let what = "name the destination endpoint whose records are looked up";
        return Err(MappingError::new(format!("{at}/lookup/endpoint"), what));
    }
    let endpoint = number_of(&mut asked.endpoints, &lookup.endpoint);
    Ok(Link { endpoint, name: lookup.endpoint.clone(), cast: rule.cast, absent: lookup.absent })
}

fn joined(concat: &Concat, at: &str) -> Result<Joined, MappingError> {
    if concat.parts.is_empty() {
        return Err(MappingError::new(format!("{at}/concat/parts"), "name the parts that are put together"));
    }
    let pieces = concat.parts.iter().enumerate().map(|(index, part)| match part {
        Part::Copy(from) => pointer(from, &format!("{at}/concat/parts/{index}/copy")).map(Piece::Copy),
        Part::Text(text) => Ok(Piece::Text(text.clone())),
    });
    Ok(Joined { pieces: pieces.collect::<Result<_, _>>()?, separator: concat.separator.clone(), absent: concat.absent })
}
