//! The ledger's rules: hold, then settle or release, exactly once.
//!
//! Quantities are integers, counted by the host. A [`Reservation`] is made only by [`reserve`], from a permit, and consumed
//! by [`settle`], [`release`] or [`write_off`]; each of them keeps `held = Σ open reservations` and `spent = Σ entries`.

mod amounts;
mod balance;
mod chain;
mod entry;
mod extend;
pub mod key;
mod quota;
mod release;
mod reserve;
mod settle;
mod write_off;

pub use amounts::{Amounts, Meter};
pub use balance::{Account, Accounts, Balance, ServiceAccount, ServicePeriod};
pub use chain::{EntryPlace, LedgerHead, LedgerLink};
pub use entry::{Entry, EntryKind};
pub use extend::extend;
pub use quota::{Period, Quota};
pub use release::release;
pub use reserve::{Reservation, reserve};
pub use settle::{Overrun, settle, spend};
pub use write_off::write_off;
