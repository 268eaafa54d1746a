//! What one version of a connector asks for beyond another.
//!
//! What is compared is what a person grants: hosts, streams and modes, ways to sign in and where they send what, limits and
//! rates. Host patterns are compared by what they mean where that can be decided; where it cannot, the pattern is reported.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::auth::{AuthMethod, AuthScheme};
use super::capability::{Capability, Direction, Mode};
use super::host::HostPattern;
use super::manifest::{Limits, Manifest, RateLimit};
use super::template::Template;
use crate::digest::Digest;
use crate::folder::FolderAccess;

/// One thing that is asked for and was not before. Shown, it is a sentence's second half: *it …*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addition {
    /// A host it may reach.
    Host(HostPattern),
    /// Another place that a host setting means where a connection leaves it empty.
    HostDefault {
        /// The setting.
        setting: String,
        /// Its default.
        value: String,
    },
    /// A stream it reads or writes, or more ways of doing so.
    Capability {
        /// Whether it is read or written.
        direction: Direction,
        /// The stream.
        stream: String,
        /// The ways that are new.
        modes: Vec<Mode>,
    },
    /// A way to sign in.
    Scheme {
        /// Its name.
        name: String,
        /// Its kind: `bearer`.
        kind: String,
    },
    /// A known way to sign in that sends something else, or sends it otherwise.
    SchemeChanged {
        /// Its name.
        name: String,
    },
    /// One more secret that a person is asked for.
    Secret {
        /// The way to sign in.
        scheme: String,
        /// The secret's name.
        secret: String,
    },
    /// A host that a credential is sent to.
    CredentialHost {
        /// The way to sign in.
        scheme: String,
        /// The host.
        host: HostPattern,
    },
    /// A place at which the host proves itself as a registered client, and where tokens are.
    TokenPlace {
        /// The way to sign in.
        scheme: String,
        /// A template over the configuration.
        url: Template,
    },
    /// A folder of the host that it reads or writes, once the operator grants it.
    Folder {
        /// Its name, or `*` for those that settings name.
        name: String,
        /// What it does there.
        access: FolderAccess,
    },
    /// Memory in total, in MiB.
    Memory {
        /// So far.
        before: u32,
        /// What is asked for.
        asked: u32,
    },
    /// Wall time of one call, in milliseconds.
    CallTime {
        /// So far.
        before: u32,
        /// What is asked for.
        asked: u32,
    },
    /// More requests in the same time than this limit allowed.
    Rate(RateLimit),
    /// What platforms send to this host, where they sent nothing before.
    Webhooks,
}

/// All that is asked for beyond another version, and what else a person should know before taking it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// What is asked for beyond.
    pub additions: Vec<Addition>,
    /// What changes for connections that exist. No grant, so that nobody is asked about notes alone.
    pub notes: Vec<String>,
}

/// The most that the operator gives any connector without being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// Memory in total, in MiB.
    pub memory_mib: u32,
    /// Wall time of one call, in milliseconds.
    pub call_ms: u32,
}

impl Default for Caps {
    fn default() -> Self {
        Self { memory_mib: 256, call_ms: 120_000 }
    }
}

impl Caps {
    /// Whether so much may be had without asking.
    pub fn admit(&self, limits: &Limits) -> bool {
        limits.memory_mib() <= self.memory_mib && limits.call_ms() <= self.call_ms
    }
}

impl Difference {
    /// What `new` asks for beyond `old`; without one, all that it asks for.
    pub fn between(old: Option<&Manifest>, new: &Manifest) -> Self {
        let additions = [
            hosts(old, new),
            capabilities(old, new),
            webhooks(old, new),
            schemes(old, new),
            folders(old, new),
            limits(old, new),
            rates(old, new),
        ];
        Self { additions: additions.concat(), notes: old.map(|old| notes(old, new)).unwrap_or_default() }
    }

    /// Whether nothing is asked for beyond.
    pub fn is_empty(&self) -> bool {
        self.additions.is_empty()
    }

    /// What stands for this difference between these two packages, so that what was read is what is approved.
    pub fn digest(&self, old: Option<Digest>, new: Digest) -> Digest {
        let lines: Vec<String> = self.additions.iter().map(|one| format!("{} {one}", one.kind())).collect();
        let old = old.map_or(Vec::new(), |old| old.as_bytes().to_vec());
        let packages: [&[u8]; 2] = [&old, new.as_bytes()];
        let parts: Vec<&[u8]> = packages.into_iter().chain(lines.iter().map(String::as_bytes)).collect();
        Digest::of_parts("weighbridge difference v1", &parts)
    }
}

fn hosts(old: Option<&Manifest>, new: &Manifest) -> Vec<Addition> {
    let before = old.map(|old| old.hosts.as_slice()).unwrap_or_default();
    uncovered(before, &new.hosts).map(Addition::Host).chain(host_defaults(old, new)).collect()
}

