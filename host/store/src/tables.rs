//! Every table: its number, whose rows, under which key.

use serde::{Deserialize, Serialize};
use weighbridge_model::access::{ActorRef, Level};
use weighbridge_model::audit::{AuditRow, ChainHead};
use weighbridge_model::batch::Batch;
use weighbridge_model::connection::Connection;
use weighbridge_model::customer::Customer;
use weighbridge_model::deletion::Deletion;
use weighbridge_model::digest::Digest;
use weighbridge_model::endpoint::Endpoint;
use weighbridge_model::gate::Refusal;
use weighbridge_model::grant::Grant;
use weighbridge_model::id::{
    BatchId, ConnectLinkId, ConnectionId, CustomerId, DeadLetterId, DenialId, EndpointId, EntryId, ExternalServiceId,
    IntegrationId, MappingId, RunId, SignInId, TenantId, TokenId, TransferId, UserId, WorkflowId,
};
use weighbridge_model::integration::Integration;
use weighbridge_model::meter::{Balance, Entry};
use weighbridge_model::name::{Code, ConnectorName, NameHash};
use weighbridge_model::package::{PackageRow, TrustStore};
use weighbridge_model::people::{ConnectLink, Login, OneUseLink, Session, Token, User};
use weighbridge_model::run::{Run, Wish};
use weighbridge_model::schedule::Schedule;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::service::{AccessId, ExternalService, Pull, PullPage, PullPlace};
use weighbridge_model::tenant::Tenant;
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::{Progress, Transfer};

use crate::key::NewestFirst;
use crate::scope::{CustomerScope, HostScope, Scope, TenantScope};
use crate::table::Table;

/// What deleting a customer does with a table's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDeletion {
    /// All rows of the customer go: whatever stands in its scope goes in one sweep.
    Swept,
    /// The customer's rows stand among others', and a verb of their own looks for them.
    Sought,
    /// Rows stay with their plain fields, so that sums and chains still verify; what is sealed in them goes.
    Kept,
    /// No row is a customer's.
    Apart,
}

/// What is known of a table without its types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableFacts {
    /// Its name.
    pub name: &'static str,
    /// The first byte of its keys.
    pub number: u8,
    /// Whose rows it has.
    pub level: Level,
    /// What deleting a customer does with them.
    pub on_deletion: OnDeletion,
}

macro_rules! on_deletion {
    (swept) => {
        OnDeletion::Swept
    };
    (sought) => {
        OnDeletion::Sought
    };
    (kept) => {
        OnDeletion::Kept
    };
    (apart) => {
        OnDeletion::Apart
    };
}

/// Each table says after its name what deleting a customer does with it, so that no table is forgotten there.
macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident = $number:literal $text:literal, $deletion:ident $scope:ty, $key:ty => $row:ty;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub enum $name {}

            impl Table for $name {
                const NAME: &'static str = $text;
                const NUMBER: u8 = $number;
                type Scope = $scope;
                type Key = $key;
                type Row = $row;
            }
        )*

        /// Every table.
        pub const ALL: &[TableFacts] = &[$(TableFacts {
            name: $text,
            number: $number,
            level: <$scope as Scope>::LEVEL,
            on_deletion: on_deletion!($deletion),
        }),*];
    };
}

