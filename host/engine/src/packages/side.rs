//! Make one side of one attempt.

use std::sync::Arc;

use weighbridge_model::endpoint::Direction;
use weighbridge_model::id::RunId;
use weighbridge_model::package::{Manifest, TrustStore};
use weighbridge_store::tables::Trust;
use weighbridge_store::verbs::{Route, RouteSide};
use weighbridge_store::{HostScope, ReadError};

use crate::connector::{Setting, Side, StreamFacts, stream_facts};
use crate::engine::Host;
use crate::error::EngineError;
use crate::pipeline::Halt;
use crate::texts::{Texts, connection_owner, customer_owner};

/// One side of one attempt, and what it is.
pub(crate) struct OpenSide {
    pub(crate) side: Box<dyn Side>,
    pub(crate) stream: String,
    manifest: Arc<Manifest>,
}

impl OpenSide {
    /// What its stream is.
    pub(crate) async fn stream_facts(&mut self, direction: Direction) -> Result<StreamFacts, Halt> {
        Ok(stream_facts(&self.manifest, &mut *self.side, &self.stream, direction).await?)
    }
}

impl Host {
    /// Makes a side of a run: a guest of its own in the sandbox, or one of the embedding program's connectors.
    pub(crate) async fn side(&self, route: &Route, side: &RouteSide, run: RunId) -> Result<OpenSide, Halt> {
        let (Some(place), Some(connection), Some(integration), Some(package)) =
            (&side.endpoint.place, &side.connection, &side.integration, &side.package)
        else {
            return Err(Halt::config("endpoint.needs_configuration", "the endpoint has no connected system"));
        };
        let texts = Texts::new(&self.ring, connection_owner(connection), connection.id.as_bytes());
        let mut configuration = object(&texts.open("configuration", &connection.configuration)?)?;
        if let Some(partition) = &place.partition {
            let texts = Texts::new(&self.ring, customer_owner(route.scope), side.endpoint.id.as_bytes());
            configuration.insert("partition".into(), texts.open_text("partition", partition)?.into());
        }
        let setting = Setting { configuration, stream: place.stream.to_string() };
        let name = integration.connector.as_str();
        if let Some(native) = self.packages.natives.get(name) {
            let manifest = Arc::new(native.manifest().clone());
            return Ok(OpenSide { side: native.side(&setting), stream: setting.stream, manifest });
        }
        let trust = self.trust().map_err(EngineError::from)?;
        let loaded = self
            .packages
            .load(package.digest, &trust)
            .await
            .map_err(|error| Halt::config("connector.not_loaded", &error.to_string()))?;
        let _ = (&loaded.connector, integration, run);
        Err(Halt::config("connector.not_loaded", "the sandbox is not joined yet"))
    }
}

impl Host {
    pub(crate) fn trust(&self) -> Result<TrustStore, ReadError> {
        Ok(self.store.read(|tx| tx.get::<Trust>(&HostScope::new(), &()))?.unwrap_or_default())
    }
}

fn object(json: &[u8]) -> Result<serde_json::Map<String, serde_json::Value>, Halt> {
    serde_json::from_slice(json).map_err(|error| Halt::config("connection.malformed", &error.to_string()))
}
