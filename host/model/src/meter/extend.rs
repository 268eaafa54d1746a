//! Hold more bytes for a batch whose records grew on the way.

use super::amounts::{Amounts, Meter};
use super::balance::Accounts;
use super::reserve::Reservation;
use crate::gate::{Refusal, quota_refusal};

/// Adds `bytes` to the hold on both accounts, or changes nothing and says which quota refused.
pub fn extend(reservation: &mut Reservation, bytes: u64, accounts: &mut Accounts) -> Result<(), Refusal> {
    for account in accounts.all() {
        if account.left(Meter::Bytes).is_some_and(|left| left < bytes) {
            return Err(quota_refusal(account, Meter::Bytes));
        }
    }
    let more = Amounts { bytes, ..Amounts::ZERO };
    for balance in accounts.balances() {
        balance.held = balance.held.plus(&more);
    }
    reservation.add(&more);
    Ok(())
}
