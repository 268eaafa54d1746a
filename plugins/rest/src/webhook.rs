//! Webhooks that the platform signs with the hook's secret, taken as the settings describe.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use weighbridge_sdk::{Answer, Delivery, Hook};
use weighbridge_sdk::{Failure, secrets};

use crate::connection::stream;
use crate::field::{Field, scalar};
use crate::settings::Settings;

/// By this name the host knows the secret of the connection's hook.
const SCHEME: &str = "webhook";

/// How the platform signs what it tells, and where the records are in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// The header with the signature of the body.
    pub signature_header: String,
    /// What stands before the signature in it, such as `sha256=`.
    #[serde(default)]
    pub signature_prefix: String,
    /// How the signature is made.
    #[serde(default)]
    pub algorithm: Algorithm,
    /// How it is written.
    #[serde(default)]
    pub encoding: Encoding,
    /// The header with the platform's own id of a delivery, where it has one.
    #[serde(default)]
    pub id_header: Option<String>,
    /// JSON Pointers to the records in the body, by stream; one record may stand there alone.
    pub records: BTreeMap<String, String>,
    /// The field that a platform wants back, where it tries an address before it uses it: a name or a JSON Pointer.
    #[serde(default)]
    pub challenge: Option<String>,
}

/// How a signature is made.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// HMAC-SHA-256.
    #[default]
    HmacSha256,
    /// HMAC-SHA-512.
    HmacSha512,
    /// HMAC-SHA-1.
    HmacSha1,
}

/// How a signature is written.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// Two digits a byte.
    #[default]
    Hex,
    /// Standard Base64.
    Base64,
}

impl Algorithm {
    const fn name(self) -> &'static str {
        match self {
            Self::HmacSha256 => "hmac-sha256",
            Self::HmacSha512 => "hmac-sha512",
            Self::HmacSha1 => "hmac-sha1",
        }
    }
}

impl Encoding {
    fn read(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Hex => data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok(),
            Self::Base64 => data_encoding::BASE64.decode(text.as_bytes()).ok(),
        }
    }
}

/// Checks the signature, and only then looks at the body.
pub(crate) fn receive(settings: &Settings, hook: &Hook) -> Result<Answer, Failure> {
    let Some(webhooks) = &settings.webhooks else { return Err(Failure::unsupported("receive webhooks")) };
    verify(webhooks, hook)?;
    if let Some(challenge) = webhooks.challenge.as_deref().and_then(|field| Field::parse(field).of(&hook.body)) {
        let body = scalar(&challenge).unwrap_or_default().into_bytes();
        return Ok(Answer { status: 200, body, deliveries: Vec::new() });
    }
    let id = webhooks.id_header.as_deref().and_then(|name| header(hook, name)).unwrap_or_default();
    let mut deliveries = Vec::new();
    for (name, pointer) in &webhooks.records {
        stream(settings, name)?;
        let records = records(&hook.body, pointer)?;
        if !records.is_empty() {
            deliveries.push(Delivery { stream: name.clone(), id: id.to_owned(), records });
        }
    }
    Ok(Answer { status: 202, body: Vec::new(), deliveries })
}

fn verify(webhooks: &WebhookSettings, hook: &Hook) -> Result<(), Failure> {
    let sent = header(hook, &webhooks.signature_header).and_then(|text| text.strip_prefix(&webhooks.signature_prefix));
    let signature = sent.and_then(|text| webhooks.encoding.read(text));
    let signature = signature.ok_or_else(|| unproven("the signature is missing, or not written as it is set"))?;
    match secrets::verify(SCHEME, webhooks.algorithm.name(), &hook.body, &signature)? {
        true => Ok(()),
        false => Err(unproven("the signature is not the one of this body")),
    }
}

fn unproven(message: &str) -> Failure {
    Failure::auth("rest.signature_wrong", message)
}

fn header<'a>(hook: &'a Hook, name: &str) -> Option<&'a str> {
    let found = hook.headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

/// The records at a pointer, one a line and else as they came; none where nothing stands there.
fn records(body: &[u8], pointer: &str) -> Result<Vec<u8>, Failure> {
    let mut found: Option<&RawValue> = Some(serde_json::from_slice(body).map_err(|error| malformed(&error))?);
    for segment in pointer.split('/').skip(1) {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        let below = found.filter(|value| value.get().starts_with('{'));
        let fields: Option<BTreeMap<String, &RawValue>> =
            below.map(|value| serde_json::from_str(value.get())).transpose().map_err(|error| malformed(&error))?;
        found = fields.and_then(|fields| fields.get(&segment).copied());
    }
    let found = match found.map(RawValue::get) {
        None | Some("null") => Vec::new(),
        Some(all) if all.starts_with('[') => serde_json::from_str(all).map_err(|error| malformed(&error))?,
        Some(_) => found.into_iter().collect(),
    };
    let mut lines = Vec::new();
    for record in found {
        if !record.get().starts_with('{') {
            return Err(malformed(&"what is to be a record is no object"));
        }
        // A text has none of these inside: they stand between the parts of a record only.
        lines.extend(record.get().bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }));
        lines.push(b'\n');
    }
    Ok(lines)
}

fn malformed(error: &dyn std::fmt::Display) -> Failure {
    Failure::config("rest.webhook_malformed", error.to_string())
}
