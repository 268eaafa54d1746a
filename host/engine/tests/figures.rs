//! A host in figures: what they count, and that looking costs next to nothing however much there is.

use std::time::{Duration, Instant};

use weighbridge::clock::Clock as _;
use weighbridge::model::id::{BatchId, CustomerId, RunId, TenantId, TransferId};
use weighbridge::model::run::{Cause, Counts, Run, RunState};
use weighbridge::model::time::Timestamp;
use weighbridge::model::transfer::Progress;
use weighbridge::{Engine, Options};
use weighbridge_native::{Fault, Hands, House, Shop};
use weighbridge_store::tables::{Marked, Progresses, Runs, Unfinished};
use weighbridge_store::{Access, CustomerScope, HostScope, Store, Tx, TxError};

#[tokio::test]
async fn records_are_counted_by_what_became_of_them_and_runs_by_how_they_ended() {
    let house = House::new(Shop::with_orders(9), "").await;
    house.warehouse.fault(0, Fault::RejectAll);
    house.run().await;
    house.customer("status = \"inactive\"").await;
    house.run().await;
    let figures = house.engine.figures().unwrap();
    let (tally, moved) = (&figures.tally, figures.tally.moved);
    assert_eq!((moved.read, moved.delivered + moved.dead_lettered), (9, 9), "{moved:?}");
    assert!(moved.dead_lettered > 0 && moved.balance(), "{moved:?}");
    assert_eq!(figures.kept.rejected, moved.dead_lettered);
    assert_eq!((tally.runs["partially_succeeded"], tally.runs["refused"], tally.runs["failed"]), (1, 1, 0));
    assert_eq!(tally.refusals["customer.inactive"], 1);
    assert_eq!(figures.kept.entries, tally.batches - u64::from(moved.delivered == 0), "a batch has one entry");
    assert_eq!((figures.kept.runs, figures.kept.customers, figures.kept.unfinished), (2, 1, 0));
    assert_eq!((tally.gate_times.count, tally.violated()), (2, 0));
    assert!(tally.commit_times.count > 2);
}

#[tokio::test]
async fn a_schedule_that_nobody_passes_is_overdue_and_then_late_by_as_much() {
    let house = House::new(Shop::with_orders(0), "write = \"upsert\"").await;
    let clock = Hands::as_of_now();
    let house = house.like(Shop::with_orders(3), &clock).await;
    house.customer("[[customer.transfer]]\nname = \"orders\"\nschedule = { every = \"1h\" }").await;
    let now = clock.now();
    assert_eq!(house.engine.figures().unwrap().overdue, Duration::ZERO);
    clock.set(now.plus_millis(2 * 3_600_000));
    assert!(house.engine.figures().unwrap().overdue >= Duration::from_secs(3_600));
    house.engine.tick().await.unwrap();
    let figures = house.engine.figures().unwrap();
    assert_eq!(figures.overdue, Duration::ZERO);
    assert_eq!(figures.tally.lateness.count, 1);
    assert!(figures.tally.lateness.sum_us >= 3_600_000_000, "{:?}", figures.tally.lateness);
}

#[tokio::test]
async fn an_occurrence_that_the_gate_refuses_is_among_the_refusals() {
    let house = House::new(Shop::with_orders(0), "write = \"upsert\"").await;
    let clock = Hands::as_of_now();
    let house = house.like(Shop::with_orders(3), &clock).await;
    let lines = "status = \"inactive\"\n[[customer.transfer]]\nname = \"orders\"\nschedule = { every = \"1h\" }";
    house.customer(lines).await;
    clock.set(clock.now().plus_millis(3_600_000));
    house.engine.tick().await.unwrap();
    assert_eq!(house.engine.figures().unwrap().tally.refusals["customer.inactive"], 1);
}

const CUSTOMERS: u32 = 10_000;
const RUNS_EACH: u32 = 10;
const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);

fn id(number: u32, kind: u8) -> [u8; 16] {
    let mut bytes = [kind; 16];
    bytes[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
    bytes[8..12].copy_from_slice(&number.to_be_bytes());
    bytes
}

fn scope(number: u32) -> CustomerScope {
    HostScope::new().tenant(TenantId::from_bytes([1; 16])).customer(CustomerId::from_bytes(id(number, 2)))
}

fn run(number: u32, transfer: TransferId) -> Run {
    Run {
        id: RunId::from_bytes(id(number, 4)),
        transfer,
        cause: Cause::Schedule,
        occurrence: Some(NOW),
        state: RunState::Succeeded,
        started_at: NOW,
        ended_at: Some(NOW),
        attempts: 1,
        batches: 3,
        counts: Counts::default(),
        refusal: None,
        failure: None,
        by: None,
        cancelled_by: None,
        walk: None,
        left: None,
        ended_attempts: Vec::new(),
    }
}

/// A customer's runs, and one that has not ended with a batch on hold.
fn put(tx: &mut Tx<'_>, number: u32) -> Result<(), TxError> {
    let (scope, transfer) = (scope(number), TransferId::from_bytes(id(number, 3)));
    for one in 0..RUNS_EACH {
        let run = run(number * RUNS_EACH + one, transfer);
        tx.put::<Runs>(&scope, &(transfer, run.id), &run)?;
    }
    let open = Some(BatchId::from_bytes(id(number, 5)));
    tx.put::<Progresses>(&scope, &transfer, &Progress { open, ..Progress::default() })?;
    tx.put::<Unfinished>(&HostScope::new(), &(scope.tenant_id(), scope.id(), transfer), &Marked {})
}

/// An engine over a store with ten thousand customers and a hundred thousand runs.
async fn large(folder: &std::path::Path) -> Engine {
    let options = Options::at(folder);
    Engine::init(&options).await.unwrap();
    let store = Store::open(&options.folder.store(), Access::Write).unwrap();
    for first in (0..CUSTOMERS).step_by(80) {
        let put_some = move |tx: &mut Tx<'_>| (first..(first + 80).min(CUSTOMERS)).try_for_each(|one| put(tx, one));
        store.write(put_some).await.unwrap();
    }
    store.close().await.unwrap();
    Engine::open(options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_over_ten_thousand_customers_and_a_hundred_thousand_runs_costs_next_to_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let engine = large(folder.path()).await;
    let look = || {
        let begun = Instant::now();
        let figures = engine.figures().unwrap();
        (begun.elapsed(), figures)
    };
    // What is unfinished is looked at by the first of them, and so much of it and no more.
    let (first, figures) = look();
    assert_eq!(figures.kept.runs, u64::from(CUSTOMERS * RUNS_EACH));
    assert_eq!(figures.kept.unfinished, u64::from(CUSTOMERS));
    let mut later: Vec<Duration> = (0..101).map(|_| look().0).collect();
    later.sort();
    println!("a look: first {first:?}, then median {:?}, at most {:?}", later[50], later[100]);
    assert!(later[50] < Duration::from_millis(20), "the median of a hundred looks: {:?}", later[50]);
    assert!(first < Duration::from_secs(5), "the first look: {first:?}");
}
