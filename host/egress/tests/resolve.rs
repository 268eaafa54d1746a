//! Names that lead elsewhere the second time they are asked for.
//!
//! No packet may leave this machine, so 127.0.0.1 plays the public address, by a grant for it alone; 127.0.0.2 and 10.x are
//! the inside that nobody granted.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use weighbridge_egress::{Client, Parts, Reach, Refusal, Request, Resolve, Resolving};

use super::name_server::NameServer;
use super::platform::{Answer, Platform, full, now, rule, trusted};

/// A platform, and on the same port of another address somebody who must not be reached.
struct Neighbours {
    platform: Platform,
    inside: TcpListener,
}

impl Neighbours {
    async fn start(answer: fn() -> Answer) -> Self {
        // The port is free on one address, and may be taken on the other.
        loop {
            let platform = Platform::start(move |_| answer()).await;
            if let Ok(inside) = TcpListener::bind(("127.0.0.2", platform.address.port())).await {
                return Self { platform, inside };
            }
        }
    }

    fn client(&self, resolver: Arc<dyn Resolve>) -> Client {
        let port = self.platform.address.port();
        let reach = Reach {
            manifest: vec![rule(&format!("http://*.platform.test:{port}"))],
            granted: None,
            networks: vec!["127.0.0.1/32".parse().unwrap()],
        };
        Client::new(Parts { resolver, ..Parts::new(reach, trusted(), now()) })
    }

    async fn get(&self, client: &Client, name: &str) -> Result<String, Refusal> {
        let url = format!("http://{name}.platform.test:{}/", self.platform.address.port());
        let request = Request { method: "GET".into(), url, ..Request::default() };
        let body = client.send(request).await?.body.read_all().await?;
        Ok(String::from_utf8(body.to_vec()).unwrap())
    }

    /// Nobody came to the inside.
    async fn check_inside(&self) {
        let came = tokio::time::timeout(Duration::from_millis(50), self.inside.accept()).await;
        assert!(came.is_err(), "somebody came to the inside");
    }
}

fn closing() -> Answer {
    let mut answer = full(200, "outside");
    answer.headers_mut().insert("connection", "close".parse().unwrap());
    answer
}

#[tokio::test]
async fn a_name_that_leads_inside_the_second_time_is_refused_the_second_time() {
    let neighbours = Neighbours::start(closing).await;
    for inside in ["127.0.0.2", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.2"] {
        let names = NameServer::start(&[&["127.0.0.1"], &[inside]]).await;
        let client = neighbours.client(names.resolver());
        assert_eq!(neighbours.get(&client, "a").await.unwrap(), "outside");
        assert_eq!(neighbours.get(&client, "a").await.unwrap_err().code(), "egress.address");
    }
    neighbours.check_inside().await;
}

#[tokio::test]
async fn the_address_that_was_checked_is_the_one_that_is_connected_to() {
    let neighbours = Neighbours::start(closing).await;
    let names = NameServer::start(&[&["127.0.0.1"], &["127.0.0.2"]]).await;
    let client = neighbours.client(names.resolver());
    assert_eq!(neighbours.get(&client, "a").await.unwrap(), "outside");
    assert_eq!(names.asked(), ["a.platform.test"], "one question for one connection");
    neighbours.check_inside().await;
}

#[tokio::test]
async fn of_a_mixed_answer_only_the_granted_addresses_are_tried() {
    let neighbours = Neighbours::start(closing).await;
    let inside: &[&str] = &["127.0.0.2", "10.0.0.1", "::1", "192.168.0.1"];
    for at in 0..=inside.len() {
        let mut mixed = inside.to_vec();
        mixed.insert(at, "127.0.0.1");
        let names = NameServer::start(&[&mixed]).await;
        assert_eq!(neighbours.get(&neighbours.client(names.resolver()), "a").await.unwrap(), "outside");
    }
    let names = NameServer::start(&[inside]).await;
    let refused = neighbours.get(&neighbours.client(names.resolver()), "a").await.unwrap_err();
    assert_eq!(refused.code(), "egress.address");
    neighbours.check_inside().await;
}

#[tokio::test]
async fn a_granted_address_that_does_not_answer_leads_to_no_other_one() {
    let inside = TcpListener::bind("127.0.0.2:0").await.unwrap();
    let port = inside.local_addr().unwrap().port();
    let names = NameServer::start(&[&["127.0.0.1", "127.0.0.2"]]).await;
    let reach = Reach {
        manifest: vec![rule(&format!("http://a.platform.test:{port}"))],
        granted: None,
        networks: vec!["127.0.0.1/32".parse().unwrap()],
    };
    let client = Client::new(Parts { resolver: names.resolver(), ..Parts::new(reach, trusted(), now()) });
    let url = format!("http://a.platform.test:{port}/");
    let refused = client.send(Request { method: "GET".into(), url, ..Request::default() }).await.unwrap_err();
    assert_eq!(refused.code(), "egress.unreachable");
    assert!(tokio::time::timeout(Duration::from_millis(50), inside.accept()).await.is_err());
}

#[tokio::test]
async fn a_kept_connection_serves_no_other_name() {
    let neighbours = Neighbours::start(|| full(200, "outside")).await;
    let names = NameServer::start(&[&["127.0.0.1"], &["127.0.0.1"], &["127.0.0.2"]]).await;
    let client = neighbours.client(names.resolver());
    for name in ["a", "b", "a", "A", "b"] {
        assert_eq!(neighbours.get(&client, name).await.unwrap(), "outside");
    }
    assert_eq!(neighbours.platform.connections(), 2);
    assert_eq!(neighbours.get(&client, "c").await.unwrap_err().code(), "egress.address");
    assert_eq!(names.asked().len(), 3);
    neighbours.check_inside().await;
}

#[tokio::test]
async fn a_kept_connection_is_of_no_use_after_its_grant_is_withdrawn() {
    let neighbours = Neighbours::start(|| full(200, "outside")).await;
    let names = NameServer::start(&[&["127.0.0.1"]]).await;
    let client = neighbours.client(names.resolver());
    neighbours.get(&client, "a").await.unwrap();
    let manifest = vec![rule(&format!("http://*.platform.test:{}", neighbours.platform.address.port()))];
    let without_network = Reach { manifest: manifest.clone(), ..Reach::default() };
    let without_host = Reach { manifest, granted: Some(Vec::new()), networks: vec!["127.0.0.1/32".parse().unwrap()] };
    for (reach, code) in [(without_network, "egress.address"), (without_host, "egress.not_granted")] {
        let later = Client::new(Parts { resolver: names.resolver(), ..Parts::new(reach, trusted(), now()) });
        assert_eq!(neighbours.get(&later, "a").await.unwrap_err().code(), code);
    }
    assert_eq!(neighbours.platform.connections(), 1);
}

/// A name server that never answers.
struct Silence;

impl Resolve for Silence {
    fn resolve<'a>(&'a self, _: &'a str) -> Resolving<'a> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn waits_for_a_name_server_no_longer_than_for_a_connection() {
    let reach = Reach { manifest: vec![rule("a.platform.test")], ..Reach::default() };
    let client = Client::new(Parts { resolver: Arc::new(Silence), ..Parts::new(reach, trusted(), now()) });
    let before = tokio::time::Instant::now();
    let request = Request { method: "GET".into(), url: "https://a.platform.test/".into(), ..Request::default() };
    assert_eq!(client.send(request).await.unwrap_err(), Refusal::TimedOut);
    assert_eq!(before.elapsed().as_secs(), 10);
}
