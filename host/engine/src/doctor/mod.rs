//! What is not as it should be, found before a run finds it: one check a file, each a list of [`Finding`]s.
//!
//! The doctor reads and connects; it writes nothing but a file of its own by which it measures the disk, makes no request and
//! sends no credential, so it works beside a host that runs.

mod authorities;
mod backups;
mod bulk;
mod certificate;
mod codes;
mod core_files;
mod disk;
mod finding;
mod guests;
mod integration;
mod keys;
mod mail;
mod places;
mod proxy;
mod standing;
mod sync;
mod time;
mod validity;
mod versions;
mod zones;

use weighbridge_model::connection::Connection;
use weighbridge_model::integration::Integration;
use weighbridge_store::tables::{Connections, Integrations, Tenants};
use weighbridge_store::{HostScope, ReadError, TenantScope};

use crate::connector::integration_texts;
use crate::engine::{Engine, Host};
use crate::error::EngineError;
use crate::options::Options;

pub use codes::{CODES, FindingCode};
pub use finding::{Finding, Health};
pub(crate) use versions::all as versions;

/// The most rows of one kind that are looked at.
const ROWS_MAX: usize = 10_000;

/// Examines a data folder and what its options say, as far as it can be opened.
pub async fn examine(options: Options) -> Vec<Finding> {
    let mut findings = vec![core_files::check()];
    findings.extend(disk::check(&options));
    findings.extend(keys::files(&options));
    findings.extend(certificate::check(&options));
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
        let mut findings = self.look_at_itself().await;
        let examined = match self.host.examined() {
            Ok(examined) => examined,
            Err(error) => return findings.into_iter().chain([unusable("store", &error)]).collect(),
        };
        for one in &examined {
            findings.extend(integration::check(&self.host, one).into_iter().map(Finding::of_tenant));
        }
        findings.extend(places::check(&self.host, &examined).await.into_iter().map(Finding::of_tenant));
        findings
    }
}

impl Engine {
    /// What is the host's own, whoever is served.
    async fn look_at_itself(&self) -> Vec<Finding> {
        let host = &self.host;
        let folder = host.store_path.parent().unwrap_or(std::path::Path::new("."));
        let mut findings = vec![versions::check(), keys::rotation(&self.key_status())];
        findings.push(backups::check(host));
        findings.push(sync::check(folder).await);
        findings.push(bulk::check(host).await);
        findings.push(guests::check(host).await);
        let known = [("clock", time::check(host)), ("zone data", zones::check(host))];
        findings.extend(known.map(|(about, found)| found.unwrap_or_else(|error| unusable(about, &error))));
        findings.extend(standing::check(host).unwrap_or_else(|error| vec![unusable("what stands still", &error)]));
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
