//! Records that were rejected: kept with their reason, instead of being handed over.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use weighbridge_model::batch::Batch;
use weighbridge_model::digest::Digest;
use weighbridge_model::id::{DeadLetterId, TransferId};
use weighbridge_model::mapping::RecordError;
use weighbridge_model::name::Code;
use weighbridge_model::run::Run;
use weighbridge_model::time::Timestamp;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Batches, DeadLetter, DeadLetters};

use crate::engine::{Engine, Host};
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// Rejected records looked at in one step.
const STEP: usize = 5_000;

/// A record that a batch leaves out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rejected {
    code: String,
    message: String,
    record: String,
}

impl Rejected {
    pub(crate) fn new(error: &RecordError, record: &str) -> Self {
        let (code, message) = (error.code().to_owned(), error.to_string());
        Self { code, message, record: record.trim_end().to_owned() }
    }

    /// The reason with the beginning of the record.
    pub(crate) fn sentence(&self) -> String {
        let end = (0..=self.record.len().min(200)).rev().find(|end| self.record.is_char_boundary(*end));
        format!("record {}: {}", &self.record[..end.unwrap_or(0)], self.message)
    }

    pub(crate) fn code(&self) -> &str {
        &self.code
    }
}

/// A record that was rejected, with its texts opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRecord {
    /// The stable code.
    pub code: Code,
    /// Why, in words.
    pub message: String,
    /// The record as it was read, JSON.
    pub record: String,
    /// When.
    pub at: Timestamp,
}

/// The rows of a batch's rejected records. Each id is derived from the batch and the record's place among them.
pub(crate) fn rows(
    host: &Host,
    scope: CustomerScope,
    batch: &Batch,
    rejected: &[Rejected],
) -> Result<Vec<(DeadLetterId, DeadLetter)>, EngineError> {
    let row = |(index, one): (usize, &Rejected)| {
        let digest = Digest::of_parts("weighbridge rejected record v1", &[batch.id.as_bytes(), &index.to_be_bytes()]);
        let mut id = [0; 16];
        id.copy_from_slice(&digest.as_bytes()[..16]);
        let texts = Texts::new(&host.ring, customer_owner(scope), &id);
        let letter = DeadLetter {
            batch: batch.id,
            code: code(&one.code),
            message: texts.seal("message", &one.message)?,
            record: texts.seal("record", &one.record)?,
            at: host.now(),
        };
        Ok((DeadLetterId::from_bytes(id), letter))
    };
    rejected.iter().enumerate().map(row).collect()
}

fn code(text: &str) -> Code {
    text.parse().unwrap_or_else(|_| Code::known("record.rejected"))
}

impl Engine {
    /// Records of a transfer that were rejected before they were handed over, at most so many.
    pub fn rejected_records(&self, path: &str, limit: usize) -> Result<Vec<RejectedRecord>, EngineError> {
        let (scope, transfer) = self.find_transfer(path)?;
        self.rejected_of(scope, transfer, limit)
    }

    /// The same, of a transfer that is known.
    pub(crate) fn rejected_of(
        &self,
        scope: CustomerScope,
        transfer: TransferId,
        limit: usize,
    ) -> Result<Vec<RejectedRecord>, EngineError> {
        let first = (transfer, DeadLetterId::from_bytes([0; 16]));
        let rows = self.host.store.read(|tx| tx.scan::<DeadLetters>(&scope, Some(&first), limit))?;
        self.opened(scope, rows.into_iter().take_while(|((of, _), _)| *of == transfer))
    }

    /// The same, of one run.
    pub(crate) fn rejected_of_run(
        &self,
        scope: CustomerScope,
        run: &Run,
        limit: usize,
    ) -> Result<Vec<RejectedRecord>, EngineError> {
        let found = self.host.store.read(|tx| {
            let (mut after, mut found, mut of_run) = (DeadLetterId::from_bytes([0; 16]), Vec::new(), HashMap::new());
            loop {
                let rows = tx.scan::<DeadLetters>(&scope, Some(&(run.transfer, after)), STEP)?;
                let is_last = rows.len() < STEP;
                for row in rows {
                    let ((of, id), letter) = &row;
                    if *of != run.transfer || found.len() == limit {
                        return Ok(found);
                    }
                    after = *id;
                    let known = of_run.get(&letter.batch).copied();
                    let is_of_run = match known {
                        Some(known) => known,
                        None => tx.get::<Batches>(&scope, &letter.batch)?.is_some_and(|batch| batch.run == run.id),
                    };
                    of_run.insert(letter.batch, is_of_run);
                    found.extend(is_of_run.then_some(row));
                }
                if is_last {
                    return Ok(found);
                }
            }
        })?;
        self.opened(scope, found.into_iter())
    }

    fn opened(
        &self,
        scope: CustomerScope,
        rows: impl Iterator<Item = ((TransferId, DeadLetterId), DeadLetter)>,
    ) -> Result<Vec<RejectedRecord>, EngineError> {
        let views = rows.map(|((_, id), row)| {
            let texts = Texts::new(&self.host.ring, customer_owner(scope), id.as_bytes());
            let (message, record) =
                (texts.open_text("message", &row.message)?, texts.open_text("record", &row.record)?);
            Ok(RejectedRecord { code: row.code, message, record, at: row.at })
        });
        let mut views = views.collect::<Result<Vec<_>, EngineError>>()?;
        views.sort_by_key(|view| view.at);
        Ok(views)
    }
}
