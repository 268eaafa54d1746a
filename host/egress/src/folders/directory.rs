//! One open folder: the only way to whatever is in it.

use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags, ResolveFlags, fstat, fsync, open, openat2};
use weighbridge_model::folder::FolderGrant;

use super::FolderRefusal;

/// Nothing is reached but what lies in the folder itself: no `..`, no link of any kind, nothing that is mounted below it.
const INSIDE: ResolveFlags = ResolveFlags::BENEATH
    .union(ResolveFlags::NO_SYMLINKS)
    .union(ResolveFlags::NO_MAGICLINKS)
    .union(ResolveFlags::NO_XDEV);

#[derive(Debug)]
pub(super) struct Directory(OwnedFd);

impl Directory {
    /// Opens the folder of a grant, whose path is the operator's own and may have links in it.
    pub(super) fn open(grant: &FolderGrant, own: Option<&Path>) -> Result<Self, FolderRefusal> {
        let unreachable = |error: &std::io::Error| FolderRefusal::Unreachable {
            name: grant.name.clone(),
            why: error.kind().to_string(),
        };
        let place = grant.path.canonicalize().map_err(|error| unreachable(&error))?;
        let own = own.and_then(|own| own.canonicalize().ok());
        if own.is_some_and(|own| place.starts_with(&own) || own.starts_with(&place)) {
            return Err(FolderRefusal::Own(grant.name.clone()));
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = open(&place, flags, Mode::empty()).map_err(|errno| unreachable(&errno.into()))?;
        Ok(Self(opened))
    }

    /// Opens a plain file of this folder. What is none is not waited for.
    pub(super) fn file(&self, name: &str, flags: OFlags) -> Result<File, FolderRefusal> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let mode = if flags.contains(OFlags::CREATE) { Mode::from_raw_mode(0o666) } else { Mode::empty() };
        let file = openat2(&self.0, name, flags, mode, INSIDE)?;
        if FileType::from_raw_mode(fstat(&file)?.st_mode) != FileType::RegularFile {
            return Err(FolderRefusal::NotAFile);
        }
        Ok(File::from(file))
    }

    /// Makes durable which names it has.
    pub(super) fn sync(&self) -> Result<(), FolderRefusal> {
        Ok(fsync(&self.0)?)
    }
}

impl AsFd for Directory {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
