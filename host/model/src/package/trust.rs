//! Whom the operator believes. Local, and plain data: nothing has to be reached to ask it.

use std::collections::{BTreeMap, BTreeSet};

use semver::Version;
use serde::{Deserialize, Serialize};

use super::manifest::is_word;
use super::revocation::{Revocation, Revoked};
use super::signature::{KeyId, PublicKey};
use crate::digest::Digest;
use crate::time::{Timestamp, Window};

/// Publishers and their keys, what is revoked, and what has been installed before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustStore {
    /// By publisher name.
    #[serde(default)]
    pub publishers: BTreeMap<String, Publisher>,
    /// Connector name → the publisher of its first install, who alone may follow it up.
    #[serde(default)]
    pub pins: BTreeMap<String, String>,
    /// Keys that verify nothing any more, whoever they belonged to.
    #[serde(default)]
    pub revoked_keys: Vec<Revoked<KeyId>>,
    /// Packages that are not loaded any more: by the digest of the whole file or of the file without its signature.
    #[serde(default)]
    pub revoked_digests: Vec<Revoked<Digest>>,
    /// Connector name → the version below which none is installed: the highest that was used, or the one that an operator
    /// went back to.
    #[serde(default)]
    pub installed: BTreeMap<String, Version>,
}

/// One who signs connectors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publisher {
    /// Its keys; several overlap while one takes over from another.
    #[serde(default)]
    pub keys: Vec<TrustedKey>,
    /// The connector names it may sign.
    #[serde(default)]
    pub names: BTreeSet<NamePattern>,
    /// Since when nothing of it is believed; none while it is active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<Revocation>,
    /// When the last rotation statement that was accepted had been issued: one not newer is a repetition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotated_at: Option<Timestamp>,
}

/// A key and when packages under it may be installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedKey {
    /// The key.
    pub public: PublicKey,
    /// When a package signed by it may be installed. What is installed goes on loading.
    #[serde(default)]
    pub window: Window,
}

/// `acme.*` (every name that starts with `acme.`) or one whole connector name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NamePattern(String);

/// Why something is not added to the trust store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// The pattern is too wide or no pattern.
    #[error("trust.pattern_malformed: `{0}` names no connectors: write `acme.*` or a whole name such as `acme.shop`")]
    Pattern(String),
    /// The publisher's name is no word.
    #[error(
        "trust.publisher_malformed: `{0}` is no publisher name: a lower-case word of letters, digits, `-` and `_` is \
         expected"
    )]
    PublisherName(String),
    /// One key, two publishers: a signature would not tell who made it.
    #[error("trust.key_taken: this key already belongs to `{0}`; every publisher has keys of its own")]
    KeyTaken(String),
    /// The key was revoked before.
    #[error("trust.key_revoked: this key is revoked; ask the publisher for another")]
    KeyRevoked,
    /// Nobody has this name.
    #[error("trust.publisher_absent: nobody called `{0}` is trusted; see: weighbridge trust list")]
    PublisherAbsent(String),
    /// The publisher was revoked before.
    #[error("trust.publisher_revoked: `{0}` is revoked, with all its keys; trust it under another name")]
    PublisherRevoked(String),
    /// The publisher has no such key.
    #[error("trust.key_absent: `{publisher}` has no key {key}; see: weighbridge trust list")]
    KeyAbsent {
        /// The publisher.
        publisher: String,
        /// The key.
        key: KeyId,
    },
    /// The publisher may not sign a connector of this name.
    #[error(
        "trust.name_not_covered: `{publisher}` may not sign `{connector}`; add the name with: weighbridge trust add"
    )]
    NameNotCovered {
        /// The publisher.
        publisher: String,
        /// The connector.
        connector: String,
    },
}

