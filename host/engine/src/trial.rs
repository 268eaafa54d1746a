//! A first conformance run of a package: what every connector must do before it meets a platform.
//!
//! No request leaves here: every one is denied. A connector may fail, in its own words; it may not crash, hang, or answer
//! what cannot be read.

use std::path::Path;

use weighbridge_model::package::{
    Capability, Direction, Mode, NamePattern, PublicKey, SignatureSection, TrustStore, UnverifiedPackage,
    VerifiedPackage, verify,
};
use weighbridge_model::run_log::LogLevel;
use weighbridge_model::time::{Timestamp, Window};
use weighbridge_model::transfer::{SyncMode, WriteMode};
use weighbridge_sandbox::{
    Answer, Answers, ArtefactStore, Connector, Ended, Guest, HttpHead, HttpRefusal, HttpRequest, Limits, Progress,
    ReadRequest, Sandbox, Settings, SignRequest, VerifyRequest, WriteRequest,
};

/// One thing that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// What every connector must do, as a sentence.
    pub rule: String,
    /// What it did instead.
    pub fault: Option<String>,
}

/// The package cannot be tried at all.
#[derive(Debug, thiserror::Error)]
#[error("trial.impossible: {0}")]
pub struct TrialError(String);

fn impossible(error: impl std::fmt::Display) -> TrialError {
    TrialError(error.to_string())
}

/// Tries a package that is signed with the key given.
pub async fn try_package(package: Vec<u8>, key: PublicKey, scratch: &Path) -> Result<Vec<Tried>, TrialError> {
    let package = believe(package, key)?;
    let sandbox = Sandbox::new(&Settings::default()).map_err(impossible)?;
    let artefacts = ArtefactStore::open(scratch, [0; 32]).map_err(impossible)?;
    let connector = sandbox.load(&package, &artefacts).await.map_err(impossible)?;
    let trial = Trial { sandbox, connector };
    let mut tried = vec![trial.check().await?, trial.discover().await?];
    for capability in &package.manifest().capabilities {
        tried.push(trial.open(capability).await?);
    }
    Ok(tried)
}

/// For the length of the trial, the publisher that the manifest names is believed, under the key that signed it.
fn believe(package: Vec<u8>, key: PublicKey) -> Result<VerifiedPackage, TrialError> {
    let content = SignatureSection::split(&package).map_or(&package[..], |(content, _)| content);
    let manifest = verify::manifest_of(content).map_err(impossible)?;
    let mut trust = TrustStore::default();
    let name = NamePattern::parse(&manifest.name).map_err(impossible)?;
    trust.add_key(&manifest.publisher, [name], key, Window::ALWAYS).map_err(impossible)?;
    UnverifiedPackage::new(package).verify(&trust, Timestamp::from_millis(0)).map_err(impossible)
}

const fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Source => "source",
        Direction::Destination => "destination",
    }
}

struct Trial {
    sandbox: Sandbox,
    connector: Connector,
}

impl Trial {
    async fn guest(&self) -> Result<Guest, TrialError> {
        self.sandbox.start(&self.connector, Limits::default(), Box::new(Nowhere)).await.map_err(impossible)
    }

    async fn check(&self) -> Result<Tried, TrialError> {
        let ended = self.guest().await?.check().await;
        Ok(tried("checks an empty configuration without crashing".into(), ended.err().as_ref()))
    }

    async fn discover(&self) -> Result<Tried, TrialError> {
        let rule = "lists its streams as JSON, or says why not".to_owned();
        Ok(match self.guest().await?.discover().await {
            Err(ended) => tried(rule, Some(&ended)),
            Ok(json) => match serde_json::from_str::<serde_json::Value>(&json) {
                Ok(catalog) if catalog["streams"].is_array() => Tried { rule, fault: None },
                Ok(_) => Tried { rule, fault: Some("the catalog has no list `streams`".into()) },
                Err(error) => Tried { rule, fault: Some(format!("the catalog is no JSON: {error}")) },
            },
        })
    }

    async fn open(&self, capability: &Capability) -> Result<Tried, TrialError> {
        let (stream, modes) = (capability.stream.clone(), &capability.modes);
        let rule = format!("opens `{stream}` as a {}, or says why not", word(capability.direction));
        let mut guest = self.guest().await?;
        let ended = match capability.direction {
            Direction::Source => guest.open_reader(reading(stream, modes)).await,
            Direction::Destination => guest.open_writer(writing(stream, modes)).await,
        };
        Ok(tried(rule, ended.err().as_ref()))
    }
}

/// A failure in the connector's own words is an answer; being stopped by the host is a fault.
fn tried(rule: String, ended: Option<&Ended>) -> Tried {
    let fault = match ended {
        None | Some(Ended::Failure(_)) => None,
        Some(Ended::Stopped(stopped)) => Some(stopped.to_string()),
    };
    Tried { rule, fault }
}

fn reading(stream: String, modes: &[Mode]) -> ReadRequest {
    let mode = if modes.contains(&Mode::Incremental) { SyncMode::Incremental } else { SyncMode::FullRefresh };
    ReadRequest { stream, mode, start: None, since: None, until: None }
}

fn writing(stream: String, modes: &[Mode]) -> WriteRequest {
    let mode = if modes.contains(&Mode::Upsert) { WriteMode::Upsert } else { WriteMode::Append };
    WriteRequest { stream, mode, schema: "{}".into(), generation: None }
}

/// A host without a platform.
struct Nowhere;

impl Answers for Nowhere {
    fn config(&mut self) -> Answer<'_, String> {
        Box::pin(async { "{}".to_owned() })
    }

    fn send(&mut self, _request: HttpRequest) -> Answer<'_, Result<HttpHead, HttpRefusal>> {
        Box::pin(async { Err(HttpRefusal::Denied("no request leaves a trial".into())) })
    }

    fn read(&mut self, _body: u32, _max: u32) -> Answer<'_, Result<Vec<u8>, HttpRefusal>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn close(&mut self, _body: u32) {}

    fn sign(&mut self, _request: SignRequest) -> Answer<'_, Result<Vec<u8>, String>> {
        Box::pin(async { Err("there is no key in a trial".into()) })
    }

    fn verify(&mut self, _request: VerifyRequest) -> Answer<'_, Result<bool, String>> {
        Box::pin(async { Err("there is no key in a trial".into()) })
    }

    fn now_ms(&mut self) -> Answer<'_, u64> {
        Box::pin(async { 0 })
    }

    fn sleep_ms(&mut self, _ms: u32) -> Answer<'_, ()> {
        Box::pin(async {})
    }

    fn random(&mut self, count: u32) -> Answer<'_, Vec<u8>> {
        Box::pin(async move { vec![7; count as usize] })
    }

    fn log(&mut self, _level: LogLevel, message: String) {
        tracing::debug!("{message}");
    }

    fn cancelled(&mut self) -> Answer<'_, bool> {
        Box::pin(async { false })
    }

    fn progress(&mut self, _progress: Progress) {}
}
