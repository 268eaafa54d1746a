//! Answers that are not HTTP as it should be: each is refused or read rightly, and the next request gets its own answer.

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use serde_json::{Map, json};
use weighbridge_egress::{Client, Credential, Request, Secret};

use super::raw::{Odd, Raw};

const MALFORMED: Result<&str, &str> = Err("egress.malformed");

async fn read(client: &Client, request: Request) -> Result<String, &'static str> {
    let mut response = client.send(request).await.map_err(|refusal| refusal.code())?;
    let body = response.body.read_all().await.map_err(|refusal| refusal.code())?;
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// Asks for the odd answer, and then twice for plain ones.
async fn check_request(method: &str, odd: Odd, expected: Result<&str, &str>, is_kept: bool) {
    let raw = Raw::start(odd.clone()).await;
    let client = raw.client(Vec::new());
    let shown = match &odd {
        Odd::Once(bytes) | Odd::Closing(bytes) | Odd::Endless(bytes, ..) => bytes.escape_ascii().to_string(),
    };
    let shown = &shown[..shown.len().min(200)];
    let answer = read(&client, raw.request(method, "/odd")).await;
    assert_eq!(answer.as_deref(), expected.as_ref().copied(), "{shown}");
    for path in ["/next", "/last"] {
        assert_eq!(read(&client, raw.request("GET", path)).await.as_deref(), Ok(path), "{shown}");
    }
    assert_eq!(raw.connections(), if is_kept { 1 } else { 2 }, "{shown}");
}

/// An answer after which the connection is given up.
async fn check(bytes: impl AsRef<[u8]>, expected: Result<&str, &str>) {
    check_request("GET", Odd::Once(bytes.as_ref().to_vec()), expected, false).await;
}

const LEFTOVER: &str = "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nleftover";

#[tokio::test]
async fn keeps_the_connection_after_a_plain_answer() {
    for bytes in [
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;a=b\r\nh\r\n1\r\ni\r\n0\r\nx-trailer: 1\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
        "HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
    ] {
        check_request("GET", Odd::Once(bytes.into()), Ok("hi"), true).await;
    }
}

#[tokio::test]
async fn reads_an_answer_of_two_lengths_in_one_way_and_gives_the_connection_up() {
    let both = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
    check(both, Ok("hi")).await;
    check(format!("{both}{LEFTOVER}"), Ok("hi")).await;
    check("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nhi", Ok("hi")).await;
    check("HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\n\r\nhi", Ok("hi")).await;
}

#[tokio::test]
async fn refuses_lengths_that_contradict_each_other_or_are_none() {
    for lengths in [
        "content-length: 2\r\ncontent-length: 3",
        "content-length: 2, 3",
        "content-length: -1",
        "content-length: +2",
        "content-length: 0x2",
        "content-length: 2 2",
        "content-length: ",
        "content-length: 18446744073709551616",
        "content-length: 99999999999999999999999999",
    ] {
        check(format!("HTTP/1.1 200 OK\r\n{lengths}\r\n\r\nhi"), MALFORMED).await;
    }
    check("HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\nhi", MALFORMED).await;
    check("HTTP/1.1 200 OK\r\ncontent-length: 9223372036854775807\r\n\r\nhi", Err("egress.too_large")).await;
}

#[tokio::test]
async fn refuses_transfer_codings_that_nobody_asked_for() {
    for codings in [
        "transfer-encoding: gzip, chunked",
        "transfer-encoding: gzip",
        "transfer-encoding: identity",
        "transfer-encoding: chunked, identity",
        "transfer-encoding: chunked, chunked",
        "transfer-encoding: xchunked",
        "transfer-encoding: \x0bchunked",
        "transfer-encoding: chunked\r\ntransfer-encoding: chunked",
        "transfer-encoding: gzip\r\ntransfer-encoding: chunked",
    ] {
        check(format!("HTTP/1.1 200 OK\r\n{codings}\r\n\r\n2\r\nhi\r\n0\r\n\r\n"), MALFORMED).await;
    }
    check("HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", MALFORMED).await;
}

