//! The manifest: everything a host must know of a connector before it runs any of its code.

use std::collections::BTreeSet;

use semver::Version;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::auth::{AuthMethod, AuthScheme};
use super::capability::{Capability, Direction, Mode};
use super::host::HostPattern;
use super::{preset, unique};
use crate::folder::{FOLDERS_MAX, FolderAccess, is_folder_name};

/// The version of the contract (WIT package) that this host keeps.
pub const CONTRACT: &str = "0.1.0";

/// The most bytes a manifest may have.
pub const MANIFEST_BYTES_MAX: usize = 1 << 20;

/// What the section `weighbridge:manifest` holds, as UTF-8 JSON. Unknown and repeated keys are errors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `publisher.platform`, in lower case with at least one dot.
    pub name: String,
    /// The version of the connector; a host never goes down by itself.
    #[schemars(with = "String")]
    pub version: Version,
    /// Who signs it.
    pub publisher: String,
    /// What a person reads.
    pub title: String,
    /// What it connects, in a sentence.
    pub summary: String,
    /// A picture as a `data:` URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// The version of the contract (WIT package) it was built for.
    #[schemars(with = "String")]
    pub contract: Version,
    /// What it can do.
    pub capabilities: Vec<Capability>,
    /// JSON Schema 2020-12 of a connection's configuration. No secret lives in it.
    #[serde(default = "any_object")]
    pub configuration: Value,
    /// Fixed configuration that the component is given beside a connection's own: the whole of a connector that has no code
    /// of its own. It names no setting of the form, and hosts and sign-ins do not name it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub preset: Map<String, Value>,
    /// The ways to sign in; a connection uses one of them.
    #[serde(default)]
    pub auth: Vec<AuthScheme>,
    /// The hosts it may reach.
    #[serde(default)]
    pub hosts: Vec<HostPattern>,
    /// The folders of the host that it reads and writes, where the operator grants them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folders: Vec<FolderWish>,
    /// What it asks for beyond the defaults; the operator caps it.
    #[serde(default, skip_serializing_if = "Limits::is_default")]
    pub limits: Limits,
    /// What the platform allows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rate_limits: Vec<RateLimit>,
    /// That the platform tells by webhooks what changed, and how it proves that it is the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhooks: Option<Webhooks>,
    /// SPDX expression of the connector's own licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Where a person reads on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documentation: Option<String>,
}

/// That a connector takes webhooks. Each of its connections gets an address of its own, which the connector finds in its
/// configuration as `webhook_address`, and a secret that it checks signatures with by the name `webhook`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    /// How that secret is written.
    #[serde(default, skip_serializing_if = "HookSecret::is_text")]
    pub secret: HookSecret,
    /// The setting without which a connection takes none; every one takes them where no setting is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
}

/// How the secret of a hook is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HookSecret {
    /// As a text whose bytes are the key.
    #[default]
    Text,
    /// As the Standard Webhooks specification has it: `whsec_` and the key as base64.
    Standard,
    /// As the secret of the OAuth client that the connection signs in by: the platform has no other.
    OauthClient,
}

impl HookSecret {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
    const fn is_text(&self) -> bool {
        matches!(self, Self::Text)
    }
}

/// A folder that a connector asks for by name. Where it is on a host, only the operator says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FolderWish {
    /// The name by which the connector asks for it, or `*` for those that the settings of a connection name.
    pub name: String,
    /// What it does there.
    pub access: FolderAccess,
    /// What it is for, in a sentence for the operator.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub purpose: String,
}

/// What a connector asks for; absent means the host's default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Memory in total, in MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_mib: Option<u32>,
    /// Wall time of one call, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_ms: Option<u32>,
}

/// So many requests in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// How many requests.
    pub requests: u32,
    /// In how many milliseconds.
    pub per_ms: u64,
}

/// Why a manifest is refused. The code is `malformed`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the manifest is malformed at `{place}`: {reason}")]
pub struct ManifestError {
    /// A JSON Pointer into the manifest, or `line L column C` where it is no JSON.
    pub place: String,
    /// What is wrong there.
    pub reason: String,
}

