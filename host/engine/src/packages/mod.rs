//! Installed connectors: kept as files by digest, verified and compiled before use.

mod approve;
mod error;
mod install;
mod leave;
pub(crate) mod native;
mod rollback;
mod side;
mod view;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use weighbridge_model::digest::Digest;
use weighbridge_model::package::{
    Caps, Manifest, PackageRefusal, PackageRow, Release, SignatureSection, TrustStore, UnverifiedPackage, verify,
};
use weighbridge_sandbox::{ArtefactStore, Compile, Sandbox, Settings};

use crate::connector::Connector;
use crate::folder::Folder;

pub use approve::Proposal;
pub use error::ConnectorError;
pub(crate) use error::LoadError;
pub use install::{InstallError, Installed};
pub(crate) use side::{Account, OpenSide};
pub use view::ConnectorView;

/// The connectors of one engine.
pub(crate) struct Packages {
    folder: PathBuf,
    artefacts: PathBuf,
    artefact_key: [u8; 32],
    settings: Settings,
    caps: Caps,
    natives: BTreeMap<String, Arc<dyn Connector>>,
    sandbox: OnceLock<Arc<Sandbox>>,
    loaded: Mutex<BTreeMap<Digest, Loaded>>,
    /// One version of one connector changes at a time.
    changing: tokio::sync::Mutex<()>,
}

/// A package that was verified and compiled in this process.
#[derive(Clone)]
pub(crate) struct Loaded {
    pub(crate) manifest: Arc<Manifest>,
    connector: weighbridge_sandbox::Connector,
}

impl Packages {
    pub(crate) fn new(
        folder: &Folder,
        artefact_key: [u8; 32],
        natives: BTreeMap<String, Arc<dyn Connector>>,
        (guests_max, compile, caps): (u32, Compile, Caps),
    ) -> Self {
        let memory_bytes_max = (caps.memory_mib as usize) << 20;
        let settings = Settings { guests_max, compile, memory_bytes_max, ..Settings::default() };
        Self {
            folder: folder.packages(),
            artefacts: folder.artefacts(),
            artefact_key,
            settings,
            caps,
            natives,
            sandbox: OnceLock::new(),
            loaded: Mutex::default(),
            changing: tokio::sync::Mutex::default(),
        }
    }

    pub(crate) fn natives(&self) -> impl Iterator<Item = &Arc<dyn Connector>> {
        self.natives.values()
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    fn path(&self, digest: Digest) -> PathBuf {
        self.folder.join(format!("{digest}.wbc"))
    }

    /// The sandbox, made when it is first needed: commands that only read never pay for it.
    fn sandbox(&self) -> Result<Arc<Sandbox>, LoadError> {
        if let Some(sandbox) = self.sandbox.get() {
            return Ok(Arc::clone(sandbox));
        }
        let sandbox = Sandbox::new(&self.settings).map_err(|error| LoadError::Sandbox(error.to_string()))?;
        Ok(Arc::clone(self.sandbox.get_or_init(|| Arc::new(sandbox))))
    }

    /// Compiles and runs a small component as connectors are; answers whether memory is kept ready for guests.
    pub(crate) async fn try_sandbox(&self) -> Result<bool, LoadError> {
        let tried = self.sandbox()?.try_out().await;
        tried.map_err(|error| LoadError::Sandbox(error.to_string()))
    }

    /// What an installed package is. Its bytes are verified when this process first loads it, and whether it is still to be
    /// believed each time.
    pub(crate) async fn load(
        &self,
        connector: &str,
        release: &Release,
        trust: &TrustStore,
    ) -> Result<Loaded, LoadError> {
        let digest = release.digest;
        trust.check_release(connector, release)?;
        if let Some(loaded) = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).get(&digest) {
            return Ok(loaded.clone());
        }
        let path = self.path(digest);
        let bytes = tokio::fs::read(&path).await.map_err(|source| LoadError::File { path, source })?;
        let package = UnverifiedPackage::new(bytes).verify_installed(trust)?;
        if package.digest() != digest {
            return Err(LoadError::Digest);
        }
        self.compile(&package).await
    }

    /// Compiles a verified package, or takes our own artefact of an earlier time.
    async fn compile(&self, package: &weighbridge_model::package::VerifiedPackage) -> Result<Loaded, LoadError> {
        let artefacts = ArtefactStore::open(&self.artefacts, self.artefact_key)
            .map_err(|error| LoadError::Sandbox(error.to_string()))?;
        let connector = self.sandbox()?.load(package, &artefacts).await?;
        let loaded = Loaded { manifest: Arc::new(package.manifest().clone()), connector };
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).insert(package.digest(), loaded.clone());
        Ok(loaded)
    }

    /// The manifest of a connector: the embedding program's own, the version in use, or the one that waits to be.
    pub(crate) async fn manifest(
        &self,
        name: &str,
        row: &PackageRow,
        trust: &TrustStore,
    ) -> Result<Arc<Manifest>, LoadError> {
        if let Some(native) = self.natives.get(name) {
            return Ok(Arc::new(native.manifest().clone()));
        }
        match (&row.used, &row.waiting) {
            (Some(used), _) => Ok(self.load(name, used, trust).await?.manifest),
            (None, Some(waiting)) => Ok(Arc::new(self.manifest_of(waiting).await?)),
            (None, None) => Err(PackageRefusal::Unsigned.into()),
        }
    }

    /// The manifest of an installed file, which was verified when it was installed and is still the same. Nothing of it is
    /// compiled.
    async fn manifest_of(&self, release: &Release) -> Result<Manifest, LoadError> {
        let path = self.path(release.digest);
        let bytes = tokio::fs::read(&path).await.map_err(|source| LoadError::File { path, source })?;
        if Digest::of(&bytes) != release.digest {
            return Err(LoadError::Digest);
        }
        let (content, _) = SignatureSection::split(&bytes).ok_or(PackageRefusal::Unsigned)?;
        Ok(verify::manifest_of(content).map_err(PackageRefusal::Malformed)?)
    }
}
