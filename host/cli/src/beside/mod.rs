//! Commands beside a host that serves: the host has the store, so it carries them out, and what it says comes back.
//!
//! The command's words go over a socket in the data folder. Whoever may connect could as well open the store: the socket is
//! its owner's alone, and a caller of another user is refused by who the kernel says they are.

mod ask;
mod listen;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use weighbridge::Engine;

pub(crate) use ask::{answer, ask};
pub(crate) use listen::Listener;

/// What is asked: a command line, and where its relative paths begin.
#[derive(Debug, Serialize, Deserialize)]
struct Question {
    words: Vec<String>,
    folder: PathBuf,
}

/// What the command said, and its exit code.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) said: Vec<u8>,
    aside: Vec<u8>,
    pub(crate) exit: u8,
}

/// The most bytes of a question.
const QUESTION_BYTES_MAX: u64 = 64 * 1024;

tokio::task_local! {
    static GUEST: Guest;
}

/// A command of somebody else, in the host's own process.
#[derive(Clone)]
struct Guest {
    engine: Engine,
    folder: PathBuf,
    answer: Arc<Mutex<Answer>>,
}

/// The engine of the host that carries this command out for somebody else.
pub(crate) fn engine() -> Option<Engine> {
    GUEST.try_with(|guest| guest.engine.clone()).ok()
}

/// A path as the caller means it.
pub(crate) fn resolve(path: &Path) -> PathBuf {
    GUEST.try_with(|guest| guest.folder.join(path)).unwrap_or_else(|_| path.to_owned())
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
