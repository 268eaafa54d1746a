//! What the sandbox's own care costs: each call through a `Guest`, beside the bare engine's typed call of the same export.
//! Prints, and tests nothing. Run it with `cargo bench -p weighbridge-sandbox`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark that cannot run says so, and prints")]

mod bare;

#[expect(dead_code, reason = "the bare engine's artefacts are not kept")]
#[path = "../../src/engine.rs"]
mod engine;
#[expect(dead_code, reason = "the tests of hostile guests need more")]
#[path = "../../../../tests/hostile/frame.rs"]
mod frame;
#[path = "../../../../tests/hostile/host.rs"]
mod host;

/// What `engine.rs` takes its settings from.
mod sandbox {
    pub use weighbridge_sandbox::Settings;
}

use std::time::Instant;

use bare::{Bare, BareGuest};
use weighbridge_model::transfer::SyncMode;
use weighbridge_sandbox::{Connector, Guest, Limits, ReadRequest};

const ROUNDS: usize = 15;
const PAGE_BYTES: u32 = 64 * 1024;

/// Both ways take turns, so that a noisy moment meets both; the medians of all rounds are compared.
async fn compare(name: &str, calls: u32, mut ours: impl AsyncFnMut(), mut bare: impl AsyncFnMut()) {
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        times[0].push(round(calls, &mut ours).await);
        times[1].push(round(calls, &mut bare).await);
    }
    let [ours, bare] = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[ROUNDS / 2]
    });
    println!("{name}: {ours:.2} µs, bare engine {bare:.2} µs, ×{:.2}", ours / bare);
}

/// Microseconds a call.
async fn round(calls: u32, call: &mut impl AsyncFnMut()) -> f64 {
    let begun = Instant::now();
    for _ in 0..calls {
        call().await;
    }
    begun.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
}

async fn open(connector: &Connector) -> Guest {
    let answers = Box::new(host::Host::default());
    let mut guest = frame::sandbox().start(connector, Limits::default(), answers).await.unwrap();
    let request =
        ReadRequest { stream: "orders".into(), mode: SyncMode::Incremental, start: None, since: None, until: None };
    guest.open_reader(request).await.unwrap();
    guest
}

async fn measure_calls(connector: &Connector, bare: &Bare) {
    let (mut guest, mut bare_guest) = (open(connector).await, bare.open().await);
    let empty = (async || guest.check().await.unwrap(), async || bare_guest.check().await);
    compare("an empty call (check)", 20_000, empty.0, empty.1).await;
    for (name, calls, bytes) in [("an empty page", 20_000, 0), ("a page of 64 KiB", 1_000, PAGE_BYTES)] {
        let ours = async |guest: &mut Guest| {
            let page = guest.next(1_000, bytes).await.unwrap();
            assert_eq!(page.records.len(), bytes as usize);
        };
        let bare = async |guest: &mut BareGuest| assert_eq!(guest.next(1_000, bytes).await, bytes as usize);
        compare(name, calls, async || ours(&mut guest).await, async || bare(&mut bare_guest).await).await;
    }
}

/// What the host does with a page beyond taking it over: every line is to be one JSON object.
async fn measure_lines(connector: &Connector) {
    let page = open(connector).await.next(1_000, PAGE_BYTES).await.unwrap();
    let mut check = async || assert_eq!(weighbridge_sandbox::check_lines(&page.records, "records").unwrap(), 512);
    round(1_000, &mut check).await;
    let time = round(1_000, &mut check).await;
    println!("the check of its 512 lines alone: {time:.2} µs, {:.0} MB/s", f64::from(PAGE_BYTES) / time);
}

async fn measure_starts(connector: &Connector, bare: &Bare) {
    let ours = async || {
        open(connector).await.next(1_000, 0).await.unwrap();
    };
    let bare = async || {
        bare.open().await.next(1_000, 0).await;
    };
    compare("store, instance, open, first page and end", 1_000, ours, bare).await;
}

#[tokio::main]
async fn main() {
    let connector = frame::connector("obliging").await;
    let bare = Bare::new(&frame::component("obliging"));
    measure_calls(&connector, &bare).await;
    measure_lines(&connector).await;
    measure_starts(&connector, &bare).await;
}
