//! Keep what a webhook brought, once: only then is the platform answered.

use weighbridge_model::hook::{Taken, Waiting};
use weighbridge_model::id::{ConnectionId, DeliveryId};
use weighbridge_model::name::StreamName;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::Timestamp;

use crate::error::{TxError, WriteError};
use crate::scope::{CustomerScope, HostScope};
use crate::store::Store;
use crate::tables::{Deliveries, Hooks, Inbox, Marked, OpenHooks};
use crate::tx::Tx;

/// The most deliveries of one hook that wait.
const WAITING_MAX: u64 = 10_000;
/// And the most bytes of them.
const WAITING_BYTES_MAX: u64 = 256 << 20;

/// What a webhook brought for one stream.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// The same for the same delivery.
    pub id: DeliveryId,
    /// The stream.
    pub stream: StreamName,
    /// How many records it has.
    pub lines: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// The records.
    pub records: Sealed,
}

/// What became of deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// They are kept, or were before; so many of them are new.
    New(usize),
    /// Too many wait already; none of them is kept.
    Full,
    /// There is no such hook any more.
    Gone,
}

/// Keeps all of them or none; those that were taken before change nothing.
pub async fn keep_deliveries(
    store: &Store,
    scope: CustomerScope,
    connection: ConnectionId,
    deliveries: Vec<NewDelivery>,
    now: Timestamp,
) -> Result<Kept, WriteError> {
    let keep = move |tx: &mut Tx<'_>| keep_in(tx, scope, connection, &deliveries, now);
    Ok(store.write(keep).await?.into_inner())
}

fn keep_in(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    connection: ConnectionId,
    deliveries: &[NewDelivery],
    now: Timestamp,
) -> Result<Kept, TxError> {
    let Some(mut hook) = tx.get::<Hooks>(&scope, &connection)? else { return Ok(Kept::Gone) };
    let mut fresh: Vec<&NewDelivery> = Vec::new();
    for one in deliveries {
        let is_known = tx.get::<Deliveries>(&scope, &(connection, one.id))?.is_some();
        if !is_known && !fresh.iter().any(|other| other.id == one.id) {
            fresh.push(one);
        }
    }
    if fresh.is_empty() {
        return Ok(Kept::New(0));
    }
    let count = fresh.len() as u64;
    hook.waiting += count;
    hook.waiting_bytes += fresh.iter().map(|one| one.bytes).sum::<u64>();
    if hook.waiting > WAITING_MAX || hook.waiting_bytes > WAITING_BYTES_MAX {
        return Ok(Kept::Full);
    }
    for one in &fresh {
        let NewDelivery { id, stream, lines, bytes, records } = *one;
        let (delivery, stream, at) = (*id, stream.clone(), now);
        let waiting = Waiting { delivery, stream, lines: *lines, bytes: *bytes, at };
        tx.put::<Inbox>(&scope, &(connection, hook.next), &waiting)?;
        tx.put::<Deliveries>(&scope, &(connection, *id), &Taken { at, records: Some(records.clone()) })?;
        hook.next += 1;
    }
    hook.taken += count;
    hook.last_at = Some(now);
    tx.put::<Hooks>(&scope, &connection, &hook)?;
    tx.put::<OpenHooks>(&HostScope::new(), &(scope.tenant_id(), scope.id(), connection), &Marked {})?;
    Ok(Kept::New(fresh.len()))
}
