//! The only room that knows HTTP and JSON bodies: health, readiness, figures, and where people come back to
//! from a platform's sign-in.
#![forbid(unsafe_code)]

mod answer;
pub mod api;
mod callback;
mod console;
mod hooks;
mod listen;
pub mod metrics;
mod pace;
mod page;
mod pull;
mod rules;
mod settings;
pub mod support;
mod tls;
mod wire;

pub use callback::{Callback, PublicUrlError};
pub use listen::{ListenError, Server, Stopper};
pub use rules::Rules;
pub use settings::{Settings, Unprotected};
pub use tls::{Tls, TlsError};
