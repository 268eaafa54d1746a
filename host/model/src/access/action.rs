//! Every action, where it is done, and who may. What is not here cannot be done.

use super::role::Role::{
    self, CustomerAdmin, CustomerViewer, Operator, Owner, TenantAdmin, TenantOperator, TenantSupport, TenantViewer,
};
use crate::id::{CustomerId, TenantId};

/// Where an action is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// On the host.
    Host,
    /// In a tenant.
    Tenant,
    /// In one customer.
    Customer,
}

/// A level as a type: what says where, and the ids in it.
pub trait LevelOf {
    /// What says where.
    type Place: Copy;
    /// The level.
    const LEVEL: Level;
    /// The tenant and the customer, where there are any.
    fn ids(place: Self::Place) -> (Option<TenantId>, Option<CustomerId>);
}

/// On the host.
#[derive(Debug)]
pub enum OfHost {}
/// In a tenant.
#[derive(Debug)]
pub enum OfTenant {}
/// In one customer.
#[derive(Debug)]
pub enum OfCustomer {}

impl LevelOf for OfHost {
    type Place = ();
    const LEVEL: Level = Level::Host;

    fn ids((): ()) -> (Option<TenantId>, Option<CustomerId>) {
        (None, None)
    }
}

impl LevelOf for OfTenant {
    type Place = TenantId;
    const LEVEL: Level = Level::Tenant;

    fn ids(tenant: TenantId) -> (Option<TenantId>, Option<CustomerId>) {
        (Some(tenant), None)
    }
}

impl LevelOf for OfCustomer {
    type Place = (TenantId, CustomerId);
    const LEVEL: Level = Level::Customer;

    fn ids((tenant, customer): Self::Place) -> (Option<TenantId>, Option<CustomerId>) {
        (Some(tenant), Some(customer))
    }
}

/// An action as a type, so that a permission is for one action and a verb says for which.
pub trait ActionKind {
    /// Where it is done.
    type Level: LevelOf;
    /// The action.
    const ACTION: Action;
}

/// Whether it may be done in somebody else's account.
const AS_OTHER: bool = true;
/// It changes what only its owner should.
const NEVER_AS_OTHER: bool = false;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $level:ident, $as_other:ident, [$($role:ident)*];)*) => {
        /// Something that a person does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[$doc])* $name,)*
        }

        impl Action {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable code: a noun and a verb.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Where it is done.
            pub const fn level(self) -> Level {
                match self { $(Self::$name => <$level as LevelOf>::LEVEL,)* }
            }

            /// Who may.
            pub const fn roles(self) -> &'static [Role] {
                match self { $(Self::$name => &[Owner, $($role),*],)* }
            }

            /// Whether it may be done by who opened somebody else's account.
            pub const fn is_done_as_other(self) -> bool {
                match self { $(Self::$name => $as_other,)* }
            }
        }

        /// Every action as a type.
        pub mod kinds {
            use super::{Action, ActionKind, OfCustomer, OfHost, OfTenant};

            $(
                $(#[$doc])*
                #[derive(Debug)]
                pub enum $name {}

                impl ActionKind for $name {
                    type Level = $level;
                    const ACTION: Action = Action::$name;
                }
            )*
        }
    };
}

