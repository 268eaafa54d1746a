//! What stands where in a data folder.

use std::path::{Path, PathBuf};

/// A data folder.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at a path; whether it is there is not looked at.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The store's file.
    pub fn store(&self) -> PathBuf {
        self.0.join("store.redb")
    }

    /// The key ring, which belongs to no backup of the store.
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys.json")
    }

    /// The master key that wraps the key ring, where it is in a file and no other one was named.
    pub fn master_key(&self) -> PathBuf {
        self.0.join("master.key")
    }

    /// The socket at which a serving host carries the operator's commands out.
    pub fn operator_socket(&self) -> PathBuf {
        self.0.join("operator.sock")
    }

    /// Installed packages, by digest.
    pub fn packages(&self) -> PathBuf {
        self.0.join("packages")
    }

    /// Our own precompiled artefacts, rebuilt on any doubt.
    pub fn artefacts(&self) -> PathBuf {
        self.0.join("artefacts")
    }
}
