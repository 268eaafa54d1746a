//! The Weighbridge engine as a library: intake, pipeline, scheduler, recovery.
//!
//! [`Engine::open`] opens a data folder, [`Engine::apply`] says what there is, [`Engine::run`] moves what a transfer
//! describes. Two engines live in one process; neither takes a global subscriber or a signal handler.
//!
//! What moves is one value changing type, and the whole of it reads in `pipeline/mod.rs`.
#![forbid(unsafe_code)]

mod engine;
mod folder;
mod options;

pub mod people;
mod pipeline;
mod pull;

mod intake;
mod recovery;
mod scheduler;

pub mod account;
mod apply;
mod audit;
pub mod backup;
mod dead_letters;
pub mod doctor;
pub mod document;
mod example;
mod explain;
mod find;
mod history;
mod hooks;
mod idempotency;
mod keys;
mod known;
mod list;
pub mod mail;
mod oauth;
mod outward;
mod packages;
mod preview;
mod run_logs;
mod trust;
mod usage;

pub mod connector;

mod conduct;
mod reload;

mod arrivals;
mod chance;
pub mod clock;
mod counters;
mod crossings;
mod denials;
mod error;
pub mod events;
mod figures;
mod looked;
mod places;
mod process;
mod retention;
mod space;
pub mod support;
mod texts;
mod traces;
mod turned_away;
mod upgrade;
mod urge;

pub use apply::{ApplyError, Change, ChangeKind, Planned, SecretFiles};
pub use arrivals::Door;
pub use audit::{AuditView, FieldChange};
pub use chance::request_id;
pub use conduct::Conduct;
pub use counters::{Counters, Tally};
pub use dead_letters::RejectedRecord;
pub use engine::Engine;
pub use error::{EngineError, NotFound};
pub use example::example_record;
pub use explain::Explained;
pub use figures::{Doubt, Figures, Kept, RunsNow};
pub use folder::Folder;
pub use history::{BatchView, RunView};
pub use hooks::{HookCall, HookReply, HookView, RotatedHook};
pub use idempotency::{Once, Promised};
pub use list::Listed;
pub use oauth::{Authorisation, CallbackAnswer, GrantStatus, RevokedGrant, SignInError, SignInView};
pub use options::{INBOX_DAYS, Options, REJECTED_DAYS};
pub use outward::Outward;
pub use packages::{ConnectorError, ConnectorView, InstallError, Installed, Proposal};
pub use pipeline::RunOutcome;
pub use places::RunLimits;
pub use preview::{PreviewError, Previewed};
pub use pull::{Caller, Ping, PullEndpoint, PullError, PullGuide, PullRequest, PulledLine, PulledPage};
pub use reload::{Reloaded, Reread, SetReload, SettingsSource, SettingsUnusable};
pub use retention::Retention;
pub use space::SPACE_MIN;
pub use traces::{SpansTold, Traces, TracesAddress, TracesError};
pub use trust::{KeyView, PublisherView, Revoked, RevokedView, TrustChange, TrustChangeError, TrustView};
pub use turned_away::TurnedAway;
pub use upgrade::{Upgraded, rehearse_upgrade, upgrade};
pub use usage::UsageLine;
pub use weighbridge_egress::{
    MailAccount, MailEncryption, MailServer, MailSettingError, MailSettings, Proxy, ProxyError, Secret,
};
pub use weighbridge_model as model;
pub use weighbridge_sandbox::{
    ChildExit, Compile, CompileChild, CompileLimits, ExpressionChild, ExpressionLimits, Expressions, compile_artefact,
    evaluate_expressions,
};
pub use weighbridge_store::OpenError;
pub use weighbridge_vault::{
    ExportError, ExportNote, MasterError, MasterFile, MasterSource, Passphrase, RecoveryPublic, RecoverySecret,
    RingError, RingStatus, RotateTo, recovery_pair,
};
