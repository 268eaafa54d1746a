//! All that a guest can ask of its host.

use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};
use weighbridge_model::run_log::LogLevel;

/// An answer on its way.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The host, as one guest sees it: one value per attempt and side.
///
/// Arguments are owned and serde-able, bodies are integer handles, and no type of the WebAssembly engine appears; so a
/// wall between processes would be a transport for this trait, not a rewrite. `close`, `log` and `progress` want no
/// answer and must not wait.
pub trait Answers: Send {
    /// The connection's configuration and partition, as a JSON object without secrets.
    fn config(&mut self) -> Answer<'_, String>;
    /// Makes one HTTP request and waits for the head of its response.
    fn send(&mut self, request: HttpRequest) -> Answer<'_, Result<HttpHead, HttpRefusal>>;
    /// The next bytes of a body, at most `max`; empty at its end.
    fn read(&mut self, body: u32, max: u32) -> Answer<'_, Result<Vec<u8>, HttpRefusal>>;
    /// Nobody will read this body again.
    fn close(&mut self, body: u32);
    /// The code of a payload under the key of a scheme; an error is a sentence with its code.
    fn sign(&mut self, request: SignRequest) -> Answer<'_, Result<Vec<u8>, String>>;
    /// Whether a code is the one of the payload.
    fn verify(&mut self, request: VerifyRequest) -> Answer<'_, Result<bool, String>>;
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&mut self) -> Answer<'_, u64>;
    /// Waits.
    fn sleep_ms(&mut self, ms: u32) -> Answer<'_, ()>;
    /// So many random bytes.
    fn random(&mut self, count: u32) -> Answer<'_, Vec<u8>>;
    /// A line for the run's log.
    fn log(&mut self, level: LogLevel, message: String);
    /// Whether the run is being stopped.
    fn cancelled(&mut self) -> Answer<'_, bool>;
    /// How far the guest says it is.
    fn progress(&mut self, progress: Progress);
}

/// A request that a guest wants made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpRequest {
    /// The method, as the guest wrote it.
    pub method: String,
    /// The absolute URL, as the guest wrote it.
    pub url: String,
    /// Header names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body, if there is one.
    pub body: Option<Vec<u8>>,
    /// The auth scheme of the manifest that the host is to apply.
    pub auth: Option<String>,
    /// A wait shorter than the limit.
    pub timeout_ms: Option<u32>,
}

/// What comes back before the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpHead {
    /// The status code.
    pub status: u16,
    /// Header names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The handle by which the body is read and closed.
    pub body: u32,
}

/// Why a request was not made, or its answer is not given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HttpRefusal {
    /// The rules forbid it, for the reason given.
    Denied(String),
    /// Nobody answered at that address.
    Unreachable(String),
    /// No trusted encrypted connection came about.
    Tls(String),
    /// No answer in time.
    TimedOut,
    /// The answer is larger than so many bytes.
    TooLarge(u64),
    /// No more requests in this call.
    Budget,
    /// The run is being stopped.
    Cancelled,
    /// The answer carried the credential back.
    SecretEchoed,
}

/// What a guest wants signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignRequest {
    /// The auth scheme whose key is used.
    pub scheme: String,
    /// `hmac-sha256`, `hmac-sha512` or `hmac-sha1`.
    pub algorithm: String,
    /// What is signed.
    pub payload: Vec<u8>,
}

/// A signature that a guest wants compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyRequest {
    /// What was signed, and how.
    pub signed: SignRequest,
    /// The signature that came.
    pub signature: Vec<u8>,
}

/// How far a guest says it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// How much is done.
    pub done: u64,
    /// Of how much, where it is known.
    pub total: Option<u64>,
    /// What is being done.
    pub note: Option<String>,
}
