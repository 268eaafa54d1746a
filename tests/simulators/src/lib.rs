//! Platforms that cannot run here, in the words of their documentation.
//!
//! Each answers what its documentation says that it answers: pages, limits, refusals, signatures. What a connector asks beyond
//! that is refused, so that nobody learns from a simulator what the platform does not do.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test that asks nonsense ends")]

pub mod shopify;
mod way;

pub use way::Way;

/// A request, as it came.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Said {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Something that answers.
pub trait Platform: Send + 'static {
    /// What it says to a request.
    fn answer(&mut self, asked: &Asked) -> Said;
}

impl Asked {
    /// The first header of this name, which is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

impl Said {
    /// A status and a JSON body.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
        Self { status, headers, body: body.to_string().into_bytes() }
    }
}
