//! Let another key of a publisher follow one that is trusted.

use weighbridge_model::package::Rotation;

use super::TrustChangeError;
use crate::engine::Engine;

impl Engine {
    /// Accepts a publisher's own statement, signed by the old key.
    pub async fn rotate(&self, statement: Vec<u8>) -> Result<Rotation, TrustChangeError> {
        let now = self.host.now();
        // What a statement says is known once it is believed, and the line about it is sealed before that.
        let believed = self.trust_store()?.rotate(&statement, now)?;
        let audit = self.audit_host("trust.rotated", &format!("{}: by its own statement", subjects(&believed)))?;
        self.change_trust(audit, move |trust| trust.rotate(&statement, now)).await
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
