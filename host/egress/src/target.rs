//! A URL, read once and in one way only.

use std::net::{IpAddr, Ipv6Addr};

use url::{Host, Position, Url};

use crate::refusal::Denial;

const BYTES_MAX: usize = 64 * 1024;

/// Where a request goes. What is checked is what is connected to.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    url: Url,
    port: u16,
}

impl Target {
    /// Refuses every spelling that two readers could take for two places.
    pub(crate) fn parse(text: &str) -> Result<Self, Denial> {
        let refuse = |reason| Denial::Url { reason };
        if text.len() > BYTES_MAX {
            return Err(refuse("it is longer than 64 KiB"));
        }
        if text.bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'\\') {
            return Err(refuse("it has a space, a backslash or a control character in it"));
        }
        let authority = authority(text).ok_or_else(|| refuse("it does not begin with `http://` or `https://`"))?;
        if authority.contains('@') {
            return Err(refuse("it has a user name in it"));
        }
        if !authority.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte)) {
            return Err(refuse("its host has a character that hosts do not have"));
        }
        let url = Url::parse(text).map_err(|_| refuse("it is malformed"))?;
        let port = url.port_or_known_default().filter(|port| *port != 0).ok_or_else(|| refuse("it has no port"))?;
        if !is_written_plainly(&url, authority) {
            return Err(refuse("its host is written in an unusual way"));
        }
        Ok(Self { url, port })
    }

    pub(crate) fn scheme(&self) -> &str {
        self.url.scheme()
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether the URL itself says that the packets stay here.
    pub(crate) fn is_this_machine(&self) -> bool {
        self.address().map_or_else(|| self.host() == "localhost", |address| address.is_loopback())
    }

    /// The name or address; an IPv6 address in brackets.
    pub(crate) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The address, where the URL has one instead of a name.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        match self.url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            Some(Host::Domain(_)) | None => None,
        }
    }

    /// Scheme, host and port, and nothing that could be a secret.
    pub(crate) fn place(&self) -> String {
        format!("{}://{}:{}", self.scheme(), self.host(), self.port)
    }

    /// What the `Host` header says.
    pub(crate) fn host_header(&self) -> &str {
        &self.url[Position::BeforeHost..Position::AfterPort]
    }

    /// Path and query, as the request line has them.
    pub(crate) fn path_and_query(&self) -> &str {
        &self.url[Position::BeforePath..Position::AfterQuery]
    }

    /// Path and query apart; the latter without its question mark.
    pub(crate) fn path_and_query_apart(&self) -> (&str, Option<&str>) {
        (self.url.path(), self.url.query())
    }

    /// The same target with another query.
    pub(crate) fn with_query(&self, query: &str) -> Self {
        let mut with = self.clone();
        with.url.set_query(Some(query));
        with
    }

    /// The same target with one more parameter in its query.
    pub(crate) fn with_parameter(&self, name: &str, value: &str) -> Self {
        let mut with = self.clone();
        with.url.query_pairs_mut().append_pair(name, value);
        with
    }
}

fn authority(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    let known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    known.then(|| rest.split(['/', '?', '#']).next().unwrap_or_default())
}

/// What the parser understood is what stands there: no hexadecimal addresses, no encoded names, no zones, no odd ports.
fn is_written_plainly(url: &Url, authority: &str) -> bool {
    let after_brackets = authority.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = match authority[after_brackets..].find(':') {
        Some(colon) => authority.split_at(after_brackets + colon),
        None => (authority, ""),
    };
    let is_port_plain = port.is_empty() || port[1..].starts_with(|first: char| first != '0');
    let is_host_plain = match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case(host),
        Some(Host::Ipv4(address)) => host == address.to_string(),
        Some(Host::Ipv6(address)) => {
            let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            bare.and_then(|bare| bare.parse::<Ipv6Addr>().ok()) == Some(address)
        }
        None => false,
    };
    is_port_plain && is_host_plain
}
