//! Third parties' access to a customer's data: made with a key that is shown once, changed, switched, and deleted.

mod change;
mod create;
mod delete;
mod explain;
mod index;
mod inputs;
mod message;
mod own;
mod rotate;
mod switch;
mod view;

pub use change::ChangeAccess;
pub use create::NewAccess;
pub use explain::{AccessExplained, LevelExplained};
pub use message::{AccessMessage, MessageLanguage};
pub use rotate::RotateKey;
pub use view::{ServiceView, ShownKey};
