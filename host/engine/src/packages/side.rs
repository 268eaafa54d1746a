//! Make one side of one attempt.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use weighbridge_egress::{Bodies, Client, Folders};
use weighbridge_model::connection::Connection;
use weighbridge_model::endpoint::{Direction, Endpoint};
use weighbridge_model::id::RunId;
use weighbridge_model::integration::Integration;
use weighbridge_model::package::{Caps, Manifest, Release, TrustStore};
use weighbridge_model::run::FailureClass;
use weighbridge_sandbox::Limits;
use weighbridge_store::tables::{Packages, Trust};
use weighbridge_store::verbs::{Route, RouteSide};
use weighbridge_store::{CustomerScope, HostScope, ReadError};

use super::Loaded;
use crate::connector::{
    Ground, HostAnswers, Pace, SandboxedSide, Setting, Side, StreamFacts, Voice, described_facts, stream_facts,
};
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

    /// The same as far as the system describes it, also of a stream that is written.
    pub(crate) async fn described(&mut self, direction: Direction) -> Result<StreamFacts, Halt> {
        Ok(described_facts(&self.manifest, &mut *self.side, &self.stream, direction).await?)
    }
}

/// An account at a platform, and the version of the connector that it is reached by.
#[derive(Clone, Copy)]
pub(crate) struct Account<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) integration: &'a Integration,
    pub(crate) release: &'a Release,
}

impl Host {
    /// Makes a side of a run: a guest of its own in the sandbox, or one of the embedding program's connectors.
    pub(crate) async fn side(&self, route: &Route, side: &RouteSide, run: RunId) -> Result<OpenSide, Halt> {
        let (Some(connection), Some(integration), Some(release)) =
            (&side.connection, &side.integration, side.release())
        else {
            return Err(Halt::config("endpoint.needs_configuration", "the endpoint has no connected system"));
        };
        self.side_at(route.scope, &side.endpoint, &Account { connection, integration, release }, run).await
    }

    /// The same without a run: what is asked is about the endpoint's stream.
    pub(crate) async fn side_of_endpoint(
        &self,
        scope: CustomerScope,
        endpoint: &Endpoint,
        (connection, integration): (&Connection, &Integration),
        run: RunId,
    ) -> Result<OpenSide, Halt> {
        let package = self.store.read(|tx| tx.get::<Packages>(&HostScope::new(), &integration.connector));
        let release = package.map_err(EngineError::from)?.and_then(|package| package.used);
        let release =
            release.ok_or_else(|| Halt::config("connector.absent", "no version of the connector is in use"))?;
        self.side_at(scope, endpoint, &Account { connection, integration, release: &release }, run).await
    }

    async fn side_at(
        &self,
        scope: CustomerScope,
        endpoint: &Endpoint,
        account: &Account<'_>,
        run: RunId,
    ) -> Result<OpenSide, Halt> {
        let Some(place) = &endpoint.place else {
            return Err(Halt::config("endpoint.needs_configuration", "the endpoint has no connected system"));
        };
        let partition = place.partition.as_ref().map(|partition| {
            let texts = Texts::new(&self.ring, customer_owner(scope), endpoint.id.as_bytes());
            texts.open_text("partition", partition)
        });
        self.side_of(account, place.stream.to_string(), partition.transpose()?, run).await
    }

    /// The same without an endpoint: what is asked is about the account as a whole.
    pub(crate) async fn side_of_account(&self, account: &Account<'_>, run: RunId) -> Result<OpenSide, Halt> {
        self.side_of(account, String::new(), None, run).await
    }

