//! What happens to a reading by an external service: a page is held, read, and settled in the commit that keeps it.
//!
//! A page has one batch and one run of its own. Nothing of it is given out before it is settled, so a batch that is open when
//! its attempt is gone was never sent, and its hold goes back.

mod abandon;
mod begin;
mod settle;
mod sweep;

pub use abandon::{abandon_pull, is_unfinished};
pub use begin::{PullAsk, PullBegun, PullFrom, begin_pull, find_pull};
pub use settle::{PullSettled, settle_pull};
pub use sweep::{StalePages, drop_pages, forget_pull, stale_pages};
