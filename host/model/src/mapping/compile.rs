//! Rules, checked and made ready, once.

use std::collections::BTreeMap;

use serde_json::Value;

use super::filter::CompiledFilter;
use super::rules::{Cast, Keep, Rule, Rules};
use crate::record::Pointer;

/// The most steps of a pointer: deeper than any record is, and no danger to whoever walks down it.
const STEPS_MAX: usize = 32;

/// The rules do not make a mapping.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {what}")]
pub struct MappingError {
    /// Where, as a path into the rules: `/rules/2/copy`.
    pub at: String,
    /// What is wrong, and what to write instead.
    pub what: String,
}

impl MappingError {
    /// The stable code.
    pub const CODE: &'static str = "mapping.malformed";

    pub(super) fn new(at: impl Into<String>, what: impl Into<String>) -> Self {
        Self { at: at.into(), what: what.into() }
    }
}

/// Rules that were checked, ready to be applied.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub(super) filters: Vec<CompiledFilter>,
    pub(super) shape: Shape,
    /// What becomes of a primary key: the values that are copied from there, and nothing else.
    pub(super) keys: Shape,
}

/// What is written for one object.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// Fields written before the others under their own names, when all are kept: these are not.
    pub(super) keep_except: Option<Vec<String>>,
    pub(super) root: Vec<(String, Node)>,
    pub(super) steps: Vec<Step>,
}

/// One field of the output.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Object(Vec<(String, Self)>),
    /// What the step of this number writes.
    Step(usize),
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) at: String,
    pub(super) value: StepValue,
    pub(super) default: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) enum StepValue {
    Copy { from: Pointer, cast: Option<Cast>, table: Option<BTreeMap<String, String>> },
    Constant(String),
    Each { from: Pointer, shape: Shape },
}

impl Mapping {
    /// Checks the rules.
    pub fn compile(rules: &Rules) -> Result<Self, MappingError> {
        let filters = rules.filter.iter().enumerate();
        let filters = filters.map(|(index, filter)| CompiledFilter::compile(filter, &format!("/filter/{index}")));
        let shape = Shape::compile(&rules.rules, rules.keep, "")?;
        Ok(Self { filters: filters.collect::<Result<_, _>>()?, keys: shape.of_keys(), shape })
    }
}

impl Shape {
    fn compile(rules: &[Rule], keep: Keep, at: &str) -> Result<Self, MappingError> {
        let mut shape = Self { keep_except: None, root: Vec::new(), steps: Vec::new() };
        let mut taken = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            let at = format!("{at}/rules/{index}");
            shape.add(rule, keep, &at, &mut taken)?;
        }
        if shape.steps.is_empty() && keep == Keep::Mapped {
            let what = "nothing would be written; add a rule, or set `keep` to `all`";
            return Err(MappingError::new(format!("{at}/rules"), what));
        }
        if keep == Keep::All {
            taken.extend(shape.root.iter().map(|(name, _)| name.clone()));
            shape.keep_except = Some(taken);
        }
        Ok(shape)
    }

    fn of_keys(&self) -> Self {
        let nothing = StepValue::Copy { from: Pointer::nowhere(), cast: None, table: None };
        let step = |step: &Step| {
            let constant = matches!(step.value, StepValue::Constant(_));
            let value = if constant { nothing.clone() } else { step.value.clone() };
            Step { at: step.at.clone(), value, default: None }
        };
        Self {
            keep_except: self.keep_except.clone(),
            root: self.root.clone(),
            steps: self.steps.iter().map(step).collect(),
        }
    }

    fn add(&mut self, rule: &Rule, keep: Keep, at: &str, taken: &mut Vec<String>) -> Result<(), MappingError> {
        if let Some(field) = &rule.drop {
            return drop_field(rule, field, keep, at).map(|name| taken.push(name));
        }
        let (value, from) = step_value(rule, at)?;
        if let Some(from) = &from {
            taken.extend(from.steps().first().cloned());
        }
        let to = match (&rule.to, from) {
            (Some(to), _) => pointer(to, &format!("{at}/to"))?,
            (None, Some(from)) => from,
            (None, None) => return Err(MappingError::new(at, "`to` is missing: say where the constant is written")),
        };
        place(&mut self.root, to.steps(), Node::Step(self.steps.len()))
            .map_err(|()| MappingError::new(format!("{at}/to"), format!("`{to}` is written by an earlier rule")))?;
        let default = rule.default.as_ref().map(Value::to_string);
        self.steps.push(Step { at: at.to_owned(), value, default });
        Ok(())
    }
}

