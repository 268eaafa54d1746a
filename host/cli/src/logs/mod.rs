//! What this process tells of itself: log lines, as text for people or JSON for machines, and spans for a collector of traces.

mod lines;
mod spans;

use std::sync::Arc;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::reload::{self, Handle};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, Registry, fmt};
use weighbridge::Traces;
use weighbridge::model::trace::TARGET;
use weighbridge::support::RecentLog;

use crate::config::Config;
use lines::Lines;
use spans::Spans;

/// How important a line must be, and whether spans are told; both can be said anew.
#[derive(Clone)]
pub(crate) struct Logs {
    filter: Handle<EnvFilter, Registry>,
    tell_spans: Arc<dyn Fn(bool) -> Result<(), reload::Error> + Send + Sync>,
}

impl Logs {
    /// From now on lines at least this important are written, and spans are told or not. Runs that go on begin no trace.
    pub(crate) fn adjust(&self, level: &str, spans: bool) {
        let said = filter(level).and_then(|level| Ok(self.filter.reload(level)?));
        if let Err(error) = said.and_then(|()| Ok((self.tell_spans)(spans)?)) {
            tracing::warn!(%error, "the log goes on as it was");
        }
    }
}

/// Begins to write log lines to standard error, to keep the last of them, and to hand spans over where they are told. Only this
/// binary takes the global subscriber.
pub(crate) fn begin(config: &Config, as_json: bool, recent: &RecentLog, traces: Traces) -> anyhow::Result<Logs> {
    let (filter, handle) = reload::Layer::new(filter(&config.log)?);
    let lines = fmt::layer().with_writer(Lines::new(recent.clone())).with_ansi(false);
    let lines = match as_json || config.log_json {
        true => lines.json().flatten_event(true).with_current_span(false).boxed(),
        false => lines.with_target(false).boxed(),
    };
    let (told, spans_told) = reload::Layer::new(told(config.is_traced()));
    let tell_spans = Arc::new(move |spans| spans_told.reload(self::told(spans)));
    let spans = Spans::new(traces).with_filter(told);
    let begun = tracing_subscriber::registry().with(lines.with_filter(filter)).with(spans).try_init();
    begun.map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(Logs { filter: handle, tell_spans })
}

/// Where nobody listens a span costs nearly nothing.
fn told(spans: bool) -> Targets {
    let level = if spans { LevelFilter::DEBUG } else { LevelFilter::OFF };
    Targets::new().with_target(TARGET, level)
}

/// Reads what `log` is set to.
pub(crate) fn filter(level: &str) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(level).map_err(|error| {
        anyhow::anyhow!("config.malformed: `log`: {error}; write error, warn, info, debug or trace, or a filter such as weighbridge=debug")
    })
}
