//! What happens to one guest never touches another. In a well-known host for plugins one that is cancelled, or runs out of
//! time, takes those of its kind with it.

use std::time::Duration;

use weighbridge_sandbox::{Ended, Guest, Lifecycle, Limits, Sandbox, Settings, StartError, Stop};

use super::frame::{artefacts, connector, package};
use super::host::Host;
use super::{check_serving, read_request, start};

#[tokio::test]
async fn cancelling_one_guest_leaves_its_sibling_alone() {
    let connector = connector("sleep_in_slices").await;
    let mut cancelled = start(&connector, Limits::default(), Host::default()).await;
    let mut sibling = start(&connector, Limits::default(), Host::default()).await;
    sibling.discover().await.unwrap();
    tokio::time::timeout(Duration::from_millis(50), cancelled.check()).await.unwrap_err();
    let Err(Ended::Stopped(stopped)) = cancelled.discover().await else { panic!("it lives") };
    assert_eq!(stopped.stop, Stop::Cancelled);
    sibling.discover().await.unwrap();
}

#[tokio::test]
async fn stopping_one_guest_leaves_its_sibling_alone() {
    let connector = connector("spin").await;
    let limits = Limits { call_cpu: Duration::from_millis(30), ..Limits::default() };
    let mut stopped = start(&connector, limits, Host::default()).await;
    let mut sibling = start(&connector, Limits::default(), Host::default()).await;
    stopped.check().await.unwrap_err();
    sibling.discover().await.unwrap();
}

#[tokio::test]
async fn a_guest_that_computes_lets_others_have_a_turn() {
    let connector = connector("spin").await;
    let limits = Limits { call_cpu: Duration::from_millis(300), ..Limits::default() };
    let mut spinning = start(&connector, limits, Host::default()).await;
    let spin = tokio::spawn(async move { spinning.check().await });
    tokio::task::yield_now().await;
    for _ in 0..5 {
        check_serving().await;
    }
    spin.await.unwrap().unwrap_err();
}

#[tokio::test]
async fn refuses_a_guest_when_all_places_are_taken() {
    let settings = Settings { guests_max: 1, ..Settings::default() };
    let small = Sandbox::new(&settings).unwrap();
    let connector = small.load(&package("harmless"), artefacts()).await.unwrap();
    let first = small.start(&connector, Limits::default(), Box::new(Host::default())).await.unwrap();
    let refused = small.start(&connector, Limits::default(), Box::new(Host::default())).await.unwrap_err();
    assert_eq!(refused, StartError::Full { guests_max: 1 });
    drop(first);
    small.start(&connector, Limits::default(), Box::new(Host::default())).await.unwrap();
}

#[tokio::test]
async fn a_stopped_guest_gives_its_place_back_at_once() {
    let settings = Settings { guests_max: 1, ..Settings::default() };
    let small = Sandbox::new(&settings).unwrap();
    let connector = small.load(&package("trap"), artefacts()).await.unwrap();
    let mut first = small.start(&connector, Limits::default(), Box::new(Host::default())).await.unwrap();
    first.check().await.unwrap_err();
    small.start(&connector, Limits::default(), Box::new(Host::default())).await.unwrap();
    assert_eq!(first.stopped().unwrap().stop, Stop::Trapped);
}

#[tokio::test]
async fn two_sandboxes_live_in_one_process() {
    let on_demand = Sandbox::new(&Settings { pooling: false, ..Settings::default() }).unwrap();
    let connector = on_demand.load(&package("harmless"), artefacts()).await.unwrap();
    let mut guest = on_demand.start(&connector, Limits::default(), Box::new(Host::default())).await.unwrap();
    drop(on_demand);
    check_serving().await;
    guest.check().await.unwrap();
}

/// Where instructions are counted, no clock has a say: it ends after as many, and a clock that is far off ends nothing.
#[tokio::test]
async fn a_guest_that_hangs_ends_after_so_many_instructions_where_they_are_counted() {
    let counting =
        Sandbox::new(&Settings { call_fuel: Some(1_000_000), guests_max: 2, ..Settings::default() }).unwrap();
    let connector = counting.load(&package("spin"), artefacts()).await.unwrap();
    let limits =
        Limits { call_cpu: Duration::from_secs(600), call_wall: Duration::from_secs(600), ..Limits::default() };
    let mut guest = counting.start(&connector, limits.clone(), Box::new(Host::default())).await.unwrap();
    let Err(Ended::Stopped(stopped)) = guest.check().await else { panic!("it ended by itself") };
    assert_eq!(stopped.stop, Stop::CpuExhausted);
    assert_eq!(guest.used().fuel, 1_000_000);

    let connector = counting.load(&package("harmless"), artefacts()).await.unwrap();
    let mut fuel = Vec::new();
    for _ in 0..2 {
        let mut guest = counting.start(&connector, limits.clone(), Box::new(Host::default())).await.unwrap();
        guest.check().await.unwrap();
        fuel.push(guest.used().fuel);
    }
    assert!(fuel[0] > 0 && fuel[0] == fuel[1], "{fuel:?}");
}

/// One guest reads all its pages while harm is done to another of the same connector, again and again.
async fn check_pages(harm: impl AsyncFn(Guest)) {
    let connector = connector("many_pages").await;
    let mut reader = start(&connector, Limits::default(), Host::default()).await;
    let limits =
        Limits { call_wall: Duration::from_millis(40), call_cpu: Duration::from_millis(20), ..Limits::default() };
    let reading = tokio::spawn(async move {
        reader.open_reader(read_request()).await.unwrap();
        let mut pages = 1;
        while reader.next(10, 1000).await.unwrap().more {
            pages += 1;
        }
        pages
    });
    while !reading.is_finished() {
        harm(start(&connector, limits.clone(), Host::default()).await).await;
    }
    assert_eq!(reading.await.unwrap(), 20);
}

async fn check_ended(mut guest: Guest, call: impl AsyncFnOnce(&mut Guest) -> Result<(), Ended>, stop: Stop) {
    let Err(Ended::Stopped(stopped)) = call(&mut guest).await else { panic!("expected {stop:?}") };
    assert_eq!(stopped.stop, stop, "{stopped}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gives_all_pages_while_a_sibling_runs_out_of_time() {
    check_pages(async |guest| check_ended(guest, async |guest| guest.check().await, Stop::DeadlinePassed).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gives_all_pages_while_a_sibling_computes_for_ever() {
    let on = async |guest: &mut Guest| guest.on(Lifecycle::Enabled).await;
    check_pages(async |guest| check_ended(guest, on, Stop::CpuExhausted).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gives_all_pages_while_a_sibling_crashes() {
    let discover = async |guest: &mut Guest| guest.discover().await.map(drop);
    check_pages(async |guest| check_ended(guest, discover, Stop::Trapped).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gives_all_pages_while_a_sibling_is_cancelled() {
    check_pages(async |mut guest| {
        let call = tokio::spawn(async move { guest.check().await });
        tokio::time::sleep(Duration::from_millis(2)).await;
        call.abort();
        assert!(call.await.unwrap_err().is_cancelled());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gives_all_pages_while_a_call_of_a_sibling_is_dropped() {
    check_pages(async |mut guest| {
        tokio::time::timeout(Duration::from_millis(2), guest.check()).await.unwrap_err();
        check_ended(guest, async |guest| guest.check().await, Stop::Cancelled).await;
    })
    .await;
}
