//! Endpoints, mappings and transfers of a customer: each planned as a document's part is, so that both ways take the same.

mod backfill;
mod dry_run;
mod endpoints;
mod explain;
mod fields;
mod mappings;
mod modes;
mod occurrences;
mod redacted;
mod reset;
mod runs;
mod schedule;
mod stream_schema;
mod switch;
mod sync;
mod transfer;

pub use backfill::{BackfillView, NewBackfill};
pub use dry_run::{DryRunView, WouldReject};
pub use endpoints::{ChangeEndpoint, EndpointStatus, EndpointView, NewEndpoint};
pub(super) use explain::level_view;
pub use explain::{ExplainAt, ExplainedView, LevelView};
pub use fields::{FieldView, MappingEnds, MappingFields, SampleKind, SampleRecord, StreamFields};
pub use mappings::{MappingVersionView, MappingView, PreviewedView, SetMapping, TryMapping};
pub use occurrences::{OccurrenceList, OccurrenceView};
pub use reset::ResetTransfer;
pub(super) use runs::row as run_row;
pub use runs::{RunList, RunRow, RunStanding, Started};
pub use schedule::{Fires, ScheduleView, TrySchedule};
pub use stream_schema::{AcceptedFieldView, FoundFieldView, StreamSchemaView};
pub use switch::SwitchTransfer;
pub use sync::{Synced, TransferOver};
pub use transfer::{ChangeTransfer, NewTransfer, NewestRun, TransferView};
