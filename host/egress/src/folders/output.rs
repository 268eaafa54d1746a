//! A file that is written: hidden until it is whole, and then there at once.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::sync::Arc;

use rustix::fs::{
    AtFlags, FlockOperation, OFlags, RenameFlags, flock, fstat, ftruncate, renameat, renameat_with, statat, unlinkat,
};
use rustix::io::Errno;

use super::FolderRefusal;
use super::directory::Directory;

/// The most bytes of one file.
const FILE_BYTES_MAX: u64 = 16 << 30;

#[derive(Debug)]
pub(super) struct Output {
    folder: Arc<Directory>,
    file: File,
    draft: String,
    name: String,
    bytes: u64,
    is_named: bool,
}

impl Output {
    /// Begins a file. What an earlier try of the same name left behind is taken over and emptied; a lock, which ends with the
    /// process that has it, tells it from what is being written.
    pub(super) fn create(folder: Arc<Directory>, name: String) -> Result<Self, FolderRefusal> {
        let draft = format!(".{name}.part");
        let file = folder.file(&draft, OFlags::WRONLY | OFlags::CREATE)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => return Err(FolderRefusal::InUse),
            Err(error) => return Err(error.into()),
        }
        let (own, named) = (fstat(&file)?, statat(&*folder, &draft, AtFlags::SYMLINK_NOFOLLOW));
        // Whoever had the lock before has given the file its name, or taken it away.
        if named.map_or(true, |named| (named.st_ino, named.st_dev) != (own.st_ino, own.st_dev)) || own.st_nlink != 1 {
            return Err(FolderRefusal::InUse);
        }
        ftruncate(&file, 0)?;
        Ok(Self { folder, file, draft, name, bytes: 0, is_named: false })
    }

    pub(super) fn write(mut self, bytes: &[u8]) -> Result<Self, FolderRefusal> {
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        if self.bytes > FILE_BYTES_MAX {
            return Err(FolderRefusal::TooLarge(FILE_BYTES_MAX));
        }
        self.file.write_all(bytes)?;
        Ok(self)
    }

    pub(super) fn commit(mut self) -> Result<(), FolderRefusal> {
        self.file.sync_all()?;
        renameat(&*self.folder, &self.draft, &*self.folder, &self.name)?;
        self.is_named = true;
        self.folder.sync()
    }

    /// The same, only where no file has the name.
    fn commit_new(mut self) -> Result<(), FolderRefusal> {
        self.file.sync_all()?;
        rename_new((&self.folder, &self.draft), (&self.folder, &self.name))?;
        self.is_named = true;
        self.folder.sync()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if !self.is_named {
            // It stays hidden where it cannot be taken away, and the next try takes it over.
            let _ = unlinkat(&*self.folder, &self.draft, AtFlags::empty());
        }
    }
}

/// Moves a plain file to a name that no file has. Folders may lie on two disks, or be mounted twice from one: then it is copied, and
/// taken away once the copy is there.
pub(super) fn rename(from: (&Directory, &str), to: (Arc<Directory>, String)) -> Result<(), FolderRefusal> {
    let mut file = from.0.file(from.1, OFlags::RDONLY)?;
    match rename_new(from, (&to.0, &to.1)) {
        Ok(()) => {
            to.0.sync()?;
            return from.0.sync();
        }
        Err(Errno::XDEV) => {}
        Err(error) => return Err(error.into()),
    }
    let mut output = Output::create(to.0, to.1)?;
    file.rewind()?;
    std::io::copy(&mut file, &mut output.file)?;
    output.commit_new()?;
    unlinkat(from.0, from.1, AtFlags::empty())?;
    from.0.sync()
}

fn rename_new(from: (&Directory, &str), to: (&Directory, &str)) -> Result<(), Errno> {
    match renameat_with(from.0, from.1, to.0, to.1, RenameFlags::NOREPLACE) {
        // Not every file system can promise it; this one is looked at first.
        Err(Errno::INVAL) => match statat(to.0, to.1, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) => Err(Errno::EXIST),
            Err(Errno::NOENT) => renameat(from.0, from.1, to.0, to.1),
            Err(error) => Err(error),
        },
        renamed => renamed,
    }
}
