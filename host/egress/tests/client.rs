//! Requests and answers.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Frame;
use weighbridge_egress::{Bodies, Client, Limits, Parts, Reach, Refusal, Request};

use super::platform::{Names, Platform, full, now, trusted};

fn get(url: String) -> Request {
    Request { method: "GET".into(), url, ..Request::default() }
}

async fn text(client: &Client, url: String) -> String {
    let mut response = client.send(get(url)).await.unwrap();
    String::from_utf8(response.body.read_all().await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn sends_a_request_and_reads_its_answer() {
    let platform = Platform::start(|seen| full(201, seen.body.clone())).await;
    let client = platform.client(Vec::new());
    let request = Request {
        method: "POST".into(),
        headers: vec![("X-Own".into(), "yes".into())],
        body: Some(Bytes::from_static(b"hello")),
        ..get(platform.url("/orders?page=2#part"))
    };
    let mut response = client.send(request).await.unwrap();
    assert_eq!(response.status, 201);
    assert_eq!(&response.body.read(3).await.unwrap()[..], b"hel");
    assert_eq!(&response.body.read(3).await.unwrap()[..], b"lo");
    assert!(response.body.read(3).await.unwrap().is_empty());
    let seen = &platform.seen()[0];
    assert_eq!(seen.path, "/orders?page=2");
    assert_eq!(seen.headers["x-own"], "yes");
    assert_eq!(seen.headers["host"], platform.pattern().strip_prefix("http://").unwrap());
    assert_eq!((client.traffic().requests, client.traffic().bytes_sent, client.traffic().bytes_received), (1, 5, 5));
}

#[tokio::test]
async fn uses_a_connection_again_after_its_body_was_read() {
    let platform = Platform::start(|_| full(200, "x".repeat(100_000))).await;
    let client = platform.client(Vec::new());
    for _ in 0..20 {
        assert_eq!(text(&client, platform.url("/")).await.len(), 100_000);
    }
    assert_eq!(platform.connections(), 1);
}

#[tokio::test]
async fn uses_a_connection_again_after_an_answer_without_a_body() {
    let platform = Platform::start(|_| full(204, "")).await;
    let client = platform.client(Vec::new());
    for _ in 0..5 {
        client.send(get(platform.url("/"))).await.unwrap();
    }
    assert_eq!(platform.connections(), 1);
}

#[tokio::test]
async fn closes_a_connection_whose_body_nobody_read() {
    let platform = Platform::start(|_| full(200, "x".repeat(1000))).await;
    let client = platform.client(Vec::new());
    drop(client.send(get(platform.url("/"))).await.unwrap());
    text(&client, platform.url("/")).await;
    assert_eq!(platform.connections(), 2);
}

#[tokio::test]
async fn two_clients_share_no_connection() {
    let platform = Platform::start(|_| full(200, "x")).await;
    text(&platform.client(Vec::new()), platform.url("/")).await;
    text(&platform.client(Vec::new()), platform.url("/")).await;
    assert_eq!(platform.connections(), 2);
}

#[tokio::test]
async fn finds_a_new_connection_when_the_kept_one_was_closed() {
    let platform = Platform::start(|_| {
        let mut answer = full(200, "x");
        answer.headers_mut().insert("connection", "close".parse().unwrap());
        answer
    })
    .await;
    let client = platform.client(Vec::new());
    for _ in 0..3 {
        text(&client, platform.url("/")).await;
    }
    assert_eq!(platform.connections(), 3);
}

#[tokio::test]
async fn closes_connections_that_a_quiet_client_keeps() {
    let platform = Platform::start(|_| full(200, "x")).await;
    let limits = Limits { idle: Duration::from_millis(20), ..Limits::default() };
    let client = Client::new(Parts { limits, ..platform.parts(Vec::new()) });
    for _ in 0..2 {
        text(&client, platform.url("/")).await;
        assert_eq!(platform.connections_open(), 1);
        while platform.connections_open() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test]
async fn hands_redirects_back_as_they_are() {
    let platform = Platform::start(|_| {
        let mut answer = full(302, "");
        answer.headers_mut().insert("location", "http://127.0.0.2/internal".parse().unwrap());
        answer
    })
    .await;
    let response = platform.client(Vec::new()).send(get(platform.url("/"))).await.unwrap();
    assert_eq!(response.status, 302);
    assert!(response.headers.contains(&("location".into(), "http://127.0.0.2/internal".into())));
    assert_eq!(platform.seen().len(), 1);
}

#[tokio::test]
async fn refuses_a_name_that_leads_inside_and_connects_to_nobody() {
    let platform = Platform::start(|_| full(200, "secrets")).await;
    let mut parts = platform.parts(Vec::new());
    parts.reach.networks.clear();
    let refusal = Client::new(parts).send(get(platform.url("/"))).await.unwrap_err();
    assert_eq!(refusal.code(), "egress.address");
    assert_eq!(platform.connections(), 0);
}

#[tokio::test]
async fn passes_over_addresses_that_are_not_allowed() {
    let platform = Platform::start(|_| full(200, "x")).await;
    let addresses = ["169.254.169.254", "::ffff:10.0.0.1", "127.0.0.1"];
    let resolver = Arc::new(Names(addresses.iter().map(|address| address.parse().unwrap()).collect()));
    let client = Client::new(Parts { resolver, ..platform.parts(Vec::new()) });
    assert_eq!(text(&client, platform.url("/")).await, "x");
}

#[tokio::test]
async fn says_when_nobody_answers() {
    let platform = Platform::start(|_| full(200, "x")).await;
    let resolver = Arc::new(Names(Vec::new()));
    let client = Client::new(Parts { resolver, ..platform.parts(Vec::new()) });
    assert_eq!(client.send(get(platform.url("/"))).await.unwrap_err().code(), "egress.unreachable");
}

fn small(platform: &Platform) -> Client {
    let limits = Limits { response_bytes: 1000, request_bytes: 10, ..Limits::default() };
    Client::new(Parts { limits, ..platform.parts(Vec::new()) })
}

#[tokio::test]
async fn refuses_an_answer_that_announces_too_much() {
    let platform = Platform::start(|_| full(200, "x".repeat(1001))).await;
    assert_eq!(small(&platform).send(get(platform.url("/"))).await.unwrap_err(), Refusal::TooLarge(1000));
}

#[tokio::test]
async fn refuses_an_answer_that_turns_out_too_large() {
    let platform = Platform::start(|_| full(200, "").map(|_| Frames(200).boxed())).await;
    let mut response = small(&platform).send(get(platform.url("/"))).await.unwrap();
    assert_eq!(response.body.read_all().await.unwrap_err(), Refusal::TooLarge(1000));
}

#[tokio::test]
async fn takes_an_answer_of_just_the_limit() {
    let platform = Platform::start(|_| full(200, "x".repeat(1000))).await;
    assert_eq!(text(&small(&platform), platform.url("/")).await.len(), 1000);
}

#[tokio::test]
async fn refuses_a_request_that_is_too_large() {
    let platform = Platform::start(|_| full(200, "")).await;
    let request = Request { body: Some(Bytes::from_static(b"eleven bytes")), ..get(platform.url("/")) };
    assert_eq!(small(&platform).send(request).await.unwrap_err().code(), "egress.request_too_large");
    assert_eq!(platform.seen().len(), 0);
}

#[tokio::test]
async fn gives_up_on_a_platform_that_does_not_answer() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let reach = Reach {
        manifest: vec![super::platform::rule(&format!("http://127.0.0.1:{port}"))],
        granted: None,
        networks: vec!["127.0.0.1/32".parse().unwrap()],
    };
    let client = Client::new(Parts::new(reach, trusted(), now()));
    let request = Request { timeout_ms: Some(50), ..get(format!("http://127.0.0.1:{port}/")) };
    assert_eq!(client.send(request).await.unwrap_err(), Refusal::TimedOut);
    let until = Some(tokio::time::Instant::now() + Duration::from_millis(50));
    let request = Request { until, ..get(format!("http://127.0.0.1:{port}/")) };
    assert_eq!(client.send(request).await.unwrap_err(), Refusal::TimedOut);
}

#[tokio::test]
async fn refuses_methods_that_open_tunnels() {
    let platform = Platform::start(|_| full(200, "")).await;
    for method in ["CONNECT", "TRACE", "GE T", "", "GET\r\n"] {
        let request = Request { method: method.into(), ..get(platform.url("/")) };
        assert_eq!(platform.client(Vec::new()).send(request).await.unwrap_err().code(), "egress.method", "{method:?}");
    }
}

#[tokio::test]
async fn reads_bodies_by_number() {
    let platform = Platform::start(|_| full(200, "hello")).await;
    let client = platform.client(Vec::new());
    let mut bodies = Bodies::default();
    let first = bodies.keep(client.send(get(platform.url("/"))).await.unwrap().body);
    let second = bodies.keep(client.send(get(platform.url("/"))).await.unwrap().body);
    assert_ne!(first, second);
    bodies.close(first);
    assert!(bodies.read(first, 10).await.unwrap().is_empty());
    assert_eq!(&bodies.read(second, 10).await.unwrap()[..], b"hello");
}

/// A body that does not say how long it is.
struct Frames(usize);

impl hyper::body::Body for Frames {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let next = self.0.checked_sub(1).map(|left| self.0 = left);
        Poll::Ready(next.map(|()| Ok(Frame::data(Bytes::from_static(&[120; 10])))))
    }
}
