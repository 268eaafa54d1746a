//! Recording by the host's own way out: what signs in, and what is known by it, stands in no recording.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use serde_json::{Value, json};
use weighbridge_model::time::Timestamp;
use weighbridge_sandbox::SyncMode;
use weighbridge_workshop::{Drill, Header, Live, LiveError, ReadDrill, record};

use crate::shop::{built, repository};

const PASSWORD: &str = "correct horse battery staple";
const SESSION: &str = "a-session-that-nobody-records";
const COOKIE: &str = "a-cookie-that-nobody-records";

/// A server that wants a login, and knows its callers by cookies too.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || listener.incoming().for_each(|stream| converse(stream.unwrap())));
    format!("http://{address}")
}

fn converse(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut length, mut line) = (0, String::new());
    while reader.read_line(&mut line).unwrap() > 2 {
        if let Some(bytes) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = bytes.trim().parse().unwrap();
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let call: Value = serde_json::from_slice(&body).unwrap();
    let answer = match call["method"].as_str().unwrap() {
        "common.db.login" => json!([7, SESSION, []]),
        "model.res.user.get_preferences" => json!({}),
        _ if call["params"][0][0][2] == 0 => json!([{"id": 1, "code": "P1", "name": "One", "active": true}]),
        _ => json!([]),
    };
    let answer = answer.to_string();
    let head = format!("content-length: {}\r\nset-cookie: id={COOKIE}\r\nconnection: close", answer.len());
    write!(stream, "HTTP/1.1 200 OK\r\n{head}\r\n\r\n{answer}").unwrap();
}

fn header(address: &str) -> Header {
    let (stream, mode) = ("parties".to_owned(), SyncMode::FullRefresh);
    Header {
        version: 1,
        case: "parties".into(),
        connector: "weighbridge.tryton".into(),
        now_ms: 0,
        seed: 0,
        configuration: json!({"base_url": address, "database": "erp"}).as_object().unwrap().clone(),
        drill: Drill::Read(ReadDrill { stream, mode, records: 3, pages: 3, since: None, until: None }),
    }
}

#[tokio::test]
async fn neither_a_password_nor_a_session_nor_a_cookie_is_recorded() {
    let (bench, header) = (built(&repository().join("plugins/tryton"), "tryton-live").await, header(&serve()));
    let secrets = BTreeMap::from([("username", "admin"), ("password", PASSWORD)].map(|(a, b)| (a.into(), b.into())));
    let now = || Arc::new(|| Timestamp::from_millis(0));
    let live = Live::new(bench.manifest(), &header.configuration, Some(("session", secrets)), now()).unwrap();
    let cassette = record(&bench, header.clone(), &live).await.unwrap();
    live.check(&cassette).unwrap();
    let text = cassette.to_text();
    assert!(text.contains("\"auth\":\"session\"") && text.contains("P1"));
    assert!([PASSWORD, SESSION, COOKIE].iter().all(|secret| !text.contains(secret)), "{text}");

    let lacking = Live::new(bench.manifest(), &header.configuration, Some(("session", BTreeMap::new())), now());
    assert!(matches!(lacking, Err(LiveError::SecretMissing { .. })));
    let unknown = Live::new(bench.manifest(), &header.configuration, Some(("other", BTreeMap::new())), now());
    assert!(matches!(unknown, Err(LiveError::Scheme(name)) if name == "other"));
}

#[tokio::test]
async fn a_recording_that_has_a_session_in_it_is_not_kept() {
    let (bench, header) = (built(&repository().join("plugins/tryton"), "tryton-live").await, header(&serve()));
    let secrets = BTreeMap::from([("username", "admin"), ("password", PASSWORD)].map(|(a, b)| (a.into(), b.into())));
    let now = Arc::new(|| Timestamp::from_millis(0));
    let live = Live::new(bench.manifest(), &header.configuration, Some(("session", secrets)), now).unwrap();
    let mut cassette = record(&bench, header, &live).await.unwrap();
    cassette.header.case = SESSION.into();
    assert!(matches!(live.check(&cassette), Err(LiveError::Credential)));
}
