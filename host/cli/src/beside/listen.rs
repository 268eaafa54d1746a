//! Carry commands out for whoever may.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use weighbridge::{Engine, Folder};

use super::{Answer, Files, GUEST, Guest, QUESTION_BYTES_MAX, Question, files};
use crate::args::Args;
use crate::exit::Exit;
use crate::{commands, output};

/// How long a caller may take to ask.
const ASKING: Duration = Duration::from_secs(5);

/// The socket cannot be made.
#[derive(Debug, thiserror::Error)]
#[error(
    "beside.no_socket: {path}: {source}; the data folder must be one that this process may write, with a short path"
)]
pub(crate) struct ListenError {
    path: PathBuf,
    source: io::Error,
}

/// The socket of a host; it goes with the host.
pub(crate) struct Listener {
    listener: UnixListener,
    path: PathBuf,
}

impl Listener {
    /// Binds it. The store is this process's alone by now, so a socket that is there was left by one that is gone.
    pub(crate) fn bind(folder: &Folder) -> Result<Self, ListenError> {
        let path = folder.operator_socket();
        let bind = || {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let listener = UnixListener::bind(&path)?;
            std::fs::set_permissions(&path, Permissions::from_mode(0o600))?;
            Ok(listener)
        };
        match bind() {
            Ok(listener) => Ok(Self { listener, path }),
            Err(source) => Err(ListenError { path, source }),
        }
    }

    /// Answers until it is dropped.
    pub(crate) async fn serve(self, engine: Engine) {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => drop(tokio::spawn(converse(stream, engine.clone()))),
                Err(error) => {
                    tracing::warn!(%error, "a command could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Whoever finds it gone opens the store.
        let _ = std::fs::remove_file(&self.path);
    }
}

async fn converse(mut stream: UnixStream, engine: Engine) {
    let (caller, own) = (stream.peer_cred().map(|caller| caller.uid()), rustix::process::geteuid().as_raw());
    if !caller.is_ok_and(|caller| caller == 0 || caller == own) {
        tracing::warn!("a command of another user was refused");
        return;
    }
    let Ok(Some(question)) = tokio::time::timeout(ASKING, read(&mut stream)).await else { return };
    let answer = carry_out(question, engine).await;
    let answer = serde_json::to_vec(&answer).unwrap_or_default();
    if let Err(error) = stream.write_all(&answer).await {
        tracing::debug!(%error, "the caller of a command is gone");
    }
}

async fn read(stream: &mut UnixStream) -> Option<(Vec<String>, Files)> {
    let mut sent = Vec::new();
    stream.take(QUESTION_BYTES_MAX).read_to_end(&mut sent).await.ok()?;
    let end = sent.iter().position(|byte| *byte == b'\n')?;
    let (line, bytes) = sent.split_at_checked(end + 1)?;
    let question: Question = serde_json::from_slice(line).ok()?;
    Some((question.words, files::files(question.files, bytes)?))
}

async fn carry_out((words, files): (Vec<String>, Files), engine: Engine) -> Answer {
    let answer = Arc::<Mutex<Answer>>::default();
    let guest = Guest { engine, files: Arc::new(files), answer: Arc::clone(&answer) };
    let exit = GUEST.scope(guest, command(&words)).await;
    let mut answer = std::mem::take(&mut *answer.lock().unwrap_or_else(PoisonError::into_inner));
    answer.exit = exit as u8;
    answer
}

async fn command(words: &[String]) -> Exit {
    // The caller has parsed these words already, with a program that may be another version.
    let args = match Args::read(words) {
        Ok(args) if args.command.is_a_hosts() => args,
        _ => {
            output::aside(
                "error: beside.not_here: the host that serves this data folder does not carry this command out; stop it first, or use its own version",
            );
            return Exit::InUse;
        }
    };
    match commands::change(&args).await {
        Ok(exit) => exit,
        Err(error) => output::report(&error, args.json),
    }
}
