//! What partners do all day: tenants, their offers, their customers and people. Each verb takes the permission of its own
//! action, and writes what it changes, the rows that others find it by and its line of the audit log in one transaction.

mod edit;
pub(crate) mod inputs;
mod view;

mod customers;
mod integrations;
mod roster;
mod services;
mod tenants;

pub use customers::{
    ActivateCustomer, ChangeCustomer, CustomerFilter, CustomerSort, CustomerView, DeactivateCustomer, ImportLine,
    ImportReport, NewCustomer, Switched,
};
pub(crate) use edit::Edit;
pub use integrations::{ChangeIntegration, IntegrationView};
pub(crate) use roster::Roster;
pub use roster::RosterSize;
pub use services::{ChangeAccess, NewAccess, RotateKey, ServiceView, ShownKey};
pub use tenants::{ChangeTenant, NewTenant, TenantView};
pub(crate) use view::etag;
pub use view::{At, Page, WindowView};
