//! What can go wrong, by what the caller can do about it.

use std::path::PathBuf;

use crate::engine::EngineError;

/// A closure could not be carried out; its overlay is dropped.
#[derive(Debug, thiserror::Error)]
pub enum TxError {
    /// The engine could not read.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A row does not parse.
    #[error("a row of `{table}` cannot be read: {source}")]
    Row {
        /// The table.
        table: &'static str,
        /// Why.
        source: serde_json::Error,
    },
    /// Nothing has this id in this scope.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A newer attempt works on the transfer.
    #[error("attempt.stale: a newer attempt works on this transfer")]
    Stale,
    /// A closure may change so many rows and no more.
    #[error("one transaction may change at most {0} rows")]
    TooManyRows(usize),
    /// The ledger would not balance; nothing was changed.
    #[error("the ledger would not balance: {0}")]
    Invariant(String),
}

/// A write that did not happen, or of which nobody knows.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The closure said no.
    #[error(transparent)]
    Tx(#[from] TxError),
    /// The closure panicked.
    #[error("a transaction panicked, and was dropped")]
    Panicked,
    /// The commit failed: whether it is durable, the next start will read from the ledger.
    #[error("store.unknown: a commit failed ({0}); the process must end, and the next start reads what is durable")]
    Unknown(String),
    /// The store stopped after a failed commit, or was closed.
    #[error("store.stopped: the store takes no more writes")]
    Stopped,
}

/// A read that failed.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ReadError(#[from] pub TxError);

/// The store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open for writing.
    #[error(
        "store.in_use: another process has {path} open for writing; stop it first, or use a command that only reads"
    )]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// There is none.
    #[error("store.absent: there is no store at {path}; run: weighbridge init")]
    Absent {
        /// The file.
        path: PathBuf,
    },
    /// It was written by a newer version.
    #[error("store.newer: the store has format {found}, and this version knows {known}; use a newer version")]
    Newer {
        /// What the store says.
        found: u32,
        /// What this version knows.
        known: u32,
    },
    /// It was written by an older version, and whoever opens it only reads.
    #[error(
        "store.older: the store has format {found}, and this version reads {known}; bring it there with: weighbridge upgrade"
    )]
    Older {
        /// What the store says.
        found: u32,
        /// What this version reads.
        known: u32,
    },
    /// It was written by an older version, and whoever opens it did not agree that its rows are changed.
    #[error(
        "store.held: the store has an older format, and was left as it is; bring it to this one with: weighbridge upgrade"
    )]
    Held,
    /// The engine could not open it.
    #[error("store.unreadable: {0}")]
    Engine(#[from] EngineError),
    /// Its first rows cannot be read or written.
    #[error("store.unreadable: {0}")]
    Tx(#[from] TxError),
    /// Its first rows could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}
