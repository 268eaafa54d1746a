//! A platform of the seeded host's own, in the test's process: orders that never end, and a sign-in that asks nothing.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

/// How long a page of the endless orders takes, so that a run over them can be watched.
const PAGE_TIME: Duration = Duration::from_secs(2);

/// Answers until the process ends; says where.
pub(super) fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let own = Url::parse(&address).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Who hangs up in the middle ends their own conversation only.
            let own = own.clone();
            std::thread::spawn(move || converse(stream, &own));
        }
    });
    address
}

fn converse(stream: TcpStream, own: &Url) -> Option<()> {
    let mut heard = BufReader::new(stream.try_clone().ok()?);
    let mut line = String::new();
    heard.read_line(&mut line).ok()?;
    let target = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        heard.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    heard.read_exact(&mut vec![0; length]).ok()?;
    let url = own.join(&target).ok()?;
    answer(stream, &url)
}

fn answer(stream: TcpStream, url: &Url) -> Option<()> {
    let parameter = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    match url.path() {
        "/orders" => {
            std::thread::sleep(PAGE_TIME);
            say(stream, "200 OK", "", &orders(parameter("after").and_then(|after| after.parse().ok()).unwrap_or(0)))
        }
        "/auth" => {
            let mut back = Url::parse(&parameter("redirect_uri")?).ok()?;
            back.query_pairs_mut().append_pair("state", &parameter("state")?).append_pair("code", "seeded");
            back.query_pairs_mut().append_pair("iss", &url.origin().ascii_serialization());
            say(stream, "303 See Other", &format!("location: {back}\r\n"), &Value::Null)
        }
        "/token" => say(stream, "200 OK", "", &token()),
        "/v1/folders/inbox/messages" => say(stream, "200 OK", "", &json!({ "items": [], "page": { "next": null } })),
        _ => say(stream, "404 Not Found", "", &json!({ "error": "there is nothing here" })),
    }
}

fn token() -> Value {
    json!({ "access_token": "seeded-access", "refresh_token": "seeded-refresh", "token_type": "Bearer",
        "expires_in": 3600 })
}

/// Five after the last one, and always more.
fn orders(after: u64) -> Value {
    let order = |id: u64| {
        json!({ "id": id, "number": format!("SO-{id:08}"), "customer": { "id": id % 97 }, "total": "129.00",
            "status": "paid" })
    };
    let data: Vec<Value> = (after + 1..=after + 5).map(order).collect();
    json!({ "data": data, "next": (after + 5).to_string() })
}

fn say(mut stream: TcpStream, status: &str, lines: &str, body: &Value) -> Option<()> {
    let body = body.to_string();
    let head = format!("content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
    write!(stream, "HTTP/1.1 {status}\r\n{head}{lines}\r\n{body}").ok()
}
