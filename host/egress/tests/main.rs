//! Tests of the egress against servers on loopback.

mod address;
mod auth;
mod client;
mod headers;
mod platform;
mod target;
mod tls;
