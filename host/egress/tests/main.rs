//! Tests of the egress against servers on loopback.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod address;
mod auth;
mod client;
mod framing;
mod headers;
mod mac;
mod name_server;
mod platform;
#[path = "../../model/tests/random.rs"]
mod random;
mod raw;
mod redirect;
mod resolve;
mod sign;
mod sigv4;
mod target;
mod tls;
mod tokens;
mod watch;
