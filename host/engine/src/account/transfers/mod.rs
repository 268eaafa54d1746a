//! Endpoints, mappings and transfers of a customer: each planned as a document's part is, so that both ways take the same.

mod endpoints;
mod explain;
mod mappings;
mod runs;
mod transfer;

pub use endpoints::{ChangeEndpoint, EndpointStatus, EndpointView, NewEndpoint};
pub use explain::{ExplainAt, ExplainedView, LevelView};
pub use mappings::{MappingView, PreviewedView, SetMapping, TryMapping};
pub(super) use runs::row as run_row;
pub use runs::{RejectedView, RunList, RunRow, RunStanding, Started};
pub use transfer::{ChangeTransfer, NewTransfer, ScheduleView, TransferView};