#[tokio::test]
async fn refuses_heads_that_readers_read_differently() {
    for head in [
        "HTTP/1.1 200 OK\r\nx-a: 1\r\n folded: 2\r\ncontent-length: 2",
        "HTTP/1.1 200 OK\r\nx-a: 1\r\n\tfolded\r\ncontent-length: 2",
        "HTTP/1.1 200 OK\r\nx-a: 1\rcontent-length: 3\r\ncontent-length: 2",
        "HTTP/1.1 200 OK\r\nx-a: 1\0\r\ncontent-length: 2",
        "HTTP/1.1 200 OK\r\nx\0a: 1\r\ncontent-length: 2",
        "HTTP/1.1 200 OK\r\ncontent-length : 2",
        "HTTP/1.1 200 OK\r\n content-length: 2",
        "HTTP/1.1 200 OK\r\ncontent length: 2",
        "HTTP/1.1 200 OK\r\n: 2",
        "HTTP/1.1 200 OK\r\nno colon",
        "HTTP/1.1 200 O\0K\r\ncontent-length: 2",
        "HTTP/1.1 20 OK\r\ncontent-length: 2",
        "HTTP/1.1 2000 OK\r\ncontent-length: 2",
        "HTTP/1.1 099 OK\r\ncontent-length: 2",
        "HTTP/1.1 -20 OK\r\ncontent-length: 2",
        "HTTP/1.1\r\ncontent-length: 2",
    ] {
        check(format!("{head}\r\n\r\nhi"), MALFORMED).await;
    }
}

#[tokio::test]
async fn refuses_other_versions_and_other_protocols() {
    for bytes in [
        "HTTP/0.9 200 OK\r\n\r\nhi",
        "HTTP/1.2 200 OK\r\ncontent-length: 2\r\n\r\nhi",
        "HTTP/2.0 200 OK\r\ncontent-length: 2\r\n\r\nhi",
        "HTTP/2 200\r\ncontent-length: 2\r\n\r\nhi",
        "HTTP/11 200 OK\r\n\r\nhi",
        "http/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
        "ICY 200 OK\r\n\r\nhi",
        "<html>hi</html>\r\n\r\n",
        "SSH-2.0-OpenSSH_9.9\r\n",
        "\x16\x03\x01\x02\x00\x01",
        "\0\0\0\0\0\0\0\0",
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\nhi",
    ] {
        check(bytes, MALFORMED).await;
    }
}

#[tokio::test]
async fn refuses_chunks_that_are_none() {
    for chunks in [
        "-2\r\nhi\r\n0\r\n\r\n",
        "+2\r\nhi\r\n0\r\n\r\n",
        "0x2\r\nhi\r\n0\r\n\r\n",
        "\r\nhi\r\n0\r\n\r\n",
        "g\r\nhi\r\n0\r\n\r\n",
        "10000000000000000\r\nhi",
        "fffffffffffffffff\r\nhi",
        "2\nhi\r\n0\r\n\r\n",
        "2\r\nhi0\r\n\r\n",
        "2\r\nhi!\r\n0\r\n\r\n",
        "2 3\r\nhi\r\n0\r\n\r\n",
        "2;a\nb\r\nhi\r\n0\r\n\r\n",
        "2\r\nhi\r\n0\r\nx\0: 1\r\n\r\n",
    ] {
        check(format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}"), MALFORMED).await;
    }
}

#[tokio::test]
async fn says_when_an_answer_breaks_off() {
    for bytes in [
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhi",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nhi",
    ] {
        check_request("POST", Odd::Closing(bytes.into()), Err("egress.unreachable"), false).await;
    }
}

#[tokio::test]
async fn reads_to_the_end_of_the_connection_where_there_is_no_length() {
    for version in ["1.0", "1.1"] {
        let bytes = format!("HTTP/{version} 200 OK\r\n\r\nhi");
        check_request("GET", Odd::Closing(bytes.into()), Ok("hi"), false).await;
    }
    check("HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nhi", Ok("hi")).await;
}

#[tokio::test]
async fn what_follows_an_answer_is_no_answer_to_the_next_request() {
    check(format!("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi{LEFTOVER}"), Ok("hi")).await;
    check("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi, there", Ok("hi")).await;
    check("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi\r\n", Ok("hi")).await;
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
    check(format!("{chunked}{LEFTOVER}"), Ok("hi")).await;
    check(format!("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n{LEFTOVER}"), Ok("")).await;
}

