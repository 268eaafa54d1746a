//! Signing requests with a shared key: the auth method `hmac`, as pure functions.
//!
//! A template says what is signed and others say which headers are sent. Beside configuration (`{name}`) and secrets
//! (`{secret.name}`) they may mention the parts of the request in [`PARTS`], and headers the `{signature}` too.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha512};

use super::template::{Template, TemplateError, Values};
use crate::time::Timestamp;

/// What a template may mention of a request.
pub const PARTS: [&str; 11] = [
    "method",
    "host",
    "path",
    "query",
    "target",
    "body",
    "body_sha256_hex",
    "body_sha256_base64",
    "body_sha512_hex",
    "body_sha512_base64",
    "timestamp",
];

const SIGNATURE: &str = "signature";

/// The hash under the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum HmacAlgorithm {
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
    /// HMAC-SHA-1, for platforms that have nothing else.
    Sha1,
}

impl HmacAlgorithm {
    /// By the name that the `secrets` interface uses: `hmac-sha256`, `hmac-sha512`, `hmac-sha1`.
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "hmac-sha256" => Some(Self::Sha256),
            "hmac-sha512" => Some(Self::Sha512),
            "hmac-sha1" => Some(Self::Sha1),
            _ => None,
        }
    }
}

/// How bytes are written as text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Two lower-case digits a byte.
    #[default]
    Hex,
    /// Standard Base64 with padding.
    Base64,
}

/// How the key's bytes stand in the secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KeyEncoding {
    /// The bytes of the text are the key.
    #[default]
    Text,
    /// Hexadecimal digits.
    Hex,
    /// Standard Base64 with padding.
    Base64,
}

/// How `{timestamp}` is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimestampFormat {
    /// Seconds since 1970, as `1749988800`.
    #[default]
    Seconds,
    /// Milliseconds since 1970.
    Millis,
    /// `2025-06-15T12:00:00Z`.
    Rfc3339,
    /// `20250615T120000Z`.
    Basic,
    /// `Sun, 15 Jun 2025 12:00:00 GMT`, as the header `Date` has it.
    Http,
}

/// What is signed of each request, and which headers are sent for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HmacSend {
    /// The text to sign, such as `{method}\n{target}\n{timestamp}\n{body}`.
    pub sign: Template,
    /// The headers sent, by name; at least one has the `{signature}`.
    pub headers: BTreeMap<String, Template>,
    /// How the signature is written.
    #[serde(default, skip_serializing_if = "is_default")]
    pub encoding: Encoding,
    /// How the time of the request is written.
    #[serde(default, skip_serializing_if = "is_default")]
    pub timestamp: TimestampFormat,
}

/// A request, as far as a signature speaks of it.
#[derive(Clone, Copy, Debug)]
pub struct Signable<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The host, with its port where that is not the scheme's own: what the header `Host` says.
    pub host: &'a str,
    /// The path, as the request line has it.
    pub path: &'a str,
    /// The query string without its question mark, where there is one.
    pub query: Option<&'a str>,
    /// The body; empty where there is none.
    pub body: &'a [u8],
    /// When it is sent.
    pub now: Timestamp,
}

type Given<'a> = BTreeMap<&'static str, Cow<'a, [u8]>>;

impl HmacSend {
    /// The bytes to sign.
    pub fn payload(&self, request: &Signable<'_>, values: &Values<'_>) -> Result<Vec<u8>, TemplateError> {
        self.sign.render_bytes(values, &self.given(request, [&self.sign]))
    }

    /// The headers to send.
    pub fn headers(
        &self,
        request: &Signable<'_>,
        signature: &[u8],
        values: &Values<'_>,
    ) -> Result<Vec<(String, Vec<u8>)>, TemplateError> {
        let mut given = self.given(request, self.headers.values());
        given.insert(SIGNATURE, self.encoding.write(signature).into_bytes().into());
        let fill = |(name, template): (&String, &Template)| Ok((name.clone(), template.render_bytes(values, &given)?));
        self.headers.iter().map(fill).collect()
    }

    /// The names of the secrets that its templates mention, in order.
    pub fn secret_names(&self) -> BTreeSet<&str> {
        self.templates().flat_map(|(_, template)| template.secrets()).collect()
    }

