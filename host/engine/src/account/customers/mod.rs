//! Customers: make, find, change, switch off for a while, bring in by the thousand.

mod change;
mod create;
mod import;
mod list;
mod switch;
mod switch_many;
mod view;

pub use change::ChangeCustomer;
pub(crate) use change::living;
pub use create::NewCustomer;
pub use import::{ImportLine, ImportReport};
pub use list::{CustomerFilter, CustomerSort};
pub use switch::{ActivateCustomer, DeactivateCustomer, Switched};
pub use switch_many::{CustomersSwitched, SwitchCustomers};
pub use view::CustomerView;
