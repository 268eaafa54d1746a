//! Files that a command line names.

use std::io;
use std::path::{Path, PathBuf};

use crate::beside;

/// A file that was named cannot be read; nothing was done.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {file}: {source}; name a text file that is there and that you may read")]
pub(crate) struct Unreadable {
    code: &'static str,
    file: PathBuf,
    source: io::Error,
}

/// What is in a file; its path begins where the command was typed.
pub(crate) fn read(code: &'static str, file: &Path) -> Result<String, Unreadable> {
    let found = std::fs::read_to_string(beside::resolve(file));
    found.map_err(|source| Unreadable { code, file: file.to_owned(), source })
}
