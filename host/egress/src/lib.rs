//! The only room that connects outward for connectors and people.
//!
//! A [`Client`] belongs to one connection: it knows which hosts the connector's manifest and the integration's grant both
//! allow, checks every address before it connects to it, keeps connections open, and puts credentials on requests. A guest
//! sees none of this, only answers and [`Refusal`]s.
#![forbid(unsafe_code)]

mod address;
mod auth;
mod bodies;
mod body;
mod client;
mod credential;
mod dial;
mod exchange;
mod forms;
mod framing;
mod headers;
mod limits;
mod mac;
mod pool;
mod reach;
mod refusal;
mod request;
mod resolve;
mod secret;
mod session;
mod sieve;
mod sign;
pub mod sigv4;
mod target;
mod tokens;
mod trusted;
mod watch;

pub use address::is_public;
pub use bodies::Bodies;
pub use body::Body;
pub use client::{Client, Now, Parts, Traffic};
pub use credential::Credential;
pub use limits::Limits;
pub use reach::Reach;
pub use refusal::{Denial, Refusal};
pub use request::{Request, Response};
pub use resolve::{Resolve, Resolving, SystemResolver};
pub use secret::{Secret, Secrets};
pub use tokens::{Issuing, Tokens};
pub use trusted::{Trusted, TrustedError};

pub use ipnet::IpNet;
