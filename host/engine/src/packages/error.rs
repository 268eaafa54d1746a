//! Why a connector is not loaded, or stays as it is.

use std::path::PathBuf;

use weighbridge_model::package::PackageRefusal;

use crate::error::EngineError;

/// Why a connector cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    #[error("connector.file_absent: {path}: {source}; install the connector again")]
    File { path: PathBuf, source: std::io::Error },
    #[error("connector.{}: {refusal}. {}", .refusal.code(), .refusal.next_step())]
    Refused {
        #[from]
        refusal: PackageRefusal,
    },
    #[error(
        "connector.digest_differs: the installed file is not the one that was installed; install the connector again"
    )]
    Digest,
    #[error("{}: {error}", .error.code())]
    Load {
        #[from]
        error: weighbridge_sandbox::LoadError,
    },
    #[error("sandbox.unusable: {0}")]
    Sandbox(String),
}

/// A connector's version is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ConnectorError {
    /// It has no such version here.
    #[error(
        "connector.version_not_found: `{connector}` has no version {version} here; see: weighbridge connector list"
    )]
    VersionUnknown {
        /// The connector.
        connector: String,
        /// The version asked for.
        version: String,
    },
    /// The version does not wait.
    #[error("connector.nothing_to_approve: version {version} of `{connector}` does not wait for anybody")]
    NothingToApprove {
        /// The connector.
        connector: String,
        /// The version asked for.
        version: String,
    },
    /// The version is in use already.
    #[error("connector.version_in_use: version {version} of `{connector}` is the one in use")]
    InUse {
        /// The connector.
        connector: String,
        /// The version asked for.
        version: String,
    },
    /// Something changed since the difference was read.
    #[error(
        "connector.difference_changed: what version {version} of `{connector}` asks for is not what was read; read it \
         again: weighbridge connector approve {connector} {version}"
    )]
    DifferenceChanged {
        /// The connector.
        connector: String,
        /// The version asked for.
        version: String,
    },
    /// The version may not be used.
    #[error("connector.{}: {refusal}. {}", .refusal.code(), .refusal.next_step())]
    Refused {
        /// Why.
        #[from]
        refusal: PackageRefusal,
    },
    /// The installed file cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
}
