//! Third parties' access to a customer's data: made with a key that is shown once, changed, switched, and deleted.

mod change;
mod create;
mod delete;
mod index;
mod inputs;
mod rotate;
mod switch;
mod view;

pub use change::ChangeAccess;
pub use create::NewAccess;
pub use rotate::RotateKey;
pub use view::{ServiceView, ShownKey};
