//! Install a signed package: verify, compile, keep, remember.

use std::io;
use std::path::{Path, PathBuf};

use weighbridge_model::package::{Origin, PackageRefusal, PackageRow, TrustStore, UnverifiedPackage, VerifiedPackage};
use weighbridge_store::HostScope;
use weighbridge_store::tables::{Packages as PackageTable, Trust};

use super::LoadError;
use crate::engine::Engine;
use crate::error::EngineError;

/// What an installation did.
#[derive(Clone, Debug)]
pub struct Installed {
    /// The connector.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Who signed it.
    pub publisher: String,
    /// SHA-256 of the package.
    pub digest: String,
}

/// A package that is not installed; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The file cannot be read or kept.
    #[error("connector.file: {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// It is not trusted, or no package.
    #[error("connector.{}: {refusal}. {}", .refusal.code(), .refusal.next_step())]
    Refused {
        /// Why.
        #[from]
        refusal: PackageRefusal,
    },
    /// It does not run here.
    #[error("{0}")]
    Unusable(String),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Engine {
    /// Installs a package from a file.
    pub async fn install(&self, file: &Path) -> Result<Installed, InstallError> {
        let at = |source| InstallError::File { path: file.to_owned(), source };
        let bytes = tokio::fs::read(file).await.map_err(at)?;
        let trust = self.trust_store()?;
        let now = self.host.now();
        let package = UnverifiedPackage::new(bytes).verify(&trust, now)?;
        let packages = &self.host.packages;
        packages.compile(&package).await.map_err(|error: LoadError| InstallError::Unusable(error.to_string()))?;
        keep(&packages.path(package.digest()), package.bytes()).await.map_err(at)?;
        let name = package.manifest().name.parse().map_err(|_| InstallError::Unusable("its name is none".into()))?;
        let row = PackageRow {
            origin: Origin::Package(package.key_id()),
            version: package.manifest().version.clone(),
            digest: package.digest(),
            installed_at: now,
        };
        let installed = Installed::of(&package);
        self.remember(name, row, package).await?;
        Ok(installed)
    }

    async fn remember(
        &self,
        name: weighbridge_model::name::ConnectorName,
        row: PackageRow,
        package: VerifiedPackage,
    ) -> Result<(), EngineError> {
        let host = HostScope::new();
        let audit = self.audit_host("connector.installed", &format!("{name} {} {}", row.version, row.digest))?;
        let written = self.host.store.write(move |tx| {
            let mut trust: TrustStore = tx.get::<Trust>(&host, &())?.unwrap_or_default();
            trust.note_install(name.as_str(), package.publisher(), &row.version);
            tx.put::<Trust>(&host, &(), &trust)?;
            audit.write(tx)?;
            tx.put::<PackageTable>(&host, &name, &row)
        });
        written.await?;
        Ok(())
    }
}

impl Installed {
    fn of(package: &VerifiedPackage) -> Self {
        Self {
            name: package.manifest().name.clone(),
            version: package.manifest().version.to_string(),
            publisher: package.publisher().to_owned(),
            digest: package.digest().to_string(),
        }
    }
}

/// Whole or not there: write, sync, rename.
async fn keep(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    let fresh = path.with_extension("new");
    tokio::fs::write(&fresh, bytes).await?;
    tokio::fs::File::open(&fresh).await?.sync_all().await?;
    tokio::fs::rename(&fresh, path).await
}
