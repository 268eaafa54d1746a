//! Why nothing was done with a file.

use rustix::io::Errno;

/// What a guest is told instead of an answer. No message has a path of this machine in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FolderRefusal {
    /// The connector does not ask for this folder, or the operator does not grant it.
    #[error(
        "the folder `{0}` is not granted; an operator allows it with: weighbridge integration allow TENANT INTEGRATION \
         --folders {0}:read=PATH"
    )]
    NotGranted(String),
    /// It may be read only.
    #[error(
        "the folder `{0}` may only be read; an operator allows more with `{0}:write=PATH`, where the connector asks for it"
    )]
    ReadOnly(String),
    /// It is the host's own data, or above it.
    #[error("the folder `{0}` is where this host keeps its own data; an operator grants another one")]
    Own(String),
    /// It is not there.
    #[error("the folder `{name}` cannot be opened: {why}; an operator makes it, or mounts what it is on")]
    Unreachable {
        /// Its name.
        name: String,
        /// What the system says.
        why: String,
    },
    /// A name is none of a file.
    #[error("a file has a name of at most 200 bytes without `/` or `\\`, which does not begin with a dot")]
    FileName,
    /// There is something else of that name: a folder, a link, a device.
    #[error("what has this name is no plain file; take it out of the folder")]
    NotAFile,
    /// No file has this name.
    #[error("there is no file of this name")]
    Absent,
    /// A file has this name already.
    #[error("there is a file of this name already")]
    Exists,
    /// Somebody else writes it.
    #[error("a file of this name is being written; try again later")]
    InUse,
    /// Too many files are open.
    #[error("at most {0} files are open at once; close one first")]
    TooManyOpen(usize),
    /// A folder has more files than are looked through.
    #[error("the folder has more than {0} files; file away those that are done")]
    TooManyFiles(usize),
    /// A file is larger than is written.
    #[error("a file has at most {0} bytes; begin another one")]
    TooLarge(u64),
    /// It was not opened, or is closed.
    #[error("this file is not open")]
    NotOpen,
    /// The disk is full.
    #[error("there is no room left where the folder is; make room, and try again")]
    Full,
    /// Anything else that the system says.
    #[error("the file cannot be used: {0}; see whether this host may, and whether the disk is sound")]
    Failed(String),
}

impl FolderRefusal {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotGranted(_) => "folder.not_granted",
            Self::ReadOnly(_) => "folder.read_only",
            Self::Own(_) => "folder.own_data",
            Self::Unreachable { .. } => "folder.unreachable",
            Self::FileName => "folder.file_name",
            Self::NotAFile => "folder.not_a_file",
            Self::Absent => "folder.file_absent",
            Self::Exists => "folder.file_exists",
            Self::InUse => "folder.file_in_use",
            Self::TooManyOpen(_) => "folder.too_many_open",
            Self::TooManyFiles(_) => "folder.too_many_files",
            Self::TooLarge(_) => "folder.file_too_large",
            Self::NotOpen => "folder.not_open",
            Self::Full => "folder.full",
            Self::Failed(_) => "folder.failed",
        }
    }
}

impl From<Errno> for FolderRefusal {
    fn from(error: Errno) -> Self {
        match error {
            Errno::NOENT => Self::Absent,
            Errno::EXIST => Self::Exists,
            // A link where none is followed, and whatever would lead out of the folder.
            Errno::LOOP | Errno::XDEV | Errno::ISDIR | Errno::NXIO => Self::NotAFile,
            Errno::NOSPC | Errno::DQUOT => Self::Full,
            other => Self::Failed(std::io::Error::from(other).kind().to_string()),
        }
    }
}

impl From<std::io::Error> for FolderRefusal {
    fn from(error: std::io::Error) -> Self {
        match Errno::from_io_error(&error) {
            Some(errno) => errno.into(),
            None => Self::Failed(error.kind().to_string()),
        }
    }
}