impl Manifest {
    /// Reads and checks a manifest.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        if bytes.len() > MANIFEST_BYTES_MAX {
            return Err(fault("", format!("it has more than {MANIFEST_BYTES_MAX} bytes")));
        }
        unique::check(bytes).map_err(|error| unreadable(&error))?;
        let manifest: Self = serde_json::from_slice(bytes).map_err(|error| unreadable(&error))?;
        manifest.check()?;
        Ok(manifest)
    }

    /// The one way of writing a manifest down, so that equal manifests have equal bytes.
    pub fn to_canonical_json(&self) -> Vec<u8> {
        // Every field is a string, a number, a list or a map with string keys: nothing here can fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The capability for a stream in a direction: one of that name, else the one for configured streams (`*`).
    pub fn capability(&self, stream: &str, direction: Direction) -> Option<&Capability> {
        let find = |name: &str| self.capabilities.iter().find(|one| one.direction == direction && one.stream == name);
        find(stream).or_else(|| find("*"))
    }

    /// Whether the connector has a setting `auth` that takes the name of this auth scheme.
    pub fn tells_scheme(&self, scheme: &str) -> bool {
        let words = self.configuration["properties"]["auth"]["enum"].as_array();
        words.is_some_and(|words| words.iter().any(|word| word == scheme)) && self.scheme(scheme).is_some()
    }

    /// What it asks to do with a folder of this name: by that name, else among those that its settings name (`*`).
    pub fn folder_access(&self, name: &str) -> Option<FolderAccess> {
        let find = |name: &str| self.folders.iter().find(|one| one.name == name);
        find(name).or_else(|| find("*")).map(|one| one.access)
    }

    /// The auth scheme of this name.
    pub fn scheme(&self, name: &str) -> Option<&AuthScheme> {
        self.auth.iter().find(|scheme| scheme.name == name)
    }

    /// The configuration with the schema's top-level `default`s in the places left empty. Templates, host patterns and the
    /// guest all see this one.
    pub fn with_defaults(&self, configuration: &Map<String, Value>) -> Map<String, Value> {
        let mut filled = configuration.clone();
        let properties = self.configuration.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            if let Some(default) = property.get("default").filter(|_| !filled.contains_key(name)) {
                filled.insert(name.clone(), default.clone());
            }
        }
        filled
    }

    /// What the component sees of a connection's configuration: under it lies the preset, with its places filled in. Settings
    /// that the preset, hosts or sign-ins name are used up there.
    pub fn given(&self, configuration: Map<String, Value>) -> Map<String, Value> {
        preset::under(self, configuration)
    }

    /// How a connection with this configuration takes webhooks; none where it takes none.
    pub fn webhooks_of(&self, configuration: &Map<String, Value>) -> Option<&Webhooks> {
        let webhooks = self.webhooks.as_ref()?;
        let Some(setting) = &webhooks.setting else { return Some(webhooks) };
        let given = self.given(self.with_defaults(configuration));
        given.get(setting).is_some_and(|value| !value.is_null()).then_some(webhooks)
    }

    /// What the shape alone does not show.
    fn check(&self) -> Result<(), ManifestError> {
        if !is_connector_name(&self.name) {
            return Err(fault(
                "/name",
                "lower-case words of letters, digits, `-` and `_`, joined by dots, are expected",
            ));
        }
        if !is_word(&self.publisher) {
            return Err(fault("/publisher", "a lower-case word of letters, digits, `-` and `_` is expected"));
        }
        if !matches!(self.configuration, Value::Object(_)) {
            return Err(fault("/configuration", "a JSON Schema object is expected"));
        }
        if let Some(index) = self.rate_limits.iter().position(|limit| limit.requests == 0 || limit.per_ms == 0) {
            return Err(fault(
                format!("/rate_limits/{index}"),
                "at least one request, in at least one millisecond, is expected",
            ));
        }
        self.check_webhooks()?;
        self.check_folders()?;
        self.check_capabilities()?;
        self.check_auth()?;
        preset::fault(self).map_or(Ok(()), |(place, reason)| Err(fault(place, reason)))
    }

    fn check_webhooks(&self) -> Result<(), ManifestError> {
        let Some(setting) = self.webhooks.as_ref().and_then(|webhooks| webhooks.setting.as_ref()) else {
            return Ok(());
        };
        let is_filled_in = self.configuration.get("properties").is_some_and(|own| own.get(setting).is_some());
        if is_filled_in || self.preset.contains_key(setting) {
            return Ok(());
        }
        Err(fault("/webhooks/setting", format!("`{setting}` is no setting of the configuration")))
    }

    fn check_folders(&self) -> Result<(), ManifestError> {
        let mut seen = BTreeSet::new();
        for (index, folder) in self.folders.iter().enumerate() {
            let is_named = folder.name == "*" || is_folder_name(&folder.name);
            if !is_named || !seen.insert(&folder.name) || index == FOLDERS_MAX {
                let reason = "each folder has a name of its own, a lower-case word or `*`, and there are at most 64";
                return Err(fault(format!("/folders/{index}/name"), reason));
            }
        }
        Ok(())
    }

    fn check_capabilities(&self) -> Result<(), ManifestError> {
        let mut seen = BTreeSet::new();
        for (index, capability) in self.capabilities.iter().enumerate() {
            let place = |field: &str| format!("/capabilities/{index}{field}");
            if !seen.insert((&capability.stream, capability.direction)) {
                return Err(fault(place("/stream"), "this stream is listed twice in this direction"));
            }
            if let Some((field, reason)) = capability_fault(capability) {
                return Err(fault(place(field), reason));
            }
        }
        Ok(())
    }

    fn check_auth(&self) -> Result<(), ManifestError> {
        let mut seen = BTreeSet::new();
        for (index, scheme) in self.auth.iter().enumerate() {
            let place = |field: &str| format!("/auth/{index}{field}");
            if scheme.name.is_empty() || !seen.insert(&scheme.name) {
                return Err(fault(place("/name"), "each scheme has a name of its own"));
            }
            if let Some(stranger) = scheme.hosts.iter().find(|host| !self.hosts.contains(host)) {
                return Err(fault(place("/hosts"), format!("`{stranger}` is not one of the manifest's hosts")));
            }
            if scheme.hosts.is_empty() && !matches!(scheme.apply, AuthMethod::None {}) {
                return Err(fault(place("/hosts"), "a credential needs a host that it may be sent to"));
            }
            if let Some((at, reason)) = self.method_fault(&scheme.apply) {
                return Err(fault(place(&format!("/apply/{at}")), reason));
            }
            if let AuthMethod::Oauth2(oauth2) = &scheme.apply
                && let Some((at, reason)) = oauth2.fault()
            {
                return Err(fault(place(&format!("/apply/{at}")), reason));
            }
            let listed = scheme.secret_names();
            if let Some(name) = scheme.apply.secret_names().into_iter().find(|name| !listed.contains(name)) {
                return Err(fault(place("/secrets"), format!("the secret `{name}` is used and not listed")));
            }
        }
        Ok(())
    }
}