    async fn side_of(
        &self,
        account: &Account<'_>,
        stream: String,
        partition: Option<String>,
        run: RunId,
    ) -> Result<OpenSide, Halt> {
        let Account { connection, integration, release } = *account;
        let texts = Texts::new(&self.ring, connection_owner(connection), connection.id.as_bytes());
        let own = object(&texts.open("configuration", &connection.configuration)?)?;
        let mut configuration = own.clone();
        if let Some(partition) = partition {
            configuration.insert("partition".into(), partition.into());
        }
        let mut setting = Setting { configuration, stream };
        let name = integration.connector.as_str();
        if let Some(native) = self.packages.natives.get(name) {
            self.tell_address(native.manifest(), connection, &mut setting)?;
            let manifest = Arc::new(native.manifest().clone());
            return Ok(OpenSide { side: native.side(&setting), stream: setting.stream, manifest });
        }
        let trust = self.trust().map_err(EngineError::from)?;
        let loaded = self
            .packages
            .load(name, release, &trust)
            .await
            .map_err(|error| Halt::config("connector.not_loaded", &error.to_string()))?;
        // A version that took over may know settings that the connection was made without.
        let own = loaded.manifest.with_defaults(&own);
        let configuration = loaded.manifest.given(loaded.manifest.with_defaults(&setting.configuration));
        let mut setting = Setting { configuration, ..setting };
        self.tell_address(&loaded.manifest, connection, &mut setting)?;
        let ground =
            Ground { ring: &self.ring, manifest: &loaded.manifest, connection, integration, configuration: &own };
        let client = self.clients.of(&ground)?;
        let folders = ground.folders(self.data_folder())?;
        let side = self.guest(&loaded, &setting, (client, folders), run).await?;
        Ok(OpenSide { side, stream: setting.stream, manifest: loaded.manifest })
    }

    /// Says to a connector that takes webhooks where its platform reaches it, once that is known.
    fn tell_address(&self, manifest: &Manifest, connection: &Connection, setting: &mut Setting) -> Result<(), Halt> {
        if manifest.webhooks.is_some()
            && let Some(address) = self.hook_address(connection)?
        {
            setting.configuration.insert("webhook_address".into(), address.into());
        }
        Ok(())
    }

    /// Where the host keeps its own data, where that is a folder at all.
    fn data_folder(&self) -> Option<&Path> {
        self.store_path.parent().filter(|folder| !folder.as_os_str().is_empty())
    }

    /// A guest of its own, with this connection's client and folders and nothing else in reach.
    async fn guest(
        &self,
        loaded: &Loaded,
        setting: &Setting,
        (client, folders): (Client, Folders),
        run: RunId,
    ) -> Result<Box<dyn Side>, Halt> {
        let requests = Arc::new(AtomicU64::new(0));
        let limits = limits(&loaded.manifest, self.packages.caps);
        let pace = Arc::new(Pace::new(client.budget().clone(), limits.call_wall, self.drains()));
        let answers = HostAnswers {
            client: client.clone(),
            bodies: Bodies::default(),
            folders,
            configuration: serde_json::Value::Object(setting.configuration.clone()).to_string(),
            clock: Arc::clone(&self.clock),
            draining: self.drains(),
            requests: Arc::clone(&requests),
            pace: Arc::clone(&pace),
            run,
            connector: loaded.manifest.name.clone(),
            log: self.open_logs.of(run),
        };
        let sandbox = self.packages.sandbox().map_err(|error| Halt::config("sandbox.unusable", &error.to_string()))?;
        let guest = sandbox.start(&loaded.connector, limits, Box::new(answers)).await;
        match guest {
            Ok(guest) => {
                let voice = Voice::new(client, self.counters.stops(), loaded.manifest.name.clone());
                Ok(Box::new(SandboxedSide::new(guest, voice, requests, pace)))
            }
            Err(error) => Err(Halt::failed(FailureClass::Transient, error.code(), error.to_string())),
        }
    }
}

/// What a manifest asks for, and at most what the operator allows.
fn limits(manifest: &Manifest, caps: Caps) -> Limits {
    let asked = manifest.limits;
    let memory_bytes = (asked.memory_mib().min(caps.memory_mib) as usize) << 20;
    let call_wall = Duration::from_millis(asked.call_ms().min(caps.call_ms).into());
    Limits { memory_bytes, call_wall, ..Limits::default() }
}

impl Host {
    pub(crate) fn trust(&self) -> Result<TrustStore, ReadError> {
        Ok(self.store.read(|tx| tx.get::<Trust>(&HostScope::new(), &()))?.unwrap_or_default())
    }
}

fn object(json: &[u8]) -> Result<serde_json::Map<String, serde_json::Value>, Halt> {
    serde_json::from_slice(json).map_err(|error| Halt::config("connection.malformed", &error.to_string()))
}
