//! Batches that could not be read again to the same effect: their bytes are kept before any of them is sent.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use weighbridge_model::batch::{Batch, Dispatch};
use weighbridge_model::digest::Digest;
use weighbridge_model::id::BlobId;
use weighbridge_model::run::FailureClass;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::transfer::WriteMode;
use weighbridge_store::Committed;
use weighbridge_store::verbs::{self, Held};

use super::halt::Halt;
use super::weigh::Load;
use crate::dead_letters::Rejected;
use crate::engine::Host;
use crate::texts::{Texts, customer_owner};

/// What a blob holds.
#[derive(Serialize, Deserialize)]
struct Kept {
    write: String,
    remove: String,
    keys: Vec<String>,
    #[serde(default)]
    rejected: Vec<Rejected>,
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
    let kept = kept(&load)?;
    let blob = blob_of(&held.batch);
    let texts = Texts::new(&host.ring, customer_owner(held.route.scope), held.batch.id.as_bytes());
    let sealed = texts.seal("blob", &kept)?;
    host.store.put_blob(blob, serde_json::to_vec(&sealed).unwrap_or_default()).await?;
    let what = Dispatch {
        blob,
        digest: Digest::of(&kept),
        checkpoint: load.checkpoint_sealed.clone(),
        more: load.more,
        counts: load.counts,
    };
    let (held, dispatched) = verbs::dispatch(&host.store, held, what, host.now()).await?;
    if let Err(refusal) = dispatched {
        host.store.drop_blob(blob).await?;
        return Err(Halt::Refused(refusal));
    }
    Ok((held, load))
}

fn kept(load: &Load) -> Result<Vec<u8>, Halt> {
    let text = |lines: &Bytes| String::from_utf8_lossy(lines).into_owned();
    let kept = Kept {
        write: text(&load.write),
        remove: text(&load.remove),
        keys: load.keys.clone(),
        rejected: load.rejected.clone(),
    };
    serde_json::to_vec(&kept).map_err(|error| Halt::failed(FailureClass::System, "blob.malformed", error.to_string()))
}

/// A batch has one blob; a newer attempt at an undispatched batch replaces it whole.
const fn blob_of(batch: &Batch) -> BlobId {
    BlobId::from_bytes(*batch.id.as_bytes())
}

/// The lines of a dispatched batch, byte for byte.
pub(super) async fn load(host: &Host, held: &Held, dispatched: &Dispatch) -> Result<Load, Halt> {
    let damaged = |what: &str| Halt::failed(FailureClass::System, "blob.damaged", format!("the batch's blob {what}"));
    let blob = host.store.get_blob(dispatched.blob).await?.ok_or_else(|| damaged("is not there"))?;
    let sealed: Sealed = serde_json::from_slice(&blob).map_err(|error| damaged(&error.to_string()))?;
    let texts = Texts::new(&host.ring, customer_owner(held.route.scope), held.batch.id.as_bytes());
    let kept = texts.open("blob", &sealed)?;
    if Digest::of(&kept) != dispatched.digest {
        return Err(damaged("is not the one that was dispatched"));
    }
    let kept: Kept = serde_json::from_slice(&kept).map_err(|error| damaged(&error.to_string()))?;
    let texts = Texts::new(&host.ring, customer_owner(held.route.scope), held.batch.transfer.as_bytes());
    let checkpoint = dispatched.checkpoint.as_ref().map(|sealed| texts.open("cursor", sealed)).transpose()?;
    Ok(Load {
        write: kept.write.into(),
        remove: kept.remove.into(),
        keys: kept.keys,
        rejected: kept.rejected,
        counts: dispatched.counts,
        checkpoint: checkpoint.map(|cursor| Bytes::copy_from_slice(&cursor)),
        checkpoint_sealed: dispatched.checkpoint.clone(),
        more: dispatched.more,
    })
}
