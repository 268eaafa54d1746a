//! `metrics`: where this host shows how it stands in figures, and to whom.

use std::net::SocketAddr;

use weighbridge_server::Settings;
use weighbridge_server::metrics::{KEY_CHARS_MIN, MetricsKey};

use super::{Config, ConfigError};

/// Prometheus comes alone, or in a pair.
const CONNECTIONS_MAX: usize = 8;

/// Where figures are read.
#[derive(Debug)]
pub(crate) struct Metrics {
    pub(crate) address: SocketAddr,
    pub(crate) settings: Settings,
}

impl Config {
    /// Where figures are read, where they are. On loopback that is plain HTTP; anywhere else it needs a key, and the
    /// protection that the host's own address needs there.
    pub(crate) fn metrics(&self) -> Result<Option<Metrics>, ConfigError> {
        let key = self.metrics_key.as_ref().map(|file| self.metrics_key_in(file)).transpose()?;
        let Some(address) = self.metrics else {
            return match key {
                None => Ok(None),
                Some(_) => Err(self.malformed("`metrics` is missing, which `metrics_key` is for".into())),
            };
        };
        let (settings, is_near) = (self.settings()?, address.ip().is_loopback());
        if !is_near && key.is_none() {
            return Err(self.malformed(format!(
                "metrics: {address} can be reached from elsewhere; write `metrics_key`, a file with {KEY_CHARS_MIN} \
                 characters or more on its only line that Prometheus shows by `authorization`, or listen on 127.0.0.1"
            )));
        }
        let tls = settings.tls.filter(|_| !is_near);
        let settings = Settings { connections_max: CONNECTIONS_MAX, tls, metrics_key: key, ..settings };
        Ok(Some(Metrics { address, settings }))
    }

    fn metrics_key_in(&self, file: &std::path::Path) -> Result<MetricsKey, ConfigError> {
        let line = self.text(self.file(file)?, "the key of `metrics`")?;
        let short =
            || self.malformed(format!("`metrics_key` has fewer than {KEY_CHARS_MIN} characters; write a longer one"));
        MetricsKey::new(&line).ok_or_else(short)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metrics(lines: &str, key: &str) -> Result<Option<Metrics>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("weighbridge.toml");
        std::fs::write(folder.path().join("key"), key).unwrap();
        std::fs::write(&path, lines).unwrap();
        let config = Config::read(Some(&path)).map_err(|error| error.to_string())?;
        config.metrics().map_err(|error| error.to_string())
    }

    #[test]
    fn figures_are_shown_nowhere_unless_somebody_says_where() {
        assert!(metrics("", "").unwrap().is_none());
        let near = metrics("metrics = \"127.0.0.1:9464\"", "").unwrap().unwrap();
        assert!(near.settings.metrics_key.is_none() && near.settings.tls.is_none());
        assert!(metrics("metrics = \"0.0.0.0:9464\"\nmetrics_key = \"key\"", "0123456789abcdef\n").unwrap().is_some());
    }

    #[test]
    fn an_address_that_others_reach_needs_a_key_and_a_key_needs_an_address_and_a_length() {
        for (lines, key, wanted) in [
            ("metrics = \"0.0.0.0:9464\"", "", "`metrics_key`"),
            ("metrics_key = \"key\"", "0123456789abcdef", "`metrics` is missing"),
            ("metrics = \"127.0.0.1:9464\"\nmetrics_key = \"key\"", "0123456789abcde\n", "fewer than 16"),
            ("metrics = \"127.0.0.1:9464\"\nmetrics_key = \"none\"", "", "none"),
        ] {
            let refused = metrics(lines, key).unwrap_err();
            assert!(refused.starts_with("config.malformed: ") && refused.contains(wanted), "{refused}");
        }
    }
}
