//! Connections: what can be connected, connecting it, switching it, and seeing how it stands. No credential is ever given
//! back, to anybody.

mod change;
mod check;
mod connect;
mod delete;
mod link;
mod own;
pub(crate) mod platforms;
mod sign_in;
mod switch;
mod uses;
mod view;
mod whose;

pub use change::{ChangeConnection, NewCredential};
pub use check::Checked;
pub use connect::NewConnection;
pub use delete::Disconnected;
pub use link::{LinkMade, LinkPage, LinkView, NewLink, UseLink, UsedLink};
pub(crate) use platforms::is_of_customer;
pub use platforms::{PlatformFilter, PlatformFunction, PlatformView, SecretAsked, SignInKind};
pub use sign_in::SentAway;
pub use switch::SwitchConnection;
pub use view::{ConnectionView, FunctionView, StandsStill};
pub(crate) use whose::Whose;
