//! Whom the operator believes.

use weighbridge_model::package::{KeyId, NamePattern, PublicKey, TrustError, TrustStore};
use weighbridge_model::time::Window;
use weighbridge_store::HostScope;
use weighbridge_store::tables::Trust;

use crate::engine::Engine;
use crate::error::EngineError;

/// A key that is to be believed.
#[derive(Clone, Debug)]
pub struct TrustChange {
    /// Whose it is.
    pub publisher: String,
    /// The connectors it may sign.
    pub names: Vec<NamePattern>,
    /// The key.
    pub key: PublicKey,
    /// When packages under it may be installed.
    pub window: Window,
}

impl Engine {
    /// Whom the operator believes.
    pub fn trust_store(&self) -> Result<TrustStore, EngineError> {
        Ok(self.host.store.read(|tx| tx.get::<Trust>(&HostScope::new(), &()))?.unwrap_or_default())
    }

    /// Believes one more key.
    pub async fn trust(&self, change: TrustChange) -> Result<Result<KeyId, TrustError>, EngineError> {
        let host = HostScope::new();
        let audit = self.audit_host("trust.added", &format!("{} {}", change.publisher, change.key))?;
        let written = self.host.store.write(move |tx| {
            let mut trust = tx.get::<Trust>(&host, &())?.unwrap_or_default();
            let added = trust.add_key(&change.publisher, change.names.clone(), change.key, change.window);
            if added.is_ok() {
                tx.put::<Trust>(&host, &(), &trust)?;
                audit.write(tx)?;
            }
            Ok(added)
        });
        Ok(written.await?.into_inner())
    }
}
