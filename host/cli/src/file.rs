//! Files that a command line names. Where a host carries the command out, whoever typed it has read them already.

use std::io;
use std::path::{Path, PathBuf};

use weighbridge::SecretFiles;
use weighbridge::document::Document;

use crate::beside;

/// A file that was named cannot be read; nothing was done.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {file}: {source}; name a {what} that is there and that you may read")]
pub(crate) struct Unreadable {
    code: &'static str,
    file: PathBuf,
    source: io::Error,
    what: &'static str,
}

/// The text in a file.
pub(crate) fn read(code: &'static str, file: &Path) -> Result<String, Unreadable> {
    text_in(file).map_err(|source| Unreadable { code, file: file.to_owned(), source, what: "text file" })
}

/// The bytes in a file.
pub(crate) fn bytes(code: &'static str, file: &Path) -> Result<Vec<u8>, Unreadable> {
    bytes_in(file).map_err(|source| Unreadable { code, file: file.to_owned(), source, what: "file" })
}

/// The text in a file that was read before this process became another user's; nothing where it was not.
pub(crate) fn read_before(file: &Path) -> Option<Result<String, Unreadable>> {
    beside::sent(file).map(|_| read("keys.master_absent", file))
}

/// The files that a document names for its secrets; their paths are relative to it.
pub(crate) fn secrets_of(document: &str, file: &Path) -> SecretFiles {
    let read = |named: String| {
        let text = text_in(&beside_document(file, &named));
        (named, text)
    };
    SecretFiles::Given(Document::secret_files(document).into_iter().map(read).collect())
}

/// Where a file is that a document names.
pub(crate) fn beside_document(document: &Path, named: &str) -> PathBuf {
    document.parent().unwrap_or(Path::new("")).join(named)
}

fn text_in(file: &Path) -> io::Result<String> {
    let not_text = |_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8");
    String::from_utf8(bytes_in(file)?).map_err(not_text)
}

fn bytes_in(file: &Path) -> io::Result<Vec<u8>> {
    beside::sent(file).unwrap_or_else(|| std::fs::read(file))
}
