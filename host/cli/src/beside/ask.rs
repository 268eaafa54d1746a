//! Ask the host that serves this data folder.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use weighbridge::Folder;

use super::{Answer, QUESTION_BYTES_MAX, Question, files};
use crate::args::Args;

/// Has the command carried out by the host that serves the data folder, and says what it said; nothing where none does.
pub(crate) async fn ask(args: &Args) -> anyhow::Result<Option<ExitCode>> {
    let Some(answer) = answer(args).await? else { return Ok(None) };
    // A closed pipe is a reader that has seen enough.
    let _ = std::io::stderr().write_all(&answer.aside);
    let _ = std::io::stdout().write_all(&answer.said);
    Ok(Some(answer.exit.into()))
}

/// The same, and says nothing.
pub(crate) async fn answer(args: &Args) -> anyhow::Result<Option<Answer>> {
    let socket = Folder::at(&args.data).operator_socket();
    let Ok(mut stream) = UnixStream::connect(&socket).await else { return Ok(None) };
    let cut_off = "beside.cut_off: the host that serves this data folder ended in the middle; see what it did with: weighbridge history";
    let files = files::of(&args.command);
    let question = Question { words: std::env::args().collect(), files: files::heads(&files) };
    let mut sent = serde_json::to_vec(&question)?;
    sent.push(b'\n');
    files.values().flatten().for_each(|bytes| sent.extend_from_slice(bytes));
    let length = sent.len() as u64;
    anyhow::ensure!(
        length <= QUESTION_BYTES_MAX,
        "beside.too_large: {length} bytes are more than a host takes of a command; stop it, and type this again"
    );
    stream.write_all(&sent).await.context(cut_off)?;
    stream.shutdown().await.context(cut_off)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.context(cut_off)?;
    Ok(Some(serde_json::from_slice(&answer).context(cut_off)?))
}
