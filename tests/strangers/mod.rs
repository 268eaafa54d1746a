//! What a host owes to strangers: requests that cannot be misread, a pace for everybody, answers that come once, and TLS.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod once;
mod pace;
mod tls;
mod wire;
