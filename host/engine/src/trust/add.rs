//! Believe one more key.

use weighbridge_model::package::{KeyId, NamePattern, PublicKey};
use weighbridge_model::time::Window;

use super::TrustChangeError;
use crate::engine::Engine;

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
    /// Believes one more key.
    pub async fn trust(&self, change: TrustChange) -> Result<KeyId, TrustChangeError> {
        let TrustChange { publisher, names, key, window } = change;
        let patterns = names.iter().map(NamePattern::as_str).collect::<Vec<_>>().join(" ");
        let audit = self.audit_host("trust.added", &format!("{publisher} {}: may sign {patterns}", key.id()))?;
        self.change_trust(audit, move |trust| trust.add_key(&publisher, names.clone(), key, window)).await
    }
}
