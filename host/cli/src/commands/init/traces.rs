//! What was made on the way, so that it can be taken back.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

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
    pub(super) fn write_new(&mut self, path: &Path, text: &str, mode: u32) -> anyhow::Result<()> {
        let unwritable = || unwritable(path);
        let mut file =
            fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path).with_context(unwritable)?;
        self.0.push(Trace::File(path.to_owned()));
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).with_context(unwritable)
    }

    /// Changes a file, of which is known what it says.
    pub(super) fn change(&mut self, path: &Path, from: &str, to: &str) -> anyhow::Result<()> {
        self.0.push(Trace::Changed(path.to_owned(), from.to_owned()));
        fs::write(path, to).with_context(|| unwritable(path))
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

fn unwritable(path: &Path) -> String {
    format!("init.file_unwritable: {}; name a new file in a folder that is there", path.display())
}
