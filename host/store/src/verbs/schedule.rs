//! Set a schedule, and keep the index by which the scheduler finds it.

use weighbridge_model::id::{CustomerId, TenantId, TransferId};
use weighbridge_model::schedule::{Schedule, Standing};
use weighbridge_model::time::Timestamp;

use crate::error::TxError;
use crate::scope::{CustomerScope, HostScope};
use crate::tables::{Due, Marked, ScheduleRow, Schedules};
use crate::tx::Tx;

/// Whether a schedule stands still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pause {
    /// Until somebody lets it go on.
    pub paused: bool,
    /// Until this instant.
    pub until: Option<Timestamp>,
}

/// Gives a transfer a schedule, another one, or none. The same one keeps its place in time.
pub fn set_schedule(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    transfer: TransferId,
    wanted: Option<(&Schedule, Pause)>,
    now: Timestamp,
) -> Result<(), TxError> {
    let before = tx.get::<Schedules>(&scope, &transfer)?;
    if let Some(due) = before.as_ref().and_then(|row| row.due_at) {
        tx.remove::<Due>(&HostScope::new(), &due_key(due, scope, transfer))?;
    }
    let Some((schedule, pause)) = wanted else { return tx.remove::<Schedules>(&scope, &transfer) };
    let kept = before.filter(|row| row.schedule == *schedule && !pause.paused);
    let row = ScheduleRow {
        schedule: schedule.clone(),
        paused: pause.paused,
        paused_until: pause.until,
        last: kept.as_ref().map_or(now, |row| row.last),
        waiting_from: kept.and_then(|row| row.waiting_from),
        due_at: None,
    };
    // What lies in a pause that ends is passed over as one when it is over.
    let from = pause.until.map_or(row.last, |until| row.last.max(until.plus_millis(-1)));
    let next = schedule.next_after(from).filter(|_| !pause.paused);
    put_row(tx, scope, transfer, row, next)
}

/// Where the scheduler finds that a transfer is due.
pub(super) const fn due_key(
    at: Timestamp,
    scope: CustomerScope,
    transfer: TransferId,
) -> (Timestamp, TenantId, (CustomerId, TransferId)) {
    (at, scope.tenant_id(), (scope.id(), transfer))
}

/// Writes the row and the index by which the scheduler finds it, later by the transfer's own share of jitter.
pub(super) fn put_row(
    tx: &mut Tx<'_>,
    scope: CustomerScope,
    transfer: TransferId,
    mut row: ScheduleRow,
    next: Option<Timestamp>,
) -> Result<(), TxError> {
    row.due_at = next.map(|next| next.plus_millis(row.schedule.jitter_ms(&transfer.to_string())));
    if let Some(due) = row.due_at {
        tx.put::<Due>(&HostScope::new(), &due_key(due, scope, transfer), &Marked {})?;
    }
    tx.put::<Schedules>(&scope, &transfer, &row)
}

/// A run came to its end: an occurrence that waits for that is due.
pub(super) fn wake(tx: &mut Tx<'_>, scope: CustomerScope, transfer: TransferId) -> Result<(), TxError> {
    let Some(mut row) = tx.get::<Schedules>(&scope, &transfer)? else { return Ok(()) };
    if row.due_at.is_some() || row.paused || row.waiting_from.is_none() {
        return Ok(());
    }
    row.due_at = row.waiting_from;
    if let Some(due) = row.due_at {
        tx.put::<Due>(&HostScope::new(), &due_key(due, scope, transfer), &Marked {})?;
    }
    tx.put::<Schedules>(&scope, &transfer, &row)
}

impl ScheduleRow {
    /// What bears on its next occurrences.
    pub fn standing(&self) -> Standing {
        Standing { last: self.last, waiting_from: self.waiting_from, paused_until: self.paused_until }
    }
}
