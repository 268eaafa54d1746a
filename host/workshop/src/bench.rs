//! A package in the sandbox, with every instruction counted.

use std::path::Path;
use std::time::Duration;

use weighbridge_model::package::{
    Manifest, NamePattern, SignatureSection, TrustStore, UnverifiedPackage, VerifiedPackage, signature, verify,
};
use weighbridge_model::time::{Timestamp, Window};
use weighbridge_sandbox::{ArtefactStore, Connector, Guest, Limits, Sandbox, Settings};

use crate::act::Act;

/// A call may take about what two seconds of a processor do, counted instead of timed: a slow machine changes nothing.
const CALL_FUEL: u64 = 4_000_000_000;

/// Only a guest that hangs in the host is ended by a clock.
const CALL_WALL: Duration = Duration::from_secs(120);

/// A package that is being tried.
#[derive(Debug)]
pub struct Bench {
    sandbox: Sandbox,
    connector: Connector,
    manifest: Manifest,
    limits: Limits,
}

/// The package cannot be tried at all.
#[derive(Debug, thiserror::Error)]
#[error("workshop.impossible: the package cannot be tried: {0}; build it again with `weighbridge connector build`")]
pub struct BenchError(String);

impl BenchError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        "workshop.impossible"
    }
}

pub(crate) fn impossible(error: impl std::fmt::Display) -> BenchError {
    BenchError(error.to_string())
}

impl Bench {
    /// Puts a package up, signed or not: nobody but this bench believes it.
    pub async fn open(package: Vec<u8>, scratch: &Path) -> Result<Self, BenchError> {
        let package = believe(package)?;
        let settings = Settings { call_fuel: Some(CALL_FUEL), guests_max: 8, pooling: false, ..Settings::default() };
        let sandbox = Sandbox::new(&settings).map_err(impossible)?;
        let artefacts = ArtefactStore::open(scratch, [0; 32]).map_err(impossible)?;
        let connector = sandbox.load(&package, &artefacts).await.map_err(impossible)?;
        let manifest = package.manifest().clone();
        let memory = manifest.limits.memory_mib.map(|mib| mib as usize * 1024 * 1024);
        let usual = Limits::default();
        let limits = Limits {
            memory_bytes: memory.unwrap_or(usual.memory_bytes),
            call_wall: CALL_WALL,
            call_cpu: CALL_WALL,
            ..usual
        };
        Ok(Self { sandbox, connector, manifest, limits })
    }

    /// What the package says of itself.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// A new guest, which an act answers.
    pub(crate) async fn guest(&self, act: &Act) -> Result<Guest, BenchError> {
        let desk = act.desk(&self.manifest);
        self.sandbox.start(&self.connector, self.limits.clone(), Box::new(desk)).await.map_err(impossible)
    }
}

/// Signed with a key that is known to nobody else and to everybody: it proves nothing, and opens this bench alone.
pub(crate) fn believe(package: Vec<u8>) -> Result<VerifiedPackage, BenchError> {
    const KEY: [u8; 32] = [7; 32];
    let content = SignatureSection::split(&package).map_or(&package[..], |(content, _)| content).to_vec();
    let manifest = verify::manifest_of(&content).map_err(impossible)?;
    let mut trust = TrustStore::default();
    let name = NamePattern::parse(&manifest.name).map_err(impossible)?;
    let key = signature::public_key(&KEY);
    trust.add_key(&manifest.publisher, [name], key, Window::ALWAYS).map_err(impossible)?;
    let package = UnverifiedPackage::new(signature::sign(content, &KEY));
    package.verify(&trust, Timestamp::from_millis(0)).map_err(impossible)
}
