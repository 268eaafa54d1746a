//! Which files a folder has.

use rustix::fs::{AtFlags, Dir, FileType, Stat, statat};
use weighbridge_model::folder::is_file_name;

use super::FolderRefusal;
use super::directory::Directory;

/// The most names that one call gives.
const NAMES_MAX: usize = 1_000;
/// The most names that one call looks through.
const LOOKED_AT_MAX: usize = 100_000;

/// Files of a folder, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The files.
    pub files: Vec<FileEntry>,
    /// The name after which it goes on; none at the end.
    pub next: Option<String>,
}

/// A plain file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Its name.
    pub name: String,
    /// How large it is.
    pub bytes: u64,
    /// When its content last changed, in milliseconds since 1970.
    pub modified_ms: u64,
    /// When anything of it last changed: its content, its name, or the folder that it lies in.
    pub changed_ms: u64,
}

/// Files whose names cannot be said to a guest are none for it, nor are hidden ones: files that are not whole yet are hidden.
pub(super) fn list(folder: &Directory, after: Option<&str>, limit: u32) -> Result<Listing, FolderRefusal> {
    let mut names = names(folder, after.unwrap_or_default())?;
    names.sort_unstable();
    let limit = (limit as usize).clamp(1, NAMES_MAX);
    let is_last = names.len() <= limit;
    names.truncate(limit);
    let next = names.last().filter(|_| !is_last).cloned();
    let mut files = Vec::with_capacity(names.len());
    for name in names {
        match statat(folder, &name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => files.extend(entry(name, &stat)),
            // It was taken away meanwhile.
            Err(rustix::io::Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Listing { files, next })
}

fn names(folder: &Directory, after: &str) -> Result<Vec<String>, FolderRefusal> {
    let mut names = Vec::new();
    for (index, entry) in Dir::read_from(folder)?.enumerate() {
        if index == LOOKED_AT_MAX {
            return Err(FolderRefusal::TooManyFiles(LOOKED_AT_MAX));
        }
        let entry = entry?;
        let may_be_a_file = matches!(entry.file_type(), FileType::RegularFile | FileType::Unknown);
        let name = entry.file_name().to_str().ok().filter(|name| may_be_a_file && is_file_name(name) && *name > after);
        names.extend(name.map(str::to_owned));
    }
    Ok(names)
}

fn entry(name: String, stat: &Stat) -> Option<FileEntry> {
    let is_a_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
    is_a_file.then(|| FileEntry {
        name,
        bytes: u64::try_from(stat.st_size).unwrap_or(0),
        modified_ms: millis(stat.st_mtime, stat.st_mtime_nsec),
        changed_ms: millis(stat.st_ctime, stat.st_ctime_nsec),
    })
}

fn millis(seconds: impl TryInto<u64>, nanos: impl TryInto<u64>) -> u64 {
    let (seconds, nanos) = (seconds.try_into().unwrap_or(0), nanos.try_into().unwrap_or(0));
    seconds.saturating_mul(1_000).saturating_add(nanos / 1_000_000)
}
