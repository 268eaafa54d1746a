//! Log lines, as text for people or JSON for machines.

use tracing_subscriber::EnvFilter;

/// Begins to write log lines to standard error. Only this binary takes the global subscriber.
pub(crate) fn begin(level: &str, as_json: bool) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(level).map_err(|error| anyhow::anyhow!("config.malformed: log level: {error}"))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let begun = if as_json { lines.json().try_init() } else { lines.with_target(false).try_init() };
    begun.map_err(|error| anyhow::anyhow!("{error}"))
}
