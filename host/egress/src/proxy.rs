//! The proxy that requests leave by, where the configuration names one. The environment is never asked.
//!
//! Every target is reached by `CONNECT`, be it `https` or `http`: what was checked is what the tunnel leads to, and the
//! proxy's credential never stands among the headers of a connector's request. A proxy that opens tunnels to port 443
//! alone therefore refuses `http` targets.
//!
//! Before a target is handed to the proxy all is checked that is known here: the URL's spelling, the manifest, the
//! integration's grant, the hosts of the credential, an address that stands in the URL itself, and names that can only be
//! somebody's inside (one label, or an ending such as `.internal`). What a name resolves to is the proxy's knowledge, so
//! **addresses of names are not checked**: the proxy itself has to keep its clients out of the networks that are none of
//! theirs. What stands in `no_proxy` goes out directly, under all the checks of a direct connection, and so does this
//! machine.
//!
//! The proxy's own address is the operator's word, and may be a private one.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use data_encoding::BASE64;
use ipnet::IpNet;
use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::target::Target;

/// A proxy, and what does not go by it.
#[derive(Clone)]
pub struct Proxy(Arc<Inner>);

struct Inner {
    place: Target,
    /// `user:password`.
    credential: Option<Secret>,
    beside: Vec<Beside>,
}

/// What goes out directly.
#[derive(Debug, PartialEq, Eq)]
enum Beside {
    Name(String),
    /// With its leading dot.
    Below(String),
    Network(IpNet),
}

/// The configured proxy cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the configured proxy cannot be used: {reason}")]
pub struct ProxyError {
    reason: String,
}

impl ProxyError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        "egress.proxy_setting"
    }
}

impl Proxy {
    /// The proxy at `http://host:port`. `credential` is `user:password`; `no_proxy` has names (`erp.example.com`), names
    /// below others (`*.example.com`) and networks (`10.1.0.0/16`) that are reached without it.
    pub fn new(url: &str, credential: Option<Secret>, no_proxy: &[String]) -> Result<Self, ProxyError> {
        let wrong = |reason: String| ProxyError { reason };
        let place = Target::parse(url).map_err(|denial| wrong(denial.to_string()))?;
        if place.is_encrypted() || place.path_and_query() != "/" {
            return Err(wrong(format!("`{}` is not of the form `http://host:port`", place.place())));
        }
        let is_pair = |secret: &Secret| {
            let (user, rest) = secret.reveal().split_once(':').unwrap_or_default();
            !user.is_empty() && !rest.is_empty() && !secret.reveal().contains(char::is_control)
        };
        if credential.as_ref().is_some_and(|secret| !is_pair(secret)) {
            return Err(wrong("its credential is not one line of the form `user:password`".into()));
        }
        let beside = no_proxy.iter().map(|text| Beside::parse(text).ok_or_else(|| wrong(unknown(text))));
        Ok(Self(Arc::new(Inner { place, credential, beside: beside.collect::<Result<_, _>>()? })))
    }

    /// Its address, without a credential.
    pub fn address(&self) -> String {
        format!("{}:{}", self.0.place.host(), self.0.place.port())
    }

    /// Where it stands.
    pub(crate) fn target(&self) -> &Target {
        &self.0.place
    }

    /// Whether a request there goes by this proxy. To it, `localhost` and loopback addresses would be another machine.
    pub(crate) fn carries(&self, target: &Target) -> bool {
        !target.is_this_machine() && !self.0.beside.iter().any(|beside| beside.has(target.host(), target.address()))
    }

    /// The header that signs in at the proxy.
    pub(crate) fn authorization(&self) -> Option<Zeroizing<String>> {
        let pair = self.0.credential.as_ref()?;
        Some(Zeroizing::new(format!("Basic {}", *Zeroizing::new(BASE64.encode(pair.reveal().as_bytes())))))
    }
}

fn unknown(text: &str) -> String {
    format!("`{text}` of `no_proxy` is no name, `*.name` or network")
}

impl PartialEq for Proxy {
    /// Whether requests leave by it in the same way.
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.0.credential, &other.0.credential) {
            (Some(own), Some(other)) => own.is(other.reveal()),
            (own, other) => own.is_none() && other.is_none(),
        };
        same && self.0.place.place() == other.0.place.place() && self.0.beside == other.0.beside
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("address", &self.address())
            .field("beside", &self.0.beside)
            .finish_non_exhaustive()
    }
}

impl Beside {
    fn parse(text: &str) -> Option<Self> {
        if let Some(network) = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from)) {
            return Some(Self::Network(network));
        }
        let (is_below, name) = text.strip_prefix("*.").map_or((false, text), |rest| (true, rest));
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if name.is_empty() || name.split('.').any(str::is_empty) || !name.bytes().all(plain) {
            return None;
        }
        let name = name.to_ascii_lowercase();
        Some(if is_below { Self::Below(format!(".{name}")) } else { Self::Name(name) })
    }

    fn has(&self, host: &str, address: Option<IpAddr>) -> bool {
        match self {
            Self::Name(name) => host.eq_ignore_ascii_case(name),
            Self::Below(parent) => host.to_ascii_lowercase().ends_with(parent.as_str()),
            Self::Network(network) => address.is_some_and(|address| network.contains(&address)),
        }
    }
}

/// Endings that no public name has: reserved by RFC 6761, 6762, 8375 and ICANN, or in use for inner networks so widely
/// that they are not given out.
const INSIDE: [&str; 10] =
    ["localhost", "local", "localdomain", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa"];

/// Whether a name can only be one of somebody's inner network: one label, or an ending that is never public.
pub(crate) fn is_inside(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let is_below = |ending: &&str| host.strip_suffix(*ending).is_some_and(|above| above.ends_with('.'));
    !host.contains('.') || INSIDE.iter().any(is_below)
}
