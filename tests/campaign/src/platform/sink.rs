//! A sink that honours idempotency keys, and keeps a log of every request.

use std::collections::HashMap;

use serde::Deserialize;

use super::fault::{Poison, Refusing};
use super::http::Request;
use super::source::Source;

/// A request that came for the first time under its key.
#[derive(Clone, Debug)]
pub struct Came {
    /// The key.
    pub key: String,
    /// What came.
    pub body: Vec<u8>,
    /// The records in it: ids and versions.
    pub records: Vec<(u64, u64)>,
    /// Those of them that were taken, and not rejected.
    pub taken: Vec<(u64, u64)>,
}

/// What is answered to a request, the same to each that has its key.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The status line's end.
    pub status: &'static str,
    /// The body.
    pub body: String,
}

/// Where the records of one transfer go.
#[derive(Debug, Default)]
pub struct Sink {
    /// In the order in which they came.
    pub log: Vec<Came>,
    /// Requests whose key was known.
    pub repeated: u64,
    /// What cannot be: a key that came with other bytes, or a cursor ahead of what was taken.
    pub wrong: Vec<String>,
    /// Versions by id, as the last request left them.
    pub versions: HashMap<u64, u64>,
    known: HashMap<String, (usize, Answered)>,
    newest: u64,
}

#[derive(Deserialize)]
struct Line {
    id: u64,
    version: u64,
}

impl Sink {
    /// Takes a request, or answers as it did before to one of the same key.
    pub fn take(&mut self, request: &Request, (number, poison, refusing): (usize, Poison, Refusing)) -> Answered {
        if let Some((index, answered)) = self.known.get(&request.key) {
            self.repeated += 1;
            if self.log[*index].body != request.body {
                self.wrong.push(format!("key {} came with other bytes", request.key));
            }
            return answered.clone();
        }
        let lines = serde_json::Deserializer::from_slice(&request.body).into_iter::<Line>();
        let records: Vec<(u64, u64)> = lines.flatten().map(|line| (line.id, line.version)).collect();
        if request.key.is_empty() || records.is_empty() {
            self.wrong.push("a request had no key, or no records".into());
        }
        let unwanted: Vec<usize> = (0..records.len()).filter(|at| poison.is_in(number, records[*at].1)).collect();
        let takes = unwanted.is_empty() || refusing == Refusing::Apart;
        let kept = (0..records.len()).filter(|at| takes && !unwanted.contains(at));
        let taken: Vec<(u64, u64)> = kept.map(|at| records[at]).collect();
        let named = if refusing == Refusing::Whole { &[][..] } else { &unwanted };
        let answered = answered(takes, &records, named);
        self.versions.extend(taken.iter().copied());
        self.newest = records.iter().map(|(_, version)| *version).max().unwrap_or(0).max(self.newest);
        self.known.insert(request.key.clone(), (self.log.len(), answered.clone()));
        self.log.push(Came { key: request.key.clone(), body: request.body.clone(), records, taken });
        answered
    }

    /// A cursor is never ahead of what was handed over.
    pub fn note_cursor(&mut self, source: &Source, since: Option<u64>) {
        let Some(since) = since.filter(|_| source.kind.is_incremental()) else { return };
        if since > self.newest {
            self.wrong.push(format!("a cursor is at {since}, and {} is the newest that came", self.newest));
        }
    }
}

/// Says under which id each record is kept, and the places of those that are not wanted.
fn answered(takes: bool, records: &[(u64, u64)], unwanted: &[usize]) -> Answered {
    let named: Vec<String> = unwanted.iter().map(|at| format!("{{\"index\":{at},\"code\":\"not.wanted\"}}")).collect();
    let named = named.join(",");
    if !takes {
        let body = format!("{{\"error\":\"not wanted\",\"rejected\":[{named}]}}");
        return Answered { status: "422 Unprocessable Content", body };
    }
    let results: Vec<String> = records.iter().map(|(id, _)| format!("{{\"id\":\"kept-{id}\"}}")).collect();
    Answered { status: "200 OK", body: format!("{{\"results\":[{}],\"rejected\":[{named}]}}", results.join(",")) }
}
