//! Whoever follows a list is told again whenever it has changed, for as long as they may have it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::town::{Client, Host, Setting, Town};

struct Office {
    town: Town,
    host: Host,
    session: String,
}

/// A stream of events.
struct Stream(BufReader<TcpStream>);

impl Office {
    fn with(orders: u64) -> Self {
        let town = Town::settled(orders, &Setting::default());
        let host = Host::start(&town);
        let invited = town.works(&["staff", "invite", "--email", "anna@example.com", "--role", "tenant_admin"]);
        let session = host.joined(&invited).secret.unwrap();
        Self { town, host, session }
    }

    fn client(&self) -> Client<'_> {
        Client::with(&self.host.address, &self.session)
    }

    fn transfer(&self) -> String {
        let customer = self.town.works(&["customer", "list"])["items"][0]["id"].as_str().unwrap().to_owned();
        let transfer = self.town.works(&["transfer", "list", "acme"])["items"][0]["id"].as_str().unwrap().to_owned();
        format!("/customers/{customer}/transfers/{transfer}")
    }

    fn follow(&self, path: &str) -> Stream {
        let mut stream = TcpStream::connect(&self.host.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        write!(
            stream,
            "GET /api/v1{path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\naccept: text/event-stream\r\n\r\n",
            self.host.address, self.session
        )
        .unwrap();
        let mut stream = Stream(BufReader::new(stream));
        let head: Vec<String> =
            std::iter::from_fn(|| Some(stream.line())).take_while(|line| !line.is_empty()).collect();
        assert!(head[0].contains("200"), "{head:?}");
        assert!(head.iter().any(|line| line.eq_ignore_ascii_case("content-type: text/event-stream")), "{head:?}");
        stream
    }
}

impl Stream {
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// The next event: its name and what it says.
    fn event(&mut self) -> (String, Value) {
        loop {
            if let Some(name) = self.line().strip_prefix("event: ") {
                let line = self.line();
                return (name.to_owned(), serde_json::from_str(line.strip_prefix("data: ").unwrap()).unwrap());
            }
        }
    }
}

#[test]
fn a_run_is_told_of_while_it_goes_on_until_it_has_ended() {
    let office = Office::with(1_500);
    office.town.platforms.slow(150);
    let path = office.transfer();
    let mut stream = office.follow(&format!("{path}/runs"));
    assert_eq!(stream.event().1["items"], json!([]));
    office.client().post(&format!("{path}/start"), &json!({})).worked();
    let mut told = Vec::new();
    loop {
        let (_, page) = stream.event();
        let run = &page["items"][0];
        told.push(run["delivered"].as_u64().unwrap());
        if run["ended_at"].is_string() {
            assert_eq!(run["state"], "succeeded");
            break;
        }
    }
    assert!(told.is_sorted() && told.len() > 3, "{told:?}");
    assert_eq!(told.last(), Some(&1_500));
}

#[test]
fn a_stream_ends_with_the_problem_when_its_session_does() {
    let office = Office::with(1);
    let mut stream = office.follow(&office.transfer());
    assert_eq!(stream.event().0, "answer");
    office.client().post("/me/sign-out-everywhere", &json!({})).worked();
    let (name, problem) = stream.event();
    assert_eq!((name.as_str(), problem["status"].as_u64()), ("problem", Some(401)), "{problem}");
    // The stream's end, and nothing after it.
    assert!(stream.line().is_empty());
    let mut rest = String::new();
    stream.0.get_mut().set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let _still_open = stream.0.read_to_string(&mut rest);
    assert!(!rest.contains("event:"), "{rest}");
}

#[test]
fn a_host_that_stops_does_not_wait_for_those_who_follow() {
    let office = Office::with(1);
    let mut stream = office.follow(&office.transfer());
    assert_eq!(stream.event().0, "answer");
    let begun = Instant::now();
    assert_eq!(office.host.terminate(), 0);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn what_does_not_change_by_itself_is_answered_once_whatever_is_asked_for() {
    let office = Office::with(1);
    let answer = office.client().send("GET", "/api/v1/me", &["accept: text/event-stream"], None);
    assert_eq!((answer.status, answer.json()["email"].as_str()), (200, Some("anna@example.com")));
}

#[test]
fn a_customer_needs_attention_while_the_last_run_of_a_transfer_has_failed() {
    let town = Town::bare(1);
    town.works(&["init"]);
    town.works(&["trust", "add", "weighbridge", town.public_key().to_str().unwrap()]);
    town.install("rest");
    let document = Setting::default().document(&town.platforms);
    town.apply(&document.replace("path = \"/orders\"", "path = \"/nothing\""));
    let troubled = || town.works(&["customer", "list", "--needs-attention"])["items"].as_array().unwrap().len();
    assert_eq!(troubled(), 0);
    town.fails(&["run", "acme/orders"], 1);
    assert_eq!(troubled(), 1);
    town.apply(&document);
    town.works(&["run", "acme/orders"]);
    assert_eq!(troubled(), 0);
}

#[test]
fn one_person_takes_a_share_of_the_places_and_gives_one_back_by_leaving() {
    let town = Town::settled(1, &Setting::default());
    let host = Host::start_configured(&town, "connections_max = 40");
    let joined = |email: &str| {
        let invited = town.works(&["staff", "invite", "--email", email, "--role", "tenant_admin"]);
        host.joined(&invited).secret.unwrap()
    };
    let (anna, piotr) = (joined("anna@example.com"), joined("piotr@example.com"));
    let customer = town.works(&["customer", "list"])["items"][0]["id"].as_str().unwrap().to_owned();
    let open = |secret: &str| {
        let mut stream = TcpStream::connect(&host.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        write!(
            stream,
            "GET /api/v1/customers/{customer}/transfers HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {secret}\r\naccept: text/event-stream\r\n\r\n",
            host.address
        )
        .unwrap();
        let mut stream = Stream(BufReader::new(stream));
        (stream.line().contains("200"), stream)
    };
    // Forty connections have twenty places, of which one person has two.
    let two = [open(&anna), open(&anna)];
    assert!(two.iter().all(|(is_open, _)| *is_open));
    assert!(!open(&anna).0, "a third one");
    assert!(open(&piotr).0, "somebody else");
    drop(two);
    let begun = Instant::now();
    while !open(&anna).0 {
        assert!(begun.elapsed() < Duration::from_secs(5), "places of those who left are not given back");
        std::thread::sleep(Duration::from_millis(50));
    }
}
