//! What was made on the way, so that it can be taken back.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::InitError;

/// Files and folders of our own, the last one last.
#[derive(Default)]
pub(super) struct Traces(Vec<Trace>);

enum Trace {
    Folder(PathBuf),
    File(PathBuf),
    /// A file that had this in it before.
    Changed(PathBuf, String),
}

impl Traces {
    /// A folder was made.
    pub(super) fn folder(&mut self, path: &Path) {
        self.0.push(Trace::Folder(path.to_owned()));
    }

    /// Writes a file; one that is there is never touched.
    pub(super) fn write_new(&mut self, path: &Path, text: &str, mode: u32) -> Result<(), InitError> {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path).map_err(at(path))?;
        self.0.push(Trace::File(path.to_owned()));
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(at(path))
    }

    /// Changes a file, of which is known what it says.
    pub(super) fn change(&mut self, path: &Path, from: &str, to: &str) -> Result<(), InitError> {
        self.0.push(Trace::Changed(path.to_owned(), from.to_owned()));
        fs::write(path, to).map_err(at(path))
    }

    /// Nothing of it will be taken back.
    pub(super) fn stay(&mut self) {
        self.0.clear();
    }

    /// Takes all of it back; what cannot be, is left, since the reason for it is told anyway.
    pub(super) fn take_back(self) {
        for trace in self.0.into_iter().rev() {
            let _: io::Result<()> = match trace {
                Trace::Folder(path) => fs::remove_dir(path),
                Trace::File(path) => fs::remove_file(path),
                Trace::Changed(path, text) => fs::write(path, text),
            };
        }
    }
}

fn at(path: &Path) -> impl Fn(io::Error) -> InitError {
    let path = path.to_owned();
    move |source| InitError::File { path: path.clone(), source }
}
