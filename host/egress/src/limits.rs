//! How large and how slow a request may be.

use std::time::Duration;

const MIB: u64 = 1024 * 1024;

/// The ceilings of every request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The body of a request.
    pub request_bytes: u64,
    /// The body of a response.
    pub response_bytes: u64,
    /// Names and values of a request's headers together, and what is kept of a response's before its body.
    pub header_bytes: usize,
    /// Headers of a request or a response.
    pub headers: usize,
    /// From asking for a connection to having one, TLS included.
    pub connect: Duration,
    /// From asking to the last byte of the response; a request may ask for less.
    pub total: Duration,
    /// How long a connection is kept that nobody uses.
    pub idle: Duration,
    /// How many such connections are kept for one host.
    pub idle_connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_bytes: 8 * MIB,
            response_bytes: 16 * MIB,
            header_bytes: 64 * 1024,
            headers: 100,
            connect: Duration::from_secs(10),
            total: Duration::from_secs(30),
            idle: Duration::from_secs(30),
            idle_connections: 8,
        }
    }
}
