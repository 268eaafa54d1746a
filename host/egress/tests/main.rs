//! Tests of the egress against servers on loopback.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod address;
mod auth;
mod client;
mod headers;
mod platform;
mod target;
mod tls;
mod tokens;
