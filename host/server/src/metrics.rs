//! What a running host counts, in OpenMetrics text, which Prometheus reads.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::registry::Registry;
use weighbridge::Tally;

/// The counts at one instant, as a collector.
#[derive(Debug)]
struct Counts(Tally);

impl Collector for Counts {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let tally = &self.0;
        let single = [
            ("weighbridge_batches_settled", "Batches settled", tally.batches),
            ("weighbridge_records_delivered", "Records delivered", tally.records),
            ("weighbridge_bytes_delivered", "Bytes delivered", tally.bytes),
            ("weighbridge_grants_renewed", "Access tokens renewed", tally.grants_renewed),
            ("weighbridge_requests_delayed", "Requests that waited for a rate limit", tally.requests_delayed),
            ("weighbridge_requests_held_off", "Requests not made for a rate limit", tally.requests_held_off),
            ("invariant_violations", "Invariants found broken; anything but zero is a fault", tally.violations),
        ];
        for (name, help, value) in single {
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            ConstCounter::new(value).encode(metric)?;
        }
        let labelled = [
            ("weighbridge_runs_ended", "Runs that ended, by state", "state", &tally.runs),
            ("weighbridge_refusals", "Refusals of the gate, by code", "code", &tally.refusals),
        ];
        for (name, help, label, counts) in labelled {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            for (value, count) in counts {
                let labels = [(label, *value)];
                let metric = family.encode_family(&labels)?;
                ConstCounter::new(*count).encode(metric)?;
            }
        }
        Ok(())
    }
}

/// The whole exposition.
pub(crate) fn text(tally: &Tally) -> Result<String, fmt::Error> {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(Counts(tally.clone())));
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}
