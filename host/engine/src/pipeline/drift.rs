//! What is accepted of a source's stream: records are held against it before anything is made of them.

use serde::{Deserialize, Serialize};
use weighbridge_model::drift::{Accepted, Drift, DriftPolicy, FieldType, Learnt, StreamSchema, Verdict, judge};
use weighbridge_model::endpoint::{Endpoint, Place};
use weighbridge_model::errand::ErrandKind;
use weighbridge_model::id::EndpointId;
use weighbridge_model::problem::ProblemCode;
use weighbridge_model::record::{Fields, Pointer};
use weighbridge_model::run_log::LogLevel;
use weighbridge_model::sealed::Sealed;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{StreamSchemaRow, StreamSchemas};
use weighbridge_store::verbs::{self, Grown, Held};

use super::halt::Halt;
use super::open::Scales;
use crate::engine::Host;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// The sealed field of a row that has what is accepted.
const FIELD: &str = "schema";
/// Under this name the host's own lines stand in the log of a run.
const HOST: &str = "weighbridge";

/// What a batch taught. It is kept beside the lines of a dispatched one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Learning {
    /// What is accepted with it.
    #[serde(default)]
    taught: Vec<Seen>,
    /// What was found in it and is not accepted.
    #[serde(default)]
    found: Vec<Seen>,
}

/// A type that a field was seen with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    field: String,
    found: FieldType,
}

/// What becomes of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    Moves,
    Discarded,
    /// It moves, and some of its fields were left out.
    Trimmed,
}

/// Judges the records of one batch.
pub(super) struct Sieve<'a> {
    policy: DriftPolicy,
    described: Option<&'a Accepted>,
    primary_key: &'a [Pointer],
    schema: StreamSchema,
    /// Whether nothing was known and nothing described: what comes first is what is accepted.
    begins: bool,
    learning: Learning,
    /// What is new with this batch, in words, once for each thing.
    said: Vec<String>,
    /// Why nothing of the batch moves.
    frozen: Option<String>,
}

impl<'a> Sieve<'a> {
    /// One for the batch that is held.
    pub(super) fn open(host: &Host, scales: Scales<'a>, held: &Held) -> Result<Self, Halt> {
        let endpoint = &held.route.source.endpoint;
        let known = match host.schema_row(held.route.scope, endpoint)?.1 {
            Some(row) => Some(host.open_schema(held.route.scope, endpoint.id, &row)?),
            None => None,
        };
        let begins = known.is_none() && scales.described.is_none();
        Ok(Self {
            policy: if begins { DriftPolicy::Evolve } else { endpoint.drift },
            described: scales.described,
            primary_key: scales.primary_key,
            schema: known.unwrap_or_else(|| first_schema(scales.described)),
            begins,
            learning: Learning::default(),
            said: Vec::new(),
            frozen: None,
        })
    }

    /// Judges one record, and leaves out of it what does not move.
    pub(super) fn judge(&mut self, record: &mut Fields<'_>) -> Judged {
        let (judged, left_out) = match judge(&self.schema.accepted, self.policy, record) {
            Verdict::Moves => return Judged::Moves,
            Verdict::Teaches(drifts) => {
                drifts.iter().for_each(|drift| self.teach(drift));
                return Judged::Moves;
            }
            Verdict::Freezes(drifts) | Verdict::RowDiscarded(drifts) => {
                drifts.iter().for_each(|drift| self.note(drift));
                return Judged::Discarded;
            }
            Verdict::ValuesDiscarded(drifts) => {
                drifts.iter().for_each(|drift| self.note(drift));
                if drifts.iter().any(|drift| self.is_of_key(drift)) {
                    return Judged::Discarded;
                }
                (Judged::Trimmed, drifts.iter().map(|drift| drift.field.to_owned()).collect::<Vec<_>>())
            }
        };
        record.retain(|name| !left_out.iter().any(|one| one == name));
        judged
    }

    /// What the batch taught. Where its endpoint is frozen and something of it does not fit, that is kept, and nothing moves.
    pub(super) async fn close(mut self, host: &Host, held: &Held) -> Result<Learning, Halt> {
        let log = host.open_logs.of(held.run.id);
        for said in &self.said {
            log.keep(host.now(), LogLevel::Warn, HOST, said);
        }
        let Some(why) = self.frozen else { return Ok(self.learning) };
        self.learning.taught.clear();
        // A trial changes nothing.
        let is_trial = held.route.transfer.errand == Some(ErrandKind::Trial);
        if let Some(grown) = host.grown(held, self.described, &self.learning)?.filter(|_| !is_trial) {
            verbs::keep_found(&host.store, held.route.scope, grown).await?;
        }
        Err(Halt::config(ProblemCode::SchemaDrifted.as_str(), &why))
    }

