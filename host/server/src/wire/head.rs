//! Whether the head of a request can be read in one way only.

/// What follows a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    /// So many bytes of a body, then the next head.
    Body(u64),
    /// A body in chunks; where it ends is not looked for, so it is the connection's last.
    Chunks,
}

/// Why a request is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Two servers could read it in two ways.
    Ambiguous,
    /// Its address is too long.
    Address,
    /// Its header fields are too many, or too large.
    Fields,
}

pub(super) const ADDRESS_MAX: usize = 8 * 1024;
pub(super) const FIELDS_MAX: usize = 100;
pub(super) const HEAD_MAX: usize = 16 * 1024;

/// Looks at a whole head: lines that end in CRLF, the last one empty.
pub(super) fn check(head: &[u8]) -> Result<Follows, Fault> {
    let text = head.strip_suffix(b"\r\n\r\n").ok_or(Fault::Ambiguous)?;
    let mut lines = text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let is_old = request_line(lines.next().unwrap_or_default())?;
    let mut fields = Fields::default();
    for (number, line) in lines.enumerate() {
        if number >= FIELDS_MAX {
            return Err(Fault::Fields);
        }
        fields.read(line)?;
    }
    fields.follows(is_old)
}

/// Says whether it is of HTTP/1.0.
fn request_line(line: &[u8]) -> Result<bool, Fault> {
    let mut parts = line.split(|byte| *byte == b' ');
    let (Some(method), Some(target), Some(version), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Fault::Ambiguous);
    };
    if target.len() > ADDRESS_MAX {
        return Err(Fault::Address);
    }
    let is_plain = !method.is_empty() && method.iter().all(|byte| is_token(*byte)) && !target.is_empty();
    match version {
        b"HTTP/1.1" if is_plain => Ok(false),
        b"HTTP/1.0" if is_plain => Ok(true),
        _ => Err(Fault::Ambiguous),
    }
}

#[derive(Default)]
struct Fields {
    hosts: usize,
    length: Option<u64>,
    chunked: bool,
}

impl Fields {
    fn read(&mut self, line: &[u8]) -> Result<(), Fault> {
        // A line that begins with a space is folded into the one before by some, and stands alone for others.
        let end = line.iter().position(|byte| *byte == b':').ok_or(Fault::Ambiguous)?;
        let (name, value) = (&line[..end], line[end + 1..].trim_ascii());
        if name.is_empty() || !name.iter().all(|byte| is_token(*byte)) || value.iter().any(|byte| is_control(*byte)) {
            return Err(Fault::Ambiguous);
        }
        match name.to_ascii_lowercase().as_slice() {
            b"host" => self.hosts += 1,
            b"content-length" => match self.length {
                None => self.length = Some(number(value)?),
                Some(_) => return Err(Fault::Ambiguous),
            },
            b"transfer-encoding" => {
                if self.chunked || !value.eq_ignore_ascii_case(b"chunked") {
                    return Err(Fault::Ambiguous);
                }
                self.chunked = true;
            }
            _ => {}
        }
        Ok(())
    }

    const fn follows(&self, is_old: bool) -> Result<Follows, Fault> {
        let hosts_are_right = self.hosts == 1 || is_old && self.hosts == 0;
        match (self.chunked, self.length) {
            _ if !hosts_are_right => Err(Fault::Ambiguous),
            (true, None) if !is_old => Ok(Follows::Chunks),
            (true, _) => Err(Fault::Ambiguous),
            (false, Some(length)) => Ok(Follows::Body(length)),
            (false, None) => Ok(Follows::Body(0)),
        }
    }
}

/// Digits and nothing else: no sign, no list, no other base.
fn number(value: &[u8]) -> Result<u64, Fault> {
    let is_plain = !value.is_empty() && value.len() <= 15 && value.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(value).ok().filter(|_| is_plain);
    text.and_then(|text| text.parse().ok()).ok_or(Fault::Ambiguous)
}

const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

const fn is_control(byte: u8) -> bool {
    byte < b' ' && byte != b'\t' || byte == 0x7f
}

#[cfg(test)]
mod tests {
    use super::{FIELDS_MAX, Fault, Follows, check};

    fn of(lines: &str) -> Result<Follows, Fault> {
        check(format!("POST / HTTP/1.1\r\nHost: a\r\n{lines}\r\n").as_bytes())
    }

    #[test]
    fn what_can_be_read_in_one_way_is_read() {
        assert_eq!(of(""), Ok(Follows::Body(0)));
        assert_eq!(of("Content-Length: 12\r\n"), Ok(Follows::Body(12)));
        assert_eq!(of("Transfer-Encoding: Chunked\r\n"), Ok(Follows::Chunks));
        assert_eq!(check(b"GET / HTTP/1.0\r\n\r\n"), Ok(Follows::Body(0)));
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not() {
        for lines in [
            "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n",
            "Content-Length: 1\r\nContent-Length: 1\r\n",
            "Content-Length: 1, 1\r\n",
            "Content-Length: +1\r\n",
            "Content-Length: 0x1\r\n",
            "Content-Length: \r\n",
            "Content-Length : 1\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: chunked, identity\r\n",
            "Transfer-Encoding: \x0bchunked\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding\r\n : chunked\r\n",
            "X: a\r\n Content-Length: 1\r\n",
            "X: a\rTransfer-Encoding: chunked\r\n",
            "X: a\0b\r\n",
            "Host: b\r\n",
            "nothing\r\n",
        ] {
            assert_eq!(of(lines), Err(Fault::Ambiguous), "{lines:?}");
        }
        for head in
            ["GET  / HTTP/1.1", "GET / HTTP/1.1 ", "GET /", "GET / HTTP/2.0", " GET / HTTP/1.1", "G\tT / HTTP/1.1"]
        {
            assert_eq!(check(format!("{head}\r\nHost: a\r\n\r\n").as_bytes()), Err(Fault::Ambiguous), "{head}");
        }
        assert_eq!(check(b"GET / HTTP/1.1\r\n\r\n"), Err(Fault::Ambiguous), "without a host");
    }

    #[test]
    fn too_much_is_told_apart() {
        assert_eq!(of(&"X: a\r\n".repeat(FIELDS_MAX)), Err(Fault::Fields));
        let long = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(9_000));
        assert_eq!(check(long.as_bytes()), Err(Fault::Address));
    }
}
