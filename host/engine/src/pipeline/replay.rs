//! The supplier of a replay: a rejected record instead of a page of the source.

use bytes::Bytes;
use weighbridge_model::batch::Batch;
use weighbridge_sandbox::Page;
use weighbridge_store::tables::DeadLetters;
use weighbridge_store::verbs::waiting;

use super::halt::Halt;
use super::open::{Reading, Replayed};
use crate::engine::Host;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// The record of the batch, to be shaped as the transfer shapes records at present. One that was forgotten meanwhile is none.
pub(super) fn page(host: &Host, reading: &mut Reading, (scope, parent): Replayed, batch: &Batch) -> Result<Page, Halt> {
    let errand = batch.transfer;
    let read = host.store.read(|tx| {
        let letter = match batch.letter {
            Some(letter) => tx.get::<DeadLetters>(&scope, &(parent, letter))?,
            None => None,
        };
        Ok((letter, waiting(tx, scope, errand, 2)?.len() > 1))
    });
    let (letter, more) = read.map_err(EngineError::from)?;
    let id = batch.letter.unwrap_or(weighbridge_model::id::DeadLetterId::from_bytes([0; 16]));
    let mut page = Page {
        records: Bytes::new(),
        records_count: 0,
        removed: Bytes::new(),
        removed_count: 0,
        checkpoint: Some(Bytes::copy_from_slice(id.as_bytes())),
        more,
        remaining: None,
        wait_ms: None,
    };
    let Some(letter) = letter else { return Ok(page) };
    let record = Texts::new(&host.ring, customer_owner(scope), id.as_bytes()).open_text("record", &letter.record)?;
    reading.as_sent = letter.as_sent;
    let line = Bytes::from(format!("{record}\n"));
    if letter.removal {
        (page.removed, page.removed_count) = (line, 1);
    } else {
        (page.records, page.records_count) = (line, 1);
    }
    Ok(page)
}