    /// The first thing wrong with it that its shape does not show: the place in it and a sentence. `configuration` is the
    /// manifest's schema.
    pub(super) fn first_fault(&self, configuration: &Value) -> Option<(&'static str, String)> {
        if let Some(name) = self.headers.keys().find(|name| !is_header_name(name)) {
            return Some(("send/headers", format!("`{name}` is no name of a header")));
        }
        let settings = configuration.get("properties").and_then(Value::as_object);
        let is_setting = |name: &str| settings.is_some_and(|settings| settings.contains_key(name));
        for (place, template) in self.templates() {
            if let Some(name) = template.captures().first() {
                return Some((place, format!("`{{capture.{name}}}` belongs to a login, and there is none here")));
            }
            for name in template.configured() {
                let is_part = PARTS.contains(&name) || (name == SIGNATURE && place != "send/sign");
                if is_part && is_setting(name) {
                    return Some((
                        place,
                        format!("`{{{name}}}` is a part of the request and a setting: rename the latter"),
                    ));
                }
                if !is_part && !is_setting(name) {
                    return Some((place, format!("`{{{name}}}` is neither a part of the request nor a setting")));
                }
            }
        }
        let signed = self.headers.values().any(|template| template.configured().contains(SIGNATURE));
        (!signed).then(|| ("send/headers", "no header has the `{signature}`".to_owned()))
    }

    fn templates(&self) -> impl Iterator<Item = (&'static str, &Template)> {
        let headers = self.headers.values().map(|template| ("send/headers", template));
        std::iter::once(("send/sign", &self.sign)).chain(headers)
    }

    /// The parts of the request that the templates mention.
    fn given<'a, 't>(&self, request: &Signable<'a>, templates: impl IntoIterator<Item = &'t Template>) -> Given<'a> {
        let named: BTreeSet<&str> = templates.into_iter().flat_map(Template::configured).collect();
        let parts = PARTS.into_iter().filter(|part| named.contains(part));
        parts.map(|part| (part, self.part(part, request))).collect()
    }

    fn part<'a>(&self, name: &str, request: &Signable<'a>) -> Cow<'a, [u8]> {
        let text = |text: String| Cow::Owned(text.into_bytes());
        match name {
            "method" => request.method.as_bytes().into(),
            "host" => request.host.as_bytes().into(),
            "path" => request.path.as_bytes().into(),
            "query" => request.query.unwrap_or_default().as_bytes().into(),
            "target" => match request.query {
                Some(query) => text(format!("{}?{query}", request.path)),
                None => request.path.as_bytes().into(),
            },
            "body_sha256_hex" => text(Encoding::Hex.write(&Sha256::digest(request.body))),
            "body_sha256_base64" => text(Encoding::Base64.write(&Sha256::digest(request.body))),
            "body_sha512_hex" => text(Encoding::Hex.write(&Sha512::digest(request.body))),
            "body_sha512_base64" => text(Encoding::Base64.write(&Sha512::digest(request.body))),
            "timestamp" => text(self.timestamp.write(request.now)),
            _ => request.body.into(),
        }
    }
}

impl Encoding {
    fn write(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => HEXLOWER.encode(bytes),
            Self::Base64 => BASE64.encode(bytes),
        }
    }
}

impl KeyEncoding {
    /// The key that a secret means, where it is well-formed.
    pub fn read(self, secret: &str) -> Option<Vec<u8>> {
        match self {
            Self::Text => Some(secret.as_bytes().to_vec()),
            Self::Hex => data_encoding::HEXLOWER_PERMISSIVE.decode(secret.as_bytes()).ok(),
            Self::Base64 => BASE64.decode(secret.as_bytes()).ok(),
        }
    }
}

impl TimestampFormat {
    /// An instant, so written; an instant no calendar has is written in its milliseconds.
    pub fn write(self, now: Timestamp) -> String {
        let millis = now.as_millis();
        let calendar = |format: &str| {
            let instant = jiff::Timestamp::from_second(millis.div_euclid(1000));
            instant.map_or_else(|_| millis.to_string(), |instant| instant.strftime(format).to_string())
        };
        match self {
            Self::Seconds => millis.div_euclid(1000).to_string(),
            Self::Millis => millis.to_string(),
            Self::Rfc3339 => calendar("%Y-%m-%dT%H:%M:%SZ"),
            Self::Basic => calendar("%Y%m%dT%H%M%SZ"),
            Self::Http => calendar("%a, %d %b %Y %H:%M:%S GMT"),
        }
    }
}

fn is_header_name(name: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
