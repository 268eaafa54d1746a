//! Connectors, for an operator who signed in: what is installed, and approving or taking back a version. Whom the host trusts,
//! and what is installed, is for whoever owns the data folder.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::problem::{Problem, ProblemCode};

use super::view::Page;
use crate::engine::Engine;
use crate::packages::{ConnectorError, ConnectorView, Proposal};

/// An installed connector, as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConnectorRow {
    /// Its name.
    pub name: String,
    /// The version in use.
    pub version: Option<String>,
    /// Whether it may be used: `usable`, or why not.
    pub state: String,
    /// The publisher who alone may sign it.
    pub publisher: Option<String>,
    /// A version that waits to be approved.
    pub approval_needed: Option<String>,
    /// Versions that were used before, the last one last.
    pub earlier: Vec<String>,
}

/// A version that waits, and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProposalView {
    /// The connector.
    pub name: String,
    /// The version that waits.
    pub version: String,
    /// The version in use; none where the first one waits.
    pub used: Option<String>,
    /// What it asks for beyond that version.
    pub asks_for: Vec<String>,
    /// What changes for connected systems that there are.
    pub notes: Vec<String>,
    /// Memory in MiB and milliseconds of a call that it gets at most, where it asks for more.
    pub capped: Option<(u32, u32)>,
    /// How many connected systems have settings that it does not take.
    pub connections_invalid: usize,
    /// What stands for all of this; to be sent with the approval.
    pub difference: String,
}

/// That somebody agrees with what a version asks for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveVersion {
    /// The `difference` that was read.
    pub difference: String,
}

/// A version that is in use again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RolledBack {
    /// The connector.
    pub name: String,
    /// The version in use now.
    pub version: String,
    /// The version that was in use.
    pub before: Option<String>,
}

impl Engine {
    /// The installed connectors, by name.
    pub fn installed(&self, _may: &Permission<kinds::ConnectorsRead>) -> Result<Page<ConnectorRow>, Problem> {
        let items = self.connectors()?.into_iter().map(ConnectorRow::from);
        Ok(Page { items: items.collect(), next: None })
    }

    /// What a version that waits asks for.
    pub async fn version_proposed(
        &self,
        _may: &Permission<kinds::ConnectorsRead>,
        connector: &str,
        version: &str,
    ) -> Result<ProposalView, Problem> {
        Ok(self.proposal(connector, version).await?.into())
    }

    /// Uses a version that waits, where it asks for what was read.
    pub async fn approve_version(
        &self,
        may: &Permission<kinds::ConnectorsChange>,
        (connector, version): (&str, &str),
        agreed: &ApproveVersion,
    ) -> Result<ProposalView, Problem> {
        let digest = agreed.difference.parse();
        let digest = digest.map_err(|_| Problem::invalid("difference", "this is no `difference` of a proposal"))?;
        Ok(self.approve_by(may.by(), (connector, version), Some(digest)).await?.into())
    }

    /// Uses a version again that was used before.
    pub async fn roll_version_back(
        &self,
        may: &Permission<kinds::ConnectorsChange>,
        connector: &str,
        version: &str,
    ) -> Result<RolledBack, Problem> {
        let before = self.roll_back_by(may.by(), connector, version).await?;
        Ok(RolledBack { name: connector.to_owned(), version: version.to_owned(), before })
    }
}

impl From<ConnectorView> for ConnectorRow {
    fn from(one: ConnectorView) -> Self {
        Self {
            name: one.name,
            version: one.used,
            state: one.standing.word().to_owned(),
            publisher: one.publisher,
            approval_needed: one.waiting,
            earlier: one.earlier,
        }
    }
}

impl From<Proposal> for ProposalView {
    fn from(one: Proposal) -> Self {
        Self {
            name: one.name,
            version: one.version,
            used: one.used,
            asks_for: one.difference.additions.iter().map(ToString::to_string).collect(),
            notes: one.difference.notes,
            capped: one.capped,
            connections_invalid: one.connections_invalid,
            difference: one.digest.to_string(),
        }
    }
}

impl From<ConnectorError> for Problem {
    fn from(error: ConnectorError) -> Self {
        let code = match error {
            ConnectorError::Engine(error) => return error.into(),
            ConnectorError::Unreadable(cause) => return Self::fault(cause),
            ConnectorError::VersionUnknown { .. } => ProblemCode::VersionUnknown,
            ConnectorError::NothingToApprove { .. } => ProblemCode::NothingToApprove,
            ConnectorError::InUse { .. } => ProblemCode::VersionInUse,
            ConnectorError::DifferenceChanged { .. } => ProblemCode::DifferenceChanged,
            ConnectorError::Refused { .. } => ProblemCode::VersionRefused,
        };
        Self::from(code).at("version", error.to_string())
    }
}
