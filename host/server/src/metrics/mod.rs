//! The host in figures, for Prometheus: one table of what there is, and one page of how it stands.
//!
//! Figures are kept where they arise (the engine's counters, the store's counts); here they are only written down. No label
//! is anybody's name or id: each takes its values from a list of this program, or from the connectors that are installed.

mod desk;
mod table;
mod text;

pub(crate) use desk::{Desk, page};
pub use desk::{KEY_CHARS_MIN, MetricsKey};
pub use table::{METRICS, Metric};
pub use text::Kind;
