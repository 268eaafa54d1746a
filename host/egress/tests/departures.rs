//! What became of requests is counted once, whatever became of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use weighbridge_egress::{Budget, Client, Departures, Parts, Request};

use super::platform::{Platform, full};

async fn ask(client: &Client, url: String) {
    drop(client.send(Request { method: "GET".into(), url, ..Request::default() }).await);
}

fn counted(platform: &Platform) -> (Client, Arc<Departures>) {
    let departures = Arc::new(Departures::default());
    let budget = Budget::new(&[], Arc::clone(&departures));
    (Client::new(Parts { budget, ..platform.parts(Vec::new()) }), departures)
}

#[tokio::test]
async fn counts_answers_by_the_class_of_their_status_and_times_them() {
    let platform = Platform::start(|seen| full(seen.path[1..].parse().unwrap(), "x")).await;
    let (client, departures) = counted(&platform);
    for status in ["200", "204", "302", "404", "429", "503"] {
        ask(&client, platform.url(&format!("/{status}"))).await;
    }
    assert_eq!(departures.outcomes(), BTreeMap::from([("2xx", 2), ("3xx", 1), ("4xx", 2), ("5xx", 1)]));
    assert_eq!(departures.times().count, 6);
}

#[tokio::test]
async fn counts_what_did_not_leave_by_its_code_and_times_none_of_it() {
    let platform = Platform::start(|_| full(200, "x")).await;
    let (mut client, departures) = counted(&platform);
    ask(&client, "http://elsewhere.test/".into()).await;
    let mut parts = platform.parts(Vec::new());
    parts.reach.networks.clear();
    client = Client::new(Parts { budget: client.budget().clone(), ..parts });
    ask(&client, platform.url("/")).await;
    assert_eq!(departures.outcomes(), BTreeMap::from([("egress.address", 1), ("egress.not_in_manifest", 1)]));
    assert_eq!((departures.times().count, platform.seen().len()), (0, 0));
}
