//! What a mapping has to know and cannot find in the record: asked for first, looked up for many records at once, then given.

use std::collections::{BTreeSet, HashMap};

/// Answers what a record alone does not say.
pub trait Known {
    /// The destination id of a source record: the number of an endpoint among [`super::Mapping::endpoints`], and the record's
    /// primary key as JSON writes it.
    fn link(&mut self, endpoint: usize, key: &str) -> Found<'_>;

    /// What an expression makes of a record: its number among [`super::Mapping::expressions`], and the record as JSON.
    fn evaluated(&mut self, expression: usize, record: &str) -> Found<'_>;
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// There is one: the id as it is, or a value as JSON.
    Value(&'a str),
    /// There is none.
    Nothing,
    /// The expression failed on this record.
    Failed(&'a str),
    /// It is not known yet; what is written meanwhile is not used.
    Asked,
}

/// What a mapping asks for, record after record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Questions {
    /// Endpoints by their numbers, with the primary keys that are looked up there.
    pub links: BTreeSet<(usize, String)>,
    /// Expressions by their numbers, with the records they are for.
    pub expressions: BTreeSet<(usize, String)>,
}

impl Known for Questions {
    fn link(&mut self, endpoint: usize, key: &str) -> Found<'_> {
        self.links.insert((endpoint, key.to_owned()));
        Found::Asked
    }

    fn evaluated(&mut self, expression: usize, record: &str) -> Found<'_> {
        self.expressions.insert((expression, record.to_owned()));
        Found::Asked
    }
}

/// The answers to [`Questions`]. What was not answered is not there.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    links: HashMap<usize, HashMap<String, String>>,
    expressions: HashMap<usize, HashMap<String, Evaluated>>,
}

/// What an expression made of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evaluated {
    /// One value, as JSON.
    Value(String),
    /// Nothing.
    Nothing,
    /// It failed, for this reason.
    Failed(String),
}

impl Answers {
    /// Nothing is known: for mappings that ask for nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Gives the destination id of a source record.
    pub fn give_link(&mut self, (endpoint, key): (usize, String), id: String) {
        self.links.entry(endpoint).or_default().insert(key, id);
    }

    /// Gives what an expression made of a record.
    pub fn give_evaluated(&mut self, (expression, record): (usize, String), evaluated: Evaluated) {
        self.expressions.entry(expression).or_default().insert(record, evaluated);
    }
}

impl Known for Answers {
    fn link(&mut self, endpoint: usize, key: &str) -> Found<'_> {
        self.links.get(&endpoint).and_then(|links| links.get(key)).map_or(Found::Nothing, |id| Found::Value(id))
    }

    fn evaluated(&mut self, expression: usize, record: &str) -> Found<'_> {
        match self.expressions.get(&expression).and_then(|known| known.get(record)) {
            Some(Evaluated::Value(value)) => Found::Value(value),
            Some(Evaluated::Failed(why)) => Found::Failed(why),
            Some(Evaluated::Nothing) | None => Found::Nothing,
        }
    }
}
