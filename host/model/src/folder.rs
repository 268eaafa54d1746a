//! Folders of the host that connectors read and write: what a manifest asks for, and what the operator grants.

use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The most folders that one integration is granted, or one connector asks for.
pub const FOLDERS_MAX: usize = 64;

/// What may be done with a folder. The second includes the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FolderAccess {
    /// Its files are listed and read.
    Read,
    /// Files are made and replaced in it too, and moved out of it.
    Write,
}

impl FolderAccess {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// What a connector is to be granted: the name that it uses, and where that is on this host. Written `inbox:read=/srv/drop/in`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderGrant {
    /// By this name, and by no path, the connector asks for it.
    pub name: String,
    /// What may be done with it.
    pub access: FolderAccess,
    /// Where it is: an absolute path without `..`.
    pub path: PathBuf,
}

/// Why a text grants no folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FolderGrantError {
    /// It is not of this form.
    #[error("write a folder as `name:read=/path` or `name:write=/path`, such as `inbox:read=/srv/drop/in`")]
    Form,
    /// Its name is none.
    #[error("the name of a folder is a lower-case word of letters, digits, `-` and `_`")]
    Name,
    /// Its path is none that says where it is.
    #[error("the path of a folder is absolute and has no `..`, and it is not the root")]
    Path,
}

impl FromStr for FolderGrant {
    type Err = FolderGrantError;

    fn from_str(text: &str) -> Result<Self, FolderGrantError> {
        let (named, path) = text.split_once('=').ok_or(FolderGrantError::Form)?;
        let (name, access) = named.split_once(':').ok_or(FolderGrantError::Form)?;
        let access = match access {
            "read" => FolderAccess::Read,
            "write" => FolderAccess::Write,
            _ => return Err(FolderGrantError::Form),
        };
        if !is_folder_name(name) {
            return Err(FolderGrantError::Name);
        }
        if !is_place(path) {
            return Err(FolderGrantError::Path);
        }
        Ok(Self { name: name.to_owned(), access, path: PathBuf::from(path) })
    }
}

impl fmt::Display for FolderGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}={}", self.name, self.access.word(), self.path.display())
    }
}

fn is_place(path: &str) -> bool {
    let plain = Path::new(path).components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
    path.starts_with('/') && plain && !path.contains(char::is_control) && Path::new(path).parent().is_some()
}

/// A lower-case word, as connectors and grants name a folder.
pub fn is_folder_name(name: &str) -> bool {
    crate::package::manifest::is_word(name)
}

/// The most bytes that the name of a file may have.
pub const FILE_NAME_BYTES_MAX: usize = 200;

/// Whether this is a name of one file in a folder and nothing else: no path, no hidden file, nothing that a terminal obeys.
/// It leaves room for what the host puts around the name of a file that is not whole yet.
pub fn is_file_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= FILE_NAME_BYTES_MAX
        && !name.starts_with('.')
        && !name.contains(|letter: char| letter == '/' || letter == '\\' || letter.is_control())
}
