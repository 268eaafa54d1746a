//! The files that a document names for its secrets.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::EngineError;

/// Where they are, or what is in them.
pub enum SecretFiles {
    /// Their paths are relative to this folder.
    Below(PathBuf),
    /// What was read of them before, by the paths that the document has: by somebody who may read what this process may not.
    Given(BTreeMap<String, io::Result<String>>),
}

impl SecretFiles {
    /// None: for whoever has no files here.
    pub const fn none() -> Self {
        Self::Given(BTreeMap::new())
    }

    /// What is in one.
    pub(super) fn read(&self, file: &str) -> Result<String, EngineError> {
        match self {
            Self::Below(folder) => {
                let path = folder.join(file);
                std::fs::read_to_string(&path).map_err(|source| EngineError::Folder { path, source })
            }
            Self::Given(files) => {
                let failed = |source| EngineError::Folder { path: file.into(), source };
                match files.get(file) {
                    Some(Ok(text)) => Ok(text.clone()),
                    Some(Err(error)) => Err(failed(io::Error::new(error.kind(), error.to_string()))),
                    None => Err(failed(io::ErrorKind::NotFound.into())),
                }
            }
        }
    }
}

impl<P: AsRef<Path> + ?Sized> From<&P> for SecretFiles {
    fn from(folder: &P) -> Self {
        Self::Below(folder.as_ref().to_owned())
    }
}

impl fmt::Debug for SecretFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretFiles(..)")
    }
}
