//! The master key's file: one line a version, `VERSION BASE64`.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use data_encoding::BASE64;
use zeroize::Zeroizing;

use crate::file::{RingFileError, write_durably};

const HEADING: &str =
    "# The master key of a Weighbridge host: with it and the key ring everything opens. Keep a copy in a safe.\n";

/// Who sees to it that nobody else reads the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guard {
    /// Its own permission bits.
    OwnMode,
    /// The service manager, whose access lists show as group bits.
    Elsewhere,
}

pub(crate) type Versions = BTreeMap<u32, Zeroizing<[u8; 32]>>;

pub(crate) fn read(path: &Path, guard: Guard) -> Result<Versions, RingFileError> {
    let io = |source| RingFileError::Io { path: path.to_owned(), source };
    let mode = fs::metadata(path).map_err(io)?.permissions().mode() & 0o777;
    if guard == Guard::OwnMode && mode & 0o077 != 0 {
        return Err(RingFileError::Exposed { path: path.to_owned(), mode });
    }
    parse(path, &Zeroizing::new(fs::read_to_string(path).map_err(io)?))
}

/// What was read from there.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Versions, RingFileError> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| version(line).ok_or_else(|| malformed(path))).collect()
}

/// Adds a version durably, and makes the file where there is none.
pub(crate) fn add(path: &Path, version: u32, key: &[u8; 32]) -> Result<(), RingFileError> {
    let mut keys = if path.exists() { read(path, Guard::OwnMode)? } else { Versions::new() };
    keys.insert(version, Zeroizing::new(*key));
    write(path, &keys)
}

pub(crate) fn keep_only(path: &Path, version: u32) -> Result<(), RingFileError> {
    let mut keys = read(path, Guard::OwnMode)?;
    let known = keys.len();
    keys.retain(|one, _| *one == version);
    if keys.is_empty() || keys.len() == known { Ok(()) } else { write(path, &keys) }
}

fn write(path: &Path, keys: &Versions) -> Result<(), RingFileError> {
    let mut text = Zeroizing::new(String::from(HEADING));
    for (version, key) in keys {
        text.push_str(&Zeroizing::new(format!("{version} {}\n", *Zeroizing::new(BASE64.encode(key.as_ref())))));
    }
    write_durably(path, text.as_bytes()).map_err(|source| RingFileError::Io { path: path.to_owned(), source })
}

fn version(line: &str) -> Option<(u32, Zeroizing<[u8; 32]>)> {
    let (version, key) = line.split_once(' ')?;
    let key = Zeroizing::new(BASE64.decode(key.trim().as_bytes()).ok()?);
    Some((version.parse().ok()?, Zeroizing::new(key.as_slice().try_into().ok()?)))
}

fn malformed(path: &Path) -> RingFileError {
    let what = "a line is not `VERSION BASE64` with 32 bytes".into();
    RingFileError::Malformed { path: path.to_owned(), what }
}
