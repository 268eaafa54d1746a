//! Installed connectors: kept as files by digest, verified and compiled before use.

mod install;
pub(crate) mod native;
mod side;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use weighbridge_model::digest::Digest;
use weighbridge_model::package::{Manifest, PackageRefusal, TrustStore, UnverifiedPackage};
use weighbridge_sandbox::{ArtefactStore, Sandbox, Settings};

use crate::connector::Connector;
use crate::folder::Folder;

pub use install::{InstallError, Installed};

/// The connectors of one engine.
pub(crate) struct Packages {
    folder: PathBuf,
    artefacts: PathBuf,
    artefact_key: [u8; 32],
    guests_max: u32,
    natives: BTreeMap<String, Arc<dyn Connector>>,
    sandbox: OnceLock<Arc<Sandbox>>,
    loaded: Mutex<BTreeMap<Digest, Loaded>>,
}

/// A package that was verified and compiled in this process.
#[derive(Clone)]
pub(crate) struct Loaded {
    pub(crate) manifest: Arc<Manifest>,
    connector: weighbridge_sandbox::Connector,
}

/// Why a connector cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    #[error("connector.file_absent: {path}: {source}; install the connector again")]
    File { path: PathBuf, source: std::io::Error },
    #[error("connector.{}: {refusal}. {}", .refusal.code(), .refusal.next_step())]
    Refused {
        #[from]
        refusal: PackageRefusal,
    },
    #[error(
        "connector.digest_differs: the installed file is not the one that was installed; install the connector again"
    )]
    Digest,
    #[error("connector.not_loaded: {0}")]
    Load(#[from] weighbridge_sandbox::LoadError),
    #[error("sandbox.unusable: {0}")]
    Sandbox(String),
}

impl Packages {
    pub(crate) fn new(
        folder: &Folder,
        artefact_key: [u8; 32],
        natives: BTreeMap<String, Arc<dyn Connector>>,
        guests_max: u32,
    ) -> Self {
        Self {
            folder: folder.packages(),
            artefacts: folder.artefacts(),
            artefact_key,
            guests_max,
            natives,
            sandbox: OnceLock::new(),
            loaded: Mutex::default(),
        }
    }

    pub(crate) fn natives(&self) -> impl Iterator<Item = &Arc<dyn Connector>> {
        self.natives.values()
    }

    fn path(&self, digest: Digest) -> PathBuf {
        self.folder.join(format!("{digest}.wbc"))
    }

    /// The sandbox, made when it is first needed: commands that only read never pay for it.
    fn sandbox(&self) -> Result<Arc<Sandbox>, LoadError> {
        if let Some(sandbox) = self.sandbox.get() {
            return Ok(Arc::clone(sandbox));
        }
        let settings = Settings { guests_max: self.guests_max, ..Settings::default() };
        let sandbox = Sandbox::new(&settings).map_err(|error| LoadError::Sandbox(error.to_string()))?;
        Ok(Arc::clone(self.sandbox.get_or_init(|| Arc::new(sandbox))))
    }

    /// What an installed package is, verified at every load.
    pub(crate) async fn load(&self, digest: Digest, trust: &TrustStore) -> Result<Loaded, LoadError> {
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

    /// The manifest of an installed package, or of a connector of the embedding program's own.
    pub(crate) async fn manifest(
        &self,
        name: &str,
        digest: Digest,
        trust: &TrustStore,
    ) -> Result<Arc<Manifest>, LoadError> {
        if let Some(native) = self.natives.get(name) {
            return Ok(Arc::new(native.manifest().clone()));
        }
        Ok(self.load(digest, trust).await?.manifest)
    }
}
