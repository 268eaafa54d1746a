//! A recording that is being tried, and what the connector makes of it.

use std::collections::BTreeSet;

use serde_json::Value;
use weighbridge_model::package::Capability;
use weighbridge_model::package::capability::field_pointer;

use super::Verdict;
use crate::act::{Act, Seen};
use crate::bench::{Bench, BenchError};
use crate::cassette::{Cassette, Drill, ReadDrill, WriteDrill};
use crate::deck::Played;
use crate::record::described;
use crate::replay::{Session, session};
use crate::venue::Venue;

pub(super) struct Case<'a> {
    pub(super) bench: &'a Bench,
    pub(super) cassette: &'a Cassette,
    /// Everything that the usual walk gave.
    pub(super) usual: Session,
    pub(super) seen: Seen,
    pub(super) act: Act,
    pub(super) capability: Option<Capability>,
}

impl<'a> Case<'a> {
    pub(super) async fn open(bench: &'a Bench, cassette: &'a Cassette) -> Result<Self, BenchError> {
        let act = Act::new(&cassette.header, &Played::new(cassette));
        let usual = session(bench, &act, &cassette.header.drill).await?;
        let capability = described(bench.manifest(), &cassette.header.drill, &usual.outcomes);
        let seen = act.seen().clone();
        Ok(Self { bench, cassette, usual, seen, act, capability })
    }

    /// A new platform, made of the recording.
    pub(super) fn act(&self) -> Act {
        self.act_at(&Played::new(self.cassette))
    }

    pub(super) fn act_at(&self, venue: &dyn Venue) -> Act {
        Act::new(&self.cassette.header, venue)
    }

    /// How the stream is read, and what it is; or why there is nothing to try.
    pub(super) fn reading(&self) -> Result<(&ReadDrill, &Capability), Verdict> {
        let Drill::Read(drill) = &self.cassette.header.drill else {
            return Err(Verdict::Moot("the recording is of writing".into()));
        };
        let capability = self.capability.as_ref();
        let capability = capability.ok_or_else(|| Verdict::NotTried("the connector has no such stream".into()))?;
        if self.usual.walked.pages.is_empty() {
            return Err(Verdict::NotTried("no page came".into()));
        }
        Ok((drill, capability))
    }

    /// What is written.
    pub(super) fn writing(&self) -> Result<&WriteDrill, Verdict> {
        match &self.cassette.header.drill {
            Drill::Write(drill) => Ok(drill),
            Drill::Read(_) => Err(Verdict::Moot("the recording is of reading".into())),
        }
    }
}

/// The values of a record's key; none where one is missing.
pub(super) fn key_of(record: &Value, key: &[String]) -> Option<String> {
    let values: Option<Vec<String>> =
        key.iter().map(|field| record.pointer(&field_pointer(field)).map(Value::to_string)).collect();
    values.filter(|values| !values.is_empty()).map(|values| values.join(", "))
}

/// The keys of all records.
pub(super) fn keys_of(records: &[Value], key: &[String]) -> BTreeSet<String> {
    records.iter().filter_map(|record| key_of(record, key)).collect()
}

/// A text for a message.
pub(super) fn clipped(text: &str) -> String {
    const LETTERS: usize = 160;
    if text.chars().count() <= LETTERS {
        return text.to_owned();
    }
    text.chars().take(LETTERS).collect::<String>() + "…"
}

/// Like `?`, for what cannot be tried.
macro_rules! or_not_tried {
    ($tried:expr) => {
        match $tried {
            Ok(value) => value,
            Err(verdict) => return Ok(verdict),
        }
    };
}
pub(super) use or_not_tried;
