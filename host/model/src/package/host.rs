//! Which hosts a connector may reach: patterns in the manifest, rules once a connection's configuration is known.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::template::{is_name, scalar};

/// `[http://|https://]HOST[:PORT]`, where HOST is one of
///
/// - a name or address: `api.example.com`, `192.0.2.7`, `[2001:db8::7]`;
/// - `*.example.com`: every name below `example.com`, not that name itself;
/// - a name in which whole labels come from the configuration: `{shop}.example.com`. The value must be one label
///   (letters, digits, inner hyphens), so that a configured value never reaches another domain; the last two labels are
///   always written out;
/// - `{base_url}` alone: host, port and scheme of that configured URL (or `host[:port]`). A pattern of this form takes no
///   scheme or port of its own.
///
/// Without a scheme it is `https`; without a port it is the scheme's own. Names are compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct HostPattern {
    text: String,
    form: Form,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Form {
    Configured(String),
    Written { scheme: Scheme, labels: String, port: u16 },
}

/// One place a connection may reach, with nothing left to fill in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostRule {
    scheme: Scheme,
    host: Host,
    port: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Scheme {
    Http,
    Https,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Host {
    Address(IpAddr),
    Name(String),
    Below(String),
}

/// Why a pattern cannot be read, or not be filled in from this configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// The text is no pattern.
    #[error("`{text}` is no host pattern: {reason}")]
    Malformed {
        /// As it was written.
        text: String,
        /// What was expected.
        reason: &'static str,
    },
    /// The pattern names a setting that the connection does not have.
    #[error("the setting `{setting}` says which host to reach and is not set")]
    Missing {
        /// The setting's name.
        setting: String,
    },
    /// The setting cannot be part of a host.
    #[error("the setting `{setting}` cannot say which host to reach: {reason}")]
    Unusable {
        /// The setting's name.
        setting: String,
        /// What was expected.
        reason: &'static str,
    },
}

impl HostPattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        let malformed = |reason| HostError::Malformed { text: text.to_owned(), reason };
        if let Some(name) = whole_setting(text) {
            return Ok(Self { text: text.to_owned(), form: Form::Configured(name.to_owned()) });
        }
        let (scheme, rest) = scheme_of(text).map_err(malformed)?;
        let (labels, port) = port_of(rest).map_err(malformed)?;
        check_written(&labels).map_err(malformed)?;
        let form = Form::Written { scheme, labels, port: port.unwrap_or(scheme.port()) };
        Ok(Self { text: text.to_owned(), form })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The settings it takes its host from.
    pub fn settings(&self) -> Vec<&str> {
        match &self.form {
            Form::Configured(name) => vec![name],
            Form::Written { labels, .. } => labels.split('.').filter_map(whole_setting).collect(),
        }
    }

    /// Whether whatever `other` reaches is reached by this pattern too, for every configuration. Two settings are two
    /// things, whatever their values; a setting in a label stands for one label.
    pub fn covers(&self, other: &Self) -> bool {
        match (&self.form, &other.form) {
            (Form::Configured(own), Form::Configured(asked)) => own == asked,
            (
                Form::Written { scheme, labels, port },
                Form::Written { scheme: other_scheme, labels: asked, port: other_port },
            ) => scheme == other_scheme && port == other_port && covers_labels(labels, asked),
            _ => false,
        }
    }

    /// The rule this pattern means for a connection so configured (defaults filled in).
    pub fn expand(&self, configuration: &Map<String, Value>) -> Result<HostRule, HostError> {
        match &self.form {
            Form::Configured(setting) => {
                let value = configured(configuration, setting)?;
                HostRule::of_url(&value).map_err(|reason| HostError::Unusable { setting: setting.clone(), reason })
            }
            Form::Written { scheme, labels, port } => {
                let filled = filled(labels, configuration)?;
                let host = Host::parse(&filled).map_err(|reason| HostError::Malformed { text: filled, reason })?;
                Ok(HostRule { scheme: *scheme, host, port: *port })
            }
        }
    }
}

impl HostRule {
    /// Whether a connection to `host` (a name, or an address with or without brackets) may be opened. The address that a
    /// name resolves to is judged elsewhere, when connecting.
    pub fn admits(&self, scheme: &str, host: &str, port: u16) -> bool {
        scheme.eq_ignore_ascii_case(self.scheme.as_str()) && port == self.port && self.host.admits(host)
    }

    /// Whether this rule is for one address rather than for names.
    pub fn is_address(&self) -> bool {
        matches!(self.host, Host::Address(_))
    }

    /// The rule for the place of one URL, or of a bare `host[:port]`; what follows the place does not matter.
    pub fn of_url(value: &str) -> Result<Self, &'static str> {
        let (scheme, rest) = scheme_of(value)?;
        let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err("a URL with a user name in it is not accepted");
        }
        let (host, port) = port_of(authority)?;
        if host.contains(['*', '{', '}']) {
            return Err("one host is expected");
        }
        Ok(Self { scheme, host: Host::parse(&host)?, port: port.unwrap_or(scheme.port()) })
    }
}

impl fmt::Display for HostRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme.as_str(), self.host, self.port)
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for HostPattern {
    type Error = HostError;

    fn try_from(text: String) -> Result<Self, HostError> {
        Self::parse(&text)
    }
}

impl From<HostPattern> for String {
    fn from(pattern: HostPattern) -> Self {
        pattern.text
    }
}

