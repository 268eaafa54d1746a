//! Say whose a connector's name is.

use super::TrustChangeError;
use crate::engine::Engine;

impl Engine {
    /// Pins a connector's name to a publisher, whoever had it; says who that was.
    pub async fn pin(&self, connector: &str, publisher: &str) -> Result<Option<String>, TrustChangeError> {
        let audit = self.audit_host("connector.pinned", &format!("{connector} {publisher}"))?;
        let (connector, publisher) = (connector.to_owned(), publisher.to_owned());
        self.change_trust(audit, move |trust| trust.pin(&connector, &publisher)).await
    }
}
