//! Whether every place that is written out can be reached: its name resolved, its address allowed, its certificate
//! believed. Patterns such as `*.example.com` say no place.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};
use tokio::sync::Semaphore;
use weighbridge_egress::{Client, Probed, Refusal};
use weighbridge_model::connection::Connection;
use weighbridge_store::HostScope;
use weighbridge_store::tables::Packages;

use super::{Examined, Finding, unusable};
use crate::connector::Ground;
use crate::engine::Host;
use crate::error::EngineError;
use crate::texts::{Texts, connection_owner};

/// So many places are tried at once.
const AT_ONCE: usize = 16;

pub(super) async fn check(host: &Host, examined: &[Examined]) -> Vec<Finding> {
    let (mut places, mut findings) = (BTreeMap::new(), Vec::new());
    for one in examined {
        for connection in &one.connections {
            match of_connection(host, one, connection).await {
                Ok((client, urls)) => {
                    places.extend(urls.into_iter().map(|url| ((one.name.clone(), url), client.clone())));
                }
                Err(error) => findings.push(unusable(format!("a connection of integration {}", one.name), &error)),
            }
        }
    }
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let trying: Vec<_> =
        places.into_iter().map(|(place, client)| tokio::spawn(probe(permits.clone(), place, client))).collect();
    for tried in trying {
        findings.extend(tried.await.ok());
    }
    findings
}

/// What the connection may reach and is written out, and a client that reaches it.
async fn of_connection(
    host: &Host,
    examined: &Examined,
    connection: &Connection,
) -> Result<(Client, Vec<String>), EngineError> {
    let integration = &examined.integration;
    let package = host.store.read(|tx| tx.need::<Packages>(&HostScope::new(), &integration.connector))?;
    let manifest = host.packages.manifest(integration.connector.as_str(), &package, &host.trust()?).await;
    let manifest = manifest.map_err(|error| EngineError::Egress(error.to_string()))?;
    let texts = Texts::new(&host.ring, connection_owner(connection), connection.id.as_bytes());
    let own: Map<String, Value> = serde_json::from_slice(&texts.open("configuration", &connection.configuration)?)
        .map_err(|error| EngineError::Egress(error.to_string()))?;
    let configuration = manifest.with_defaults(&own);
    let ground =
        Ground { ring: &host.ring, manifest: &manifest, connection, integration, configuration: &configuration };
    let reach = ground.reach()?;
    let urls = reach.manifest.iter().chain(reach.granted.iter().flatten()).map(ToString::to_string);
    let urls = urls.filter(|url| !url.contains('*')).collect();
    Ok((ground.bare_client(&host.clients)?, urls))
}

async fn probe(permits: Arc<Semaphore>, (integration, url): (String, String), client: Client) -> Finding {
    let _permit = permits.acquire().await;
    let about = format!("{url} of integration {integration}");
    match client.probe(&url).await {
        Ok(Probed { by_proxy: true, .. }) => {
            let sentence = "it is reached by the proxy, which alone knows its address: addresses are not checked there";
            Finding::ok("doctor.place", about, sentence)
        }
        Ok(Probed { addresses, .. }) => {
            let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            Finding::ok("doctor.place", about, format!("it is reached at {}", addresses.join(", ")))
        }
        Err(Refusal::Denied(denial)) if is_beside_the_grant(denial.code()) => {
            Finding::ok("doctor.place", about, "it is not allowed on both sides, and nothing is sent there")
        }
        Err(refusal) => Finding::of_error(refusal.code(), about, &refusal.to_string()),
    }
}

/// The manifest asks for it and the grant does not give it, or the other way round.
fn is_beside_the_grant(code: &str) -> bool {
    matches!(code, "egress.not_granted" | "egress.not_in_manifest")
}