    fn teach(&mut self, drift: &Drift<'_>) {
        if !self.schema.accepted.learn(drift.field, drift.found, None) {
            return;
        }
        self.learning.taught.push(Seen::from(drift));
        if !self.begins {
            self.said.push(format!("{drift}: it is accepted"));
        }
    }

    fn note(&mut self, drift: &Drift<'_>) {
        if self.policy == DriftPolicy::Freeze && self.frozen.is_none() {
            self.frozen = Some(drift.to_string());
        }
        if !self.schema.found.note(drift.field, drift.found, None) {
            return;
        }
        self.learning.found.push(Seen::from(drift));
        self.said.push(match self.policy {
            DriftPolicy::Evolve | DriftPolicy::Freeze => drift.to_string(),
            DriftPolicy::DiscardRow => format!("{drift}: such records are left out"),
            DriftPolicy::DiscardValue => format!("{drift}: it is left out"),
        });
    }

    /// Whether a field is of the key, without which there is no record.
    fn is_of_key(&self, drift: &Drift<'_>) -> bool {
        self.primary_key.iter().any(|key| key.steps().first().is_some_and(|step| step == drift.field))
    }
}

impl Learning {
    const fn is_empty(&self) -> bool {
        self.taught.is_empty() && self.found.is_empty()
    }

    /// What a person is told of it, who only tries.
    pub(super) fn told(&self) -> (Vec<String>, Vec<String>) {
        let names = |seen: &[Seen]| seen.iter().map(|one| one.field.clone()).collect();
        (names(&self.taught), names(&self.found))
    }
}

impl From<&Drift<'_>> for Seen {
    fn from(drift: &Drift<'_>) -> Self {
        Self { field: drift.field.to_owned(), found: drift.found }
    }
}

impl Host {
    /// What is to be written with the batch; none where it taught nothing.
    pub(super) fn grown(
        &self,
        held: &Held,
        described: Option<&Accepted>,
        learning: &Learning,
    ) -> Result<Option<Grown>, EngineError> {
        let (scope, endpoint) = (held.route.scope, &held.route.source.endpoint);
        let (seen, row) = self.schema_row(scope, endpoint)?;
        if learning.is_empty() && (row.is_some() || described.is_none()) {
            return Ok(None);
        }
        let Some(Place { connection, stream, .. }) = endpoint.place.clone() else { return Ok(None) };
        let is_first = row.is_none() && described.is_none();
        let before = row.as_ref().map(|row| self.open_schema(scope, endpoint.id, row)).transpose()?;
        let mut schema = before.clone().unwrap_or_else(|| first_schema(described));
        let learnt = (!is_first).then(|| Learnt { at: self.now(), run: held.run.id });
        for Seen { field, found } in &learning.taught {
            schema.accepted.learn(field, *found, learnt);
        }
        for Seen { field, found } in &learning.found {
            schema.found.note(field, *found, learnt);
        }
        schema.forget_accepted();
        if before.as_ref() == Some(&schema) {
            return Ok(None);
        }
        let schema = self.seal_schema(scope, endpoint.id, &schema)?;
        let row = StreamSchemaRow { connection, stream, version: seen + 1, schema };
        Ok(Some(Grown { endpoint: endpoint.id, seen, row }))
    }

    /// The row of an endpoint's stream and its version. One of another stream, at which the endpoint was before, is none.
    pub(crate) fn schema_row(
        &self,
        scope: CustomerScope,
        endpoint: &Endpoint,
    ) -> Result<(u64, Option<StreamSchemaRow>), EngineError> {
        let row = self.store.read(|tx| tx.get::<StreamSchemas>(&scope, &endpoint.id))?;
        let version = row.as_ref().map_or(0, |row| row.version);
        let place = endpoint.place.as_ref();
        let is_its_own = |row: &StreamSchemaRow| {
            place.is_some_and(|place| (place.connection, &place.stream) == (row.connection, &row.stream))
        };
        Ok((version, row.filter(is_its_own)))
    }

    pub(crate) fn open_schema(
        &self,
        scope: CustomerScope,
        endpoint: EndpointId,
        row: &StreamSchemaRow,
    ) -> Result<StreamSchema, EngineError> {
        let json = Texts::new(&self.ring, customer_owner(scope), endpoint.as_bytes()).open(FIELD, &row.schema)?;
        Ok(serde_json::from_slice(&json).unwrap_or_default())
    }

    pub(crate) fn seal_schema(
        &self,
        scope: CustomerScope,
        endpoint: EndpointId,
        schema: &StreamSchema,
    ) -> Result<Sealed, EngineError> {
        let texts = Texts::new(&self.ring, customer_owner(scope), endpoint.as_bytes());
        texts.seal(FIELD, serde_json::to_vec(schema).unwrap_or_default())
    }
}

fn first_schema(described: Option<&Accepted>) -> StreamSchema {
    StreamSchema { accepted: described.cloned().unwrap_or_default(), found: Accepted::default() }
}
