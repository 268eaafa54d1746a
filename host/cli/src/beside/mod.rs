//! Commands beside a host that serves: the host has the store, so it carries them out, and what it says comes back.
//!
//! The command's words go over a socket in the data folder. Whoever may connect could as well open the store: the socket is
//! its owner's alone, and a caller of another user is refused by who the kernel says they are. What is in the files that a
//! command names goes with its words.

mod ask;
mod files;
mod listen;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use weighbridge::Engine;

use self::files::{FileHead, Files};

pub(crate) use ask::{answer, ask};
pub(crate) use files::read_now;
pub(crate) use listen::Listener;

/// What is asked, on one line: a command line, and what it reads; the bytes of that follow.
#[derive(Debug, Serialize, Deserialize)]
struct Question {
    words: Vec<String>,
    files: Vec<FileHead>,
}

/// What the command said, and its exit code.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) said: Vec<u8>,
    aside: Vec<u8>,
    pub(crate) exit: u8,
}

/// The most bytes of a question: the largest package and some more.
const QUESTION_BYTES_MAX: u64 = 96 * 1024 * 1024;

tokio::task_local! {
    static GUEST: Guest;
}

/// A command of somebody else, in the host's own process.
#[derive(Clone)]
struct Guest {
    engine: Engine,
    files: Arc<Files>,
    answer: Arc<Mutex<Answer>>,
}

/// The engine of the host that carries this command out for somebody else.
pub(crate) fn engine() -> Option<Engine> {
    GUEST.try_with(|guest| guest.engine.clone()).ok()
}

/// What is in a file that was read already: by the caller of this command, or before this process became another user's.
pub(crate) fn sent(path: &Path) -> Option<io::Result<Vec<u8>>> {
    GUEST.try_with(|guest| files::one(&guest.files, path)).ok().or_else(|| files::before(path))
}

/// Keeps what is said for the caller; says whether there is one.
pub(crate) fn say(text: &str, is_aside: bool) -> bool {
    let kept = GUEST.try_with(|guest| {
        let mut answer = guest.answer.lock().unwrap_or_else(PoisonError::into_inner);
        let said = if is_aside { &mut answer.aside } else { &mut answer.said };
        said.extend_from_slice(text.as_bytes());
        said.push(b'\n');
    });
    kept.is_ok()
}
