//! The files of a folder that is to be packed, by their paths.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::ReleaseError;

/// A file, and whether it is a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) bytes: Vec<u8>,
    pub(crate) is_program: bool,
}

/// Files by their paths, with `/` between folders; always in the same order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files(BTreeMap<String, File>);

impl Files {
    /// Puts a file there.
    pub(crate) fn put(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), File { bytes: bytes.into(), is_program: false });
    }

    /// Puts a program there.
    pub(crate) fn put_program(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), File { bytes: bytes.into(), is_program: true });
    }

    /// Puts a file of the repository there, or of wherever it is.
    pub(crate) fn copy(&mut self, path: impl Into<String>, from: &Path) -> Result<(), ReleaseError> {
        self.put(path, read(from)?);
        Ok(())
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &File)> {
        self.0.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// The folders that they stand in, those further out first.
    pub(crate) fn folders(&self) -> Vec<String> {
        let mut folders: Vec<String> = self.0.keys().flat_map(|path| outer(path)).collect();
        folders.sort();
        folders.dedup();
        folders
    }

    /// How many KiB they take, each whole ones of its own.
    pub(crate) fn kib(&self) -> usize {
        self.0.values().map(|file| file.bytes.len().div_ceil(1024)).sum::<usize>() + self.folders().len()
    }
}

/// `usr` and `usr/bin` of `usr/bin/weighbridge`.
fn outer(path: &str) -> Vec<String> {
    path.match_indices('/').map(|(end, _)| path[..end].to_owned()).collect()
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, ReleaseError> {
    std::fs::read(path).map_err(ReleaseError::at(path))
}

pub(crate) fn read_text(path: &Path) -> Result<String, ReleaseError> {
    std::fs::read_to_string(path).map_err(ReleaseError::at(path))
}

pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), ReleaseError> {
    std::fs::write(path, bytes).map_err(ReleaseError::at(path))
}
