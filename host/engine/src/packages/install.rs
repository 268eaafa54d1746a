//! Install a signed package: verify, compile, keep, remember.

use std::io;
use std::path::{Path, PathBuf};

use weighbridge_model::name::ConnectorName;
use weighbridge_model::package::{
    Difference, Digest, KeyId, PackageRefusal, PackageRow, Release, SignatureSection, UnverifiedPackage,
    VerifiedPackage, verify,
};
use weighbridge_store::HostScope;
use weighbridge_store::tables::{Packages as PackageTable, Trust};

use crate::engine::Engine;
use crate::error::{EngineError, NotFound};

/// What an installation did.
#[derive(Clone, Debug)]
pub struct Installed {
    /// The connector.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Who signed it.
    pub publisher: String,
    /// The key that signed it.
    pub key: KeyId,
    /// SHA-256 of the package.
    pub digest: Digest,
    /// Whether the name was pinned to its publisher by this.
    pub pinned: bool,
    /// Whether it is used from now on: by the next run, and by a running one from its next batch on. Else it waits to be
    /// approved.
    pub used: bool,
    /// The version that was in use before.
    pub before: Option<String>,
    /// What it asks for beyond that version; without one, all that it asks for.
    pub difference: Difference,
    /// The hosts it may reach, as its manifest writes them.
    pub hosts: Vec<String>,
}

/// A package that is not installed; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// It cannot be kept.
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
    /// Installs a package. One that asks for no more than the version in use takes its place; one that asks
    /// for more waits until it is approved. A first one is used at once, unless it asks for more than the operator's caps.
    pub async fn install(&self, package: Vec<u8>) -> Result<Installed, InstallError> {
        self.install_over(package, false).await
    }

    /// The same for a connector that is installed already.
    pub async fn upgrade(&self, package: Vec<u8>) -> Result<Installed, InstallError> {
        self.install_over(package, true).await
    }

    async fn install_over(&self, package: Vec<u8>, follows: bool) -> Result<Installed, InstallError> {
        let package = self.verified(package).await?;
        let name: ConnectorName =
            package.manifest().name.parse().map_err(|_| InstallError::Unusable("its name is none".into()))?;
        if follows && self.package_row(&name)?.is_none() {
            return Err(EngineError::from(NotFound { what: "connector", name: name.to_string() }).into());
        }
        let packages = &self.host.packages;
        if let Err(error) = packages.compile(&package).await {
            let text = error.to_string();
            self.note_refused(package.bytes(), text.split(':').next().unwrap_or_default()).await?;
            return Err(InstallError::Unusable(text));
        }
        // Only now, so that a compilation keeps nobody from going back to another version.
        let _one_at_a_time = packages.changing.lock().await;
        let path = packages.path(package.digest());
        keep(&path, package.bytes()).await.map_err(|source| InstallError::File { path, source })?;
        let row = self.package_row(&name)?.unwrap_or_default();
        let (difference, used) = self.weigh_package(&row, &package).await;
        let pinned = self.remember(&name, used, &package).await??;
        Ok(Installed {
            name: name.to_string(),
            version: package.manifest().version.to_string(),
            publisher: package.publisher().to_owned(),
            key: package.key_id(),
            digest: package.digest(),
            pinned,
            used,
            before: row.used.map(|release| release.version.to_string()),
            difference,
            hosts: package.manifest().hosts.iter().map(ToString::to_string).collect(),
        })
    }

    /// Verifies, and keeps a line about a package that is refused.
    async fn verified(&self, bytes: Vec<u8>) -> Result<VerifiedPackage, InstallError> {
        let bytes: std::sync::Arc<[u8]> = bytes.into();
        let trust = self.trust_store()?;
        let verified = UnverifiedPackage::new(std::sync::Arc::clone(&bytes)).verify(&trust, self.host.now());
        if let Err(refusal) = &verified {
            self.note_refused(&bytes, refusal.code()).await?;
        }
        Ok(verified?)
    }

    async fn note_refused(&self, package: &[u8], code: &str) -> Result<(), EngineError> {
        let audit = self.audit_host("connector.install_refused", &refused(package, code))?;
        self.host.store.write(move |tx| audit.write(tx)).await?;
        Ok(())
    }

    /// What it asks for beyond the version in use, and whether it may be used without asking anybody.
    async fn weigh_package(&self, row: &PackageRow, package: &VerifiedPackage) -> (Difference, bool) {
        let packages = &self.host.packages;
        match &row.used {
            Some(used) if used.digest == package.digest() => (Difference::default(), true),
            Some(used) => {
                // Without the old package nobody knows what was granted, so all of it is asked for again.
                let old = packages.manifest_of(used).await.ok();
                let difference = Difference::between(old.as_ref(), package.manifest());
                let used = difference.is_empty();
                (difference, used)
            }
            None => (Difference::between(None, package.manifest()), packages.caps.admit(&package.manifest().limits)),
        }
    }

    async fn remember(
        &self,
        name: &ConnectorName,
        used: bool,
        package: &VerifiedPackage,
    ) -> Result<Result<bool, PackageRefusal>, EngineError> {
        let host = HostScope::new();
        let release = package.release(self.host.now());
        let (name, publisher) = (name.clone(), package.publisher().to_owned());
        let how = if used { "in use" } else { "waits for approval" };
        let Release { version, digest, .. } = &release;
        let detail = format!("{name} {version} {digest} {publisher} {}: {how}", package.key_id());
        let audit = self.audit_host("connector.installed", &detail)?;
        let written = self.host.store.write(move |tx| {
            let mut trust = tx.get::<Trust>(&host, &())?.unwrap_or_default();
            // Something may have been revoked while it was compiled.
            if let Err(refusal) = trust.check_release(name.as_str(), &release) {
                return Ok(Err(refusal));
            }
            let pinned = trust.note_install(name.as_str(), &publisher);
            if used {
                trust.note_use(name.as_str(), &release.version);
            }
            tx.put::<Trust>(&host, &(), &trust)?;
            let mut row = tx.get::<PackageTable>(&host, &name)?.unwrap_or_default();
            if used {
                row.take_over(release.clone())
            } else {
                row.hold_back(release.clone())
            }
            audit.write(tx)?;
            tx.put::<PackageTable>(&host, &name, &row)?;
            Ok(Ok(pinned))
        });
        Ok(written.await?.into_inner())
    }
}

/// A line about a package that was refused; what it says of itself is what it says, and no more.
fn refused(bytes: &[u8], code: &str) -> String {
    let content = SignatureSection::split(bytes).map_or(bytes, |(content, _)| content);
    let claimed = verify::manifest_of(content).map(|one| format!("{} {} {}", one.name, one.version, one.publisher));
    format!("{} {}: {}", claimed.unwrap_or_default(), Digest::of(bytes), code).trim_start().to_owned()
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
