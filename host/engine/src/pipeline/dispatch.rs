//! Batches that could not be read again to the same effect: their bytes are kept before any of them is sent.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tracing::Instrument as _;
use weighbridge_model::batch::{Batch, Dispatch};
use weighbridge_model::transfer::WriteMode;
use weighbridge_store::Committed;
use weighbridge_store::verbs::{self, Held};

use super::blob::{Lines, Place, damaged};
use super::drift::Learning;
use super::halt::Halt;
use super::span::part;
use super::weigh::{Load, Origins};
use crate::dead_letters::Rejected;
use crate::engine::Host;
use crate::texts::{Texts, customer_owner};

/// What is kept beside the lines.
#[derive(Serialize, Deserialize)]
struct Kept {
    keys: Vec<String>,
    #[serde(default)]
    rejected: Vec<Rejected>,
    #[serde(default)]
    learning: Learning,
}

/// Keeps the lines of an `append` durably and decides again; others go on as they are.
pub(super) async fn dispatch(
    host: &Host,
    write: WriteMode,
    held: Committed<Box<Held>>,
    load: Load,
) -> Result<(Committed<Box<Held>>, Load), Halt> {
    if write != WriteMode::Append || load.is_empty() {
        return Ok((held, load));
    }
    let place = place(&held, &held.batch);
    let rest = Kept { keys: load.keys.clone(), rejected: load.rejected.clone(), learning: load.learning.clone() };
    let lines = Lines { write: load.write.clone(), remove: load.remove.clone() };
    let (blob, digest) = (place.id(), place.keep(host, rest, &lines).instrument(part!("seal")).await?);
    let what =
        Dispatch { blob, digest, checkpoint: load.checkpoint_sealed.clone(), more: load.more, counts: load.counts };
    let decides = verbs::dispatch(&host.store, held, what, host.now()).instrument(part!("dispatch"));
    let (held, dispatched) = decides.await?;
    if let Err(refusal) = dispatched {
        host.store.drop_blob(blob).await?;
        return Err(Halt::Refused(refusal));
    }
    Ok((held, load))
}

/// A batch has one blob; a newer attempt at an undispatched batch replaces it whole.
fn place<'a>(held: &Held, batch: &'a Batch) -> Place<'a> {
    Place { scope: held.route.scope, batch: &batch.id, field: "blob" }
}

/// The lines of a dispatched batch, byte for byte.
pub(super) async fn load(host: &Host, held: &Held, dispatched: &Dispatch) -> Result<Load, Halt> {
    let kept = place(held, &held.batch).load::<Kept>(host, dispatched.digest).await?;
    let (Kept { keys, rejected, learning }, Lines { write, remove }) = kept.ok_or_else(|| damaged("is not there"))?;
    let texts = Texts::new(&host.ring, customer_owner(held.route.scope), held.batch.transfer.as_bytes());
    let checkpoint = dispatched.checkpoint.as_ref().map(|sealed| texts.open("cursor", sealed)).transpose()?;
    Ok(Load {
        write,
        remove,
        keys,
        origins: Origins::default(),
        rejected,
        counts: dispatched.counts,
        checkpoint: checkpoint.map(|cursor| Bytes::copy_from_slice(&cursor)),
        checkpoint_sealed: dispatched.checkpoint.clone(),
        more: dispatched.more,
        left: None,
        learning,
    })
}
