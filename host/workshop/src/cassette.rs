//! A recording: one file a case, one JSON document a line, to be read and compared by people too.
//!
//! A request stands in it as the connector made it, before the host added a credential, so none is ever in one; an answer
//! as the connector saw it, without cookies.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use weighbridge_sandbox::{Ended, HttpRefusal, HttpRequest, Page, Receipt, SyncMode, WriteMode};

/// The version of the format.
pub(crate) const VERSION: u32 = 1;

/// A recording of one case.
#[derive(Clone, Debug)]
pub struct Cassette {
    /// What was done, and under which circumstances.
    pub header: Header,
    /// Requests and answers, in order.
    pub exchanges: Vec<Exchange>,
    /// What came out of the connector, in order.
    pub outcomes: Vec<Outcome>,
}

/// What was done, and under which circumstances.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of the format: 1.
    pub version: u32,
    /// The case's name.
    pub case: String,
    /// The connector's name.
    pub connector: String,
    /// What the connector's clock says when it is asked first. It goes on only while the connector sleeps.
    pub now_ms: u64,
    /// What its random bytes are made of.
    pub seed: u64,
    /// The connection's configuration, without secrets.
    pub configuration: Map<String, Value>,
    /// What was done.
    pub drill: Drill,
}

/// What is done with the connector after it was checked and its streams were listed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drill {
    /// A stream is read.
    Read(ReadDrill),
    /// Records are written.
    Write(WriteDrill),
}

/// How a stream is read.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadDrill {
    /// The stream.
    pub stream: String,
    /// Everything, or what changed.
    pub mode: SyncMode,
    /// So many records a page at most.
    pub records: u32,
    /// So many pages at most.
    pub pages: u32,
    /// The first value of the cursor field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The first value of the cursor field that is not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// What is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteDrill {
    /// The stream.
    pub stream: String,
    /// What happens to records that are there already.
    pub mode: WriteMode,
    /// The records.
    pub records: Vec<Box<RawValue>>,
}

impl Drill {
    /// The stream it is about.
    pub fn stream(&self) -> &str {
        match self {
            Self::Read(drill) => &drill.stream,
            Self::Write(drill) => &drill.stream,
        }
    }
}

/// A request and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// As the connector made it.
    pub request: Asked,
    /// As the connector saw it.
    pub answer: Answered,
    /// How often in a row it was asked and answered so.
    #[serde(default = "once", skip_serializing_if = "is_once")]
    pub times: u32,
}

const fn once() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn is_once(times: &u32) -> bool {
    *times == 1
}

/// A request, before a credential was added.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// The URL.
    pub url: String,
    /// The auth scheme it asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<String>,
    /// Its headers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// Its body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
}

/// Bytes, readable where they are text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// UTF-8.
    Text(String),
    /// Anything else.
    Base64(String),
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// An answer of the platform.
    Response {
        /// The status.
        status: u16,
        /// The headers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        headers: Vec<(String, String)>,
        /// The body.
        body: Body,
    },
    /// The host refused, or nobody answered.
    Refused(HttpRefusal),
}

/// What came out of the connector.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The configuration is proved.
    Checked(bool),
    /// The streams it lists.
    Catalog(String),
    /// A page.
    Page {
        /// Its records, byte for byte.
        records: Vec<Box<RawValue>>,
        /// The keys of records that are gone.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        removed: Vec<Box<RawValue>>,
        /// Where to go on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        checkpoint: Option<Body>,
        /// Whether there is more.
        more: bool,
    },
    /// A receipt.
    Receipt(Receipt),
    /// Nothing came.
    Ended(Ended),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Cassette(Header),
    Exchange(Exchange),
    Outcome(Outcome),
}