fn drop_field(rule: &Rule, field: &str, keep: Keep, at: &str) -> Result<String, MappingError> {
    let alone = Rule { drop: rule.drop.clone(), ..Rule::default() } == *rule;
    if !alone {
        return Err(MappingError::new(at, "`drop` stands alone in its rule"));
    }
    if keep == Keep::Mapped {
        return Err(MappingError::new(
            at,
            "nothing is kept that could be dropped; set `keep` to `all`, or leave this out",
        ));
    }
    match pointer(field, &format!("{at}/drop"))?.steps() {
        [name] => Ok(name.clone()),
        _ => Err(MappingError::new(format!("{at}/drop"), "only a top-level field can be dropped, such as `/note`")),
    }
}

/// What a rule writes, and where it reads it.
fn step_value(rule: &Rule, at: &str) -> Result<(StepValue, Option<Pointer>), MappingError> {
    let only = |allowed: bool, key: &str, with: &str| {
        allowed.then_some(()).ok_or_else(|| MappingError::new(at, format!("`{key}` has no meaning beside `{with}`")))
    };
    match (&rule.copy, &rule.constant, &rule.each) {
        (Some(from), None, None) => {
            only(rule.rules.is_empty(), "rules", "copy")?;
            let from = pointer(from, &format!("{at}/copy"))?;
            let table =
                rule.table.as_ref().map(|table| table.iter().map(|(k, v)| (k.clone(), v.to_string())).collect());
            Ok((StepValue::Copy { from: from.clone(), cast: rule.cast, table }, Some(from)))
        }
        (None, Some(constant), None) => {
            only(rule.rules.is_empty(), "rules", "constant")?;
            only(rule.cast.is_none(), "cast", "constant")?;
            only(rule.table.is_none(), "table", "constant")?;
            only(rule.default.is_none(), "default", "constant")?;
            Ok((StepValue::Constant(constant.to_string()), None))
        }
        (None, None, Some(from)) => {
            only(rule.cast.is_none(), "cast", "each")?;
            only(rule.table.is_none(), "table", "each")?;
            let from = pointer(from, &format!("{at}/each"))?;
            let shape = Shape::compile(&rule.rules, Keep::Mapped, at)?;
            Ok((StepValue::Each { from: from.clone(), shape }, Some(from)))
        }
        _ => Err(MappingError::new(at, "a rule has exactly one of `copy`, `constant`, `each` and `drop`")),
    }
}

pub(super) fn pointer(text: &str, at: &str) -> Result<Pointer, MappingError> {
    let pointer = Pointer::parse(text).map_err(|error| MappingError::new(at, error.to_string()))?;
    match pointer.steps().len() {
        0..=STEPS_MAX => Ok(pointer),
        steps => {
            Err(MappingError::new(at, format!("a pointer of {steps} steps leads too deep; {STEPS_MAX} are allowed")))
        }
    }
}

/// Puts a node into the output's tree, or fails where another one stands.
fn place(fields: &mut Vec<(String, Node)>, steps: &[String], node: Node) -> Result<(), ()> {
    let (first, rest) = steps.split_first().ok_or(())?;
    let position = fields.iter().position(|(name, _)| name == first);
    match (position, rest.is_empty()) {
        (None, true) => fields.push((first.clone(), node)),
        (None, false) => {
            let mut inner = Vec::new();
            place(&mut inner, rest, node)?;
            fields.push((first.clone(), Node::Object(inner)));
        }
        (Some(_), true) => return Err(()),
        (Some(index), false) => match &mut fields[index].1 {
            Node::Object(inner) => place(inner, rest, node)?,
            Node::Step(_) => return Err(()),
        },
    }
    Ok(())
}
