//! People: invite them, let them in, and know who asks.
//!
//! One address signs in once to a population of a tenant, and opens there whatever it was invited to. Secrets (sessions,
//! tokens, links) are kept as hashes only; each is shown once.

mod actor;
mod choose;
mod invite;
mod join;
mod list;
mod me;
mod naming;
mod open;
mod place;
mod reset;
pub(crate) mod secret;
mod sign_in;
mod tokens;

pub use choose::Choose;
pub use invite::{Invitation, NewUser};
pub use join::Join;
pub use list::{ChangeUser, UserView};
pub use me::{ChangePassword, Me};
pub use open::OpenAccount;
pub use reset::{AskReset, ForgotPassword, ResetLink};
pub use secret::ShownOnce;
pub use sign_in::{Account, SignIn, SignedIn};
pub use tokens::{NewToken, TokenMade, TokenView};

pub(crate) use choose::Choices;
pub(crate) use naming::{Naming, Reader};
pub(crate) use place::House;
pub(crate) use reset::Asked;
pub(crate) use sign_in::WrongSignIns;
