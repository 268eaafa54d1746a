//! All that a guest can ask of its host.

use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};
use weighbridge_model::run_log::LogLevel;

/// An answer on its way.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An answer about a file on its way.
pub type FileAnswer<'a, T> = Answer<'a, Result<T, FileRefusal>>;

fn no_folder<'a, T: Send + 'a>(folder: String) -> FileAnswer<'a, T> {
    let why = format!("no folder `{folder}` is granted here (folder.not_granted)");
    Box::pin(std::future::ready(Err(FileRefusal::Denied(why))))
}

/// The host, as one guest sees it: one value per attempt and side.
///
/// Arguments are owned and serde-able, bodies are integer handles, and no type of the WebAssembly engine appears; so a
/// wall between processes would be a transport for this trait, not a rewrite. `close`, `close_file`, `log` and `progress` want
/// no answer and must not wait. A host without folders leaves out what is said of files, which is then denied.
pub trait Answers: Send {
    /// The connection's configuration and partition, as a JSON object without secrets.
    fn config(&mut self) -> Answer<'_, String>;
    /// Makes one HTTP request and waits for the head of its response.
    fn send(&mut self, request: HttpRequest) -> Answer<'_, Result<HttpHead, HttpRefusal>>;
    /// The next bytes of a body, at most `max`; empty at its end.
    fn read(&mut self, body: u32, max: u32) -> Answer<'_, Result<Vec<u8>, HttpRefusal>>;
    /// Nobody will read this body again.
    fn close(&mut self, body: u32);
    /// The files of a folder after a name, in the order of their names, at most so many.
    fn list_files(&mut self, folder: String, _after: Option<String>, _limit: u32) -> FileAnswer<'_, Listing> {
        no_folder(folder)
    }
    /// Opens a file for reading from a place on, and gives the handle by which it is read and closed.
    fn open_file(&mut self, file: NamedFile, _offset: u64) -> FileAnswer<'_, u32> {
        no_folder(file.folder)
    }
    /// The next bytes of a file, at most `max`; empty at its end.
    fn read_file(&mut self, _file: u32, _max: u32) -> FileAnswer<'_, Vec<u8>> {
        no_folder(String::new())
    }
    /// Begins a file, and gives the handle by which it is written, committed and closed.
    fn create_file(&mut self, file: NamedFile) -> FileAnswer<'_, u32> {
        no_folder(file.folder)
    }
    /// Adds bytes to a file that was begun.
    fn write_file(&mut self, _file: u32, _bytes: Vec<u8>) -> FileAnswer<'_, ()> {
        no_folder(String::new())
    }
    /// Makes a file durable and gives it its name; its handle is over then.
    fn commit_file(&mut self, _file: u32) -> FileAnswer<'_, ()> {
        no_folder(String::new())
    }
    /// Moves a file to a name that no file has.
    fn move_file(&mut self, from: NamedFile, _to: NamedFile) -> FileAnswer<'_, ()> {
        no_folder(from.folder)
    }
    /// Nobody will use this file again; one that was begun is gone.
    fn close_file(&mut self, _file: u32) {}
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

/// A file, by the names that a guest has for its folder and for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedFile {
    /// The folder's name.
    pub folder: String,
    /// The file's name in it.
    pub name: String,
}

/// Files of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The files, in the order of their names.
    pub files: Vec<FileEntry>,
    /// The name after which it goes on; none at the end.
    pub next: Option<String>,
}

/// A file in a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name.
    pub name: String,
    /// How large it is.
    pub bytes: u64,
    /// When its content last changed, in milliseconds since 1970.
    pub modified_ms: u64,
    /// When anything of it last changed, its name and its folder included.
    pub changed_ms: u64,
}

/// Why nothing was done with a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileRefusal {
    /// The rules forbid it, for the reason given.
    Denied(String),
    /// No file has this name.
    Absent,
    /// A file has this name already.
    Exists,
    /// Somebody else writes a file of this name.
    InUse,
    /// The folder does not work, or is full.
    Unavailable(String),
    /// More than is allowed.
    TooLarge(String),
    /// The run is being stopped.
    Cancelled,
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
