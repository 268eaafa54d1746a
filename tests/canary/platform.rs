//! A platform that says back whatever it was sent, in every place and form it can.

use std::io::{BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};

/// What the platform does with what it was sent: the first part of the path.
pub(super) const MODES: [&str; 8] = ["calm", "raw", "base64", "escaped", "records", "header", "error", "redirect"];

/// Listens until the process ends.
pub(super) struct Platform {
    pub(super) address: String,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl Platform {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&all);
                std::thread::spawn(move || converse(&stream, &seen));
            }
        });
        Self { address, seen }
    }

    /// Everything that was ever sent here.
    pub(super) fn seen(&self) -> Vec<u8> {
        self.seen.lock().unwrap().clone()
    }
}

fn converse(stream: &TcpStream, seen: &Mutex<Vec<u8>>) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = request(&mut reader) {
        seen.lock().unwrap().extend_from_slice(request.as_bytes());
        let path = request.split(' ').nth(1).unwrap_or_default();
        if (&*stream).write_all(answer(path, &request).as_bytes()).is_err() {
            return;
        }
    }
}

/// Head and body of one request.
fn request(reader: &mut impl std::io::BufRead) -> Option<String> {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        let is_end = line == "\r\n";
        head.push_str(&line);
        if is_end {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(head + &String::from_utf8_lossy(&body))
}

fn answer(path: &str, request: &str) -> String {
    if path.ends_with("/login") {
        return ok(&format!("{{\"session\": \"{}\"}}", super::canary("session")));
    }
    if path.ends_with("/token") {
        let token = super::canary("access");
        return ok(&format!("{{\"access_token\": \"{token}\", \"token_type\": \"bearer\", \"expires_in\": 3600}}"));
    }
    let mode = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let credential = credential(request);
    let text = serde_json::to_string(&format!("you sent {credential}")).unwrap();
    match mode {
        "raw" => ok(&format!("{{\"data\": [], \"note\": {text}}}")),
        "base64" => {
            let (standard, url) = (BASE64.encode(credential.as_bytes()), BASE64URL_NOPAD.encode(credential.as_bytes()));
            ok(&format!("{{\"data\": [], \"a\": \"{standard}\", \"b\": \"{url}\"}}"))
        }
        "escaped" => {
            let escaped: String = credential.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let form: String = url::form_urlencoded::byte_serialize(credential.as_bytes()).collect();
            ok(&format!("{{\"data\": [], \"a\": \"{escaped}\", \"b\": \"{form}\"}}"))
        }
        "records" => ok(&format!("{{\"data\": [{{\"id\": 1, \"number\": {text}}}]}}")),
        "header" => format!("HTTP/1.1 200 OK\r\nx-echo: {credential}\r\ncontent-length: 11\r\n\r\n{{\"data\":[]}}"),
        "error" => {
            let text = format!("{text} for canary-of-a-record-N1");
            format!("HTTP/1.1 400 Bad Request\r\ncontent-length: {}\r\n\r\n{text}", text.len())
        }
        "redirect" => format!(
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/?{}\r\ncontent-length: 0\r\n\r\n",
            HEXLOWER.encode(b"elsewhere")
        ),
        _ => ok("{\"data\": [{\"id\": 1, \"number\": \"canary-of-a-record-N1\"}]}"),
    }
}

/// Every header and parameter that a credential may be in.
fn credential(request: &str) -> String {
    let mut found = Vec::new();
    for line in request.lines().skip(1) {
        if let Some((name, value)) = line.split_once(": ")
            && ["authorization", "x-key", "x-signature", "x-amz-security-token"]
                .contains(&name.to_ascii_lowercase().as_str())
        {
            found.push(value.rsplit(' ').next().unwrap_or(value).to_owned());
        }
    }
    let query = request.split(' ').nth(1).and_then(|path| path.split_once('?')).map(|(_, query)| query);
    for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if name == "key" {
            found.push(value.into_owned());
        }
    }
    found.join(" and ")
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}