/// A pattern may stay the same and yet mean another host: by the default of a setting in it.
fn host_defaults(old: Option<&Manifest>, new: &Manifest) -> Vec<Addition> {
    let settings: BTreeSet<&str> = new.hosts.iter().flat_map(HostPattern::settings).collect();
    let added = settings.into_iter().filter_map(|setting| {
        let value = default(new, setting)?;
        let known = old.and_then(|old| default(old, setting));
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (known != Some(value)).then(|| Addition::HostDefault { setting: setting.to_owned(), value: text })
    });
    added.collect()
}

fn default<'a>(manifest: &'a Manifest, setting: &str) -> Option<&'a Value> {
    manifest.configuration.get("properties")?.get(setting)?.get("default")
}

fn uncovered(before: &[HostPattern], asked: &[HostPattern]) -> impl Iterator<Item = HostPattern> {
    asked.iter().filter(|one| !before.iter().any(|known| known.covers(one))).cloned()
}

fn capabilities(old: Option<&Manifest>, new: &Manifest) -> Vec<Addition> {
    let added = new.capabilities.iter().filter_map(|asked| {
        let known = old.and_then(|old| old.capability(&asked.stream, asked.direction));
        let known = known.map(|known| known.modes.as_slice()).unwrap_or_default();
        let modes: Vec<Mode> = asked.modes.iter().copied().filter(|mode| !known.contains(mode)).collect();
        let Capability { direction, stream, .. } = asked;
        (!modes.is_empty()).then(|| Addition::Capability { direction: *direction, stream: stream.clone(), modes })
    });
    added.collect()
}

fn webhooks(old: Option<&Manifest>, new: &Manifest) -> Vec<Addition> {
    let before = old.is_some_and(|old| old.webhooks.is_some());
    (new.webhooks.is_some() && !before).then_some(Addition::Webhooks).into_iter().collect()
}

fn schemes(old: Option<&Manifest>, new: &Manifest) -> Vec<Addition> {
    new.auth.iter().flat_map(|asked| scheme(old.and_then(|old| old.scheme(&asked.name)), asked)).collect()
}

fn scheme(known: Option<&AuthScheme>, asked: &AuthScheme) -> Vec<Addition> {
    let name = || asked.name.clone();
    let secrets = known.map(AuthScheme::secret_names).unwrap_or_default();
    let hosts = known.map(|known| known.hosts.as_slice()).unwrap_or_default();
    let first = match known {
        None => Some(Addition::Scheme { name: name(), kind: asked.apply.kind() }),
        Some(known) if known.apply != asked.apply => Some(Addition::SchemeChanged { name: name() }),
        Some(_) => None,
    };
    let secrets = asked.secret_names().into_iter().filter(|secret| !secrets.contains(secret));
    let secrets = secrets.map(|secret| Addition::Secret { scheme: name(), secret });
    let hosts = uncovered(hosts, &asked.hosts).map(|host| Addition::CredentialHost { scheme: name(), host });
    let known_places = known.map(token_places).unwrap_or_default();
    let places = token_places(asked).into_iter().filter(|url| !known_places.contains(url));
    let places = places.map(|url| Addition::TokenPlace { scheme: name(), url });
    first.into_iter().chain(secrets).chain(hosts).chain(places).collect()
}

fn token_places(scheme: &AuthScheme) -> Vec<Template> {
    let AuthMethod::Oauth2(oauth2) = &scheme.apply else { return Vec::new() };
    let places = [oauth2.authorize_url.as_ref(), Some(&oauth2.token_url), oauth2.revoke_url.as_ref()];
    places.into_iter().flatten().cloned().collect()
}

fn folders(old: Option<&Manifest>, new: &Manifest) -> Vec<Addition> {
    let added = new.folders.iter().filter(|asked| {
        let known = old.and_then(|old| old.folder_access(&asked.name));
        known.is_none_or(|known| known < asked.access)
    });
    added.map(|asked| Addition::Folder { name: asked.name.clone(), access: asked.access }).collect()
}

fn limits(old: Option<&Manifest>, new: &Manifest) -> Vec<Addition> {
    let before = old.map(|old| old.limits).unwrap_or_default();
    let memory = (before.memory_mib(), new.limits.memory_mib());
    let call = (before.call_ms(), new.limits.call_ms());
    let memory = (memory.1 > memory.0).then_some(Addition::Memory { before: memory.0, asked: memory.1 });
    let call = (call.1 > call.0).then_some(Addition::CallTime { before: call.0, asked: call.1 });
    memory.into_iter().chain(call).collect()
}

/// A limit still holds where a new one allows no more requests in no less time.
fn rates(old: Option<&Manifest>, new: &Manifest) -> Vec<Addition> {
    let before = old.map(|old| old.rate_limits.as_slice()).unwrap_or_default();
    let holds = |known: &&RateLimit| {
        new.rate_limits.iter().any(|asked| asked.requests <= known.requests && asked.per_ms >= known.per_ms)
    };
    before.iter().filter(|known| !holds(known)).copied().map(Addition::Rate).collect()
}

