//! What an operator sees of the host: how it is, what was installed, whom it trusts, what it may reach, and why anything stands
//! still. Of tenants it shows names and counts, of customers ids, and of records nothing.

mod addresses;
mod backups;
mod connector;
mod explain;
mod findings;
mod freeze;
mod keys;
mod show;
mod trust;

pub use addresses::{AddressFilter, AddressRow};
pub use backups::BackupRow;
pub use connector::{ConnectorShown, ReleaseView};
pub use explain::{ExplainAny, ExplainedAny};
pub(crate) use findings::LastLook;
pub use findings::{FindingRow, HostFindings};
pub use freeze::{Frozen, SetFrozen};
pub use keys::KeyStatusView;
pub use show::HostView;
pub use trust::{KeyRow, PublisherRow, RevokedRow, TrustShown};
