//! The only room that connects outward for connectors and people.
//!
//! A [`Client`] belongs to one connection: it knows which hosts the connector's manifest and the integration's grant both
//! allow, checks every address before it connects to it, keeps connections open, and puts credentials on requests. A guest
//! sees none of this, only answers and [`Refusal`]s. [`Folders`] are the same for the files of a host.
#![forbid(unsafe_code)]

mod address;
mod auth;
mod bodies;
mod body;
mod budget;
mod certificate;
mod client;
mod credential;
mod departures;
mod dial;
mod exchange;
mod folders;
mod forms;
mod framing;
mod headers;
mod limits;
mod mac;
mod mail;
mod packed;
mod pool;
mod probe;
pub mod proxy;
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
mod tunnel;
mod watch;

pub use address::is_public;
pub use bodies::Bodies;
pub use body::Body;
pub use budget::{Budget, retry_after};
pub use certificate::CertificateFacts;
pub use client::{Client, Now, Parts, Traffic};
pub use credential::Credential;
pub use departures::Departures;
pub use folders::{FileEntry, FolderRefusal, Folders, Listing};
pub use limits::Limits;
pub use mail::{Letter, MailAccount, MailEncryption, MailServer, MailSettingError, MailSettings, Unsent};
pub use probe::Probed;
pub use proxy::{Proxy, ProxyError};
pub use reach::Reach;
pub use refusal::{Denial, ProxyRefusal, Refusal};
pub use request::{Request, Response};
pub use resolve::{Resolve, Resolving, SystemResolver};
pub use secret::{Secret, Secrets};
pub use tokens::{Issuing, Tokens};
pub use trusted::{ClientCertificate, Trusted, TrustedError};

pub use ipnet::IpNet;
