//! Compiled connectors, kept between starts. Only what this host compiled itself is ever run.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use wasmtime::component::Component;
use wasmtime::{Engine, Precompiled};
use weighbridge_model::package::Digest;

const TAG_BYTES: usize = 32;
const DOMAIN: &[u8] = b"weighbridge artefact v1\n";

/// A private folder of compiled connectors, each under an HMAC with a key that is kept elsewhere.
#[derive(Clone)]
pub struct ArtefactStore {
    folder: PathBuf,
    key: [u8; 32],
}

/// The folder could not be used.
#[derive(Debug, thiserror::Error)]
#[error("the folder of compiled connectors, {}, cannot be used: {source}; make it writable for this user alone", folder.display())]
pub struct ArtefactError {
    folder: PathBuf,
    source: io::Error,
}

impl ArtefactError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        "artefact.folder"
    }
}

impl std::fmt::Debug for ArtefactStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ArtefactStore").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// What a compiled component was made of; it goes into the HMAC.
pub(crate) struct Origin {
    /// The package, by the digest that was verified.
    pub(crate) package: Digest,
    /// Digest of the engine's version and settings.
    pub(crate) fingerprint: [u8; 32],
}

impl ArtefactStore {
    /// Opens the folder, making it where it is absent, for this user alone.
    pub fn open(folder: impl Into<PathBuf>, key: [u8; 32]) -> Result<Self, ArtefactError> {
        let folder = folder.into();
        match make_private(&folder) {
            Ok(()) => Ok(Self { folder, key }),
            Err(source) => Err(ArtefactError { folder, source }),
        }
    }

    /// The compiled component, if one is there and beyond doubt.
    pub(crate) fn load(&self, engine: &Engine, origin: &Origin) -> Option<Component> {
        let file = fs::read(self.path(origin)).ok()?;
        let (tag, blob) = file.split_at_checked(TAG_BYTES)?;
        self.mac(origin, blob).verify_slice(tag).ok()?;
        revive(engine, blob)?.ok()
    }

    /// Keeps a compiled component. Written whole under another name first, so that a reader never sees half of it.
    pub(crate) fn keep(&self, origin: &Origin, blob: &[u8]) -> io::Result<()> {
        let path = self.path(origin);
        let draft = path.with_extension(format!("draft-{}", std::process::id()));
        let mut file = private_file(&draft)?;
        file.write_all(&self.mac(origin, blob).finalize().into_bytes())?;
        file.write_all(blob)?;
        file.sync_all()?;
        fs::rename(&draft, &path)
    }

    fn path(&self, origin: &Origin) -> PathBuf {
        self.folder.join(origin.package.to_string()).with_extension("artefact")
    }

    fn mac(&self, origin: &Origin, blob: &[u8]) -> Hmac<Sha256> {
        let target = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
        // A shorter key is filled up with zeroes to the length of a block, as HMAC itself does it.
        let mut block = [0; 64];
        block[..self.key.len()].copy_from_slice(&self.key);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        for part in [DOMAIN, target.as_bytes(), &origin.fingerprint, origin.package.as_bytes(), blob] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

/// The component of an artefact that is ours: out of the folder, under our own HMAC, or straight from our own compiler. An
/// engine refuses one that could never fit its pool of guests; nothing at all where the bytes are no artefact.
#[expect(unsafe_code, reason = "the one artefact loader: its callers hand over what this host compiled itself")]
pub(crate) fn revive(engine: &Engine, blob: &[u8]) -> Option<wasmtime::Result<Component>> {
    if Engine::detect_precompiled(blob) != Some(Precompiled::Component) {
        return None;
    }
    // SAFETY: this host itself made these bytes by `Engine::precompile_component`. `ArtefactStore::load` has verified that by
    // their HMAC; `Workshop::make` and a trial have them from the compiler it chose, this program's own. The engine compares its
    // version and settings with those in the bytes, which were read into memory that nobody else can write.
    Some(unsafe { Component::deserialize(engine, blob) })
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir_all(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn private_file(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private_file(path: &Path) -> io::Result<fs::File> {
    fs::File::create(path)
}
