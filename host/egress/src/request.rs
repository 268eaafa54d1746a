//! A request and what comes back.

use bytes::Bytes;
use tokio::time::Instant;

use crate::body::Body;

/// A request as a connector wants it made.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The absolute URL.
    pub url: String,
    /// Header names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body, if there is one.
    pub body: Option<Bytes>,
    /// The auth scheme to apply.
    pub auth: Option<String>,
    /// A wait shorter than the limit, in milliseconds.
    pub timeout_ms: Option<u32>,
    /// When the attempt's lease ends: nothing is awaited beyond it.
    pub until: Option<Instant>,
    /// Until when it may wait for the connection's budget; half of its time at most.
    pub delay_until: Option<Instant>,
}

/// What came back before the body, and the body as it comes.
#[derive(Debug)]
pub struct Response {
    /// The status code. A redirect is an answer like any other.
    pub status: u16,
    /// Header names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}
