//! Tests of the egress against servers on loopback.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod address;
#[path = "../src/budget/answer.rs"]
mod answer;
mod auth;
mod authority;
mod budget;
mod client;
mod client_certificate;
mod departures;
mod folders;
mod framing;
mod headers;
mod mac;
mod mail;
mod name_server;
mod platform;
mod proxy;
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
#[path = "../src/budget/windows.rs"]
mod windows;
