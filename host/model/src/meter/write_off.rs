//! Give up a batch of which nobody knows what arrived.

use super::amounts::Amounts;
use super::balance::Accounts;
use super::entry::{Entry, EntryKind};
use super::key;
use super::reserve::Reservation;
use super::settle::{Overrun, settle};
use crate::id::{CustomerId, RunId, TransferId};
use crate::time::Timestamp;

/// Consumes a reservation with an entry of nothing that names its batch, so that it can never be billed.
pub fn write_off(
    reservation: &Reservation,
    (customer, transfer, run): (CustomerId, TransferId, RunId),
    now: Timestamp,
    accounts: &mut Accounts,
) -> Result<Entry, Overrun> {
    settle(reservation, Amounts::ZERO, accounts)?;
    Ok(Entry {
        id: key::entry_of_batch(reservation.batch()),
        kind: EntryKind::WrittenOff,
        customer,
        transfer,
        run,
        batch: Some(reservation.batch()),
        amounts: Amounts::ZERO,
        periods: reservation.periods(),
        service: reservation.service(),
        at: now,
    })
}
