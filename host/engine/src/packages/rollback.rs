//! Go back to a version that was used before. Only an operator's word makes a version go down.

use weighbridge_model::access::ActorRef;
use weighbridge_model::package::PackageRefusal;
use weighbridge_store::HostScope;
use weighbridge_store::tables::{Packages as PackageTable, Trust};

use super::ConnectorError;
use crate::engine::Engine;
use crate::error::EngineError;

impl Engine {
    /// Uses an earlier version: from the next run on, and in a running one from its next batch on. What was revoked stays
    /// revoked. Says which version was in use.
    pub async fn roll_back(&self, connector: &str, version: &str) -> Result<Option<String>, ConnectorError> {
        self.roll_back_by(ActorRef::OWNER, connector, version).await
    }

    pub(crate) async fn roll_back_by(
        &self,
        by: ActorRef,
        connector: &str,
        version: &str,
    ) -> Result<Option<String>, ConnectorError> {
        let _one_at_a_time = self.host.packages.changing.lock().await;
        let (name, row) = self.named_package(connector)?;
        let named = || (connector.to_owned(), version.to_owned());
        let is = |release: &&weighbridge_model::package::Release| release.version.to_string() == version;
        let before = row.used.as_ref().map(|release| release.version.to_string());
        if before.as_deref() == Some(version) {
            let (connector, version) = named();
            return Err(ConnectorError::InUse { connector, version });
        }
        if let Some(waiting) = row.waiting.as_ref().filter(is) {
            let version = waiting.version.clone();
            return Err(PackageRefusal::ApprovalNeeded { connector: connector.to_owned(), version }.into());
        }
        let release = row.earlier.iter().find(is).cloned().ok_or_else(|| {
            let (connector, version) = named();
            ConnectorError::VersionUnknown { connector, version }
        })?;
        let was = before.as_deref().unwrap_or("none");
        let detail = format!("{connector} {version} {}: {was} was in use", release.digest);
        let (host, audit) =
            (HostScope::new(), self.audit_on_host(by, "connector.rolled_back", detail.as_str().into())?);
        let written = self.host.store.write(move |tx| {
            let mut trust = tx.get::<Trust>(&host, &())?.unwrap_or_default();
            if let Err(refusal) = trust.check_release(name.as_str(), &release) {
                return Ok(Err(refusal));
            }
            let mut row = tx.need::<PackageTable>(&host, &name)?;
            row.roll_back(&release.version);
            trust.note_rollback(name.as_str(), &release.version);
            tx.put::<Trust>(&host, &(), &trust)?;
            audit.write(tx)?;
            tx.put::<PackageTable>(&host, &name, &row)?;
            Ok(Ok(()))
        });
        written.await.map_err(EngineError::from)?.into_inner()?;
        Ok(before)
    }
}
