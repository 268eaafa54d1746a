//! Let go of deliveries: those that moved, those that waited too long, and all of a hook that goes.

use weighbridge_model::audit::AuditRow;
use weighbridge_model::hook::{Hook, Taken, Waiting};
use weighbridge_model::id::{ConnectionId, DeadLetterId, TransferId};
use weighbridge_model::sealed::Sealed;

use crate::error::{TxError, WriteError};
use crate::scope::{CustomerScope, HostScope};
use crate::store::Store;
use crate::tables::{DeadLetter, DeadLetters, Deliveries, HookHashes, Hooks, Inbox, OpenHooks, Progresses};
use crate::tx::Tx;
use crate::verbs::append_audit::append_audit;
use crate::verbs::ledger::put_progress_of;

/// So many rows go in one transaction.
const STEP: usize = 500;

/// Lets go of deliveries whose records moved, by their numbers. What is left of each is that it was taken.
pub async fn pass_deliveries(
    store: &Store,
    scope: CustomerScope,
    connection: ConnectionId,
    numbers: Vec<u64>,
    told: Option<AuditRow>,
) -> Result<(), WriteError> {
    let pass = move |tx: &mut Tx<'_>| {
        let Some(mut hook) = tx.get::<Hooks>(&scope, &connection)? else { return Ok(()) };
        for number in &numbers {
            let Some(waiting) = tx.get::<Inbox>(&scope, &(connection, *number))? else { continue };
            let_go(tx, scope, (connection, *number), &waiting, &mut hook)?;
        }
        tx.put::<Hooks>(&scope, &connection, &hook)?;
        told.as_ref().map_or(Ok(()), |told| append_audit(tx, scope.tenant(), told))
    };
    store.write(pass).await.map(|_| ())
}

fn let_go(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    place: (ConnectionId, u64),
    waiting: &Waiting,
    hook: &mut Hook,
) -> Result<(), TxError> {
    tx.remove::<Inbox>(&scope, &place)?;
    let taken = (place.0, waiting.delivery);
    tx.put::<Deliveries>(&scope, &taken, &Taken { at: waiting.at, records: None })?;
    hook.waiting = hook.waiting.saturating_sub(1);
    hook.waiting_bytes = hook.waiting_bytes.saturating_sub(waiting.bytes);
    Ok(())
}

/// Rejected records, each under its id.
pub type Overdue = Vec<(DeadLetterId, DeadLetter)>;

/// A part of what is left of a delivery that waited too long for a transfer.
#[derive(Clone, Debug)]
pub struct OverdueStep {
    /// The transfer.
    pub transfer: TransferId,
    /// The errand that would have moved it.
    pub errand: TransferId,
    /// Where the errand stood when this was worked out.
    pub from: Option<Sealed>,
    /// Where it goes on after this part.
    pub to: Sealed,
    /// The records of this part.
    pub records: Overdue,
}

/// Keeps records that waited too long as rejected ones, and moves the errand's cursor behind them; answers whether that was
/// done. Nothing is done while a batch of it is open, since that may have arrived.
pub async fn give_up(store: &Store, scope: CustomerScope, step: OverdueStep) -> Result<bool, WriteError> {
    let give = move |tx: &mut Tx<'_>| {
        let mut progress = tx.get::<Progresses>(&scope, &step.errand)?.unwrap_or_default();
        if progress.open.is_some() || progress.run.is_some() || progress.cursor != step.from {
            return Ok(false);
        }
        for (id, letter) in &step.records {
            tx.put::<DeadLetters>(&scope, &(step.transfer, *id), letter)?;
        }
        // Whatever still counts on the cursor of before comes too late.
        progress.attempt += 1;
        progress.cursor = Some(step.to.clone());
        put_progress_of(tx, scope, step.errand, &progress)?;
        Ok(true)
    };
    Ok(store.write(give).await?.into_inner())
}

/// Forgets a hook and all that came by it. What finds it goes first.
pub async fn forget_hook(store: &Store, scope: CustomerScope, connection: ConnectionId) -> Result<(), WriteError> {
    let unfind = move |tx: &mut Tx<'_>| {
        if let Some(hook) = tx.get::<Hooks>(&scope, &connection)? {
            tx.remove::<HookHashes>(&HostScope::new(), &hook.hash)?;
        }
        tx.remove::<OpenHooks>(&HostScope::new(), &(scope.tenant_id(), scope.id(), connection))?;
        tx.remove::<Hooks>(&scope, &connection)
    };
    store.write(unfind).await?;
    loop {
        let gone = store.write(move |tx| forget_some(tx, scope, connection)).await?.into_inner();
        if gone == 0 {
            return Ok(());
        }
    }
}

fn forget_some(tx: &mut Tx<'_>, scope: CustomerScope, connection: ConnectionId) -> Result<usize, TxError> {
    let waiting = tx.scan::<Inbox>(&scope, Some(&(connection, 0)), STEP)?;
    let waiting: Vec<_> = waiting.into_iter().map(|(key, _)| key).take_while(|key| key.0 == connection).collect();
    let first = (connection, weighbridge_model::id::DeliveryId::from_bytes([0; 16]));
    // Each of these may have some megabytes.
    let taken = tx.scan::<Deliveries>(&scope, Some(&first), 16)?;
    let taken: Vec<_> = taken.into_iter().map(|(key, _)| key).take_while(|key| key.0 == connection).collect();
    waiting.iter().try_for_each(|key| tx.remove::<Inbox>(&scope, key))?;
    taken.iter().try_for_each(|key| tx.remove::<Deliveries>(&scope, key))?;
    Ok(waiting.len() + taken.len())
}
