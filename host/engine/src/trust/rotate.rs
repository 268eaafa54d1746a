//! Let another key of a publisher follow one that is trusted.

use weighbridge_model::package::{Digest, Rotation};

use super::TrustChangeError;
use crate::engine::Engine;
use crate::error::EngineError;

impl Engine {
    /// Accepts a publisher's own statement, signed by the old key.
    pub async fn rotate(&self, statement: Vec<u8>) -> Result<Rotation, TrustChangeError> {
        let now = self.host.now();
        let claimed = Rotation::claimed(&statement).map(|rotation| subjects(&rotation)).unwrap_or_default();
        let digest = Digest::of(&statement);
        let audit = self.audit_host("trust.rotated", &format!("{claimed}: by its own statement {digest}"))?;
        let rotated = self.change_trust(audit, move |trust| trust.rotate(&statement, now)).await;
        if let Err(TrustChangeError::Rotation { refusal }) = &rotated {
            let audit =
                self.audit_host("trust.rotation_refused", &format!("{claimed} {digest}: {}", refusal.code()))?;
            self.host.store.write(move |tx| audit.write(tx)).await.map_err(EngineError::from)?;
        }
        rotated
    }

    /// The same as the operator's own act.
    pub async fn rotate_by_operator(&self, rotation: Rotation) -> Result<(), TrustChangeError> {
        let now = self.host.now();
        let audit = self.audit_host("trust.rotated", &format!("{}: by the operator", subjects(&rotation)))?;
        self.change_trust(audit, move |trust| trust.rotate_by_operator(&rotation, now)).await
    }
}

fn subjects(rotation: &Rotation) -> String {
    format!("{} {} {}", rotation.publisher, rotation.from, rotation.to.id())
}
