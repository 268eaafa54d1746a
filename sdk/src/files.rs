//! Files in folders of the host: those that `connector.toml` asks for and the operator grants, by name.
//!
//! ```
//! # use weighbridge_sdk::{files, testing::ScriptedHost};
//! # let host = ScriptedHost::install();
//! # host.folder("inbox");
//! let mut output = files::create("inbox", "orders.jsonl")?;
//! output.write(b"{}\n")?;
//! output.commit()?;
//!
//! let mut input = files::open("inbox", "orders.jsonl", 0)?.expect("it was just written");
//! assert_eq!(input.read(1024)?, b"{}\n");
//! assert_eq!(files::list("inbox")?[0].name, "orders.jsonl");
//! # Ok::<(), weighbridge_sdk::Failure>(())
//! ```

#[cfg(target_family = "wasm")]
use crate::bindings::weighbridge::connector::files as host;
pub use crate::bindings::weighbridge::connector::files::{Entry, Refusal};
use crate::failure::{Failure, FailureClass};
#[cfg(not(target_family = "wasm"))]
use crate::testing::imports::files as host;

/// The most names that one call to the host gives.
const NAMES_MAX: u32 = 1_000;
/// The most bytes that one call to the host gives.
const READ_BYTES_MAX: u32 = 1 << 20;
/// The most bytes that one call to the host takes.
const WRITE_BYTES_MAX: usize = 8 << 20;

/// All files of a folder, in the order of their names. Each thousand of them is a request.
pub fn list(folder: &str) -> Result<Vec<Entry>, Failure> {
    let (mut entries, mut after) = (Vec::new(), None::<String>);
    loop {
        let listing = host::list(folder, after.as_deref(), NAMES_MAX)?;
        entries.extend(listing.entries);
        after = listing.next;
        if after.is_none() {
            return Ok(entries);
        }
    }
}

/// Whether a folder can be looked into: a refusal says why not.
pub fn look(folder: &str) -> Result<(), Failure> {
    host::list(folder, None, 1)?;
    Ok(())
}

/// Opens a file for reading from a place on; none where there is no file of this name.
pub fn open(folder: &str, name: &str, offset: u64) -> Result<Option<Input>, Failure> {
    match host::open(folder, name, offset) {
        Ok(input) => Ok(Some(Input(input))),
        Err(Refusal::Absent) => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Begins a file, which nobody sees under its name before it is committed.
pub fn create(folder: &str, name: &str) -> Result<Output, Failure> {
    Ok(Output(host::create(folder, name)?))
}

/// Moves a file to a name that no file has. Both folders are written by it.
pub fn rename(from: (&str, &str), to: (&str, &str)) -> Result<Moved, Failure> {
    match host::move_(from.0, from.1, to.0, to.1) {
        Ok(()) => Ok(Moved::Done),
        Err(Refusal::Absent) => Ok(Moved::Absent),
        Err(Refusal::Exists) => Ok(Moved::Exists),
        Err(refusal) => Err(refusal.into()),
    }
}

/// What came of moving a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a file may not be there, and another one may have the name"]
pub enum Moved {
    /// It has its new name.
    Done,
    /// There is no file of the old name.
    Absent,
    /// There is a file of the new name.
    Exists,
}

/// A file that is read.
pub struct Input(host::Input);

impl Input {
    /// The next bytes, at most so many and at most 1 MiB; empty at the end.
    pub fn read(&mut self, max: u32) -> Result<Vec<u8>, Failure> {
        Ok(self.0.read(max.min(READ_BYTES_MAX))?)
    }
}

/// A file that is written, and gone unless it is committed.
#[must_use = "a file that is not committed is gone"]
pub struct Output(host::Output);

impl Output {
    /// Adds bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        for piece in bytes.chunks(WRITE_BYTES_MAX) {
            self.0.write(piece)?;
        }
        Ok(())
    }

    /// Makes the bytes durable, and gives the file its name in the place of one that had it.
    pub fn commit(self) -> Result<(), Failure> {
        Ok(self.0.commit()?)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Denied(why) => Self::new(FailureClass::Denied, "files.denied", why),
            Refusal::Absent => Self::transient("files.absent", "a file that was there is not there any more"),
            Refusal::Exists => Self::system("files.exists", "a file of this name is there already"),
            Refusal::InUse => Self::transient("files.in_use", "a file of this name is being written by somebody else"),
            Refusal::Unavailable(why) => Self::transient("files.unavailable", why),
            Refusal::TooLarge(why) => Self::config("files.too_large", why),
            Refusal::Budget => Self::transient("files.budget", "this call has made all the requests it may"),
            Refusal::Cancelled => Self::new(FailureClass::Cancelled, "files.cancelled", "the run was cancelled"),
        }
    }
}
