//! Approve what a version asks for beyond the one in use.

use std::sync::Arc;

use weighbridge_model::access::ActorRef;
use weighbridge_model::package::{Difference, Digest, PackageRow, Release};
use weighbridge_store::HostScope;
use weighbridge_store::tables::{Packages as PackageTable, Trust};

use super::ConnectorError;
use crate::engine::Engine;
use crate::error::EngineError;

/// A version that waits, and what it asks for.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The connector.
    pub name: String,
    /// The version that waits.
    pub version: String,
    /// The version in use; none where the first one waits.
    pub used: Option<String>,
    /// What it asks for beyond that version; without one, all that it asks for.
    pub difference: Difference,
    /// What stands for this difference between these two packages.
    pub digest: Digest,
    /// Memory (MiB) and call time (ms) that it gets at most, where it asks for more.
    pub capped: Option<(u32, u32)>,
    /// How many connections have a configuration that this version does not take.
    pub connections_invalid: usize,
}

impl Engine {
    /// What a version that waits asks for.
    pub async fn proposal(&self, connector: &str, version: &str) -> Result<Proposal, ConnectorError> {
        let row = self.named_package(connector)?.1;
        self.propose(connector, &row, waiting(connector, &row, version)?).await
    }

    /// Uses a version that waits: from the next run on, and in a running one from its next batch on. With `agreed`, only
    /// where the difference is the one that was read.
    pub async fn approve(
        &self,
        connector: &str,
        version: &str,
        agreed: Option<Digest>,
    ) -> Result<Proposal, ConnectorError> {
        self.approve_by(ActorRef::OWNER, (connector, version), agreed).await
    }

    pub(crate) async fn approve_by(
        &self,
        by: ActorRef,
        (connector, version): (&str, &str),
        agreed: Option<Digest>,
    ) -> Result<Proposal, ConnectorError> {
        let _one_at_a_time = self.host.packages.changing.lock().await;
        let (name, row) = self.named_package(connector)?;
        let release = waiting(connector, &row, version)?.clone();
        let proposal = self.propose(connector, &row, &release).await?;
        if agreed.is_some_and(|agreed| agreed != proposal.digest) {
            return Err(ConnectorError::DifferenceChanged { connector: connector.into(), version: version.into() });
        }
        let asked: Vec<String> = proposal.difference.additions.iter().map(ToString::to_string).collect();
        let detail = format!("{name} {version} {}: {}", release.digest, asked.join("; "));
        let (host, audit) = (HostScope::new(), self.audit_on_host(by, "connector.approved", detail.as_str().into())?);
        let written = self.host.store.write(move |tx| {
            let mut trust = tx.get::<Trust>(&host, &())?.unwrap_or_default();
            if let Err(refusal) = trust.check_release(name.as_str(), &release) {
                return Ok(Err(refusal));
            }
            let mut row = tx.need::<PackageTable>(&host, &name)?;
            row.take_over(release.clone());
            trust.note_use(name.as_str(), &release.version);
            tx.put::<Trust>(&host, &(), &trust)?;
            audit.write(tx)?;
            tx.put::<PackageTable>(&host, &name, &row)?;
            Ok(Ok(()))
        });
        written.await.map_err(EngineError::from)?.into_inner()?;
        Ok(proposal)
    }

    async fn propose(&self, connector: &str, row: &PackageRow, release: &Release) -> Result<Proposal, ConnectorError> {
        let packages = &self.host.packages;
        let unreadable = |error: super::LoadError| ConnectorError::Unreadable(error.to_string());
        let new = packages.manifest_of(release).await.map_err(unreadable)?;
        let old = match &row.used {
            Some(used) => packages.manifest_of(used).await.ok(),
            None => None,
        };
        let difference = Difference::between(old.as_ref(), &new);
        let caps = packages.caps;
        Ok(Proposal {
            name: connector.to_owned(),
            version: release.version.to_string(),
            used: row.used.as_ref().map(|used| used.version.to_string()),
            digest: difference.digest(row.used.as_ref().map(|used| used.digest), release.digest),
            difference,
            capped: (!caps.admit(&new.limits)).then_some((caps.memory_mib, caps.call_ms)),
            connections_invalid: self.connections_invalid(connector, &Arc::new(new))?,
        })
    }
}

fn waiting<'a>(connector: &str, row: &'a PackageRow, version: &str) -> Result<&'a Release, ConnectorError> {
    let waits = row.waiting.as_ref().filter(|release| release.version.to_string() == version);
    waits.ok_or_else(|| {
        let (connector, version) = (connector.to_owned(), version.to_owned());
        match row.releases().any(|release| release.version.to_string() == version) {
            true => ConnectorError::NothingToApprove { connector, version },
            false => ConnectorError::VersionUnknown { connector, version },
        }
    })
}