impl Scheme {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl Host {
    fn parse(text: &str) -> Result<Self, &'static str> {
        if let Some(address) = address(text) {
            return Ok(Self::Address(address));
        }
        if let Some(parent) = text.strip_prefix("*.") {
            check_name(parent)?;
            return if parent.contains('.') {
                Ok(Self::Below(parent.to_ascii_lowercase()))
            } else {
                Err("below `*.` stand two labels at least")
            };
        }
        check_name(text)?;
        Ok(Self::Name(text.to_ascii_lowercase()))
    }

    fn admits(&self, host: &str) -> bool {
        match self {
            Self::Address(own) => address(host) == Some(*own),
            Self::Name(own) => host.eq_ignore_ascii_case(own),
            Self::Below(parent) => {
                let host = host.to_ascii_lowercase();
                check_name(&host).is_ok()
                    && host.strip_suffix(parent.as_str()).is_some_and(|below| below.len() > 1 && below.ends_with('.'))
            }
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
            Self::Address(IpAddr::V4(address)) => write!(f, "{address}"),
            Self::Name(name) => f.write_str(name),
            Self::Below(parent) => write!(f, "*.{parent}"),
        }
    }
}

/// Whether `own` means every host that `asked` does. Names without settings are compared without regard to case.
fn covers_labels(own: &str, asked: &str) -> bool {
    let same = |one: &str, other: &str| {
        one == other
            || (whole_setting(one).is_none() && whole_setting(other).is_none() && one.eq_ignore_ascii_case(other))
    };
    let all_same = |own: &[&str], asked: &[&str]| {
        own.len() == asked.len() && own.iter().zip(asked).all(|(one, other)| same(one, other))
    };
    if let (Some(own), Some(asked)) = (address(own), address(asked)) {
        return own == asked;
    }
    let (own_labels, asked_labels): (Vec<&str>, Vec<&str>) = (own.split('.').collect(), asked.split('.').collect());
    match own_labels.split_first() {
        Some((&"*", parent)) => {
            // `*` stands for one label or more, and the label above the parent may be any.
            let above = asked_labels.len().checked_sub(parent.len()).filter(|above| *above > 0);
            address(asked).is_none() && above.is_some_and(|above| all_same(parent, &asked_labels[above..]))
        }
        _ => all_same(&own_labels, &asked_labels),
    }
}

fn scheme_of(text: &str) -> Result<(Scheme, &str), &'static str> {
    match text.split_once("://") {
        None => Ok((Scheme::Https, text)),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => Ok((Scheme::Https, rest)),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => Ok((Scheme::Http, rest)),
        Some(_) => Err("the scheme is `https` or `http`"),
    }
}

fn port_of(authority: &str) -> Result<(String, Option<u16>), &'static str> {
    let after_brackets = authority.rfind(']').map_or(0, |at| at + 1);
    let Some(colon) = authority[after_brackets..].rfind(':').map(|at| at + after_brackets) else {
        return Ok((authority.to_owned(), None));
    };
    let digits = &authority[colon + 1..];
    let port = digits.parse().ok().filter(|port| *port != 0 && digits.bytes().all(|byte| byte.is_ascii_digit()));
    Ok((authority[..colon].to_owned(), Some(port.ok_or("a port is a number from 1 to 65535")?)))
}

/// An address as it stands in a URL: dotted IPv4, or IPv6 with or without brackets.
fn address(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    bare.unwrap_or(host).parse().ok()
}

fn check_written(labels: &str) -> Result<(), &'static str> {
    let labels: Vec<&str> = labels.split('.').collect();
    let written = |label: &&str| whole_setting(label).is_none();
    if !labels.iter().all(written) && !labels.iter().rev().take(2).all(written) {
        return Err("the last two labels are written out, so that a setting never chooses the domain");
    }
    let sample: Vec<&str> = labels.iter().map(|label| if written(label) { *label } else { "x" }).collect();
    Host::parse(&sample.join(".")).map(|_| ())
}

fn check_name(name: &str) -> Result<(), &'static str> {
    if !name.is_ascii() {
        return Err("a name in letters beyond ASCII is written in its `xn--` form");
    }
    if name.len() > 253 || !name.split('.').all(is_label) {
        return Err("labels of letters, digits and inner hyphens, joined by dots, are expected");
    }
    // `127.1`, `0x7f.0.0.1` and `2130706433` are addresses to some resolvers and names to others.
    if name.rsplit('.').next().is_some_and(|last| last.starts_with(|first: char| first.is_ascii_digit())) {
        return Err("an address is written in its four-part or bracketed form");
    }
    Ok(())
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

fn whole_setting(text: &str) -> Option<&str> {
    text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).filter(|name| is_name(name))
}

fn configured(configuration: &Map<String, Value>, setting: &str) -> Result<String, HostError> {
    let value = configuration.get(setting).and_then(scalar).filter(|value| !value.is_empty());
    value.ok_or_else(|| HostError::Missing { setting: setting.to_owned() })
}

fn filled(labels: &str, configuration: &Map<String, Value>) -> Result<String, HostError> {
    // A dot inside brackets belongs to an address, which has no settings in it.
    let labels: Result<Vec<String>, HostError> = labels
        .split('.')
        .map(|label| match whole_setting(label) {
            None => Ok(label.to_owned()),
            Some(setting) => {
                let value = configured(configuration, setting)?;
                let reason = "one label of letters, digits and inner hyphens is expected";
                let unusable = HostError::Unusable { setting: setting.to_owned(), reason };
                if is_label(&value) { Ok(value) } else { Err(unusable) }
            }
        })
        .collect();
    Ok(labels?.join("."))
}