tables! {
    /// What the host knows of itself.
    Hosts = 1 "host", apart HostScope, () => HostRow;
    /// Publishers, their keys, and what was revoked.
    Trust = 2 "trust store", apart HostScope, () => TrustStore;
    /// Installed connectors.
    Packages = 3 "connector", apart HostScope, ConnectorName => PackageRow;
    /// Tenants by name.
    TenantNames = 4 "tenant", apart HostScope, NameHash => TenantNamed;
    /// Transfers that have a run that has not ended, or a batch whose hold still counts.
    Unfinished = 5 "unfinished transfer", sought HostScope, (TenantId, CustomerId, TransferId) => Marked;
    /// Transfers by the instant they are due at.
    Due = 6 "due time", sought HostScope, (Timestamp, TenantId, (CustomerId, TransferId)) => Marked;

    /// Sign-ins at a platform that were used, until they would have ended.
    SpentSignIns = 7 "spent sign-in", apart HostScope, SignInId => Marked;
    /// Inactive customers by the instant from which they are active again.
    Returning = 9 "customer's return", sought HostScope, (Timestamp, TenantId, CustomerId) => Marked;
    /// Sessions, by the hash of their secrets.
    Sessions = 10 "session", sought HostScope, Digest => Session;
    /// Personal tokens, by the hash of their secrets.
    TokenHashes = 11 "token", sought HostScope, Digest => TokenOf;
    /// Links of one use, by the hash of their secrets.
    OneUseLinks = 12 "link", sought HostScope, Digest => OneUseLink;
    /// Connect links, by the hash of their secrets.
    ConnectLinkHashes = 13 "connect link", sought HostScope, Digest => ConnectLinkOf;

    /// Requests that carry an idempotency key.
    Promises = 14 "idempotency key", sought HostScope, Digest => Promise;

    /// Up to when the audit log was told of windows that began or ended.
    ToldOfWindows = 15 "mark of windows", apart HostScope, () => WindowsTold;

    /// External services by the Connection ID that they come with.
    AccessIds = 8 "Connection ID", sought HostScope, AccessId => Accessed;

    /// Tenants.
    Tenants = 16 "tenant", apart TenantScope, () => Tenant;
    /// Integrations.
    Integrations = 17 "integration", apart TenantScope, IntegrationId => Integration;
    /// Customers.
    Customers = 18 "customer", kept TenantScope, CustomerId => Customer;
    /// Connections of the tenant and of its customers.
    Connections = 19 "connection", sought TenantScope, ConnectionId => Connection;
    /// Integrations, customers and connections by name.
    TenantIndex = 20 "name", sought TenantScope, (u8, NameHash) => Named;
    /// What the tenant (under an id of zeros) and its customers used, by period.
    Balances = 21 "balance", kept TenantScope, (CustomerId, Timestamp) => Balance;
    /// Who changed what, in the order of its chain.
    Audit = 22 "audit entry", kept TenantScope, u64 => AuditRow;

    /// How far the audit log has come.
    AuditHeads = 24 "audit head", apart TenantScope, () => ChainHead;
    /// Tokens that platforms gave for connections.
    Grants = 23 "grant", sought TenantScope, ConnectionId => Grant;
    /// The people of a tenant; under an id of zeros, those of the host.
    Staff = 25 "user", apart TenantScope, UserId => User;
    /// How addresses sign in, by population.
    Logins = 26 "sign-in", sought TenantScope, (u8, NameHash) => Login;
    /// Personal tokens of the people of a tenant.
    Tokens = 27 "token", sought TenantScope, (UserId, TokenId) => Token;
    /// Links on which somebody without an account connects a system.
    ConnectLinks = 28 "connect link", sought TenantScope, ConnectLinkId => ConnectLink;
    /// Deletions of customers, those that are over too.
    Deletions = 29 "deletion", apart TenantScope, CustomerId => Deletion;
    /// Workflows, every version.
    Workflows = 30 "workflow", apart TenantScope, (WorkflowId, u32) => WorkflowRow;

    /// Where the runs of all customers are, the newest first.
    RunsOfTenant = 31 "run of the tenant", sought TenantScope, NewestFirst => RunPlace;

    /// Endpoints.
    Endpoints = 32 "endpoint", swept CustomerScope, EndpointId => Endpoint;
    /// Mappings, every version.
    Mappings = 33 "mapping", swept CustomerScope, (MappingId, u32) => MappingRow;
    /// Transfers.
    Transfers = 34 "transfer", swept CustomerScope, TransferId => Transfer;
    /// How far transfers have come.
    Progresses = 35 "transfer's progress", swept CustomerScope, TransferId => Progress;
    /// Connections, endpoints, mappings and transfers by name.
    CustomerIndex = 36 "name", swept CustomerScope, (u8, NameHash) => Named;
    /// Runs, the oldest first.
    Runs = 37 "run", swept CustomerScope, (TransferId, RunId) => Run;
    /// Batches.
    Batches = 38 "batch", kept CustomerScope, BatchId => Batch;
    /// The ledger.
    Entries = 39 "ledger entry", kept CustomerScope, EntryId => Entry;
    /// Which destination id a source record became.
    Links = 40 "record link", swept CustomerScope, (EndpointId, NameHash) => Link;
    /// What the gate refused, in spans.
    Denials = 41 "refusal", swept CustomerScope, (TransferId, DenialId) => Denial;
    /// Schedules of transfers.
    Schedules = 42 "schedule", swept CustomerScope, TransferId => ScheduleRow;
    /// What became of each occurrence of a schedule.
    Occurrences = 43 "occurrence", swept CustomerScope, (TransferId, Timestamp) => Occurrence;

    /// External services.
    Services = 44 "external service", swept CustomerScope, ExternalServiceId => ExternalService;
    /// When external services last came.
    LastUses = 45 "last use", swept CustomerScope, ExternalServiceId => LastUse;
    /// What external services used, by period.
    ServiceBalances = 46 "external service's balance", kept CustomerScope, (ExternalServiceId, Timestamp) => Balance;
    /// Readings of endpoints by external services. How far they have come stands with the transfers' progress.
    Pulls = 47 "pull", swept CustomerScope, TransferId => Pull;
    /// Pages of them that may be asked for again.
    PullPages = 48 "pulled page", swept CustomerScope, (TransferId, PullPlace) => PullPage;
    /// Where the runs of all transfers are, the newest first.
    RunsOfCustomer = 49 "run of the customer", swept CustomerScope, NewestFirst => RunPlace;
    /// The people of a customer.
    CustomerUsers = 50 "user", swept CustomerScope, UserId => User;
    /// Records that were rejected.
    DeadLetters = 51 "rejected record", swept CustomerScope, (TransferId, DeadLetterId) => DeadLetter;
    /// What connectors said in the attempts of runs, by the attempts of their transfers.
    RunLogs = 52 "run log", swept CustomerScope, (RunId, u64) => RunLogRow;
    /// What is wanted of runs that have not ended.
    Wishes = 53 "wish", swept CustomerScope, TransferId => WishRow;
}