actions! {
    /// See the host: its health, its keys' versions, its findings.
    HostRead = "host.read", OfHost, NEVER_AS_OTHER, [Operator];
    /// Freeze and thaw the host.
    HostChange = "host.change", OfHost, NEVER_AS_OTHER, [Operator];
    /// See the tenants.
    TenantsRead = "tenants.read", OfHost, NEVER_AS_OTHER, [Operator];
    /// Make tenants, switch them, and say what they may use.
    TenantsChange = "tenants.change", OfHost, NEVER_AS_OTHER, [Operator];
    /// See installed connectors.
    ConnectorsRead = "connectors.read", OfHost, NEVER_AS_OTHER, [Operator];
    /// Install, approve, pin and roll back connectors.
    ConnectorsChange = "connectors.change", OfHost, NEVER_AS_OTHER, [Operator];
    /// See publishers and what was revoked.
    TrustRead = "trust.read", OfHost, NEVER_AS_OTHER, [Operator];
    /// Trust and revoke.
    TrustChange = "trust.change", OfHost, NEVER_AS_OTHER, [Operator];
    /// See the operators.
    OperatorsRead = "operators.read", OfHost, NEVER_AS_OTHER, [Operator];
    /// Invite, change and remove operators.
    OperatorsChange = "operators.change", OfHost, NEVER_AS_OTHER, [Operator];
    /// Let somebody set another password who cannot ask for it themselves: for whoever owns the data folder.
    PasswordsReset = "passwords.reset", OfHost, NEVER_AS_OTHER, [];
    /// Try whether mail goes out.
    MailTest = "mail.test", OfHost, NEVER_AS_OTHER, [Operator];
    /// Read what operators did.
    HostAuditRead = "host_audit.read", OfHost, NEVER_AS_OTHER, [Operator];
    /// Come in: by a password, by a link. It is open to everybody, and needs no permission.
    SessionsBegin = "sessions.begin", OfHost, NEVER_AS_OTHER, [];
    /// See one's own account.
    SelfRead = "self.read", OfHost, AS_OTHER,
        [Operator TenantAdmin TenantOperator TenantSupport TenantViewer CustomerAdmin CustomerViewer];
    /// Change one's own password and tokens, and sign out everywhere.
    SelfChange = "self.change", OfHost, NEVER_AS_OTHER,
        [Operator TenantAdmin TenantOperator TenantSupport TenantViewer CustomerAdmin CustomerViewer];

    /// See the tenant and its settings.
    TenantRead = "tenant.read", OfTenant, NEVER_AS_OTHER, [TenantAdmin TenantOperator TenantSupport TenantViewer];
    /// Change the tenant's settings.
    TenantChange = "tenant.change", OfTenant, NEVER_AS_OTHER, [TenantAdmin];
    /// See the tenant's offers.
    IntegrationsRead = "integrations.read", OfTenant, NEVER_AS_OTHER, [TenantAdmin TenantOperator TenantSupport TenantViewer];
    /// Offer connectors.
    IntegrationsChange = "integrations.change", OfTenant, NEVER_AS_OTHER, [TenantAdmin];
    /// List and search customers.
    CustomersRead = "customers.read", OfTenant, NEVER_AS_OTHER, [TenantAdmin TenantOperator TenantSupport TenantViewer];
    /// Make customers, one or many.
    CustomersCreate = "customers.create", OfTenant, NEVER_AS_OTHER, [TenantAdmin TenantOperator];
    /// Deactivate and activate many customers at once.
    CustomersSwitch = "customers.switch", OfTenant, NEVER_AS_OTHER, [TenantAdmin TenantOperator];
    /// See the tenant's own connected systems, and all of its customers'.
    SystemsRead = "systems.read", OfTenant, NEVER_AS_OTHER, [TenantAdmin TenantOperator TenantSupport TenantViewer];
    /// Switch many connections, endpoints and transfers of customers at once; the tenant's own by who may change those.
    SystemsChange = "systems.change", OfTenant, NEVER_AS_OTHER, [TenantAdmin TenantOperator];
    /// See the runs of all customers.
    RunsRead = "runs.read", OfTenant, NEVER_AS_OTHER, [TenantAdmin TenantOperator TenantSupport TenantViewer];
    /// See what all customers moved and what it counted.
    AllUsageRead = "all_usage.read", OfTenant, NEVER_AS_OTHER, [TenantAdmin TenantOperator TenantSupport TenantViewer];
    /// See the tenant's own connections: an ERP, a warehouse.
    OwnConnectionsRead = "own_connections.read", OfTenant, NEVER_AS_OTHER,
        [TenantAdmin TenantOperator TenantSupport TenantViewer];
    /// Connect systems of the tenant's own, and change, switch and delete them.
    OwnConnectionsChange = "own_connections.change", OfTenant, NEVER_AS_OTHER, [TenantAdmin];
    /// See workflows.
    WorkflowsRead = "workflows.read", OfTenant, NEVER_AS_OTHER, [TenantAdmin TenantOperator TenantSupport TenantViewer];
    /// Change workflows.
    WorkflowsChange = "workflows.change", OfTenant, NEVER_AS_OTHER, [TenantAdmin TenantOperator];
    /// See the tenant's people.
    StaffRead = "staff.read", OfTenant, NEVER_AS_OTHER, [TenantAdmin TenantOperator TenantSupport TenantViewer];
    /// Invite, change and remove the tenant's people.
    StaffChange = "staff.change", OfTenant, NEVER_AS_OTHER, [TenantAdmin];
    /// See what the tenant is told of, and at which addresses.
    EventsRead = "events.read", OfTenant, NEVER_AS_OTHER, [TenantAdmin TenantOperator TenantSupport TenantViewer];
    /// Say where the tenant is told of what, and try it.
    EventsChange = "events.change", OfTenant, NEVER_AS_OTHER, [TenantAdmin];
    /// Send events again.
    EventsReplay = "events.replay", OfTenant, NEVER_AS_OTHER, [TenantAdmin TenantOperator];
    /// Read what was done in the tenant.
    AuditRead = "audit.read", OfTenant, NEVER_AS_OTHER, [TenantAdmin];

    /// See a customer.
    CustomerRead = "customer.read", OfCustomer, AS_OTHER,
        [TenantAdmin TenantOperator TenantSupport TenantViewer CustomerAdmin CustomerViewer];
    /// Change a customer's name, labels, contact, workflow, window, quota.
    CustomerChange = "customer.change", OfCustomer, NEVER_AS_OTHER, [TenantAdmin TenantOperator];
    /// Deactivate and activate a customer.
    CustomerSwitch = "customer.switch", OfCustomer, NEVER_AS_OTHER, [TenantAdmin TenantOperator];
    /// Delete a customer for good.
    CustomerDelete = "customer.delete", OfCustomer, NEVER_AS_OTHER, [TenantAdmin];
    /// Open a customer's account and act there.
    CustomerOpen = "customer.open", OfCustomer, NEVER_AS_OTHER, [TenantAdmin TenantOperator TenantSupport];
    /// Read what was done in a customer, and who opened its account.
    CustomerAuditRead = "customer_audit.read", OfCustomer, AS_OTHER, [TenantAdmin TenantOperator CustomerAdmin];
    /// See what a customer moved and what it counted.
    UsageRead = "usage.read", OfCustomer, AS_OTHER,
        [TenantAdmin TenantOperator TenantSupport TenantViewer CustomerAdmin CustomerViewer];
    /// See a customer's people.
    UsersRead = "users.read", OfCustomer, AS_OTHER, [TenantAdmin TenantOperator TenantSupport CustomerAdmin];
    /// Invite, change and remove a customer's people.
    UsersChange = "users.change", OfCustomer, NEVER_AS_OTHER, [TenantAdmin TenantOperator CustomerAdmin];
    /// See a customer's connected systems.
    ConnectionsRead = "connections.read", OfCustomer, AS_OTHER,
        [TenantAdmin TenantOperator TenantSupport TenantViewer CustomerAdmin CustomerViewer];
    /// Connect systems, label and switch them.
    ConnectionsChange = "connections.change", OfCustomer, AS_OTHER, [TenantAdmin TenantOperator CustomerAdmin];
    /// Take connected systems away, and their tokens back at the platform.
    ConnectionsDelete = "connections.delete", OfCustomer, NEVER_AS_OTHER, [TenantAdmin TenantOperator CustomerAdmin];
    /// Enter or replace a credential, or sign in at a platform.
    CredentialsEnter = "credentials.enter", OfCustomer, NEVER_AS_OTHER, [TenantAdmin TenantOperator CustomerAdmin];
    /// See the links on which somebody connects a system for a customer.
    ConnectLinksRead = "connect_links.read", OfCustomer, AS_OTHER, [TenantAdmin TenantOperator TenantSupport CustomerAdmin];
    /// Make links on which somebody connects a system for a customer, and take them back.
    ConnectLinksChange = "connect_links.change", OfCustomer, NEVER_AS_OTHER, [TenantAdmin TenantOperator];
    /// See whether a customer connects systems by itself, and what that costs.
    SelfManagedRead = "self_managed.read", OfCustomer, NEVER_AS_OTHER,
        [TenantAdmin TenantOperator TenantSupport TenantViewer];
    /// Turn self-managed integrations on or off for one customer.
    SelfManagedChange = "self_managed.change", OfCustomer, NEVER_AS_OTHER, [TenantAdmin];
    /// See a customer's endpoints, mappings, transfers and runs.
    TransfersRead = "transfers.read", OfCustomer, AS_OTHER,
        [TenantAdmin TenantOperator TenantSupport TenantViewer CustomerAdmin CustomerViewer];
    /// Change a customer's endpoints, mappings, transfers and workflow.
    TransfersChange = "transfers.change", OfCustomer, NEVER_AS_OTHER, [TenantAdmin TenantOperator];
    /// Run a transfer now.
    TransfersRun = "transfers.run", OfCustomer, AS_OTHER, [TenantAdmin TenantOperator CustomerAdmin];
    /// See the contents of records: samples, previews, rejected ones.
    RecordsRead = "records.read", OfCustomer, NEVER_AS_OTHER, [TenantAdmin TenantOperator CustomerAdmin];
    /// Forget rejected records.
    RecordsDiscard = "records.discard", OfCustomer, NEVER_AS_OTHER, [TenantAdmin TenantOperator CustomerAdmin];
    /// See which third parties pull a customer's data.
    ServicesRead = "services.read", OfCustomer, AS_OTHER,
        [TenantAdmin TenantOperator TenantSupport TenantViewer CustomerAdmin CustomerViewer];
    /// Make, change and delete third parties' access.
    ServicesChange = "services.change", OfCustomer, NEVER_AS_OTHER, [TenantAdmin TenantOperator CustomerAdmin];
    /// Switch a third party's access on and off.
    ServicesSwitch = "services.switch", OfCustomer, AS_OTHER, [TenantAdmin TenantOperator CustomerAdmin];
}
