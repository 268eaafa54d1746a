//! Building a request.

use serde::Serialize;

use super::{Response, host};
use crate::Failure;
use crate::bindings::weighbridge::connector::http as wire;

/// A request that is being built; [`Request::send`] sends it.
///
/// ```
/// # use weighbridge_sdk::{http, testing::ScriptedHost};
/// # let host = ScriptedHost::install();
/// # host.expects("GET", "https://api.example.com/orders?page=2", (200, r#"{"orders": []}"#));
/// let answer = http::get("https://api.example.com/orders").query("page", 2).auth("key").send()?;
/// assert_eq!(answer.status(), 200);
/// # Ok::<(), weighbridge_sdk::Failure>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent by `send`"]
pub struct Request {
    wire: wire::Request,
}

/// A GET request.
pub fn get(url: impl Into<String>) -> Request {
    request("GET", url)
}

/// A POST request.
pub fn post(url: impl Into<String>) -> Request {
    request("POST", url)
}

/// A PUT request.
pub fn put(url: impl Into<String>) -> Request {
    request("PUT", url)
}

/// A PATCH request.
pub fn patch(url: impl Into<String>) -> Request {
    request("PATCH", url)
}

/// A DELETE request.
pub fn delete(url: impl Into<String>) -> Request {
    request("DELETE", url)
}

/// A request of any method.
pub fn request(method: impl Into<String>, url: impl Into<String>) -> Request {
    let (method, url) = (method.into(), url.into());
    Request { wire: wire::Request { method, url, headers: Vec::new(), body: None, auth: None, timeout_ms: None } }
}

impl Request {
    /// Signs in by this scheme of the manifest. The host adds the credential; the guest never sees it.
    pub fn auth(mut self, scheme: impl Into<String>) -> Self {
        self.wire.auth = Some(scheme.into());
        self
    }

    /// A header beside those the host adds. `Accept-Encoding` is one of these: answers come as they are, uncompressed.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.wire.headers.push((name.into(), value.into()));
        self
    }

    /// A parameter at the end of the query string, percent-encoded.
    pub fn query(mut self, name: &str, value: impl ToString) -> Self {
        self.wire.url.push(if self.wire.url.contains('?') { '&' } else { '?' });
        encode_into(&mut self.wire.url, name);
        self.wire.url.push('=');
        encode_into(&mut self.wire.url, &value.to_string());
        self
    }

    /// How long to wait for the answer; at most what the host allows.
    pub fn timeout_ms(mut self, timeout_ms: u32) -> Self {
        self.wire.timeout_ms = Some(timeout_ms);
        self
    }

    /// A body as it is.
    pub fn body(mut self, content_type: &str, body: Vec<u8>) -> Self {
        self.wire.body = Some(body);
        self.header("content-type", content_type)
    }

    /// A JSON body.
    pub fn json<T: Serialize>(self, body: &T) -> Result<Self, Failure> {
        let body = serde_json::to_vec(body)?;
        Ok(self.body("application/json", body))
    }

    /// Sends it. Any status is an answer: see [`Response::ok`]. Redirects come back as they are.
    pub fn send(self) -> Result<Response, Failure> {
        Ok(Response::new(host::send(&self.wire)?))
    }
}

/// Percent-encodes all but letters, digits and `-._~`.
fn encode_into(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// Text as one segment of a path: percent-encoded, and never a segment of dots that would climb.
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    encode_into(&mut out, text);
    if matches!(out.as_str(), "." | "..") { out.replace('.', "%2E") } else { out }
}
