//! Rows that are of the store alone; the others are types of the rules.

use serde::{Deserialize, Serialize};
use weighbridge_model::access::ActorRef;
use weighbridge_model::digest::Digest;
use weighbridge_model::gate::Refusal;
use weighbridge_model::id::{
    BatchId, ConnectLinkId, ConnectionId, CustomerId, ExternalServiceId, HostId, RunId, TenantId, TokenId, TransferId,
    UserId,
};
use weighbridge_model::name::{Code, StreamName};
use weighbridge_model::run::{RejectedBy, Wish};
use weighbridge_model::schedule::Schedule;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::time::Timestamp;

/// What the host knows of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostRow {
    /// The format of all rows.
    pub format: u32,
    /// Whether the operator froze everything.
    #[serde(default)]
    pub frozen: bool,
    /// Whether too little space is left on the disk.
    #[serde(default)]
    pub full: bool,
    /// The version of the master key that was last written to the audit log.
    #[serde(default)]
    pub master: u32,
    /// Which host this is; a file of an earlier version says it once it was opened.
    #[serde(default)]
    pub host: Option<HostId>,
    /// What it was restored from, where it was.
    #[serde(default)]
    pub restored: Option<Restored>,
    /// The format that rows may still have while they are brought to the present one; nothing once all were.
    #[serde(default)]
    pub upgraded_from: Option<u32>,
}

impl HostRow {
    /// Of a store that was just made.
    pub const fn fresh(format: u32) -> Self {
        Self { format, frozen: false, full: false, master: 1, host: None, restored: None, upgraded_from: None }
    }

    /// The oldest format that its rows may have.
    pub fn rows_format(&self) -> u32 {
        self.upgraded_from.unwrap_or(self.format)
    }
}

/// What a store was restored from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// The host whose backup it was.
    pub of: Option<HostId>,
    /// When the backup was begun, which shows that instant or one until it was made.
    pub taken_at: Timestamp,
    /// When it was restored.
    pub at: Timestamp,
}

/// That something is so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {}

/// Up to when the audit log was told of windows that began or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowsTold {
    /// The last instant that is told of.
    pub until: Timestamp,
}

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunPlace {
    /// Whose it is.
    pub customer: CustomerId,
    /// What it executes.
    pub transfer: TransferId,
}

/// A request that carries an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// What was asked for.
    pub input: Digest,
    /// When its work began.
    pub begun: Timestamp,
    /// The customer that it is about, under whose key its answer is.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// What was answered; nothing while it is under way, or where it was cut off.
    #[serde(default)]
    pub answer: Option<Sealed>,
}

/// Whose personal token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenOf {
    /// The tenant; zeros for the host.
    pub tenant: TenantId,
    /// The person.
    pub user: UserId,
    /// The token.
    pub token: TokenId,
}

/// Whose connect link it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectLinkOf {
    /// The tenant.
    pub tenant: TenantId,
    /// The link.
    pub link: ConnectLinkId,
}

/// The tenant that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantNamed {
    /// The tenant.
    pub id: TenantId,
}

/// The thing that has a name; its kind is in the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The thing's id.
    pub id: [u8; 16],
}

/// The external service that comes with a Connection ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accessed {
    /// Whose customer it pulls from.
    pub tenant: TenantId,
    /// Whose data it pulls.
    pub customer: CustomerId,
    /// Which it is.
    pub service: ExternalServiceId,
}

/// When an external service last came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastUse {
    /// The instant, to a minute.
    pub at: Timestamp,
}

/// One version of a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingRow {
    /// Its name.
    pub name: Sealed,
    /// Its rules, as JSON.
    pub rules: Sealed,
    /// SHA-256 of the rules, so that writing the same ones makes no new version.
    pub digest: Digest,
    /// When it was written.
    pub created_at: Timestamp,
}

/// One version of a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowRow {
    /// Its name.
    pub name: Sealed,
    /// Its template, as JSON.
    pub template: Sealed,
    /// SHA-256 of the template, so that writing the same one makes no new version.
    pub digest: Digest,
    /// When it was written.
    pub created_at: Timestamp,
}

/// Which destination id a source record became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The id at the destination.
    pub id: Sealed,
}

/// What a person wants of a run that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WishRow {
    /// The run.
    pub run: RunId,
    /// What.
    pub wish: Wish,
    /// Who.
    pub by: ActorRef,
    /// Since when.
    pub at: Timestamp,
}

/// What connectors said in one attempt of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunLogRow {
    /// The number of the attempt in its run, from 1.
    pub number: u64,
    /// The last lines.
    pub lines: Sealed,
}

/// What is accepted of the stream that an endpoint reads. It stands beside the endpoint, so that what is learnt while records
/// move changes nothing that a person is about to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamSchemaRow {
    /// The account whose stream it is; that of an endpoint which was given another one counts for nothing.
    pub connection: ConnectionId,
    /// The stream there.
    pub stream: StreamName,
    /// How often it was written.
    pub version: u64,
    /// Which fields are accepted, and which were found beyond them.
    pub schema: Sealed,
}

/// A record that was rejected, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The batch it was read in.
    pub batch: BatchId,
    /// The run that settled the batch; rows of before this was kept have none.
    #[serde(default)]
    pub run: Option<RunId>,
    /// Who rejected it.
    #[serde(default)]
    pub by: RejectedBy,
    /// The stable code.
    pub code: Code,
    /// Why, in words.
    pub message: Sealed,
    /// The record as it was read, or as it was sent.
    pub record: Sealed,
    /// Whether the mapping shaped the record that is kept, since the one that was read was not at hand.
    #[serde(default)]
    pub as_sent: bool,
    /// Whether the record is gone from the source, and was to be removed at the destination.
    #[serde(default)]
    pub removal: bool,
    /// When.
    pub at: Timestamp,
}

/// The same refusal of one transfer, from its first time to its last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denial {
    /// What was refused.
    pub transfer: TransferId,
    /// The gate's no.
    pub refusal: Refusal,
    /// The first time.
    pub first: Timestamp,
    /// The last time.
    pub last: Timestamp,
    /// How often.
    pub count: u64,
}

/// A transfer's schedule and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleRow {
    /// When it fires.
    pub schedule: Schedule,
    /// Whether a person paused it.
    #[serde(default)]
    pub paused: bool,
    /// Until when a person paused it.
    #[serde(default)]
    pub paused_until: Option<Timestamp>,
    /// From which occurrence on they wait for a run to end.
    #[serde(default)]
    pub waiting_from: Option<Timestamp>,
    /// The last occurrence that was looked at, or when the schedule was made: the next one is counted from here.
    pub last: Timestamp,
    /// When it is looked at next.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
}

/// What became of one occurrence of a schedule, or of several up to this one that share a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// The run it made.
    #[serde(default)]
    pub run: Option<RunId>,
    /// Why it made none.
    #[serde(default)]
    pub reason: Option<Code>,
    /// How many it stands for.
    pub count: u64,
}
