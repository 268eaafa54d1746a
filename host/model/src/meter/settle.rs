//! Bill what was really delivered, and give the rest of the hold back.

use super::amounts::Amounts;
use super::balance::Accounts;
use super::reserve::Reservation;

/// More was delivered than was on hold: a broken invariant, so nothing is changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a batch delivered {delivered:?} and had {held:?} on hold")]
pub struct Overrun {
    /// What was delivered.
    pub delivered: Amounts,
    /// What was on hold.
    pub held: Amounts,
}

/// Consumes a reservation with what was delivered under it.
pub fn settle(reservation: &Reservation, delivered: Amounts, accounts: &mut Accounts) -> Result<(), Overrun> {
    if reservation.hold().minus(&delivered).is_none() {
        return Err(Overrun { delivered, held: *reservation.hold() });
    }
    let mut after = *accounts;
    for balance in after.balances() {
        let held = balance.held.minus(reservation.hold());
        balance.held = held.ok_or(Overrun { delivered, held: balance.held })?;
        balance.spent = balance.spent.plus(&delivered);
    }
    *accounts = after;
    Ok(())
}

/// Bills what is not held first: a run that begins, the requests of an attempt that ended.
pub fn spend(amounts: &Amounts, accounts: &mut Accounts) {
    for balance in accounts.balances() {
        balance.spent = balance.spent.plus(amounts);
    }
}
