//! As much of HTTP/1.1 as the host's own client speaks, by hand: a campaign also wants to break it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

/// A request. Its body is read apart, so that a fault can come before it.
#[derive(Debug, Default)]
pub struct Request {
    target: String,
    /// The idempotency key.
    pub key: String,
    length: usize,
    /// The body, as far as it was read.
    pub body: Vec<u8>,
}

impl Request {
    /// Reads up to the end of the head; nothing where the connection is over.
    pub fn head(mut stream: &TcpStream) -> Option<Self> {
        let (mut text, mut buffer) = (Vec::new(), [0; 4096]);
        let end = loop {
            if let Some(end) = text.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            let read = stream.read(&mut buffer).ok().filter(|read| *read > 0)?;
            text.extend_from_slice(&buffer[..read]);
        };
        let mut request = Self { body: text.split_off(end + 4), ..Self::default() };
        let text = String::from_utf8_lossy(&text).into_owned();
        let mut lines = text.lines();
        request.target = lines.next()?.split(' ').nth(1)?.to_owned();
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            match name.to_ascii_lowercase().as_str() {
                "content-length" => request.length = value.trim().parse().ok()?,
                "idempotency-key" => value.trim().clone_into(&mut request.key),
                _ => {}
            }
        }
        Some(request)
    }

    /// Reads the rest of the body, or the first half of it.
    pub fn read_body(&mut self, stream: &TcpStream) -> Option<()> {
        self.read_up_to(stream, self.length)
    }

    /// Reads no more than half of the body.
    pub fn read_half(&mut self, stream: &TcpStream) -> Option<()> {
        self.read_up_to(stream, self.length / 2)
    }

    fn read_up_to(&mut self, mut stream: &TcpStream, length: usize) -> Option<()> {
        let read = self.body.len();
        if read >= length {
            return Some(());
        }
        self.body.resize(length, 0);
        stream.read_exact(&mut self.body[read..]).ok()
    }

    /// Which platform, and the number of the transfer.
    pub fn place(&self) -> Option<(&'static str, usize)> {
        let path = self.target.split('?').next()?;
        let (side, number) = path.trim_start_matches('/').split_once('/')?;
        let side = if side == "source" { "source" } else { "sink" };
        Some((side, number.parse().ok()?))
    }

    /// A number among the parameters.
    pub fn number(&self, name: &str) -> Option<u64> {
        let query = self.target.split_once('?')?.1;
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(found, _)| *found == name)?.1.parse().ok()
    }
}

/// Answers in JSON.
pub fn answer(mut stream: &TcpStream, status: &str, lines: &[&str], body: &str) -> Option<()> {
    stream.write_all(text(status, lines, body).as_bytes()).ok()
}

/// An answer as it goes over the wire.
pub fn text(status: &str, lines: &[&str], body: &str) -> String {
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{lines}content-length: {length}\r\n\r\n{body}")
}
