//! One installed connector with all its versions, and who offers it.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::name::ConnectorName;
use weighbridge_model::package::{Origin, Release, TrustStore};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::HostScope;
use weighbridge_store::tables::{Integrations, Packages};

use crate::account::{At, ProposalView};
use crate::engine::Engine;
use crate::error::EngineError;

/// An installed connector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConnectorShown {
    /// Its name.
    pub name: String,
    /// Whether it may be used: `usable`, or why not.
    pub state: String,
    /// The publisher who alone may sign it.
    pub publisher: Option<String>,
    /// Its versions: the one in use, the one that waits, and those that were used before, the last one first.
    pub versions: Vec<ReleaseView>,
    /// What the version asks for that waits to be approved.
    pub proposal: Option<ProposalView>,
    /// How many tenants offer it.
    pub tenants: usize,
    /// Who installs and pins, and how.
    pub next_step: String,
}

/// A version of a connector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReleaseView {
    /// The version.
    pub version: String,
    /// `used`, `waiting` or `earlier`.
    pub place: String,
    /// SHA-256 of the package; of a connector of the embedding program's own it says nothing.
    pub digest: String,
    /// The key that signed it; none where it is the embedding program's own.
    pub key: Option<String>,
    /// The stable code of why it may not be used any more; none where it may.
    pub refused: Option<String>,
    /// When it was installed.
    pub installed_at: At,
}

/// The most offers that are counted.
const OFFERS_MAX: usize = 1_000_000;
/// What an operator who signed in does not do.
const BY_THE_OWNER: &str =
    "Whoever owns the data folder installs and pins: `weighbridge connector install`, `connector pin`.";

impl Engine {
    /// One installed connector.
    pub async fn connector_shown(
        &self,
        _may: &Permission<kinds::ConnectorsRead>,
        connector: &str,
    ) -> Result<ConnectorShown, Problem> {
        let name: ConnectorName = connector.parse().map_err(|_| ProblemCode::NotThere)?;
        let row = self.host.store.read(|tx| tx.get::<Packages>(&HostScope::new(), &name));
        let row = row.map_err(EngineError::from)?.ok_or(ProblemCode::NotThere)?;
        let trust = self.host.trust().map_err(EngineError::from)?;
        let view = |release: &Release, place: &str| release_view(&trust, connector, release, place);
        let mut versions: Vec<_> = row.used.iter().map(|release| view(release, "used")).collect();
        versions.extend(row.waiting.iter().map(|release| view(release, "waiting")));
        versions.extend(row.earlier.iter().rev().map(|release| view(release, "earlier")));
        let proposal = match &row.waiting {
            // One that cannot be read any more is seen among the versions, with its code.
            Some(waiting) => self.proposal(connector, &waiting.version.to_string()).await.ok(),
            None => None,
        };
        Ok(ConnectorShown {
            state: trust.standing(connector, Some(&row)).word().to_owned(),
            publisher: trust.pins.get(connector).cloned(),
            versions,
            proposal: proposal.map(ProposalView::from),
            tenants: self.tenants_offering(&name)?,
            next_step: BY_THE_OWNER.to_owned(),
            name: connector.to_owned(),
        })
    }

    fn tenants_offering(&self, name: &ConnectorName) -> Result<usize, EngineError> {
        let offering = self.host.store.read(|tx| {
            let mut offering = std::collections::BTreeSet::new();
            for (scope, id) in tx.keys::<Integrations>(HostScope::new(), None, OFFERS_MAX)? {
                let row = tx.get::<Integrations>(&scope, &id)?;
                offering.extend(row.filter(|row| row.connector == *name).map(|_| scope));
            }
            Ok(offering.len())
        });
        Ok(offering?)
    }
}

fn release_view(trust: &TrustStore, connector: &str, release: &Release, place: &str) -> ReleaseView {
    ReleaseView {
        version: release.version.to_string(),
        place: place.to_owned(),
        digest: release.digest.to_string(),
        key: match release.origin {
            Origin::Package(key) => Some(key.to_string()),
            Origin::Native => None,
        },
        refused: trust.check_release(connector, release).err().map(|refusal| refusal.code().to_owned()),
        installed_at: At(release.installed_at),
    }
}
