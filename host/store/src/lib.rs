//! The only room that knows a table or an engine.
//!
//! Grouping stands above the engines: one [`writer`](Store::write) coalesces many closures into one transaction, and what a
//! closure answers is [`Committed`] only after that transaction is durable.
#![forbid(unsafe_code)]

mod chain;
mod committed;
mod copy;
mod error;
mod format;
mod journal;
mod key;
mod kind;
mod migrations;
mod older;
mod open;
mod rows;
mod scope;
mod store;
mod table;
pub mod tables;
mod touched;
mod tx;
mod vitals;
mod writer;

pub mod verbs;

pub mod conformance;
pub mod engine;

pub use chain::{ChainFault, chain_anew, check_chain};
pub use committed::Committed;
pub use copy::{Copied, CopyError, copy_file};
pub use error::{OpenError, ReadError, TxError, WriteError};
pub use format::{FORMAT, format_of};
pub use journal::{Followed, Follower};
pub use key::{KeyPart, NewestFirst, NewestInstant};
pub use older::Older;
pub use open::Access;
pub use scope::{CustomerScope, HostScope, Scope, TenantScope};
pub use store::{RowCounts, Store};
pub use table::Table;
pub use tx::{Found, FoundOfAll, Tx};
pub use vitals::Vitals;
