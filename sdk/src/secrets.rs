//! Using a key without holding it: for schemes of kind `hmac`.
//!
//! ```
//! # use weighbridge_sdk::{secrets, testing::ScriptedHost};
//! # let host = ScriptedHost::install();
//! # host.signs("hook", "hmac-sha256", b"the body of a webhook", b"its code");
//! assert!(secrets::verify("hook", "hmac-sha256", b"the body of a webhook", b"its code")?);
//! assert!(!secrets::verify("hook", "hmac-sha256", b"another body", b"its code")?);
//! # Ok::<(), weighbridge_sdk::Failure>(())
//! ```

use crate::Failure;
#[cfg(target_family = "wasm")]
use crate::bindings::weighbridge::connector::secrets as host;
#[cfg(not(target_family = "wasm"))]
use crate::testing::imports::secrets as host;

/// The code of a payload under the key of this scheme. The algorithm is `hmac-sha256`, `hmac-sha512` or `hmac-sha1`.
pub fn sign(scheme: &str, algorithm: &str, payload: &[u8]) -> Result<Vec<u8>, Failure> {
    host::sign(scheme, algorithm, payload).map_err(refused)
}

/// Whether a code is the one of the payload. The host compares in constant time.
pub fn verify(scheme: &str, algorithm: &str, payload: &[u8], signature: &[u8]) -> Result<bool, Failure> {
    host::verify(scheme, algorithm, payload, signature).map_err(refused)
}

fn refused(why: String) -> Failure {
    Failure::config("secrets.refused", why)
}
