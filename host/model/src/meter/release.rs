//! Give a hold back under which nothing was sent.

use super::amounts::Amounts;
use super::balance::Accounts;
use super::reserve::Reservation;
use super::settle::{Overrun, settle};

/// Consumes a reservation under which nothing was sent.
pub fn release(reservation: &Reservation, accounts: &mut Accounts) -> Result<(), Overrun> {
    settle(reservation, Amounts::ZERO, accounts)
}
