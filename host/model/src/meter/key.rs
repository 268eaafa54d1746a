//! Ids and keys that are derived from the work, so that doing it again gives the same ones.

use crate::digest::Digest;
use crate::id::{BatchId, EndpointId, EntryId, ExternalServiceId, RunId, TransferId};
use crate::name::StreamName;

/// What a call hands to a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Records.
    Write,
    /// Primary keys of records that are gone.
    Remove,
}

/// The id of the movement by which an external service reads an endpoint: there is one for each two.
pub fn pull(service: ExternalServiceId, endpoint: EndpointId) -> TransferId {
    let parts: [&[u8]; 2] = [service.as_bytes(), endpoint.as_bytes()];
    TransferId::from_bytes(Digest::of_parts("weighbridge pull", &parts).short())
}

/// The id of the `sequence`-th batch of a lineage. It does not depend on the bytes.
pub fn batch(transfer: TransferId, stream: &StreamName, lineage: u64, sequence: u64) -> BatchId {
    let parts: [&[u8]; 4] =
        [transfer.as_bytes(), stream.as_str().as_bytes(), &lineage.to_be_bytes(), &sequence.to_be_bytes()];
    BatchId::from_bytes(Digest::of_parts("weighbridge batch", &parts).short())
}

/// The id of the entry that bills a batch.
pub fn entry_of_batch(batch: BatchId) -> EntryId {
    EntryId::from_bytes(Digest::of_parts("weighbridge entry of batch", &[batch.as_bytes()]).short())
}

/// The id of the entry that bills the beginning of a run.
pub fn entry_of_run(run: RunId) -> EntryId {
    EntryId::from_bytes(Digest::of_parts("weighbridge entry of run", &[run.as_bytes()]).short())
}

/// The id of the entry that bills the requests of an attempt.
pub fn entry_of_attempt(run: RunId, attempt: u64) -> EntryId {
    let parts: [&[u8]; 2] = [run.as_bytes(), &attempt.to_be_bytes()];
    EntryId::from_bytes(Digest::of_parts("weighbridge entry of attempt", &parts).short())
}

/// The key under which a destination gets lines: 32 characters. The same key always means the same bytes, since their
/// digest is part of it.
pub fn delivery(batch: BatchId, verb: Verb, lines: &[u8]) -> String {
    let verb: &[u8] = match verb {
        Verb::Write => b"write",
        Verb::Remove => b"remove",
    };
    let lines = Digest::of(lines);
    let key = Digest::of_parts("weighbridge delivery", &[batch.as_bytes(), verb, lines.as_bytes()]);
    data_encoding::HEXLOWER.encode(&key.short())
}
