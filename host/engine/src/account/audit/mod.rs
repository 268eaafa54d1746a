//! The audit log as people and machines use it: read page by page, verified chain by chain, and held to what was signed before.

mod checkpoint;
mod list;
mod told;
mod verify;
pub(crate) mod walk;

pub use checkpoint::{AuditCheckpoint, ChainMark};
pub use list::{AuditFilter, AuditPage};
pub use told::ToldLine;
pub use verify::{AuditVerified, ChainView, VerifyAudit};
