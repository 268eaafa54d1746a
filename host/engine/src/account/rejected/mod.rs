//! Rejected records of a customer: find them, look at one, hand them over again, forget them, and let go of those that are kept no longer.

mod discard;
mod filter;
mod list;
mod replay;
mod sweep;
mod walk;

pub use discard::{DiscardRejected, Discarded};
pub use filter::RejectedFilter;
pub use list::{RejectedList, RejectedView};
pub use replay::{ReplayRejected, ReplayView};