/// The kinds of things found by name, the first part of an index key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// An integration of a tenant.
    Integration = 1,
    /// A customer of a tenant.
    Customer = 2,
    /// A tenant's or a customer's connection.
    Connection = 3,
    /// A customer's endpoint.
    Endpoint = 4,
    /// A customer's mapping.
    Mapping = 5,
    /// A customer's transfer.
    Transfer = 6,
    /// A tenant's workflow.
    Workflow = 7,
}

impl Kind {
    /// The first part of an index key.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Integration => "integration",
            Self::Customer => "customer",
            Self::Connection => "connection",
            Self::Endpoint => "endpoint",
            Self::Mapping => "mapping",
            Self::Transfer => "transfer",
            Self::Workflow => "workflow",
        }
    }
}

/// What the host knows of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostRow {
    /// The format of all rows.
    pub format: u32,
    /// Whether the operator froze everything.
    #[serde(default)]
    pub frozen: bool,
    /// The version of the master key that was last written to the audit log.
    #[serde(default)]
    pub master: u32,
    /// Whether every run stands among the newest of its customer and its tenant; those of an older version did not.
    #[serde(default)]
    pub runs_listed: bool,
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

/// A record that was rejected, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The batch it was read in.
    pub batch: BatchId,
    /// The stable code.
    pub code: Code,
    /// Why, in words.
    pub message: Sealed,
    /// The record as it was read.
    pub record: Sealed,
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
