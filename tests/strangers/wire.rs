//! Raw bytes over TCP, among them shapes by which requests were smuggled past proxies.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::town::{Answered, Host, Town, raw};

fn host() -> (Town, Host) {
    let town = Town::bare(0);
    town.works(&["init"]);
    let host = Host::start(&town);
    (town, host)
}

/// How many answers came, and the first one's status.
fn answers(address: &str, bytes: &str) -> (usize, u16) {
    let answer = raw(address, bytes.as_bytes());
    (answer.matches("HTTP/1.1 ").count(), Answered::parse(&answer).status)
}

/// Each carries a second request, which a host that reads it otherwise than its proxy would answer.
const SMUGGLED: &[&str] = &[
    // CL.TE
    "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
    // TE.CL
    "POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n0\r\n\r\n",
    // TE.TE, with what some do not see
    "POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: a\r\nX: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
    // CL.CL
    "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 37\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0,0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
    // Two hosts, none, and a line folded into another
    "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /healthz HTTP/1.1\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc: d\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
    // Lines that end in LF alone
    "GET /healthz HTTP/1.1\nHost: a\n\nGET /readyz HTTP/1.1\nHost: a\n\n",
    "POST /healthz HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n",
];

#[test]
fn a_request_that_can_be_read_in_two_ways_is_refused_and_its_connection_closed() {
    let (_town, host) = host();
    for bytes in SMUGGLED {
        assert_eq!(answers(&host.address, bytes), (1, 400), "{bytes:?}");
    }
    let reply = Answered::parse(&raw(&host.address, SMUGGLED[0].as_bytes()));
    assert_eq!(reply.problem(), (400, "request.ambiguous".into()));
    assert_eq!(reply.header("connection"), Some("close"));
}

#[test]
fn requests_one_after_the_other_are_answered_in_their_order() {
    let (_town, host) = host();
    let (ready, last) =
        ("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let with_body =
        "POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 36\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n\n";
    let answer = raw(&host.address, format!("{ready}{with_body}{ready}{last}").as_bytes());
    let statuses: Vec<&str> = answer.split("HTTP/1.1 ").skip(1).map(|one| &one[..3]).collect();
    assert_eq!(statuses, ["200", "405", "200", "200"], "{answer}");
    // The good one before a bad one has its answer.
    let answer = raw(&host.address, format!("{ready}{}", SMUGGLED[0]).as_bytes());
    let statuses: Vec<&str> = answer.split("HTTP/1.1 ").skip(1).map(|one| &one[..3]).collect();
    assert_eq!(statuses, ["200", "400"], "{answer}");
}

#[test]
fn nothing_is_read_after_a_body_in_chunks() {
    let (_town, host) = host();
    let chunked = "POST /nothing HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_eq!(answers(&host.address, chunked), (1, 405));
}

#[test]
fn what_is_too_long_or_too_much_is_told_so() {
    let (_town, host) = host();
    let long = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(9_000));
    assert_eq!(answers(&host.address, &long), (1, 414));
    let many = format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: a\r\n".repeat(101));
    assert_eq!(answers(&host.address, &many), (1, 431));
    let large = format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "a".repeat(20_000));
    assert_eq!(answers(&host.address, &large), (1, 431));
}

#[test]
fn a_head_that_never_ends_costs_ten_seconds() {
    let (_town, host) = host();
    let begun = Instant::now();
    let mut stream = TcpStream::connect(&host.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(700))).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n").unwrap();
    let mut byte = [0];
    // A field now and then, as a slow client sends them.
    loop {
        let gone = stream.write_all(b"X: a\r\n").is_err();
        match stream.read(&mut byte) {
            Ok(_) => break,
            Err(_) if gone => break,
            Err(_) => assert!(begun.elapsed() < Duration::from_secs(15), "it waits on and on"),
        }
    }
    assert!(begun.elapsed() > Duration::from_secs(8));
}

#[test]
fn an_answer_that_is_under_way_is_given_when_the_host_stops() {
    let desk = crate::pull::Desk::new(1, &[]);
    let mut idle = TcpStream::connect(&desk.host.address).unwrap();
    idle.write_all(b"GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let (begun, mut text) = (Instant::now(), String::new());
    assert_eq!(desk.host.terminate(), 0);
    assert!(begun.elapsed() < Duration::from_secs(8), "a connection that nobody uses is not waited for");
    idle.read_to_string(&mut text).unwrap();
    assert!(text.ends_with("ready\n"), "{text}");
}
