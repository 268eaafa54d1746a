//! What partners do all day: tenants, their offers, their customers and people. Each verb takes the permission of its own
//! action, and writes what it changes, the rows that others find it by and its line of the audit log in one transaction.

mod edit;
pub(crate) mod inputs;
mod view;

mod connections;
mod customers;
mod integrations;
mod roster;
mod self_managed;
mod services;
mod tenants;

pub use connections::{
    ChangeConnection, ConnectionView, Disconnected, FunctionView, LinkMade, LinkPage, LinkView, NewConnection,
    NewCredential, NewLink, PlatformFilter, PlatformFunction, PlatformView, SentAway, SignInKind, StandsStill,
    SwitchConnection, UseLink, UsedLink,
};
pub use customers::{
    ActivateCustomer, ChangeCustomer, CustomerFilter, CustomerSort, CustomerView, DeactivateCustomer, ImportLine,
    ImportReport, NewCustomer, Switched,
};
pub(crate) use edit::Edit;
pub use integrations::{ChangeIntegration, IntegrationView, OAuthClient};
pub(crate) use roster::Roster;
pub use roster::RosterSize;
pub use self_managed::{AcknowledgedView, ChooseSelfManaged, OfferView, SelfManagedView, SetSelfManaged};
pub use services::{
    AccessExplained, AccessMessage, ChangeAccess, LevelExplained, NewAccess, RotateKey, ServiceView, ShownKey,
};
pub use tenants::{ChangeTenant, NewTenant, TenantView};
pub(crate) use view::etag;
pub use view::{At, Page, WindowView};
