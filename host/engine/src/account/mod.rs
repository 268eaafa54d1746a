//! What partners do all day: tenants, their offers, their customers and people. Each verb takes the permission of its own
//! action, and writes what it changes, the rows that others find it by and its line of the audit log in one transaction.

mod edit;
mod in_doubt;
pub(crate) mod inputs;
mod view;
mod workflows;

mod audit;
mod connections;
mod connectors;
mod customers;
mod deletion;
mod host;
mod integrations;
mod offerable;
mod rejected;
mod roster;
mod runs;
mod self_managed;
mod services;
mod systems;
mod tenants;
mod transfers;
mod usage;

pub(crate) use audit::walk as audit_walk;
pub use audit::{AuditCheckpoint, AuditFilter, AuditPage, AuditVerified, ChainMark, ChainView, ToldLine, VerifyAudit};
pub use connections::{
    ChangeConnection, Checked, ConnectionView, Disconnected, FunctionView, LinkMade, LinkPage, LinkView, NewConnection,
    NewCredential, NewLink, PlatformFilter, PlatformFunction, PlatformView, SecretAsked, SentAway, SignInKind,
    StandsStill, SwitchConnection, UseLink, UsedLink,
};
pub(crate) use connections::{Whose, is_of_customer};
pub use connectors::{ApproveVersion, ConnectorRow, ProposalView, RolledBack};
pub(crate) use customers::living;
pub use customers::{
    ActivateCustomer, ChangeCustomer, CustomerFilter, CustomerSort, CustomerView, CustomersSwitched,
    DeactivateCustomer, ImportLine, ImportReport, NewCustomer, SwitchCustomers, Switched,
};
pub use deletion::{CheckedReceipt, DeletionView, FarewellView, GivenReceipt, SweptRows};
pub(crate) use edit::{Edit, if_match};
pub(crate) use host::LastLook;
pub use host::{
    AddressFilter, AddressRow, BackupRow, ConnectorShown, ExplainAny, ExplainedAny, FindingRow, Frozen, HostFindings,
    HostView, KeyRow, KeyStatusView, PublisherRow, ReleaseView, RevokedRow, SetFrozen, TrustShown,
};
pub use in_doubt::{DoubtHeld, DoubtView, HostDoubtView, WaitsFor, WriteOff, WrittenOff};
pub use integrations::{AllowAddresses, ChangeIntegration, IntegrationView, OAuthClient};
pub use offerable::OfferableView;
pub use rejected::{
    DiscardRejected, Discarded, RejectedFilter, RejectedList, RejectedView, ReplayRejected, ReplayView,
};
pub(crate) use roster::Roster;
pub use roster::RosterSize;
pub use runs::{
    AttemptView, BatchFilter, BatchLine, CancelRun, LogFilter, LogLineView, OfCustomers, RunFilter, RunLine,
    RunLogView, RunShown,
};
pub use self_managed::{AcknowledgedView, ChooseSelfManaged, OfferView, SelfManagedView, SetSelfManaged};
pub(crate) use self_managed::{costs, turned};
pub use services::{
    AccessExplained, AccessMessage, ChangeAccess, LevelExplained, MessageLanguage, NewAccess, RotateKey, ServiceView,
    ShownKey,
};
pub use systems::{SwitchSystems, SystemFilter, SystemKind, SystemRow, SystemsSwitched};
pub use tenants::{ChangeTenant, NewTenant, TenantView};
pub use transfers::{
    AcceptedFieldView, BackfillView, ChangeEndpoint, ChangeTransfer, DryRunView, EndpointStatus, EndpointView,
    ExplainAt, ExplainedView, FieldView, Fires, FoundFieldView, LevelView, MappingEnds, MappingFields,
    MappingVersionView, MappingView, NewBackfill, NewEndpoint, NewTransfer, NewestRun, OccurrenceList, OccurrenceView,
    PreviewedView, ResetTransfer, RunList, RunRow, RunStanding, SampleKind, SampleRecord, ScheduleView, SetMapping,
    Started, StreamFields, StreamSchemaView, SwitchTransfer, Synced, TransferOver, TransferView, TryMapping,
    TrySchedule, WouldReject,
};
pub use usage::{
    AllowanceView, CustomerUsage, LeftView, MonthTotal, UsageBy, UsageFilter, UsageOf, UsageOfFilter, UsagePage,
    UsageRow,
};
pub(crate) use view::etag;
pub use view::{At, Page, WindowView};
pub use workflows::{ApplyWorkflow, OnboardingStep, OnboardingView, SetWorkflow, WorkflowPlan, WorkflowView};
