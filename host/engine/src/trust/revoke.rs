//! Believe a key, a package or a publisher no more, from the next batch of every run on.

use weighbridge_model::package::{Digest, Origin, PackageRow, Revocable, Revocation, TrustStore};
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
    /// The connectors of which a version that is in use, waits or was used before is shut out by it.
    pub connectors: Vec<String>,
}

impl Engine {
    /// Revokes. A run that uses it stops before its next batch; nothing of it is installed or loaded again.
    pub async fn revoke(&self, what: Revocable, reason: &str) -> Result<Revoked, TrustChangeError> {
        let connectors = self.concerned(&what)?;
        let sealed = Texts::new(&self.host.ring, Owner::Host, &record(&what)).seal("reason", reason)?;
        let revocation = Revocation { at: self.host.now(), reason: sealed };
        let owner = match &what {
            Revocable::Key(key) => self.trust_store()?.key(*key).map(|(owner, _)| owner.to_owned()),
            _ => None,
        };
        let subjects: Vec<&str> = owner.iter().chain(&connectors).map(String::as_str).collect();
        let audit = self.audit_host("trust.revoked", &format!("{what} {}: {reason}", subjects.join(" ")))?;
        let fresh = self.change_trust(audit, move |trust| trust.revoke(&what, revocation.clone())).await?;
        Ok(Revoked { fresh, connectors })
    }

    fn concerned(&self, what: &Revocable) -> Result<Vec<String>, EngineError> {
        let trust = self.trust_store()?;
        let rows = self.package_rows()?;
        let rows = rows.into_iter().filter(|(_, row)| concerns(what, &trust, row));
        Ok(rows.map(|(name, _)| name.to_string()).collect())
    }
}

fn concerns(what: &Revocable, trust: &TrustStore, row: &PackageRow) -> bool {
    row.releases().any(|release| match (what, release.origin) {
        (Revocable::Key(key), Origin::Package(own)) => *key == own,
        (Revocable::Publisher(name), Origin::Package(own)) => trust.key(own).is_some_and(|(owner, _)| owner == name),
        (Revocable::Package(digest), _) => release.is(*digest),
        (_, Origin::Native) => false,
    })
}

/// What a reason is sealed for, so that it opens nowhere else.
pub(super) fn record(what: &Revocable) -> [u8; 16] {
    match what {
        Revocable::Key(key) => *key.as_bytes(),
        Revocable::Package(digest) => digest.short(),
        Revocable::Publisher(name) => Digest::of(name.as_bytes()).short(),
    }
}