/// A recording cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CassetteError {
    /// The file.
    #[error(
        "cassette.file: `{path}`: {source}; name a recording that is there, or record it with `weighbridge connector record`"
    )]
    File {
        /// Which one.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// A line.
    #[error("cassette.malformed: line {line} of the recording cannot be read: {reason}; mend it, or record it again")]
    Malformed {
        /// Which one, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// Another version of the format.
    #[error(
        "cassette.version: the recording has format {found}, and this Weighbridge reads {VERSION}; record it again"
    )]
    Version {
        /// What it has.
        found: u32,
    },
}

impl CassetteError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "cassette.file",
            Self::Malformed { .. } => "cassette.malformed",
            Self::Version { .. } => "cassette.version",
        }
    }
}

impl Cassette {
    /// Reads a file.
    pub fn open(path: &Path) -> Result<Self, CassetteError> {
        let text = std::fs::read_to_string(path);
        Self::parse(&text.map_err(|source| CassetteError::File { path: path.to_owned(), source })?)
    }

    /// Writes a file whole, or leaves the one that is there.
    pub fn save(&self, path: &Path) -> Result<(), CassetteError> {
        let at = |source| CassetteError::File { path: path.to_owned(), source };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(at)?;
        }
        let fresh = path.with_added_extension("new");
        std::fs::write(&fresh, self.to_text()).map_err(at)?;
        std::fs::rename(&fresh, path).map_err(at)
    }

    /// Reads the lines.
    pub fn parse(text: &str) -> Result<Self, CassetteError> {
        let malformed = |line, reason: String| CassetteError::Malformed { line, reason };
        let mut lines = text.lines().enumerate().map(|(index, line)| {
            serde_json::from_str::<Line>(line).map_err(|error| malformed(index + 1, error.to_string()))
        });
        let Some(Line::Cassette(header)) = lines.next().transpose()? else {
            return Err(malformed(1, "it does not begin with `cassette`".into()));
        };
        if header.version != VERSION {
            return Err(CassetteError::Version { found: header.version });
        }
        let mut cassette = Self { header, exchanges: Vec::new(), outcomes: Vec::new() };
        for (index, line) in lines.enumerate() {
            match line? {
                Line::Cassette(_) => return Err(malformed(index + 2, "a second `cassette`".into())),
                Line::Exchange(exchange) => cassette.exchanges.push(exchange),
                Line::Outcome(outcome) => cassette.outcomes.push(outcome),
            }
        }
        Ok(cassette)
    }

    /// The lines.
    pub fn to_text(&self) -> String {
        let header = std::iter::once(Line::Cassette(self.header.clone()));
        let exchanges = self.exchanges.iter().cloned().map(Line::Exchange);
        let outcomes = self.outcomes.iter().cloned().map(Line::Outcome);
        header.chain(exchanges).chain(outcomes).map(|line| written(&line) + "\n").collect()
    }
}

/// Every part is text, numbers, lists and maps with text as keys: nothing here can fail.
fn written<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

impl Outcome {
    /// As one line, by which two are compared.
    pub fn to_line(&self) -> String {
        written(self)
    }
}

impl From<Page> for Outcome {
    fn from(page: Page) -> Self {
        Self::Page {
            records: raw(&page.records),
            removed: raw(&page.removed),
            checkpoint: page.checkpoint.map(|bytes| Body::of(&bytes)),
            more: page.more,
        }
    }
}

/// Lines that the sandbox has checked, each as it is.
fn raw(lines: &[u8]) -> Vec<Box<RawValue>> {
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

impl Body {
    /// Bytes, readable where they are text.
    pub fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64(data_encoding::BASE64.encode(bytes)),
        }
    }

    /// The bytes.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.clone().into_bytes(),
            // What is no base64 was written by hand, and is no answer of a platform.
            Self::Base64(text) => data_encoding::BASE64.decode(text.as_bytes()).unwrap_or_default(),
        }
    }
}

impl From<&HttpRequest> for Asked {
    fn from(request: &HttpRequest) -> Self {
        let HttpRequest { method, url, headers, body, auth, timeout_ms: _ } = request.clone();
        Self { method, url, auth, headers, body: body.map(|bytes| Body::of(&bytes)) }
    }
}
