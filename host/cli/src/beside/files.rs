//! The files that a command reads. The host that carries it out may be another user, with other folders in sight, so whoever
//! types it sends what is in them; and a host cannot ask for any other file of theirs.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use weighbridge::document::Document;
use weighbridge_server::api::ParameterKind;

use crate::args::Command;
use crate::commands::connector::ConnectorCommand;
use crate::file::beside_document;
use crate::operations::Called;

/// By the path that was typed; where one cannot be read, why, as the system's number.
pub(super) type Files = BTreeMap<PathBuf, Result<Vec<u8>, i32>>;

/// The same without the bytes, which follow one after the other.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FileHead {
    path: PathBuf,
    length: Result<usize, i32>,
}

/// What was read before this process became another user's.
static READ_BEFORE: OnceLock<Files> = OnceLock::new();

/// Reads what a command reads, and these too, while this process may.
pub(crate) fn read_now(command: &Command, more: &[&Path]) {
    let mut files = of(command);
    files.extend(more.iter().map(|path| (path.to_path_buf(), read(path))));
    // It is the first time.
    let _ = READ_BEFORE.set(files);
}

/// What was read before of a file.
pub(super) fn before(path: &Path) -> Option<io::Result<Vec<u8>>> {
    READ_BEFORE.get().filter(|files| files.contains_key(path)).map(|files| one(files, path))
}

/// What a command reads.
pub(super) fn of(command: &Command) -> Files {
    let mut files: Files = named(command).into_iter().map(|path| (path.clone(), read(&path))).collect();
    if let Command::Apply(apply) = command
        && let Some(Ok(document)) = files.get(&apply.file)
    {
        let secrets = Document::secret_files(&String::from_utf8_lossy(document));
        let paths = secrets.iter().map(|named| beside_document(&apply.file, named));
        files.extend(paths.map(|path| (path.clone(), read(&path))).collect::<Files>());
    }
    files
}

fn named(command: &Command) -> Vec<PathBuf> {
    match command {
        Command::Apply(apply) => vec![apply.file.clone()],
        Command::Connector(ConnectorCommand::Install { package } | ConnectorCommand::Upgrade { package }) => {
            vec![package.clone()]
        }
        Command::Trust(command) => command.files(),
        Command::Operation(called) => of_operation(called),
        _ => Vec::new(),
    }
}

fn of_operation(called: &Called) -> Vec<PathBuf> {
    let may_be_file = |kind: &ParameterKind| matches!(kind, ParameterKind::Text | ParameterKind::Json);
    let texts = called.texts.iter().filter(|(parameter, _)| may_be_file(&parameter.kind)).flat_map(|(_, texts)| texts);
    texts.filter_map(|text| text.strip_prefix('@')).map(PathBuf::from).collect()
}

fn read(path: &Path) -> Result<Vec<u8>, i32> {
    if let Some(read) = READ_BEFORE.get().and_then(|files| files.get(path)) {
        return read.clone();
    }
    std::fs::read(path).map_err(|error| error.raw_os_error().unwrap_or_default())
}

/// What is said of them first.
pub(super) fn heads(files: &Files) -> Vec<FileHead> {
    let head = |(path, bytes): (&PathBuf, &Result<Vec<u8>, i32>)| FileHead {
        path: path.clone(),
        length: bytes.as_ref().map(Vec::len).map_err(|number| *number),
    };
    files.iter().map(head).collect()
}

/// Files out of what was said of them, and the bytes that followed; nothing where there are fewer or more of those.
pub(super) fn files(heads: Vec<FileHead>, mut bytes: &[u8]) -> Option<Files> {
    let mut files = Files::new();
    for FileHead { path, length } in heads {
        let read = match length {
            Ok(length) => {
                let (own, rest) = bytes.split_at_checked(length)?;
                bytes = rest;
                Ok(own.to_vec())
            }
            Err(number) => Err(number),
        };
        files.insert(path, read);
    }
    bytes.is_empty().then_some(files)
}

/// One of them, for the command that reads it.
pub(super) fn one(files: &Files, path: &Path) -> io::Result<Vec<u8>> {
    match files.get(path) {
        Some(Ok(bytes)) => Ok(bytes.clone()),
        Some(Err(number)) => Err(io::Error::from_raw_os_error(*number)),
        None => Err(io::Error::new(io::ErrorKind::NotFound, "it was not sent to the host that carries this out")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Files {
        let there = (PathBuf::from("a"), Ok(b"one".to_vec()));
        Files::from([there, (PathBuf::from("b"), Err(13)), (PathBuf::from("c"), Ok(Vec::new()))])
    }

    #[test]
    fn files_arrive_as_they_were_read_or_with_why_they_were_not() {
        let arrived = files(heads(&some()), b"one").unwrap();
        assert_eq!(arrived, some());
        assert_eq!(one(&arrived, Path::new("a")).unwrap(), b"one");
        assert_eq!(one(&arrived, Path::new("b")).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(one(&arrived, Path::new("d")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn fewer_or_more_bytes_than_were_announced_are_no_files() {
        assert!(files(heads(&some()), b"on").is_none());
        assert!(files(heads(&some()), b"ones").is_none());
    }
}
