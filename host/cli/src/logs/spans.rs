//! Spans of the engine, put into the queue of traces when they end.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;
use weighbridge::Traces;
use weighbridge::clock::{Clock as _, SystemClock};
use weighbridge::model::trace::{ClosedSpan, ROOTS, TraceId, Value};

/// Hears of spans.
pub(super) struct Spans {
    traces: Traces,
    /// Ids are counted from a random number on.
    ids: AtomicU64,
}

/// A span that goes on.
struct Open {
    trace: TraceId,
    anchor: Anchor,
    id: u64,
    parent: Option<u64>,
    begun: Instant,
    values: Values,
}

/// When a trace began by both clocks: what follows is measured by the one that never goes back.
#[derive(Clone, Copy)]
struct Anchor {
    instant: Instant,
    unix_ns: u64,
}

impl Anchor {
    fn now() -> Self {
        let millis = u64::try_from(SystemClock.now().as_millis()).unwrap_or_default();
        Self { instant: Instant::now(), unix_ns: millis.saturating_mul(1_000_000) }
    }

    fn ns(&self, at: Instant) -> u64 {
        let since = u64::try_from(at.saturating_duration_since(self.instant).as_nanos()).unwrap_or(u64::MAX);
        self.unix_ns.saturating_add(since)
    }
}

impl Spans {
    pub(super) fn new(traces: Traces) -> Self {
        let mut seed = [0; 8];
        // Without randomness ids begin at the same number in every process; the ids of traces tell them apart.
        let _ = getrandom::fill(&mut seed);
        Self { traces, ids: AtomicU64::new(u64::from_be_bytes(seed)) }
    }

    /// Not 0, which stands for no span.
    fn next_id(&self) -> u64 {
        self.ids.fetch_add(1, Relaxed).max(1)
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let within = span.parent().and_then(|parent| {
            let extensions = parent.extensions();
            extensions.get::<Open>().map(|open| (open.trace.clone(), open.anchor, Some(open.id)))
        });
        let begins = || ROOTS.contains(&span.name()).then(|| (TraceId::default(), Anchor::now(), None));
        let Some((trace, anchor, parent)) = within.or_else(begins) else { return };
        let mut values = Values::default();
        attributes.record(&mut values);
        values.name(&trace);
        let open = Open { trace, anchor, id: self.next_id(), parent, begun: Instant::now(), values };
        span.extensions_mut().insert(open);
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut extensions = span.extensions_mut();
        if let Some(open) = extensions.get_mut::<Open>() {
            record.record(&mut open.values);
            open.values.name(&open.trace);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(open) = span.extensions_mut().remove::<Open>() else { return };
        let Open { trace, anchor, id, parent, begun, values } = open;
        let (begun_ns, ended_ns) = (anchor.ns(begun), anchor.ns(Instant::now()));
        self.traces.put(ClosedSpan { trace, id, parent, name: span.name(), begun_ns, ended_ns, values: values.0 });
    }
}

/// What is said of a span; the last word about a thing stands. What is neither a number nor a word is not kept.
#[derive(Default)]
struct Values(Vec<(&'static str, Value)>);

impl Values {
    fn put(&mut self, field: &Field, value: Option<Value>) {
        let Some(value) = value else { return };
        self.0.retain(|(name, _)| *name != field.name());
        self.0.push((field.name(), value));
    }

    /// A trace is known by the run that it is of.
    fn name(&self, trace: &TraceId) {
        let run = self.0.iter().find_map(|(name, value)| match value {
            Value::Word(word) if *name == "run" => word.parse().ok(),
            _ => None,
        });
        if let Some(run) = run {
            trace.is_of(run);
        }
    }
}

impl Visit for Values {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, Some(Value::Count(value)));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, i64::try_from(value).ok().map(Value::Count));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, Some(Value::Flag(value)));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, Value::word(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.put(field, Value::word(&format!("{value:?}")));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tracing::{debug_span, field, info_span};
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::layer::SubscriberExt as _;
    use weighbridge::model::id::RunId;
    use weighbridge::model::trace::TARGET;

    use super::*;

    fn told(say: impl FnOnce()) -> Vec<ClosedSpan> {
        let traces = Traces::default();
        let spans = Spans::new(traces.clone()).with_filter(Targets::new().with_target(TARGET, LevelFilter::DEBUG));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(spans), say);
        traces.take()
    }

    #[test]
    fn a_trace_is_of_its_run_and_its_spans_stand_within_each_other() {
        let run = RunId::from_bytes([9; 16]);
        let spans = told(|| {
            let outer = info_span!(target: TARGET, "run", run = field::Empty, batches = 2_u64);
            outer.in_scope(|| {
                debug_span!(target: TARGET, "gate").in_scope(|| std::thread::sleep(Duration::from_millis(2)));
                outer.record("run", field::display(run));
            });
        });
        let [gate, outer] = spans.as_slice() else { panic!("{spans:?}") };
        assert_eq!((gate.name, outer.name, gate.parent, outer.parent), ("gate", "run", Some(outer.id), None));
        assert_eq!((gate.trace.or([0; 16]), outer.trace.or([0; 16])), ([9; 16], [9; 16]));
        assert!(outer.begun_ns <= gate.begun_ns && gate.begun_ns + 2_000_000 <= gate.ended_ns);
        assert!(gate.ended_ns <= outer.ended_ns);
        assert_eq!(outer.values[0], ("batches", Value::Count(2)));
    }

    #[test]
    fn no_sentence_and_no_address_is_said_of_a_span() {
        let spans = told(|| {
            let text = "a record's content";
            let url = field::display("https://example.com/?key=secret");
            info_span!(target: TARGET, "run", text, url, code = "quota.exhausted").in_scope(|| {});
        });
        assert_eq!(spans[0].values, [("code", Value::word("quota.exhausted").unwrap())]);
    }

    #[test]
    fn what_belongs_to_no_trace_or_is_somebody_elses_is_not_told() {
        let spans = told(|| {
            debug_span!(target: TARGET, "request").in_scope(|| {});
            info_span!("run").in_scope(|| {});
        });
        assert!(spans.is_empty(), "{spans:?}");
    }

    /// `cargo test --release -p weighbridge-cli --bin weighbridge -- --ignored --nocapture what_a_span_costs`
    #[test]
    #[ignore = "it measures, and tells nobody whether that is good"]
    fn what_a_span_costs() {
        const TIMES: u32 = 4_000;
        let many = || {
            let begun = Instant::now();
            info_span!(target: TARGET, "run").in_scope(|| {
                for count in 0..TIMES {
                    debug_span!(target: TARGET, "read", count).in_scope(|| std::hint::black_box(count));
                }
            });
            begun.elapsed() / TIMES
        };
        let mut on = Vec::new();
        for _ in 0..20 {
            told(|| on.push(many()));
        }
        on.sort_unstable();
        let mut off: Vec<_> = (0..20).map(|_| many()).collect();
        off.sort_unstable();
        println!("a span costs {:?} where it is told, {:?} where nobody listens", on[10], off[10]);
    }
}
