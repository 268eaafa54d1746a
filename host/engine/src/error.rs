//! What can go wrong outside a run, by what the caller can do about it.

use weighbridge_store::{OpenError, ReadError, TxError, WriteError};
use weighbridge_vault::{RingError, UnsealError};

/// Nothing has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}.not_found: there is no {what} `{name}`; list what there is with: weighbridge {list}", what.replace(' ', "_"), list = list(what))]
pub struct NotFound {
    /// What was looked for.
    pub what: &'static str,
    /// The name it was looked for by.
    pub name: String,
}

/// The command that lists what a name was looked for among.
fn list(what: &str) -> &'static str {
    match what {
        "tenant" => "tenant list",
        "customer" => "customer list",
        "workflow" => "workflow list",
        "connection" => "connection list CUSTOMER",
        "endpoint" => "endpoint list CUSTOMER",
        "mapping" => "mapping list CUSTOMER",
        "transfer" => "transfer list CUSTOMER",
        "user" => "staff list; weighbridge user list CUSTOMER",
        "external service" => "service list CUSTOMER",
        "connector" => "connector list",
        "batch" => "batch list",
        _ => "list",
    }
}

/// The engine could not do what was asked, and nothing of it is done.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A store of an older format was left as it is, since no copy of it could be kept.
    #[error(
        "upgrade.no_backup: no backup could be taken before rows are changed, so they are as they were: {0}; make room there or correct `[backup]`, or go on without one: weighbridge upgrade --no-backup"
    )]
    NoWayBack(String),
    /// The store cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The key ring cannot be used.
    #[error("{code}: {0}", code = .0.code())]
    Ring(#[from] RingError),
    /// A sealed text does not open.
    #[error("keys.mismatch: {0}")]
    Unseal(#[from] UnsealError),
    /// Nothing has this name.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// The sandbox cannot start.
    #[error("sandbox.unusable: {0}")]
    Sandbox(String),
    /// The system gives no randomness.
    #[error("system.no_randomness: {0}")]
    Randomness(String),
    /// A file or folder cannot be used.
    #[error("folder.unusable: {path}: {source}")]
    Folder {
        /// Which.
        path: std::path::PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// There is a store already.
    #[error("store.present: {0} is a data folder already, and nothing was changed; serve it, or choose another one")]
    Present(std::path::PathBuf),
    /// A transfer runs already in this process.
    #[error("transfer.running: this transfer is running; wait for it to end")]
    Running,
    /// A connection's client cannot be made.
    #[error("egress.unusable: {0}")]
    Egress(String),
    /// The connection signs in another way.
    #[error("oauth.not_used: this connection does not sign in by OAuth 2; apply its secrets in a document")]
    NoOAuth,
    /// The integration has no client at the platform.
    #[error(
        "oauth.client_absent: the integration has no OAuth client; register one at the platform and apply it as `oauth_client`"
    )]
    NoOAuthClient,
    /// A customer's settings say where the client's secret would be sent.
    #[error(
        "oauth.client_elsewhere: the settings of this connection say where tokens come from, so the client must be the connection's own; apply `client_id` and `client_secret` as its secrets"
    )]
    OAuthClientElsewhere,
    /// The manifest and the configuration do not say where to go.
    #[error("oauth.unusable: {0}")]
    OAuth(String),
    /// A task of ours did not come to its end.
    #[error("engine.interrupted: a task did not come to its end ({0}); ask again")]
    Interrupted(String),
    /// A text is no instant.
    #[error("time.malformed: `{0}` is not an instant; write one such as 2026-03-31 or 2026-03-31T08:00:00Z")]
    Instant(String),
    /// A batch is not in doubt.
    #[error(transparent)]
    WriteOff(#[from] weighbridge_store::verbs::WriteOffError),
}

impl From<TxError> for EngineError {
    fn from(error: TxError) -> Self {
        Self::Read(error.into())
    }
}