fn notes(old: &Manifest, new: &Manifest) -> Vec<String> {
    let gone_schemes = old.auth.iter().filter(|known| new.scheme(&known.name).is_none());
    let gone_schemes = gone_schemes.map(|known| format!("the sign-in `{}` is gone", plain(&known.name)));
    let gone = old.capabilities.iter().filter(|known| new.capability(&known.stream, known.direction).is_none());
    let gone =
        gone.map(|known| format!("it no longer {} the stream `{}`", verb(known.direction), plain(&known.stream)));
    let needed = required(&new.configuration).into_iter().filter(|name| !required(&old.configuration).contains(name));
    let needed = needed.map(|name| format!("connections need the setting `{}`", plain(name)));
    let preset = (old.preset != new.preset).then(|| "its fixed settings are other ones".to_owned());
    preset.into_iter().chain(gone_schemes).chain(gone).chain(needed).chain(settings(old, new)).collect()
}

/// Settings that are gone, or that are described in another way.
fn settings(old: &Manifest, new: &Manifest) -> Vec<String> {
    let (before, after) = (properties(&old.configuration), properties(&new.configuration));
    let changed = before.iter().filter_map(|(name, was)| match after.iter().find(|(other, _)| other == name) {
        None => Some(format!("the setting `{}` is gone", plain(name))),
        Some((_, is)) if is != was => Some(format!("the setting `{}` is described in another way", plain(name))),
        Some(_) => None,
    });
    changed.collect()
}

fn required(schema: &Value) -> Vec<&str> {
    let list = schema.get("required").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

fn properties(schema: &Value) -> Vec<(&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten().collect()
}

/// A text of the manifest's as it may stand on a terminal: it neither ends its line nor moves the cursor.
fn plain(text: &str) -> impl fmt::Display {
    text.escape_debug()
}

const fn verb(direction: Direction) -> &'static str {
    match direction {
        Direction::Source => "reads",
        Direction::Destination => "writes",
    }
}

const fn access_verb(access: FolderAccess) -> &'static str {
    match access {
        FolderAccess::Read => "reads",
        FolderAccess::Write => "reads and writes",
    }
}

impl Addition {
    /// Which kind of thing is asked for, as a stable word.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Host(_) => "host",
            Self::HostDefault { .. } => "host_default",
            Self::Capability { .. } => "capability",
            Self::Scheme { .. } => "scheme",
            Self::SchemeChanged { .. } => "scheme_changed",
            Self::Secret { .. } => "secret",
            Self::CredentialHost { .. } => "credential_host",
            Self::TokenPlace { .. } => "token_place",
            Self::Folder { .. } => "folder",
            Self::Memory { .. } => "memory",
            Self::CallTime { .. } => "call_time",
            Self::Rate(_) => "rate",
            Self::Webhooks => "webhooks",
        }
    }
}

impl fmt::Display for Addition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(host) => write!(f, "reaches {host}"),
            Self::HostDefault { setting, value } => {
                write!(f, "reaches `{}` where the setting `{}` is left empty", plain(value), plain(setting))
            }
            Self::Capability { direction, stream, modes } => {
                let modes: Vec<&str> = modes.iter().map(|mode| mode.word()).collect();
                write!(f, "{} the stream `{}` ({})", verb(*direction), plain(stream), modes.join(", "))
            }
            Self::Scheme { name, kind } => write!(f, "signs in by `{}` ({kind})", plain(name)),
            Self::SchemeChanged { name } => write!(f, "signs in by `{}` in another way than before", plain(name)),
            Self::Secret { scheme, secret } => {
                write!(f, "asks for the secret `{}` of `{}`", plain(secret), plain(scheme))
            }
            Self::CredentialHost { scheme, host } => {
                write!(f, "sends the credential of `{}` to {host}", plain(scheme))
            }
            Self::TokenPlace { scheme, url } => {
                write!(f, "signs in by `{}` at {}", plain(scheme), plain(url.as_str()))
            }
            Self::Folder { name, access } if name == "*" => {
                write!(f, "{} the folders of this host that you grant and its settings name", access_verb(*access))
            }
            Self::Folder { name, access } => {
                write!(f, "{} the folder `{}` of this host, where you grant it", access_verb(*access), plain(name))
            }
            Self::Memory { before, asked } => write!(f, "uses up to {asked} MiB of memory, and not {before}"),
            Self::CallTime { before, asked } => write!(f, "takes up to {asked} ms for a call, and not {before}"),
            Self::Rate(RateLimit { requests, per_ms }) => {
                write!(f, "sends more than the {requests} requests in {per_ms} ms that were its limit")
            }
            Self::Webhooks => f.write_str("takes webhooks, at an address of its own for each connection"),
        }
    }
}
