//! The trust store as people read it.

use std::collections::BTreeMap;

use weighbridge_model::package::{Digest, KeyId, PublicKey, Revocable, Revocation};
use weighbridge_model::time::{Timestamp, Window};
use weighbridge_vault::Owner;

use super::revoke::record;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// Whom the operator believes, and whom no more.
#[derive(Clone, Debug)]
pub struct TrustView {
    /// By name.
    pub publishers: Vec<PublisherView>,
    /// Connector name → the publisher who alone may sign it.
    pub pins: BTreeMap<String, String>,
    /// Packages that are not loaded any more.
    pub packages_revoked: Vec<(Digest, RevokedView)>,
    /// Revoked keys that no publisher here has.
    pub keys_revoked: Vec<(KeyId, RevokedView)>,
}

/// A publisher.
#[derive(Clone, Debug)]
pub struct PublisherView {
    /// Its name.
    pub name: String,
    /// The connectors it may sign, as they were written.
    pub names: Vec<String>,
    /// None while it is active.
    pub revoked: Option<RevokedView>,
    /// Its keys, in the order in which they came to be trusted.
    pub keys: Vec<KeyView>,
}

/// A publisher's key.
#[derive(Clone, Debug)]
pub struct KeyView {
    /// What packages name it by.
    pub id: KeyId,
    /// The key.
    pub public: PublicKey,
    /// When packages under it may be installed.
    pub window: Window,
    /// None while it is active.
    pub revoked: Option<RevokedView>,
}

/// When and why something was revoked.
#[derive(Clone, Debug)]
pub struct RevokedView {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

impl Engine {
    /// Whom the operator believes, with the reasons of what was revoked.
    pub fn trust_view(&self) -> Result<TrustView, EngineError> {
        let trust = self.trust_store()?;
        let mut publishers = Vec::new();
        for (name, publisher) in &trust.publishers {
            let of_publisher = Revocable::Publisher(name.clone());
            let revoked = self.revoked(&of_publisher, publisher.revocation.as_ref())?;
            let mut keys = Vec::new();
            for key in &publisher.keys {
                let id = key.public.id();
                let own = trust.revoked_keys.iter().find(|one| one.id == id).map(|one| &one.revocation);
                let own = self.revoked(&Revocable::Key(id), own)?;
                let revoked = own.or_else(|| revoked.clone());
                keys.push(KeyView { id, public: key.public, window: key.window, revoked });
            }
            let names = publisher.names.iter().map(|one| one.as_str().to_owned()).collect();
            publishers.push(PublisherView { name: name.clone(), names, revoked, keys });
        }
        let packages = trust.revoked_digests.iter().map(|one| (one.id, &one.revocation));
        let packages = packages.map(|(id, why)| Ok((id, self.open_reason(&Revocable::Package(id), why)?)));
        let strangers = trust.revoked_keys.iter().filter(|one| trust.key(one.id).is_none());
        let strangers = strangers.map(|one| Ok((one.id, self.open_reason(&Revocable::Key(one.id), &one.revocation)?)));
        Ok(TrustView {
            publishers,
            pins: trust.pins.clone(),
            packages_revoked: packages.collect::<Result<_, EngineError>>()?,
            keys_revoked: strangers.collect::<Result<_, EngineError>>()?,
        })
    }

    fn revoked(&self, what: &Revocable, why: Option<&Revocation>) -> Result<Option<RevokedView>, EngineError> {
        why.map(|why| self.open_reason(what, why)).transpose()
    }

    fn open_reason(&self, what: &Revocable, why: &Revocation) -> Result<RevokedView, EngineError> {
        let reason = Texts::new(&self.host.ring, Owner::Host, &record(what)).open_text("reason", &why.reason)?;
        Ok(RevokedView { at: why.at, reason })
    }
}
