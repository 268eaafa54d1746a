//! Every metric: its name, what it is, what tells its values apart, what it means, and where its values come from.

use std::collections::BTreeMap;
use std::time::Duration;

use weighbridge::Figures;
use weighbridge::model::run::Counts;
use weighbridge::model::time::Timestamp;

use super::text::Kind::{self, Counter, Gauge, Histogram};
use super::text::Values;

/// A metric.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Its name, which dashboards and alerts rely on.
    pub name: &'static str,
    /// What kind of figure it is.
    pub kind: Kind,
    /// Its labels, each with what bounds its values.
    pub labels: Labels,
    /// What it means.
    pub help: &'static str,
    pub(super) write: Write,
}

type Labels = &'static [(&'static str, &'static str)];
type Write = fn(&mut Values<'_>, &Figures);

const fn one(name: &'static str, kind: Kind, help: &'static str, write: Write) -> Metric {
    Metric { name, kind, labels: &[], help, write }
}

const fn many(name: &'static str, kind: Kind, labels: Labels, help: &'static str, write: Write) -> Metric {
    Metric { name, kind, labels, help, write }
}

/// Every metric, in the order of the page.
pub const METRICS: &[Metric] = &[
    many(
        "weighbridge_runs_ended_total",
        Counter,
        &[("state", "the seven ways in which a run ends, or is interrupted")],
        "Runs that ended, by state.",
        |to, of| to.each("state", &of.tally.runs),
    ),
    one("weighbridge_batches_settled_total", Counter, "Batches that were settled.", |to, of| {
        to.value(of.tally.batches)
    }),
    one(
        "weighbridge_records_read_total",
        Counter,
        "Records that sources handed over, in settled batches.",
        |to, of| to.value(of.tally.moved.read),
    ),
    many(
        "weighbridge_records_total",
        Counter,
        &[("outcome", "delivered, filtered, rejected, discarded")],
        "What became of the records of settled batches.",
        |to, of| records(to, &of.tally.moved),
    ),
    one("weighbridge_delivered_bytes_total", Counter, "Bytes of the records that were delivered.", |to, of| {
        to.value(of.tally.moved.bytes)
    }),
    many(
        "weighbridge_refusals_total",
        Counter,
        &[("code", "the gate's codes, which refusals.md lists")],
        "Refusals of the gate, by code.",
        |to, of| to.each("code", &of.tally.refusals),
    ),
    one(
        "weighbridge_gate_duration_seconds",
        Histogram,
        "From asking the gate to begin something until its answer, and what it holds, is durable.",
        |to, of| to.spread(&of.tally.gate_times),
    ),
    one(
        "weighbridge_schedule_lateness_seconds",
        Histogram,
        "How long after their time occurrences of schedules were passed.",
        |to, of| to.spread(&of.tally.lateness),
    ),
    one(
        "weighbridge_schedule_overdue_seconds",
        Gauge,
        "For how long the first due occurrence of a schedule has waited to be passed; 0 where none is due.",
        |to, of| to.value(of.overdue.as_secs_f64()),
    ),
    one("weighbridge_runs_moving", Gauge, "Runs that have a place in this process.", |to, of| to.value(of.runs.moving)),
    one("weighbridge_runs_waiting", Gauge, "Runs that wait for a place.", |to, of| to.value(of.runs.waiting)),
    one(
        "weighbridge_transfers_unfinished",
        Gauge,
        "Transfers with a run that has not ended, or with a batch on hold.",
        |to, of| to.value(of.kept.unfinished),
    ),
    one(
        "weighbridge_batches_in_doubt",
        Gauge,
        "Batches of which something may have arrived while nobody is at work on them, looked for among 5,000 unfinished transfers.",
        |to, of| to.value(of.doubt.batches),
    ),
    one(
        "weighbridge_batches_in_doubt_age_seconds",
        Gauge,
        "For how long the oldest batch in doubt has been on hold; 0 where none is.",
        |to, of| to.value(of.doubt.age.as_secs_f64()),
    ),
    one(
        "weighbridge_webhook_deliveries_waiting",
        Gauge,
        "Deliveries of webhooks that have not moved yet.",
        |to, of| to.value(of.kept.deliveries_waiting),
    ),
    one("weighbridge_rejected_records", Gauge, "Rejected records that are kept.", |to, of| to.value(of.kept.rejected)),
    one("weighbridge_ledger_entries", Gauge, "Entries of the ledger.", |to, of| to.value(of.kept.entries)),
    one("weighbridge_customers", Gauge, "Customers, with the tombstones of those that were deleted.", |to, of| {
        to.value(of.kept.customers)
    }),
    one("weighbridge_transfers", Gauge, "Transfers.", |to, of| to.value(of.kept.transfers)),
    one("weighbridge_runs", Gauge, "Runs that are remembered.", |to, of| to.value(of.kept.runs)),
    one("weighbridge_events_waiting", Gauge, "Events that wait to be handed over, once for each address.", |to, of| {
        to.value(of.kept.events_waiting)
    }),
    many(
        "weighbridge_event_attempts_total",
        Counter,
        &[("outcome", "taken, waits, given_up")],
        "Tries to hand an event over, by what came of them.",
        |to, of| to.each("outcome", &of.tally.event_tries),
    ),
    many(
        "weighbridge_egress_requests_total",
        Counter,
        &[("outcome", "the classes of HTTP status, and the codes of requests, which refusals.md lists")],
        "Requests to platforms, by the class of their answer or the code of why there was none.",
        |to, of| to.each("outcome", &of.tally.requests),
    ),
    one(
        "weighbridge_egress_request_duration_seconds",
        Histogram,
        "How long requests that left took to the head of their answer, or until there was none.",
        |to, of| to.spread(&of.tally.request_times),
    ),
    one(
        "weighbridge_egress_requests_delayed_total",
        Counter,
        "Requests that waited for the rate limit of their platform.",
        |to, of| to.value(of.tally.requests_delayed),
    ),
    one(
        "weighbridge_egress_requests_held_off_total",
        Counter,
        "Requests that would have waited too long for it, and were not made.",
        |to, of| to.value(of.tally.requests_held_off),
    ),
    many(
        "weighbridge_http_requests_total",
        Counter,
        &[
            ("door", "api_read, api_change, console, link, pull, webhook, other"),
            ("status", "the classes of HTTP status"),
        ],
        "Requests that came in, by what was asked for and the class of the answer.",
        |to, of| {
            let answered = of.tally.arrivals.iter();
            answered.for_each(|((door, status), count)| to.under(&[("door", door), ("status", status)], count));
        },
    ),
    many(
        "weighbridge_http_request_duration_seconds",
        Histogram,
        &[("door", "api_read, api_change, console, link, pull, webhook, other")],
        "How long they took to the head of their answer.",
        |to, of| of.tally.arrival_times.iter().for_each(|(door, spread)| to.spread_under(&[("door", door)], spread)),
    ),
    one("weighbridge_grants_renewed_total", Counter, "Access tokens of OAuth 2 that were renewed.", |to, of| {
        to.value(of.tally.grants_renewed)
    }),
    many(
        "weighbridge_guest_stops_total",
        Counter,
        &[
            ("connector", "the connectors that are installed, by their packages' names"),
            ("code", "the codes of connectors, which refusals.md lists; a crash is connector.trapped"),
        ],
        "Guests that crashed or broke a rule, and were stopped.",
        |to, of| stops(to, &of.tally.stops),
    ),
    many(
        "weighbridge_invariant_violations_total",
        Counter,
        &[("invariant", "run.unbalanced, ledger.unbalanced")],
        "Invariants found broken; anything but 0 is a fault of this program.",
        |to, of| to.each("invariant", &of.tally.violations),
    ),
    one(
        "weighbridge_store_commit_duration_seconds",
        Histogram,
        "How long commits of the store took, to the last sync; one commit serves many transfers.",
        |to, of| to.spread(&of.tally.commit_times),
    ),
    one(
        "weighbridge_store_size_bytes",
        Gauge,
        "The size of the store's file; sealed files beside it are not in it.",
        |to, of| to.known(of.store_bytes),
    ),
    one(
        "weighbridge_blobs",
        Gauge,
        "Sealed files beside the store, as they were a minute ago at the most.",
        |to, of| to.known(of.blobs.map(|blobs| blobs.count)),
    ),
    one("weighbridge_blobs_size_bytes", Gauge, "Bytes of the sealed files beside the store, likewise.", |to, of| {
        to.known(of.blobs.map(|blobs| blobs.bytes))
    }),
    one(
        "weighbridge_backup_age_seconds",
        Gauge,
        "The age of this host's newest backup, where there is one.",
        |to, of| to.known(of.backup_age.map(|age| age.as_secs())),
    ),
    one(
        "weighbridge_backup_overdue_seconds",
        Gauge,
        "For so long a backup has been due; 0 where none is, and nothing where none are configured.",
        |to, of| to.known(of.backup_overdue.map(|overdue| overdue.as_secs())),
    ),
    many(
        "weighbridge_trace_spans_total",
        Counter,
        &[("outcome", "sent, dropped")],
        "Spans that a collector took, and those for which there was no room or no collector.",
        |to, of| {
            to.under(&[("outcome", "sent")], of.spans.sent);
            to.under(&[("outcome", "dropped")], of.spans.dropped);
        },
    ),
    one(
        "weighbridge_disk_free_bytes",
        Gauge,
        "Bytes that may still be written to the disk of the data folder.",
        |to, of| to.known(of.free_bytes),
    ),
    one("weighbridge_disk_free_min_bytes", Gauge, "With fewer free bytes than these nothing begins.", |to, of| {
        to.value(of.free_bytes_min)
    }),
    one("weighbridge_frozen", Gauge, "1 where an operator froze everything, else 0.", |to, of| {
        to.value(u8::from(of.is_frozen))
    }),
    many(
        "weighbridge_build_info",
        Gauge,
        &[("version", "one: that of this program")],
        "Always 1; its label says which version runs.",
        |to, of| to.under(&[("version", of.version)], 1),
    ),
    one("weighbridge_uptime_seconds", Gauge, "For how long this process has had the data folder open.", |to, of| {
        to.value(of.uptime.as_secs_f64())
    }),
    one(
        "process_start_time_seconds",
        Gauge,
        "When this process opened the data folder, in seconds since 1970.",
        |to, of| to.value(since_1970(of.since).as_secs_f64()),
    ),
    one("process_cpu_seconds_total", Counter, "CPU time that this process used, of user and system.", |to, of| {
        to.value(of.cpu.as_secs_f64())
    }),
    one("process_resident_memory_bytes", Gauge, "Memory that this process uses.", |to, of| to.known(of.resident_bytes)),
];

fn records(to: &mut Values<'_>, moved: &Counts) {
    let outcomes = [
        ("delivered", moved.delivered),
        ("filtered", moved.filtered),
        ("rejected", moved.dead_lettered),
        ("discarded", moved.discarded),
    ];
    for (outcome, count) in outcomes {
        to.under(&[("outcome", outcome)], count);
    }
}

fn stops(to: &mut Values<'_>, stops: &BTreeMap<(String, &'static str), u64>) {
    for ((connector, code), count) in stops {
        to.under(&[("connector", connector), ("code", code)], count);
    }
}

fn since_1970(instant: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(instant.as_millis()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_say_what_they_count_in() {
        let names: BTreeSet<&str> = METRICS.iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), METRICS.len());
        for Metric { name, kind, help, .. } in METRICS {
            assert!(name.starts_with("weighbridge_") || name.starts_with("process_"), "{name}");
            assert_eq!(name.ends_with("_total"), *kind == Counter, "{name}: counters alone end so");
            assert!(*kind != Histogram || name.ends_with("_seconds"), "{name}: a histogram is of seconds");
            assert!(help.ends_with('.') && !help.contains('|'), "{name}: {help}");
        }
    }
}
