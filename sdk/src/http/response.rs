//! Reading an answer.

use serde::de::DeserializeOwned;

use super::{failure_of, host};
use crate::Failure;

/// The most one call to the host reads.
const READ_BYTES_MAX: u32 = 1 << 20;

/// An answer whose body is still at the host.
pub struct Response {
    wire: host::Response,
}

impl Response {
    pub(super) fn new(wire: host::Response) -> Self {
        Self { wire }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.wire.status()
    }

    /// The first header of this name, whatever its case.
    pub fn header(&self, name: &str) -> Option<String> {
        self.wire.headers().into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All headers.
    pub fn headers(&self) -> Vec<(String, String)> {
        self.wire.headers()
    }

    /// The next bytes of the body, at most so many; empty at its end.
    pub fn read(&mut self, max: u32) -> Result<Vec<u8>, Failure> {
        Ok(self.wire.read(max.min(READ_BYTES_MAX))?)
    }

    /// The whole body.
    pub fn bytes(mut self) -> Result<Vec<u8>, Failure> {
        let mut body = self.read(READ_BYTES_MAX)?;
        // A short answer is one piece, which is kept instead of copied.
        loop {
            let mut more = self.read(READ_BYTES_MAX)?;
            if more.is_empty() {
                return Ok(body);
            }
            body.append(&mut more);
        }
    }

    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(self) -> Result<T, Failure> {
        let body = self.bytes()?;
        serde_json::from_slice(&body).map_err(|error| {
            Failure::transient("http.not_json", format!("the platform's answer is not the JSON expected: {error}"))
        })
    }

    /// The answer when its status is 2xx, else the failure that the status usually means: see [`failure_of`].
    pub fn ok(self) -> Result<Self, Failure> {
        if (200..300).contains(&self.status()) { Ok(self) } else { Err(self.into_failure()) }
    }

    /// The failure that this answer means, with the start of its body in the message.
    pub fn into_failure(mut self) -> Failure {
        let (status, headers) = (self.status(), self.headers());
        let start = self.read(300).unwrap_or_default();
        failure_of(status, &headers, &start)
    }
}
