//! The requests that a platform allows: shared by clones, kept apart by connection, held off as the platform says.

mod answers;
mod windows;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use weighbridge_egress::{Budget, Client, Departures, Parts, Refusal, Request};
use weighbridge_model::package::RateLimit;

use super::platform::{Platform, full};

pub(super) fn limit(requests: u32, per_ms: u64) -> RateLimit {
    RateLimit { requests, per_ms }
}

fn client(platform: &Platform, limits: &[RateLimit]) -> (Client, Arc<Departures>) {
    let departures = Arc::new(Departures::default());
    let budget = Budget::new(limits, Arc::clone(&departures));
    (Client::new(Parts { budget, ..platform.parts(Vec::new()) }), departures)
}

async fn get(client: &Client, platform: &Platform, path: &str) -> Result<u16, Refusal> {
    let request = Request { method: "GET".into(), url: platform.url(path), ..Request::default() };
    Ok(client.send(request).await?.status)
}

/// Where the platform says when it may be asked again.
async fn holding(header: &'static str, value: &'static str, status: u16) -> Platform {
    Platform::start(move |seen| {
        let mut answer = full(if seen.path == "/busy" { status } else { 200 }, "");
        if seen.path == "/busy" {
            answer.headers_mut().insert(header, value.parse().unwrap());
        }
        answer
    })
    .await
}

#[tokio::test]
async fn two_runs_of_one_connection_share_its_budget() {
    let platform = Platform::start(|_| full(200, "")).await;
    let (one, departures) = client(&platform, &[limit(3, 400)]);
    let other = one.clone();
    let begun = Instant::now();
    for run in [&one, &other, &one, &other] {
        get(run, &platform, "/").await.unwrap();
    }
    assert!(begun.elapsed() >= Duration::from_millis(400), "{:?}", begun.elapsed());
    assert_eq!((platform.seen().len(), departures.delayed(), departures.held_off()), (4, 1, 0));
}

#[tokio::test]
async fn another_connection_has_another_budget() {
    let platform = Platform::start(|_| full(200, "")).await;
    let ((one, _), (other, departures)) =
        (client(&platform, &[limit(1, 60_000)]), client(&platform, &[limit(1, 60_000)]));
    get(&one, &platform, "/").await.unwrap();
    get(&other, &platform, "/").await.unwrap();
    assert_eq!((departures.delayed(), departures.held_off()), (0, 0));
}

#[tokio::test]
async fn a_request_that_would_wait_too_long_is_refused_at_once_with_how_long() {
    let platform = Platform::start(|_| full(200, "")).await;
    let (client, departures) = client(&platform, &[limit(1, 60_000)]);
    get(&client, &platform, "/").await.unwrap();
    let begun = Instant::now();
    let refusal = get(&client, &platform, "/").await.unwrap_err();
    assert_eq!(refusal.code(), "egress.rate_limited");
    let Refusal::RateLimited { retry_after } = refusal else { panic!("{refusal}") };
    assert!(retry_after > Duration::from_secs(50) && retry_after <= Duration::from_secs(61), "{retry_after:?}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!((platform.seen().len(), departures.held_off()), (1, 1));
}

#[tokio::test]
async fn what_one_run_is_told_holds_the_other_one_off() {
    for (header, value, status) in [
        ("retry-after", "120", 429),
        ("retry-after", "120", 503),
        ("retry-after", "Sun, 15 Jun 2025 12:02:00 GMT", 429),
        ("ratelimit", "\"a;b\";r=0;t=120", 200),
        ("ratelimit", "limit=10, remaining=0, reset=120", 200),
    ] {
        let platform = holding(header, value, status).await;
        let (one, _) = client(&platform, &[]);
        let other = one.clone();
        assert_eq!(get(&one, &platform, "/busy").await.unwrap(), status);
        let refusal = get(&other, &platform, "/").await.unwrap_err();
        let Refusal::RateLimited { retry_after } = refusal else { panic!("{refusal}") };
        assert!(retry_after > Duration::from_secs(110) && retry_after <= Duration::from_secs(120), "{header} {value}");
        assert_eq!(platform.seen().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_that_says_nothing_holds_nobody_off() {
    for (header, value, status) in
        [("retry-after", "120", 200), ("ratelimit", "\"a\";r=1;t=120", 200), ("x-other", "1", 429)]
    {
        let platform = holding(header, value, status).await;
        let (client, _) = client(&platform, &[]);
        get(&client, &platform, "/busy").await.unwrap();
        assert_eq!(get(&client, &platform, "/").await.unwrap(), 200);
    }
}

#[tokio::test]
async fn waits_out_what_is_short_and_leaves_the_other_half_of_its_time_to_the_platform() {
    let platform = holding("retry-after", "1", 429).await;
    let (client, _) = client(&platform, &[]);
    get(&client, &platform, "/busy").await.unwrap();
    let url = platform.url("/");
    let short = Request { method: "GET".into(), url, timeout_ms: Some(1_500), ..Request::default() };
    assert_eq!(client.send(short).await.unwrap_err().code(), "egress.rate_limited");
    let begun = Instant::now();
    assert_eq!(get(&client, &platform, "/").await.unwrap(), 200);
    assert!(begun.elapsed() > Duration::from_millis(800));
}

#[tokio::test(start_paused = true)]
async fn tells_when_it_is_ready_without_counting_a_request() {
    let platform = Platform::start(|_| full(200, "")).await;
    let (client, departures) = client(&platform, &[limit(1, 60_000)]);
    let budget = client.budget();
    budget.ready(Instant::now()).await.unwrap();
    budget.ready(Instant::now()).await.unwrap();
    get(&client, &platform, "/").await.unwrap();
    let wait = budget.ready(Instant::now() + Duration::from_secs(30)).await.unwrap_err();
    assert!(wait > Duration::from_secs(50), "{wait:?}");
    budget.ready(Instant::now() + Duration::from_secs(90)).await.unwrap();
    assert_eq!(budget.wait(), Duration::ZERO);
    assert_eq!((departures.delayed(), departures.held_off()), (1, 1));
}

#[tokio::test]
async fn other_limits_take_hold_and_those_that_stay_forget_nothing() {
    let platform = Platform::start(|_| full(200, "")).await;
    let (client, _) = client(&platform, &[limit(1, 60_000)]);
    get(&client, &platform, "/").await.unwrap();
    client.budget().limit(&[limit(1, 60_000), limit(5, 1_000)]);
    assert_eq!(get(&client, &platform, "/").await.unwrap_err().code(), "egress.rate_limited");
    client.budget().limit(&[limit(5, 1_000)]);
    assert_eq!(get(&client, &platform, "/").await.unwrap(), 200);
}
