//! Requests made by the host: it checks the address, opens the connection and adds the credential.

mod request;
mod response;
mod status;

pub use request::{Request, delete, encoded, get, patch, post, put, request};
pub use response::Response;
pub use status::{failure_of, retry_after_ms};

#[cfg(target_family = "wasm")]
use crate::bindings::weighbridge::connector::http as host;
pub use crate::bindings::weighbridge::connector::http::Refusal;
#[cfg(not(target_family = "wasm"))]
use crate::testing::imports::http as host;
