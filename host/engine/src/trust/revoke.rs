//! Believe a key, a package or a publisher no more, from the next batch of every run on.

use weighbridge_model::package::{Digest, Origin, Release, Revocable, Revocation, TrustStore};
use weighbridge_vault::Owner;

use super::TrustChangeError;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::Texts;

/// What a revocation did.
#[derive(Clone, Debug)]
pub struct Revoked {
    /// Whether it was not revoked before.
    pub fresh: bool,
    /// The connectors whose version in use is shut out by it: their runs stop before their next batch.
    pub stopped: Vec<String>,
    /// Those of which only versions that wait, or were used before, are shut out.
    pub concerned: Vec<String>,
}

impl Engine {
    /// Revokes. A run that uses it stops before its next batch; nothing of it is installed or loaded again.
    pub async fn revoke(&self, what: Revocable, reason: &str) -> Result<Revoked, TrustChangeError> {
        let (stopped, concerned) = self.shut_out(&what)?;
        let sealed = Texts::new(&self.host.ring, Owner::Host, &record(&what)).seal("reason", reason)?;
        let revocation = Revocation { at: self.host.now(), reason: sealed };
        let owner = match &what {
            Revocable::Key(key) => self.trust_store()?.key(*key).map(|(owner, _)| owner.to_owned()),
            _ => None,
        };
        let subjects: Vec<&str> = owner.iter().chain(&stopped).chain(&concerned).map(String::as_str).collect();
        let audit = self.audit_host("trust.revoked", &format!("{what} {}: {reason}", subjects.join(" ")))?;
        let fresh = self.change_trust(audit, move |trust| trust.revoke(&what, revocation.clone())).await?;
        Ok(Revoked { fresh, stopped, concerned })
    }

    /// The connectors that lose the version in use, and those that lose others only.
    fn shut_out(&self, what: &Revocable) -> Result<(Vec<String>, Vec<String>), EngineError> {
        let trust = self.trust_store()?;
        let (mut stopped, mut concerned) = (Vec::new(), Vec::new());
        for (name, row) in self.package_rows()? {
            if row.used.iter().any(|release| is_meant(what, &trust, release)) {
                stopped.push(name.to_string());
            } else if row.releases().any(|release| is_meant(what, &trust, release)) {
                concerned.push(name.to_string());
            }
        }
        Ok((stopped, concerned))
    }
}

fn is_meant(what: &Revocable, trust: &TrustStore, release: &Release) -> bool {
    match (what, release.origin) {
        (Revocable::Key(key), Origin::Package(own)) => *key == own,
        (Revocable::Publisher(name), Origin::Package(own)) => trust.key(own).is_some_and(|(owner, _)| owner == name),
        (Revocable::Package(digest), Origin::Package(_)) => release.is(*digest),
        (_, Origin::Native) => false,
    }
}

/// What a reason is sealed for, so that it opens nowhere else.
pub(super) fn record(what: &Revocable) -> [u8; 16] {
    match what {
        Revocable::Key(key) => *key.as_bytes(),
        Revocable::Package(digest) => digest.short(),
        Revocable::Publisher(name) => Digest::of(name.as_bytes()).short(),
    }
}
