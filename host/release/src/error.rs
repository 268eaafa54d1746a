//! Why there is no release.

use std::path::{Path, PathBuf};

use weighbridge_forge::{BuildError, KeyFileError};

/// Why nothing was made, or is not believed.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// A file.
    #[error("release.file: {path}: {source}; see that it is there, and that you may read or write it")]
    File {
        /// Which one.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// A program that is needed.
    #[error("release.program: `{program}` did not do its work: {said}; run it by hand to see more")]
    Program {
        /// What was called.
        program: String,
        /// What it said.
        said: String,
    },
    /// A connector.
    #[error("{code}: {0} {next}", code = .0.code(), next = .0.next_step())]
    Connector(#[from] BuildError),
    /// The publisher's key.
    #[error("release.publisher_key: {0}")]
    Publisher(#[from] KeyFileError),
    /// The release key.
    #[error(
        "release.key: {0} holds no ed25519 key as PEM; make one with: openssl genpkey -algorithm ed25519 -out FILE, or \
         name the public half where a release is verified"
    )]
    Key(PathBuf),
    /// Others may read the release key.
    #[error("release.key_exposed: {0} may be read by others; do `chmod 600` on it, and make a new key if somebody did")]
    Exposed(PathBuf),
    /// The binary is none of this target.
    #[error("release.binary: {0} is no 64-bit ELF program; name the one that was built for the target")]
    Binary(PathBuf),
    /// One binary is for one target.
    #[error("release.one_binary: a binary is for one target; name that one, or leave the binary out")]
    OneBinary,
    /// There is something in the folder.
    #[error("release.out_taken: {0} has something in it, which no digest would be of; name a new folder with --out")]
    Taken(PathBuf),
    /// A text of the repository is not what the release takes it for.
    #[error("release.text: {path} has no `{wanted}`; change `host/release` together with it")]
    Text {
        /// Which one.
        path: &'static str,
        /// What was looked for.
        wanted: &'static str,
    },
    /// Somebody changed something.
    #[error("release.not_genuine: {0}; do not install this, and fetch the release again")]
    NotGenuine(String),
}

impl ReleaseError {
    /// The error of a file, for `map_err`.
    pub(crate) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}
