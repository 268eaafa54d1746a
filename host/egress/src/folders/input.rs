//! A file that is read.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use rustix::fs::OFlags;

use super::FolderRefusal;
use super::directory::Directory;

#[derive(Debug)]
pub(super) struct Input(File);

impl Input {
    pub(super) fn open(folder: &Directory, name: &str, offset: u64) -> Result<Self, FolderRefusal> {
        let mut file = folder.file(name, OFlags::RDONLY)?;
        if offset > 0 {
            file.seek(SeekFrom::Start(offset))?;
        }
        Ok(Self(file))
    }

    /// The next bytes, as many as were asked for where there are as many.
    pub(super) fn read(mut self, max: usize) -> (Self, Result<Vec<u8>, FolderRefusal>) {
        let mut bytes = Vec::with_capacity(max);
        let read = (&mut self.0).take(max as u64).read_to_end(&mut bytes);
        (self, read.map(|_| bytes).map_err(FolderRefusal::from))
    }
}
