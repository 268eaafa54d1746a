//! OAuth 2, wholly the host's: a person is sent to the platform, the tokens that come back are sealed and kept, renewed by
//! one at a time, and shown to nobody. The protocol's messages are the `oauth2` crate's; they leave by the egress.

mod ground;
mod issuer;
mod keeper;
mod sign_in;

mod authorise;
mod complete;
mod revoke;
mod status;

pub use authorise::Authorisation;
pub use complete::{CallbackAnswer, SignInError, SignInView};
pub(crate) use keeper::Renewals;
pub use revoke::RevokedGrant;
pub(crate) use sign_in::Guesses;
pub use status::GrantStatus;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use weighbridge_egress::{Budget, Departures, IpNet, Now, Parts, Proxy, Reach, Trusted};
use weighbridge_model::connection::Connection;
use weighbridge_model::integration::Integration;
use weighbridge_model::package::Manifest;
use weighbridge_store::tables::{Connections, Integrations, Packages};
use weighbridge_store::verbs::GrantOf;
use weighbridge_store::{HostScope, TenantScope};
use zeroize::Zeroizing;

use crate::connector::Ground;
use crate::engine::Host;
use crate::error::{EngineError, NotFound};
use crate::texts::{Texts, connection_owner};

/// A pair of tokens in the clear, for as long as it is used.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Tokens {
    access: Zeroizing<String>,
    refresh: Option<Zeroizing<String>>,
}

/// How the host itself gets out for a connection.
#[derive(Clone)]
pub(crate) struct WayOut {
    pub(crate) networks: Vec<IpNet>,
    pub(crate) leaves: std::sync::Arc<std::sync::RwLock<Leaves>>,
    pub(crate) now: Now,
    pub(crate) departures: std::sync::Arc<Departures>,
}

/// Whom requests believe, and by which proxy they leave.
#[derive(Clone)]
pub(crate) struct Leaves {
    pub(crate) trusted: Trusted,
    pub(crate) proxy: Option<Proxy>,
}

impl WayOut {
    /// What a client is made of that leaves this way.
    pub(crate) fn parts(&self, reach: Reach) -> Parts {
        let Leaves { trusted, proxy } = self.leaves.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let usual = Parts::new(reach, trusted, std::sync::Arc::clone(&self.now));
        let budget = Budget::new(&[], std::sync::Arc::clone(&self.departures));
        Parts { proxy, budget, ..usual }
    }
}

/// A connection, and all that its grant depends on.
struct Standing {
    of: GrantOf,
    connection: Connection,
    integration: Integration,
    manifest: std::sync::Arc<Manifest>,
    configuration: Map<String, Value>,
}

impl Standing {
    async fn of(host: &Host, scope: TenantScope, id: weighbridge_model::id::ConnectionId) -> Result<Self, EngineError> {
        let rows = host.store.read(|tx| {
            let Some(connection) = tx.get::<Connections>(&scope, &id)? else { return Ok(None) };
            let integration = tx.need::<Integrations>(&scope, &connection.integration)?;
            let package = tx.need::<Packages>(&HostScope::new(), &integration.connector)?;
            Ok(Some((connection, integration, package)))
        })?;
        let missing = || NotFound { what: "connection", name: id.to_string() };
        let (connection, integration, package) = rows.ok_or_else(missing)?;
        let trust = host.trust()?;
        let name = integration.connector.as_str();
        let manifest = host.packages.manifest(name, &package, &trust).await;
        let manifest = manifest.map_err(|error| EngineError::Egress(error.to_string()))?;
        let texts = Texts::new(&host.ring, connection_owner(&connection), connection.id.as_bytes());
        let configuration: Map<String, Value> =
            serde_json::from_slice(&texts.open("configuration", &connection.configuration)?)
                .map_err(|error| EngineError::Egress(error.to_string()))?;
        let configuration = manifest.with_defaults(&configuration);
        let of = GrantOf { scope, connection: id, own_client: None, alone_since: host.clients.opened_at() };
        Ok(Self { of, connection, integration, manifest, configuration })
    }

    fn issuer(&self, host: &Host) -> Result<issuer::Issuer, EngineError> {
        let ground = Ground {
            ring: &host.ring,
            manifest: &self.manifest,
            connection: &self.connection,
            integration: &self.integration,
            configuration: &self.configuration,
        };
        ground.issuer(host.clients.way_out(&ground)?)?.ok_or(EngineError::NoOAuth)
    }

    fn label(&self, host: &Host) -> Result<String, EngineError> {
        let texts = Texts::new(&host.ring, connection_owner(&self.connection), self.connection.id.as_bytes());
        texts.open_text("label", &self.connection.label)
    }
}

/// Seals a pair in its connection's place.
fn seal(
    host: &Host,
    connection: &Connection,
    tokens: &Tokens,
) -> Result<weighbridge_model::sealed::Sealed, EngineError> {
    let texts = Texts::new(&host.ring, connection_owner(connection), connection.id.as_bytes());
    let json = Zeroizing::new(serde_json::to_vec(tokens).map_err(|error| EngineError::Egress(error.to_string()))?);
    texts.seal("tokens", &*json)
}
