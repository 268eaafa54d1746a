//! The installed connectors as people read them.

use std::sync::Arc;

use serde_json::{Map, Value};
use weighbridge_model::gate::ConnectorFact;
use weighbridge_model::name::ConnectorName;
use weighbridge_model::package::{Manifest, PackageRow};
use weighbridge_store::HostScope;
use weighbridge_store::tables::{Connections, Integrations, Packages as PackageTable};

use crate::engine::Engine;
use crate::error::{EngineError, NotFound};
use crate::texts::{Texts, connection_owner};

/// The most rows of one kind.
const ROWS_MAX: usize = 100_000;

/// An installed connector.
#[derive(Clone, Debug)]
pub struct ConnectorView {
    /// Its name.
    pub name: String,
    /// The version in use.
    pub used: Option<String>,
    /// Whether it may be used.
    pub standing: ConnectorFact,
    /// The publisher its name is pinned to; none for one of the embedding program's own.
    pub publisher: Option<String>,
    /// A version that waits to be approved.
    pub waiting: Option<String>,
    /// Versions that were used before, the last one last.
    pub earlier: Vec<String>,
}

impl Engine {
    /// The installed connectors, by name.
    pub fn connectors(&self) -> Result<Vec<ConnectorView>, EngineError> {
        let trust = self.trust_store()?;
        let views = self.package_rows()?.into_iter().map(|(name, row)| {
            let version = |release: &weighbridge_model::package::Release| release.version.to_string();
            ConnectorView {
                used: row.used.as_ref().map(version),
                standing: trust.standing(name.as_str(), Some(&row)),
                publisher: trust.pins.get(name.as_str()).cloned(),
                waiting: row.waiting.as_ref().map(version),
                earlier: row.earlier.iter().map(version).collect(),
                name: name.to_string(),
            }
        });
        Ok(views.collect())
    }

    pub(crate) fn package_rows(&self) -> Result<Vec<(ConnectorName, PackageRow)>, EngineError> {
        Ok(self.host.store.read(|tx| tx.scan::<PackageTable>(&HostScope::new(), None, ROWS_MAX))?)
    }

    pub(super) fn package_row(&self, name: &ConnectorName) -> Result<Option<PackageRow>, EngineError> {
        Ok(self.host.store.read(|tx| tx.get::<PackageTable>(&HostScope::new(), name))?)
    }

    /// An installed connector by the name that a person gave.
    pub(super) fn named_package(&self, connector: &str) -> Result<(ConnectorName, PackageRow), EngineError> {
        let missing = || NotFound { what: "connector", name: connector.to_owned() };
        let name: ConnectorName = connector.parse().map_err(|_| missing())?;
        let row = self.package_row(&name)?.ok_or_else(missing)?;
        Ok((name, row))
    }

    /// How many connections of a connector have a configuration that this manifest does not take.
    pub(super) fn connections_invalid(&self, connector: &str, manifest: &Arc<Manifest>) -> Result<usize, EngineError> {
        let Ok(schema) = jsonschema::validator_for(&manifest.configuration) else { return Ok(0) };
        let keys = self.host.store.read(|tx| tx.keys::<Connections>(HostScope::new(), None, ROWS_MAX))?;
        let mut invalid = 0;
        for (scope, id) in keys {
            let found = self.host.store.read(|tx| {
                let connection = tx.need::<Connections>(&scope, &id)?;
                Ok((tx.get::<Integrations>(&scope, &connection.integration)?, connection))
            });
            let (integration, connection) = found?;
            if integration.is_none_or(|integration| integration.connector.as_str() != connector) {
                continue;
            }
            let texts = Texts::new(&self.host.ring, connection_owner(&connection), connection.id.as_bytes());
            let own = texts.open("configuration", &connection.configuration)?;
            let own: Map<String, Value> = serde_json::from_slice(&own).unwrap_or_default();
            invalid += usize::from(!schema.is_valid(&Value::Object(manifest.with_defaults(&own))));
        }
        Ok(invalid)
    }
}
