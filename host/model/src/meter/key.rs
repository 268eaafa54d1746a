//! Ids and keys that are derived from the work, so that doing it again gives the same ones.

use crate::digest::Digest;
use crate::id::{
    BatchId, ConnectionId, DeadLetterId, DeliveryId, EndpointId, EntryId, ExternalServiceId, RunId, TransferId,
};
use crate::name::StreamName;
use crate::time::Timestamp;

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

/// The id of the errand by which rejected records of a transfer are handed over again: there is one for each.
pub fn replay(transfer: TransferId) -> TransferId {
    TransferId::from_bytes(Digest::of_parts("weighbridge replay", &[transfer.as_bytes()]).short())
}

/// The id of the errand by which a transfer is tried: there is one for each.
pub fn trial(transfer: TransferId) -> TransferId {
    TransferId::from_bytes(Digest::of_parts("weighbridge trial", &[transfer.as_bytes()]).short())
}

/// The id of the errand by which a transfer moves what webhooks brought: there is one for each.
pub fn webhook(transfer: TransferId) -> TransferId {
    TransferId::from_bytes(Digest::of_parts("weighbridge webhook", &[transfer.as_bytes()]).short())
}

/// The id of what a webhook brought for a stream. `named` is the platform's own id of it, or the digest of what it sent.
pub fn hook_delivery(connection: ConnectionId, stream: &StreamName, named: &[u8]) -> DeliveryId {
    let parts: [&[u8]; 3] = [connection.as_bytes(), stream.as_str().as_bytes(), named];
    DeliveryId::from_bytes(Digest::of_parts("weighbridge hook delivery", &parts).short())
}

/// The batch in whose place a delivery stands whose records a transfer never moved.
pub fn overdue(transfer: TransferId, delivery: DeliveryId) -> BatchId {
    let parts: [&[u8]; 2] = [transfer.as_bytes(), delivery.as_bytes()];
    BatchId::from_bytes(Digest::of_parts("weighbridge overdue delivery", &parts).short())
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

/// The id of the entry that bills a rejected record at its first delivery: there can be only one.
pub fn entry_of_rejected(letter: DeadLetterId) -> EntryId {
    EntryId::from_bytes(Digest::of_parts("weighbridge entry of rejected record", &[letter.as_bytes()]).short())
}

/// The id of the entry that bills the beginning of a run.
pub fn entry_of_run(run: RunId) -> EntryId {
    EntryId::from_bytes(Digest::of_parts("weighbridge entry of run", &[run.as_bytes()]).short())
}

/// What is not time in the id of the run by which a transfer goes along with another's run.
pub fn run_along(run: RunId, transfer: TransferId) -> [u8; 10] {
    let hash = Digest::of_parts("weighbridge run along", &[run.as_bytes(), transfer.as_bytes()]).short();
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&hash[..10]);
    bytes
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

/// The key under which one line of a delivery comes again alone, since it was rejected for now. A destination may answer a key
/// that it knows from its memory, so each try has a key of its own; after a lost answer the same tries have the same keys.
pub fn record(delivery: &str, index: u32, attempt: u32) -> String {
    let parts: [&[u8]; 3] = [delivery.as_bytes(), &index.to_be_bytes(), &attempt.to_be_bytes()];
    data_encoding::HEXLOWER.encode(&Digest::of_parts("weighbridge record", &parts).short())
}

/// The id of a batch's `index`-th rejected record. It holds, in this order, the instant at which the batch was first held,
/// turned around so that the newest come first in a store that only reads forwards; some of the batch; and the index. So those
/// of a batch stand together, in the batch's order.
pub fn dead_letter(batch: BatchId, held_at: Timestamp, index: u32) -> DeadLetterId {
    let digest = Digest::of_parts("weighbridge rejected record", &[batch.as_bytes()]);
    let mut bytes = before(held_at);
    bytes[6..12].copy_from_slice(&digest.as_bytes()[..6]);
    bytes[12..].copy_from_slice(&index.to_be_bytes());
    DeadLetterId::from_bytes(bytes)
}

/// What stands just before all ids of records that were rejected in batches held at an instant, and behind all of later ones.
pub fn dead_letters_of(held_at: Timestamp) -> DeadLetterId {
    DeadLetterId::from_bytes(before(held_at))
}

/// When the batch was first held in which a record of this id was rejected.
pub fn dead_letter_held_at(id: DeadLetterId) -> Timestamp {
    let mut millis = [0; 8];
    millis[2..].copy_from_slice(&id.as_bytes()[..6]);
    Timestamp::from_millis(MILLIS_MAX - i64::from_be_bytes(millis))
}

/// What fits in 48 bits.
const MILLIS_MAX: i64 = (1 << 48) - 1;

fn before(held_at: Timestamp) -> [u8; 16] {
    let turned = MILLIS_MAX - held_at.as_millis().clamp(0, MILLIS_MAX);
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&turned.to_be_bytes()[2..]);
    bytes
}