impl Manifest {
    fn method_fault(&self, method: &AuthMethod) -> Option<(&'static str, String)> {
        match method {
            AuthMethod::Login(login) => login.first_fault(),
            AuthMethod::Hmac { send: Some(send), .. } => send.first_fault(&self.configuration),
            _ => None,
        }
    }
}

impl Limits {
    /// The memory it gets, before the operator's cap: 64 MiB where it asks for none.
    pub fn memory_mib(&self) -> u32 {
        self.memory_mib.unwrap_or(64)
    }

    /// The wall time one call gets, before the operator's cap: 30 seconds where it asks for none.
    pub fn call_ms(&self) -> u32 {
        self.call_ms.unwrap_or(30_000)
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

fn capability_fault(capability: &Capability) -> Option<(&'static str, &'static str)> {
    let has = |mode| capability.modes.contains(&mode);
    if capability.stream.is_empty() || capability.stream.len() > 100 || capability.stream.contains(char::is_control) {
        return Some(("/stream", "a name of 1 to 100 bytes is expected"));
    }
    if capability.modes.is_empty() || capability.modes.iter().any(|mode| mode.direction() != capability.direction) {
        return Some(("/modes", "at least one mode, each of the capability's direction, is expected"));
    }
    if !capability.resumable && has(Mode::Incremental) {
        return Some(("/resumable", "an incremental stream is resumable"));
    }
    if has(Mode::Upsert) && capability.primary_key.is_empty() && capability.stream != "*" {
        return Some(("/primary_key", "`upsert` needs a primary key"));
    }
    None
}

/// `publisher.platform`: dotted lower-case words.
pub(super) fn is_connector_name(name: &str) -> bool {
    name.len() <= 100 && name.contains('.') && name.split('.').all(is_word)
}

/// A lower-case word of letters, digits, `-` and `_`, starting with a letter or digit.
pub(crate) fn is_word(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && word.len() <= 63
        && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
}

fn any_object() -> Value {
    serde_json::json!({ "type": "object", "properties": {}, "additionalProperties": false })
}

fn fault(place: impl Into<String>, reason: impl Into<String>) -> ManifestError {
    ManifestError { place: place.into(), reason: reason.into() }
}

fn unreadable(error: &serde_json::Error) -> ManifestError {
    let place = format!("line {} column {}", error.line(), error.column());
    let mut reason = error.to_string();
    if let Some(at) = reason.rfind(" at line ") {
        reason.truncate(at);
    }
    fault(place, reason)
}
