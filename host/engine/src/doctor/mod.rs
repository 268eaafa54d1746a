//! What is not as it should be, found before a run finds it: one check a file, each a list of [`Finding`]s.
//!
//! The doctor reads and connects; it writes nothing, makes no request and sends no credential, so it works beside a host
//! that runs.

mod authorities;
mod backups;
mod core_files;
mod disk;
mod finding;
mod integration;
mod keys;
mod mail;
mod places;
mod proxy;
mod validity;

use weighbridge_model::connection::Connection;
use weighbridge_model::integration::Integration;
use weighbridge_store::tables::{Connections, Integrations, Tenants};
use weighbridge_store::{HostScope, ReadError, TenantScope};

use crate::connector::integration_texts;
use crate::engine::{Engine, Host, Options};
use crate::error::EngineError;

pub use finding::{Finding, Health};

/// The most rows of one kind that are looked at.
const ROWS_MAX: usize = 10_000;

/// Examines a data folder and what its options say, as far as it can be opened.
pub async fn examine(options: Options) -> Vec<Finding> {
    let mut findings = vec![core_files::check()];
    findings.extend(disk::check(&options));
    findings.extend(keys::files(&options));
    findings.extend(authorities::of_host(&options));
    findings.extend(proxy::check(&options).await);
    findings.push(mail::check(&options).await);
    match Engine::open_reading(options) {
        Ok(engine) => findings.extend(engine.examine().await),
        Err(error) => findings.push(unusable("data folder", &error)),
    }
    findings
}

/// A finding of what could not be examined.
fn unusable(about: impl Into<String>, error: &EngineError) -> Finding {
    Finding::failed("doctor.unusable", about, error.to_string()).next("correct that, and run this command again")
}

/// An integration by name, and its connections.
struct Examined {
    name: String,
    integration: Integration,
    connections: Vec<Connection>,
}

impl Engine {
    /// Examines what there is in an open data folder.
    pub(crate) async fn examine(&self) -> Vec<Finding> {
        let mut findings = vec![keys::rotation(&self.key_status()), backups::check(&self.host)];
        let examined = match self.host.examined() {
            Ok(examined) => examined,
            Err(error) => return findings.into_iter().chain([unusable("store", &error)]).collect(),
        };
        for one in &examined {
            findings.extend(integration::check(&self.host, one));
        }
        findings.extend(places::check(&self.host, &examined).await);
        findings
    }
}

impl Host {
    fn examined(&self) -> Result<Vec<Examined>, EngineError> {
        let tenants = self.store.read(|tx| tx.keys::<Tenants>(HostScope::new(), None, ROWS_MAX))?;
        let mut examined = Vec::new();
        for (scope, ()) in tenants {
            let connections = self.connections(scope)?;
            for (_, integration) in self.store.read(|tx| tx.scan::<Integrations>(&scope, None, ROWS_MAX))? {
                let texts = integration_texts(&self.ring, &integration);
                let name = texts.open_text("name", &integration.name)?;
                let own = connections.iter().filter(|one| one.integration == integration.id).cloned().collect();
                examined.push(Examined { name, integration, connections: own });
            }
        }
        Ok(examined)
    }

    fn connections(&self, scope: TenantScope) -> Result<Vec<Connection>, ReadError> {
        let rows = self.store.read(|tx| tx.scan::<Connections>(&scope, None, ROWS_MAX))?;
        Ok(rows.into_iter().map(|(_, connection)| connection).collect())
    }
}
