//! Rules, checked and made ready, once.

use std::collections::BTreeMap;

use serde_json::Value;

use super::date::Date;
use super::filter::CompiledFilter;
use super::number::Number;
use super::rules::{AbsentLink, AbsentPart, Cast, Keep, Rule, Rules, Split};
use super::value::step_value;
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
    asked: Asked,
}

/// What has to be looked up outside of a record: rules name these by their numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) endpoints: Vec<String>,
    pub(super) expressions: Vec<String>,
}

pub(super) fn number_of(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|one| one == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
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
    Copy {
        from: Pointer,
        cast: Option<Cast>,
        table: Option<BTreeMap<String, String>>,
    },
    Constant(String),
    /// A value that is given another form.
    Shaped {
        from: Pointer,
        split: Option<Split>,
        shaping: Shaping,
    },
    Concat(Joined),
    /// The expression of this number.
    Expression(usize),
    Each {
        from: Pointer,
        shape: Shape,
    },
}

/// The form that a value is given.
#[derive(Clone, Debug)]
pub(super) enum Shaping {
    Cast(Option<Cast>),
    Table(BTreeMap<String, String>),
    Date(Date),
    Number(Number),
    Link(Link),
}

/// A look-up in record links.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// The endpoint's number, and its name.
    pub(super) endpoint: usize,
    pub(super) name: String,
    pub(super) cast: Option<Cast>,
    pub(super) absent: AbsentLink,
}

/// Several values as one text.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    pub(super) pieces: Vec<Piece>,
    pub(super) separator: String,
    pub(super) absent: AbsentPart,
}

#[derive(Clone, Debug)]
pub(super) enum Piece {
    Copy(Pointer),
    Text(String),
}

impl Mapping {
    /// Checks the rules.
    pub fn compile(rules: &Rules) -> Result<Self, MappingError> {
        let filters = rules.filter.iter().enumerate();
        let filters = filters.map(|(index, filter)| CompiledFilter::compile(filter, &format!("/filter/{index}")));
        let mut asked = Asked::default();
        let shape = Shape::compile(&rules.rules, rules.keep, "", &mut asked)?;
        Ok(Self { filters: filters.collect::<Result<_, _>>()?, keys: shape.of_keys(), shape, asked })
    }

    /// The endpoints whose record links are searched, by name; a question names one by its place here.
    pub fn endpoints(&self) -> &[String] {
        &self.asked.endpoints
    }

    /// The jq expressions that records are given to; a question names one by its place here.
    pub fn expressions(&self) -> &[String] {
        &self.asked.expressions
    }

    /// Whether records can be mapped without asking for anything first.
    pub fn asks_nothing(&self) -> bool {
        self.asked.endpoints.is_empty() && self.asked.expressions.is_empty()
    }
}

impl Shape {
    pub(super) fn compile(rules: &[Rule], keep: Keep, at: &str, asked: &mut Asked) -> Result<Self, MappingError> {
        let mut shape = Self { keep_except: None, root: Vec::new(), steps: Vec::new() };
        let mut taken = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            let at = format!("{at}/rules/{index}");
            taken.extend(shape.add(rule, keep, &at, asked)?);
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

    /// A key has none of a record's other fields: what is made of those is left out, and so is half a text.
    fn of_keys(&self) -> Self {
        let nothing = StepValue::Copy { from: Pointer::nowhere(), cast: None, table: None };
        let step = |step: &Step| {
            let value = match &step.value {
                StepValue::Constant(_) | StepValue::Expression(_) => nothing.clone(),
                StepValue::Concat(joined) => {
                    StepValue::Concat(Joined { absent: AbsentPart::Nothing, ..joined.clone() })
                }
                value => value.clone(),
            };
            Step { at: step.at.clone(), value, default: None }
        };
        Self {
            keep_except: self.keep_except.clone(),
            root: self.root.clone(),
            steps: self.steps.iter().map(step).collect(),
        }
    }

    /// Adds what a rule writes; answers the top-level fields that are not kept under their own names for it.
    fn add(&mut self, rule: &Rule, keep: Keep, at: &str, asked: &mut Asked) -> Result<Vec<String>, MappingError> {
        if let Some(field) = &rule.drop {
            return drop_field(rule, field, keep, at).map(|name| vec![name]);
        }
        let value = step_value(rule, at, asked)?;
        let to = match (&rule.to, value.from()) {
            (Some(to), _) => pointer(to, &format!("{at}/to"))?,
            (None, Some(from)) => from.clone(),
            (None, None) => return Err(MappingError::new(at, "`to` is missing: say where the value is written")),
        };
        place(&mut self.root, to.steps(), Node::Step(self.steps.len()))
            .map_err(|()| MappingError::new(format!("{at}/to"), format!("`{to}` is written by an earlier rule")))?;
        let taken = value.read().filter_map(|from| from.steps().first().cloned()).collect();
        let default = rule.default.as_ref().map(Value::to_string);
        self.steps.push(Step { at: at.to_owned(), value, default });
        Ok(taken)
    }
}

impl StepValue {
    /// The one place that the value comes from, where it has one.
    const fn from(&self) -> Option<&Pointer> {
        match self {
            Self::Copy { from, .. } | Self::Shaped { from, .. } | Self::Each { from, .. } => Some(from),
            Self::Constant(_) | Self::Concat(_) | Self::Expression(_) => None,
        }
    }

    /// All places that are known to be read.
    fn read(&self) -> impl Iterator<Item = &Pointer> {
        let pieces = match self {
            Self::Concat(joined) => joined.pieces.as_slice(),
            _ => &[],
        };
        let pieces = pieces.iter().filter_map(|piece| match piece {
            Piece::Copy(from) => Some(from),
            Piece::Text(_) => None,
        });
        self.from().into_iter().chain(pieces)
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
