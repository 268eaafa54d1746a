//! Endpoints, mappings and transfers of a customer: each planned as a document's part is, so that both ways take the same.

mod endpoints;
mod explain;
mod fields;
mod mappings;
mod modes;
mod redacted;
mod runs;
mod schedule;
mod switch;
mod sync;
mod transfer;

pub use endpoints::{ChangeEndpoint, EndpointStatus, EndpointView, NewEndpoint};
pub(super) use explain::level_view;
pub use explain::{ExplainAt, ExplainedView, LevelView};
pub use fields::{FieldView, MappingEnds, MappingFields, SampleKind, SampleRecord, StreamFields};
pub use mappings::{MappingVersionView, MappingView, PreviewedView, SetMapping, TryMapping};
pub(super) use runs::row as run_row;
pub use runs::{RejectedView, RunList, RunRow, RunStanding, Started};
pub use schedule::{Fires, ScheduleView, TrySchedule};
pub use switch::SwitchTransfer;
pub use sync::{Synced, TransferOver};
pub use transfer::{ChangeTransfer, NewTransfer, NewestRun, TransferView};
