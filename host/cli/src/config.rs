//! The configuration file of a serving host. Unknown keys are errors.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use weighbridge_server::{Callback, PublicUrlError};

/// `weighbridge.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Where `/healthz`, `/readyz` and `/metrics` are answered.
    pub(crate) listen: SocketAddr,
    /// The address at which browsers reach this host; `http://` and `listen` where it is left out. Platforms send people back
    /// to `/oauth/callback` under it.
    pub(crate) public_url: Option<String>,
    /// Log lines at least this important: `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `weighbridge=debug`.
    pub(crate) log: String,
    /// Log lines as JSON.
    pub(crate) log_json: bool,
    /// Transfers that run at once.
    pub(crate) transfers_max: usize,
    /// How long a stopping host waits for running batches, in seconds.
    pub(crate) drain_s: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8686)),
            public_url: None,
            log: "info".into(),
            log_json: false,
            transfers_max: 64,
            drain_s: 30,
        }
    }
}

/// The file is not a configuration.
#[derive(Debug, thiserror::Error)]
#[error("config.malformed: {path}: {what}")]
pub(crate) struct ConfigError {
    path: PathBuf,
    what: String,
}

impl Config {
    /// Reads a file, or takes the defaults where none is named.
    pub(crate) fn read(path: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = path else { return Ok(Self::default()) };
        let malformed = |what: String| ConfigError { path: path.to_owned(), what };
        let text = std::fs::read_to_string(path).map_err(|error| malformed(error.to_string()))?;
        let config: Self = toml::from_str(&text).map_err(|error| malformed(error.to_string()))?;
        config.callback(config.listen).map_err(|error| malformed(error.to_string()))?;
        if config.transfers_max == 0 {
            return Err(malformed("`transfers_max` is 0, so nothing would ever run; write at least 1".into()));
        }
        Ok(config)
    }

    /// Where platforms send people back to, at a host that listens here.
    pub(crate) fn callback(&self, listens: SocketAddr) -> Result<Callback, PublicUrlError> {
        Callback::under(self.public_url.as_ref().unwrap_or(&format!("http://{listens}")))
    }
}
