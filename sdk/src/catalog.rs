//! What `discover` answers: the streams an account offers (`schemas/catalog.schema.json`).

use serde::Serialize;
use serde_json::Value;

/// The streams an account offers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Catalog {
    /// In the order a person reads them.
    pub streams: Vec<Stream>,
}

/// One stream in one direction.
#[derive(Clone, Debug, Serialize)]
pub struct Stream {
    /// Its name.
    pub stream: String,
    /// `source` or `destination`.
    pub direction: Direction,
    /// How it can be read or written: `full_refresh`, `incremental`; `append`, `overwrite`, `upsert`.
    pub modes: Vec<Mode>,
    /// JSON Schema of one record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<Value>,
    /// The fields that name a record: top-level names or JSON Pointers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub primary_key: Vec<String>,
    /// The field that never falls from one record to the next in an incremental walk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor_field: Option<String>,
    /// Whether an unfinished walk can go on from a checkpoint.
    pub resumable: bool,
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub purpose: String,
}

/// Which way records move, seen from the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Records are read from it.
    Source,
    /// Records are written to it.
    Destination,
}

/// How a stream is read (the first two) or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Every record, each time.
    FullRefresh,
    /// What changed since the checkpoint.
    Incremental,
    /// Records are added.
    Append,
    /// A generation takes the place of the one before.
    Overwrite,
    /// Records are added or replaced by their key.
    Upsert,
}

impl Stream {
    /// A resumable stream that is read in these modes.
    pub fn source(stream: impl Into<String>, modes: &[Mode]) -> Self {
        Self::new(stream.into(), Direction::Source, modes)
    }

    /// A stream that is written in these modes.
    pub fn destination(stream: impl Into<String>, modes: &[Mode]) -> Self {
        Self::new(stream.into(), Direction::Destination, modes)
    }

    /// The same stream with these fields as its primary key.
    #[must_use]
    pub fn keyed_by(mut self, fields: &[&str]) -> Self {
        self.primary_key = fields.iter().map(|field| (*field).to_owned()).collect();
        self
    }

    fn new(stream: String, direction: Direction, modes: &[Mode]) -> Self {
        Self {
            stream,
            direction,
            modes: modes.to_vec(),
            schema: None,
            primary_key: Vec::new(),
            cursor_field: None,
            resumable: true,
            purpose: String::new(),
        }
    }
}