#[tokio::test]
async fn what_follows_an_answer_without_a_body_is_none_either() {
    for status in ["204 No Content", "304 Not Modified"] {
        for framing in ["x-a: 1", "content-length: 63", "transfer-encoding: chunked"] {
            check(format!("HTTP/1.1 {status}\r\n{framing}\r\n\r\n{LEFTOVER}"), Ok("")).await;
        }
    }
    for framing in ["content-length: 63", "transfer-encoding: chunked", "content-length: 0"] {
        let bytes = format!("HTTP/1.1 200 OK\r\n{framing}\r\n\r\n{LEFTOVER}");
        check_request("HEAD", Odd::Once(bytes.into()), Ok(""), false).await;
    }
    // Nothing follows, and nothing says that it would.
    check_request("GET", Odd::Once("HTTP/1.1 204 No Content\r\n\r\n".into()), Ok(""), true).await;
    check_request("HEAD", Odd::Once("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".into()), Ok(""), true).await;
    check_request("HEAD", Odd::Once("HTTP/1.1 200 OK\r\ncontent-length: 63\r\n\r\n".into()), Ok(""), false).await;
}

#[tokio::test]
async fn refuses_heads_of_no_measure() {
    let many = "x: 1\r\n".repeat(101);
    check(format!("HTTP/1.1 200 OK\r\n{many}content-length: 2\r\n\r\nhi"), MALFORMED).await;
    let long = "x".repeat(70_000);
    check(format!("HTTP/1.1 200 OK\r\nx: {long}\r\ncontent-length: 2\r\n\r\nhi"), MALFORMED).await;
    check(format!("HTTP/1.1 200 OK\r\n{long}: 1\r\ncontent-length: 2\r\n\r\nhi"), MALFORMED).await;
    check(format!("HTTP/1.1 200 {long}\r\ncontent-length: 2\r\n\r\nhi"), MALFORMED).await;
}

/// An answer without an end is given up in time, and its connection with it.
async fn check_endless(first: &str, others: &str, pause_ms: u64, codes: &[&str]) {
    let pause = Duration::from_millis(pause_ms);
    let raw = Raw::start(Odd::Endless(first.into(), others.into(), pause)).await;
    let client = raw.client(Vec::new());
    let began = Instant::now();
    let request = Request { timeout_ms: Some(300), ..raw.request("GET", "/odd") };
    let code = read(&client, request).await.unwrap_err();
    assert!(codes.contains(&code), "{code} after {others:?}");
    assert!(began.elapsed() < Duration::from_secs(3), "{others:?} took {:?}", began.elapsed());
    assert_eq!(read(&client, raw.request("GET", "/next")).await.as_deref(), Ok("/next"));
    raw.check_flood_is_over().await;
}

#[tokio::test]
async fn gives_up_on_heads_without_an_end() {
    let head = "HTTP/1.1 200 OK\r\n";
    check_endless(head, &"x: 1\r\n".repeat(100), 0, &["egress.malformed"]).await;
    check_endless(&format!("{head}x: "), &"x".repeat(1000), 0, &["egress.malformed"]).await;
    check_endless("", "\r\n", 0, &["egress.malformed", "egress.timed_out"]).await;
    let informational = "HTTP/1.1 103 Early Hints\r\nx: 1\r\n\r\n".repeat(100);
    check_endless("", &informational, 0, &["egress.malformed", "egress.timed_out"]).await;
}

#[tokio::test]
async fn gives_up_on_bodies_without_an_end() {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    check_endless("HTTP/1.1 200 OK\r\n\r\n", &"x".repeat(1000), 0, &["egress.too_large"]).await;
    check_endless(head, "1\r\nx\r\n", 0, &["egress.too_large", "egress.timed_out"]).await;
    check_endless(head, &"1;ext=1\r\nx\r\n".repeat(100), 0, &["egress.malformed"]).await;
    check_endless(&format!("{head}1;"), &"x".repeat(1000), 0, &["egress.malformed"]).await;
    check_endless(&format!("{head}0\r\n"), "x-trailer: 1\r\n", 0, &["egress.malformed"]).await;
    check_endless(&format!("{head}0\r\nx: "), &"x".repeat(1000), 0, &["egress.malformed"]).await;
    check_endless(
        &format!("{head}{}", "0".repeat(100)),
        &"0".repeat(1000),
        0,
        &["egress.malformed", "egress.timed_out"],
    )
    .await;
}

#[tokio::test]
async fn gives_up_on_answers_that_drip() {
    let timed_out = ["egress.timed_out"];
    check_endless("HTTP/1.1 200 ", "x", 20, &timed_out).await;
    check_endless("HTTP/1.1 200 OK\r\nx: ", "x", 20, &timed_out).await;
    check_endless("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n", "x", 20, &timed_out).await;
    check_endless("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "1\r\nx\r\n", 20, &timed_out).await;
    check_endless("HTTP/1.1 200 OK\r\n\r\n", "x", 20, &timed_out).await;
}

fn packed(coding: &str, text: &[u8]) -> Vec<u8> {
    let body = match coding {
        "deflate" => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        }
        _ => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        }
    };
    let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: {coding}\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), &body].concat()
}

