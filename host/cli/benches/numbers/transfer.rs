//! 100,000 orders of about 300 bytes: REST source on loopback, six fields mapped, JSON lines at a REST destination.

use std::time::Instant;

use weighbridge::{Engine, Options};

use crate::process::{cpu_seconds, peak_mb};
use crate::town::{Setting, Town};

const ORDERS: u64 = 100_000;

pub async fn measure() {
    for (write, page) in [("upsert", 1_000), ("append", 1_000)] {
        let setting = Setting { page, ..Setting::transfer(&format!("write = \"{write}\"")) };
        let town = Town::settled(ORDERS, &setting);
        let engine = Engine::open(Options::at(town.path("data"))).await.unwrap();
        let (cpu, begun) = (cpu_seconds(), Instant::now());
        let run = engine.run("acme/orders").await.unwrap().run;
        let (cpu, wall) = (cpu_seconds() - cpu, begun.elapsed().as_secs_f64());
        assert_eq!(run.counts.delivered, ORDERS, "{run:?}");
        println!(
            "transfer, {write}: {ORDERS} records in {} batches: {cpu:.2} CPU-seconds, {:.0} records/s, peak {:.0} MB",
            run.batches,
            ORDERS as f64 / wall,
            peak_mb(),
        );
        engine.close(std::time::Duration::from_secs(5)).await.unwrap();
    }
}
