//! What the platform answers, written down in the order it is asked.

use std::cell::RefCell;
use std::collections::VecDeque;

use serde_json::Value;

use super::folders::Folders;
use crate::http::Refusal;

/// A request that the connector made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The method.
    pub method: String,
    /// The URL, query included.
    pub url: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body; empty when there was none.
    pub body: Vec<u8>,
    /// The auth scheme it asked for.
    pub auth: Option<String>,
}

impl Sent {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What the platform answers. Made from `(status, body)`, where the body is text or a JSON value.
#[derive(Clone, Debug)]
pub struct Scripted {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) refusal: Option<Refusal>,
}

impl Scripted {
    /// No answer: the host refuses to send the request, or cannot.
    pub fn refused(refusal: Refusal) -> Self {
        Self { status: 0, headers: Vec::new(), body: Vec::new(), refusal: Some(refusal) }
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl From<(u16, &str)> for Scripted {
    fn from((status, body): (u16, &str)) -> Self {
        Self { status, headers: Vec::new(), body: body.as_bytes().to_vec(), refusal: None }
    }
}

impl From<(u16, Value)> for Scripted {
    fn from((status, body): (u16, Value)) -> Self {
        Self::from((status, body.to_string().as_str()))
    }
}

/// A code that the host would make.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    scheme: String,
    algorithm: String,
    pub(super) payload: Vec<u8>,
    pub(super) code: Vec<u8>,
}

impl Signed {
    pub(super) fn is_under(&self, scheme: &str, algorithm: &str) -> bool {
        self.scheme == scheme && self.algorithm == algorithm
    }
}

type Responder = Box<dyn FnMut(&Sent) -> Scripted>;

#[derive(Default)]
pub(super) struct Script {
    pub(super) configuration: Value,
    pub(super) now_ms: u64,
    pub(super) cancelled: bool,
    pub(super) log: Vec<String>,
    pub(super) sent: Vec<Sent>,
    pub(super) signed: Vec<Signed>,
    pub(super) folders: Folders,
    expected: VecDeque<(String, String, Scripted)>,
    responder: Option<Responder>,
}

thread_local! {
    static SCRIPT: RefCell<Option<Script>> = const { RefCell::new(None) };
}

/// The host of this thread until it is dropped. Dropping it fails the test when an expected request was never made.
pub struct ScriptedHost(());

impl ScriptedHost {
    /// Puts an empty script in the place of the host, for this thread.
    pub fn install() -> Self {
        let script = Script { configuration: serde_json::json!({}), now_ms: 1_700_000_000_000, ..Script::default() };
        SCRIPT.with_borrow_mut(|place| *place = Some(script));
        Self(())
    }

    /// The connection's configuration (and `partition`, where a test needs one).
    pub fn configure(&self, configuration: Value) {
        with(|script| script.configuration = configuration);
    }

    /// The next request is this one and is answered so. Requests come in the order they are expected.
    pub fn expects(&self, method: &str, url: &str, answer: impl Into<Scripted>) {
        with(|script| script.expected.push_back((method.to_owned(), url.to_owned(), answer.into())));
    }

    /// Answers every request that was not expected one by one.
    pub fn answers(&self, responder: impl FnMut(&Sent) -> Scripted + 'static) {
        with(|script| script.responder = Some(Box::new(responder)));
    }

    /// Under the key of this scheme, the payload has this code; any other code is wrong, and any other key is not there.
    pub fn signs(&self, scheme: &str, algorithm: &str, payload: &[u8], code: &[u8]) {
        let (scheme, algorithm) = (scheme.to_owned(), algorithm.to_owned());
        let signed = Signed { scheme, algorithm, payload: payload.to_vec(), code: code.to_vec() };
        with(|script| script.signed.push(signed));
    }

    /// What `clock::now_ms` says.
    pub fn set_now_ms(&self, now_ms: u64) {
        with(|script| script.now_ms = now_ms);
    }

    /// From now on the run is being stopped.
    pub fn cancel(&self) {
        with(|script| script.cancelled = true);
    }

    /// The requests made so far.
    pub fn sent(&self) -> Vec<Sent> {
        with(|script| script.sent.clone())
    }

    /// The lines logged so far.
    pub fn log(&self) -> Vec<String> {
        with(|script| script.log.clone())
    }
}

impl Drop for ScriptedHost {
    fn drop(&mut self) {
        let script = SCRIPT.with_borrow_mut(Option::take);
        let left = script.map(|script| script.expected).unwrap_or_default();
        if let Some((method, url, _)) = left.front().filter(|_| !std::thread::panicking()) {
            panic!("{} expected requests were never made; the next is {method} {url}", left.len());
        }
    }
}

/// The script of this thread, changed or asked.
///
/// # Panics
///
/// Where no [`ScriptedHost`] is installed.
pub(super) fn with<T>(ask: impl FnOnce(&mut Script) -> T) -> T {
    SCRIPT.with_borrow_mut(|place| {
        let Some(script) = place else { panic!("no host here: begin the test with `ScriptedHost::install()`") };
        ask(script)
    })
}

/// Answers a request by the script.
///
/// # Panics
///
/// Where another request was expected, or none.
pub(super) fn answer(sent: Sent) -> Scripted {
    with(|script| script.sent.push(sent.clone()));
    if let Some((method, url, answer)) = with(|script| script.expected.pop_front()) {
        assert_eq!((&method, &url), (&sent.method, &sent.url), "another request was expected");
        return answer;
    }
    // The responder is taken out while it runs, since it may ask the host something itself.
    let Some(mut responder) = with(|script| script.responder.take()) else {
        panic!("nothing answers {} {}", sent.method, sent.url)
    };
    let answer = responder(&sent);
    with(|script| script.responder = Some(responder));
    answer
}
