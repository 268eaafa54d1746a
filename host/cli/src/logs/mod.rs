//! Log lines, as text for people or JSON for machines.

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::reload::{self, Handle};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry, fmt};

/// How important a line must be; it can be said anew.
pub(crate) struct Logs {
    filter: Handle<EnvFilter, Registry>,
}

impl Logs {
    /// From now on lines at least this important are written.
    pub(crate) fn level(&self, level: &str) -> anyhow::Result<()> {
        Ok(self.filter.reload(filter(level)?)?)
    }
}

/// Begins to write log lines to standard error. Only this binary takes the global subscriber.
pub(crate) fn begin(level: &str, as_json: bool) -> anyhow::Result<Logs> {
    let (filter, handle) = reload::Layer::new(filter(level)?);
    let lines = fmt::layer().with_writer(std::io::stderr);
    let all = tracing_subscriber::registry().with(filter);
    let begun = if as_json { all.with(lines.json()).try_init() } else { all.with(lines.with_target(false)).try_init() };
    begun.map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(Logs { filter: handle })
}

/// Reads what `log` is set to.
pub(crate) fn filter(level: &str) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(level).map_err(|error| {
        anyhow::anyhow!("config.malformed: `log`: {error}; write error, warn, info, debug or trace, or a filter such as weighbridge=debug")
    })
}