#[tokio::test]
async fn unpacks_what_comes_compressed_although_nobody_asked() {
    let text: String = (0..4_000).map(|number| format!("{{\"id\": {number}}}\n")).collect();
    for coding in ["gzip", "x-gzip", "deflate", "GZIP"] {
        let raw = Raw::start(Odd::Once(packed(coding, text.as_bytes()))).await;
        let client = raw.client(Vec::new());
        let mut response = client.send(raw.request("GET", "/odd")).await.unwrap();
        let of_the_packed = |name: &str| ["content-encoding", "content-length"].contains(&name);
        assert!(!response.headers.iter().any(|(name, _)| of_the_packed(name)), "{:?}", response.headers);
        assert_eq!(response.body.read_all().await.unwrap(), text.as_bytes(), "{coding}");
        assert_eq!(read(&client, raw.request("GET", "/next")).await.as_deref(), Ok("/next"));
    }
}

#[tokio::test]
async fn reads_a_plain_text_that_is_called_compressed() {
    for coding in ["gzip", "deflate"] {
        for body in ["{\"result\": []}", "[]", "\n", ""] {
            let length = body.len();
            let answer =
                format!("HTTP/1.1 200 OK\r\ncontent-encoding: {coding}\r\ncontent-length: {length}\r\n\r\n{body}");
            let raw = Raw::start(Odd::Once(answer.into())).await;
            let client = raw.client(vec![bearer(&raw)]);
            let request = Request { auth: Some("main".into()), ..raw.request("GET", "/odd") };
            assert_eq!(read(&client, request).await.as_deref(), Ok(body), "{coding}");
        }
    }
}

#[tokio::test]
async fn gives_up_on_a_text_that_grows_without_proportion_and_on_one_that_is_cut_off() {
    let bomb = packed("gzip", &vec![0; 8 << 20]);
    assert!(bomb.len() < 20_000);
    let whole = packed("gzip", b"all of it");
    let head_end = whole.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    let body = &whole[head_end..whole.len() - 6];
    let cut = [
        format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes(),
        body,
    ]
    .concat();
    let garbage = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\n\x1f\x8bllo".to_vec();
    for (answer, code) in [(bomb, "egress.too_large"), (cut, "egress.malformed"), (garbage, "egress.malformed")] {
        let raw = Raw::start(Odd::Once(answer)).await;
        let client = raw.client(Vec::new());
        assert_eq!(read(&client, raw.request("GET", "/odd")).await, Err(code));
        assert_eq!(read(&client, raw.request("GET", "/next")).await.as_deref(), Ok("/next"));
    }
}

#[tokio::test]
async fn finds_a_credential_in_a_compressed_answer() {
    let text = format!("{} you sent 0123456789abcdef", "x".repeat(5_000));
    let raw = Raw::start(Odd::Once(packed("gzip", text.as_bytes()))).await;
    let client = raw.client(vec![bearer(&raw)]);
    let request = Request { auth: Some("main".into()), ..raw.request("GET", "/odd") };
    assert_eq!(read(&client, request).await, Err("egress.secret_echoed"));
}

fn bearer(raw: &Raw) -> Credential {
    let scheme = json!({ "name": "main", "hosts": [raw.place()], "apply": { "kind": "bearer" } });
    let secrets = [("token", Secret::new("0123456789abcdef"))].into_iter().collect();
    Credential::new(serde_json::from_value(scheme).unwrap(), secrets, Map::new())
}

#[tokio::test]
async fn refuses_a_compressed_answer_in_which_a_credential_could_hide() {
    for coding in ["br", "zstd", "x-unknown", "identity, gzip", "gzip, gzip", ""] {
        let bytes = format!("HTTP/1.1 200 OK\r\ncontent-encoding: {coding}\r\ncontent-length: 2\r\n\r\nhi");
        let raw = Raw::start(Odd::Once(bytes.into())).await;
        let client = raw.client(vec![bearer(&raw)]);
        let request = Request { auth: Some("main".into()), ..raw.request("GET", "/odd") };
        assert_eq!(read(&client, request).await, Err("egress.encoded"), "{coding}");
        assert_eq!(read(&client, raw.request("GET", "/next")).await.as_deref(), Ok("/next"));
    }
}
