//! Records that were rejected: kept with their reason, instead of being handed over.

use serde::{Deserialize, Serialize};
use weighbridge_model::batch::Batch;
use weighbridge_model::id::{DeadLetterId, TransferId};
use weighbridge_model::mapping::RecordError;
use weighbridge_model::meter::key;
use weighbridge_model::name::Code;
use weighbridge_model::run::RejectedBy;
use weighbridge_model::time::Timestamp;
use weighbridge_sandbox::Rejection;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{DeadLetter, DeadLetters};

use crate::engine::{Engine, Host};
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// The code of a rejection to which the connector gave none.
const UNNAMED: &str = "record.rejected";

/// A record that a batch leaves out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rejected {
    #[serde(default)]
    by: RejectedBy,
    code: String,
    message: String,
    record: String,
    #[serde(default)]
    as_sent: bool,
    #[serde(default)]
    removal: bool,
}

/// A record as it is kept, and what was to become of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form<'a> {
    pub(crate) line: &'a [u8],
    /// Whether it is the line that the mapping made.
    pub(crate) as_sent: bool,
    pub(crate) removal: bool,
}

impl Rejected {
    /// By the mapping, as it was read.
    pub(crate) fn new(error: &RecordError, record: &str, removal: bool) -> Self {
        let (code, message) = (error.code().to_owned(), error.to_string());
        let record = record.trim_end().to_owned();
        Self { by: RejectedBy::Mapping, code, message, record, as_sent: false, removal }
    }

    /// Code, message and record.
    pub(crate) fn told(&self) -> (String, String, String) {
        (self.code.clone(), self.message.clone(), self.record.clone())
    }

    /// By the destination. What is no code is kept with the words.
    pub(crate) fn by_destination(rejection: Rejection, form: Form<'_>) -> Self {
        let Rejection { code, message, .. } = rejection;
        let (code, message) = match code.parse::<Code>() {
            Ok(code) => (code.to_string(), message),
            Err(_) => (UNNAMED.to_owned(), format!("{message} ({code})")),
        };
        let record = String::from_utf8_lossy(form.line.trim_ascii_end()).into_owned();
        let Form { as_sent, removal, .. } = form;
        Self { by: RejectedBy::Destination, code, message, record, as_sent, removal }
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
    /// The record as it was read, or as it was sent: JSON.
    pub record: String,
    /// Whether the mapping had shaped it.
    pub as_sent: bool,
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
    let row = |(index, one): (u32, &Rejected)| {
        let id = key::dead_letter(batch.id, batch.held_at, index);
        let texts = Texts::new(&host.ring, customer_owner(scope), id.as_bytes());
        let letter = DeadLetter {
            batch: batch.id,
            run: Some(batch.run),
            by: one.by,
            code: code(&one.code),
            message: texts.seal("message", &one.message)?,
            record: texts.seal("record", &one.record)?,
            as_sent: one.as_sent,
            removal: one.removal,
            at: host.now(),
        };
        Ok((id, letter))
    };
    (0..).zip(rejected).map(row).collect()
}

fn code(text: &str) -> Code {
    text.parse().unwrap_or_else(|_| Code::known(UNNAMED))
}

impl Engine {
    /// Records of a transfer that were rejected, at most so many.
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

    fn opened(
        &self,
        scope: CustomerScope,
        rows: impl Iterator<Item = ((TransferId, DeadLetterId), DeadLetter)>,
    ) -> Result<Vec<RejectedRecord>, EngineError> {
        let views = rows.map(|((_, id), row)| {
            let texts = Texts::new(&self.host.ring, customer_owner(scope), id.as_bytes());
            let (message, record) =
                (texts.open_text("message", &row.message)?, texts.open_text("record", &row.record)?);
            Ok(RejectedRecord { code: row.code, message, record, as_sent: row.as_sent, at: row.at })
        });
        let mut views = views.collect::<Result<Vec<_>, EngineError>>()?;
        views.sort_by_key(|view| view.at);
        Ok(views)
    }
}
