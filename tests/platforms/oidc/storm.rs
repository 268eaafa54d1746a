//! Many transfers find the same token at its end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use weighbridge::clock::{Clock, SystemClock};
use weighbridge::model::run::RunState;
use weighbridge::model::time::Timestamp;
use weighbridge::{Engine, Options};

use super::Scene;
use crate::platforms::wanted;

const TRANSFERS: u32 = 200;

/// An hour ahead: every token has ended, and the provider still takes them.
#[derive(Debug)]
struct Ahead;

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_millis(3_600_000)
    }
}

#[test]
fn two_hundred_transfers_that_share_an_ended_token_renew_it_once() {
    if !wanted("oidc-provider") {
        return;
    }
    let scene = Scene::set_with("oauth2", 600, "", TRANSFERS);
    let host = scene.host();
    scene.authorise();
    assert_eq!(host.terminate(), 0);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let options = Options { clock: Arc::new(Ahead), guests_max: 1_024, ..Options::at(scene.town.path("data")) };
    let (taken, renewed) = runtime.block_on(async {
        let engine = Engine::open(options).await.unwrap();
        let begun = Instant::now();
        let runs: Vec<_> = (0..TRANSFERS)
            .map(|number| {
                let engine = engine.clone();
                tokio::spawn(async move { engine.run(&format!("acme/more-{number}")).await.unwrap() })
            })
            .collect();
        for run in runs {
            let outcome = run.await.unwrap();
            assert_eq!(outcome.run.state, RunState::Succeeded, "{outcome:?}");
        }
        let (taken, renewed) = (begun.elapsed(), engine.counters().tally().grants_renewed);
        engine.close(Duration::from_secs(10)).await.unwrap();
        (taken, renewed)
    });
    let asked = scene.provider.seen("answered");
    println!("{TRANSFERS} transfers, {asked} requests, {renewed} renewal, {taken:.1?}");
    assert_eq!((scene.provider.seen("refreshed"), renewed), (1, 1));
    assert_eq!((scene.provider.seen("refused"), scene.provider.seen("unauthorised")), (0, 0));
    assert!(asked >= u64::from(TRANSFERS));
}