impl TrustStore {
    /// Trusts a key of a publisher, and the publisher with these names beside those it has. A key that is there already
    /// gets the new window.
    pub fn add_key(
        &mut self,
        publisher: &str,
        names: impl IntoIterator<Item = NamePattern>,
        public: PublicKey,
        window: Window,
    ) -> Result<KeyId, TrustError> {
        if !is_word(publisher) {
            return Err(TrustError::PublisherName(publisher.to_owned()));
        }
        if self.publishers.get(publisher).is_some_and(|one| one.revocation.is_some()) {
            return Err(TrustError::PublisherRevoked(publisher.to_owned()));
        }
        self.check_free(publisher, public.id())?;
        let entry = self.publishers.entry(publisher.to_owned()).or_default();
        entry.names.extend(names);
        entry.keys.retain(|key| key.public != public);
        entry.keys.push(TrustedKey { public, window });
        Ok(public.id())
    }

    /// Whether a key may become, or stay, one of this publisher's.
    pub(super) fn check_free(&self, publisher: &str, id: KeyId) -> Result<(), TrustError> {
        if self.key_revocation(id).is_some() {
            return Err(TrustError::KeyRevoked);
        }
        match self.key(id) {
            Some((owner, _)) if owner != publisher => Err(TrustError::KeyTaken(owner.to_owned())),
            _ => Ok(()),
        }
    }

    /// The key of this id and its publisher, revoked or not.
    pub fn key(&self, id: KeyId) -> Option<(&str, &TrustedKey)> {
        let mut publishers = self.publishers.iter();
        publishers.find_map(|(name, publisher)| {
            publisher.keys.iter().find(|key| key.public.id() == id).map(|key| (name.as_str(), key))
        })
    }

    /// Whether this publisher may sign a connector of this name: its patterns cover it, and nobody else has it pinned.
    pub fn may_sign(&self, publisher: &str, connector: &str) -> bool {
        self.covers(publisher, connector) && self.pins.get(connector).is_none_or(|pinned| pinned == publisher)
    }

    fn covers(&self, publisher: &str, connector: &str) -> bool {
        self.publishers.get(publisher).is_some_and(|one| one.names.iter().any(|name| name.covers(connector)))
    }

    /// Pins a connector's name to a publisher, whoever had it before; says who that was.
    pub fn pin(&mut self, connector: &str, publisher: &str) -> Result<Option<String>, TrustError> {
        let (publisher, connector) = (publisher.to_owned(), connector.to_owned());
        match self.publishers.get(&publisher) {
            None => Err(TrustError::PublisherAbsent(publisher)),
            Some(one) if one.revocation.is_some() => Err(TrustError::PublisherRevoked(publisher)),
            Some(_) if !self.covers(&publisher, &connector) => Err(TrustError::NameNotCovered { publisher, connector }),
            Some(_) => Ok(self.pins.insert(connector, publisher)),
        }
    }

    /// Remembers an install: pins the name to its publisher, unless it is pinned. Says whether it was pinned now.
    pub fn note_install(&mut self, connector: &str, publisher: &str) -> bool {
        let pinned = !self.pins.contains_key(connector);
        self.pins.entry(connector.to_owned()).or_insert_with(|| publisher.to_owned());
        pinned
    }

    /// Remembers that a version is used from now on: no lower one is installed any more. A version that only waits to be
    /// approved keeps nobody from a correction of the one in use.
    pub fn note_use(&mut self, connector: &str, version: &Version) {
        let highest = self.installed.entry(connector.to_owned()).or_insert_with(|| version.clone());
        if *highest < *version {
            *highest = version.clone();
        }
    }

    /// Remembers that an operator went back to a version: what follows it may be installed again.
    pub fn note_rollback(&mut self, connector: &str, version: &Version) {
        self.installed.insert(connector.to_owned(), version.clone());
    }
}

impl NamePattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, TrustError> {
        let words = text.strip_suffix(".*").unwrap_or(text);
        let whole = words.len() == text.len();
        let fits = words.split('.').all(is_word) && (!whole || words.contains('.'));
        if fits { Ok(Self(text.to_owned())) } else { Err(TrustError::Pattern(text.to_owned())) }
    }

    /// Whether a connector of this name is meant.
    pub fn covers(&self, connector: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(start) => connector.len() > start.len() && connector.starts_with(start),
            None => connector == self.0,
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for NamePattern {
    type Error = TrustError;

    fn try_from(text: String) -> Result<Self, TrustError> {
        Self::parse(&text)
    }
}

impl From<NamePattern> for String {
    fn from(pattern: NamePattern) -> Self {
        pattern.0
    }
}
