//! Every table: its number, whose rows, under which key.

use weighbridge_model::access::Level;
use weighbridge_model::audit::{AuditRow, ChainHead};
use weighbridge_model::batch::Batch;
use weighbridge_model::connection::Connection;
use weighbridge_model::customer::Customer;
use weighbridge_model::deletion::Deletion;
use weighbridge_model::digest::Digest;
use weighbridge_model::endpoint::Endpoint;
use weighbridge_model::errand::Errand;
use weighbridge_model::event::{
    DueEvent, Event, EventAddress, EventAddressState, EventDelivery, EventOf, EventSetting, ToldFailure,
};
use weighbridge_model::grant::Grant;
use weighbridge_model::hook::{Hook, HookOf, Taken, Waiting};
use weighbridge_model::id::{
    BatchId, ConnectLinkId, ConnectionId, CustomerId, DeadLetterId, DeliveryId, DenialId, EndpointId, EntryId,
    EventAddressId, EventId, ExternalServiceId, IntegrationId, MappingId, RunId, SignInId, TenantId, TokenId,
    TransferId, UserId, WorkflowId,
};
use weighbridge_model::integration::Integration;
use weighbridge_model::meter::{Balance, Entry, LedgerHead, LedgerLink};
use weighbridge_model::name::{ConnectorName, NameHash};
use weighbridge_model::package::{PackageRow, TrustStore};
use weighbridge_model::people::{ConnectLink, Login, OneUseLink, Session, Token, User};
use weighbridge_model::run::Run;
use weighbridge_model::service::{AccessId, ExternalService, Pull, PullPage, PullPlace};
use weighbridge_model::tenant::Tenant;
use weighbridge_model::time::Timestamp;
use weighbridge_model::transfer::{Progress, Transfer};

use crate::key::{NewestFirst, NewestInstant};
pub use crate::kind::Kind;
pub use crate::rows::{
    Accessed, ConnectLinkOf, DeadLetter, Denial, HostRow, LastUse, Link, MappingRow, Marked, Named, Occurrence,
    Promise, Restored, RunLogRow, RunPlace, ScheduleRow, StreamSchemaRow, TenantNamed, TokenOf, WindowsTold, WishRow,
    WorkflowRow,
};
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

    /// The chain over the entries of all tenants, from its first link on.
    LedgerLinks = 75 "ledger link", apart HostScope, u64 => LedgerLink;
    /// How far it has come.
    LedgerHeads = 76 "ledger head", apart HostScope, () => LedgerHead;

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
    /// What transfers do beside their own walks. How far they have come stands with the transfers' progress.
    Errands = 58 "errand", swept CustomerScope, TransferId => Errand;
    /// Rejected records that wait to be handed over again, by the errand that does it.
    Replays = 59 "rejected record to be replayed", swept CustomerScope, (TransferId, DeadLetterId) => Marked;

    /// Events that are to be sent, to all addresses of their tenant (under an id of zeros) or to one.
    Outbox = 60 "event to be sent", sought HostScope, (TenantId, EventId, EventAddressId) => Marked;
    /// Events that are due at an address.
    DueEvents = 61 "event that is due", sought HostScope, (TenantId, EventAddressId, EventId) => DueEvent;
    /// What a tenant is told of.
    Events = 62 "event", sought TenantScope, EventId => Event;
    /// The same, the newest first.
    EventTimes = 63 "event's time", sought TenantScope, (NewestInstant, EventId) => EventOf;
    /// How far events are on their way.
    EventDeliveries = 64 "event's delivery", sought TenantScope, (EventId, EventAddressId) => EventDelivery;
    /// Where a tenant is told of events.
    EventAddresses = 65 "event address", apart TenantScope, EventAddressId => EventAddress;
    /// How these addresses answered lately.
    EventAddressStates = 66 "event address's state", apart TenantScope, EventAddressId => EventAddressState;
    /// What an operator said of a tenant's events.
    EventSettings = 67 "event settings", apart TenantScope, () => EventSetting;
    /// Failures of transfers that their tenant was told of, until they succeed.
    ToldFailures = 68 "told failure", swept CustomerScope, TransferId => ToldFailure;

    /// Hooks of connections, by the hash of what their addresses end with.
    HookHashes = 70 "hook's address", sought HostScope, Digest => HookOf;
    /// Hooks whose deliveries wait, or whose connectors are to be told something.
    OpenHooks = 71 "open hook", sought HostScope, (TenantId, CustomerId, ConnectionId) => Marked;
    /// Hooks, by their connections.
    Hooks = 72 "hook", swept CustomerScope, ConnectionId => Hook;
    /// Deliveries that have not moved, in the order in which they came.
    Inbox = 73 "waiting delivery", swept CustomerScope, (ConnectionId, u64) => Waiting;
    /// Deliveries that were taken, with their records as long as they wait.
    Deliveries = 74 "delivery", swept CustomerScope, (ConnectionId, DeliveryId) => Taken;

    /// What is accepted of the streams that endpoints read.
    StreamSchemas = 80 "stream schema", swept CustomerScope, EndpointId => StreamSchemaRow;
}
