//! What this process tells of itself: log lines, as text for people or JSON for machines, and spans for a collector of traces.

mod lines;
mod spans;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::reload::{self, Handle};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, Registry, fmt};
use weighbridge::Traces;
use weighbridge::model::trace::TARGET;
use weighbridge::support::RecentLog;

use lines::Lines;
use spans::Spans;

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

/// Begins to write log lines to standard error, to keep the last of them, and to hand spans over where they are sent. Only this
/// binary takes the global subscriber.
pub(crate) fn begin(level: &str, as_json: bool, recent: &RecentLog, traces: Option<Traces>) -> anyhow::Result<Logs> {
    let (filter, handle) = reload::Layer::new(filter(level)?);
    let lines = fmt::layer().with_writer(Lines::new(recent.clone())).with_ansi(false);
    let lines = match as_json {
        true => lines.json().flatten_event(true).with_current_span(false).boxed(),
        false => lines.with_target(false).boxed(),
    };
    let spans =
        traces.map(|traces| Spans::new(traces).with_filter(Targets::new().with_target(TARGET, LevelFilter::DEBUG)));
    let begun = tracing_subscriber::registry().with(lines.with_filter(filter)).with(spans).try_init();
    begun.map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(Logs { filter: handle })
}

/// Reads what `log` is set to.
pub(crate) fn filter(level: &str) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(level).map_err(|error| {
        anyhow::anyhow!("config.malformed: `log`: {error}; write error, warn, info, debug or trace, or a filter such as weighbridge=debug")
    })
}
