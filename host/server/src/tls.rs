//! The certificate that this host shows, exchanged without a connection lost.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// A certificate and its key, in two PEM files.
#[derive(Clone)]
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    shown: Arc<RwLock<Shown>>,
}

#[derive(Clone)]
struct Shown {
    config: Arc<ServerConfig>,
    changed: Changed,
}

type Changed = [Option<SystemTime>; 2];

/// The files make no certificate that can be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("tls.unusable: {what}; write PEM files of a certificate chain and of its key, which the host's user may read")]
pub struct TlsError {
    what: String,
}

impl Tls {
    /// Reads both files.
    pub fn read(certificate: PathBuf, key: PathBuf) -> Result<Self, TlsError> {
        let shown = load(&certificate, &key)?;
        Ok(Self { certificate, key, shown: Arc::new(RwLock::new(shown)) })
    }

    /// Reads both files again. Where they are not right, the certificate of before is shown on.
    pub fn reload(&self) -> Result<(), TlsError> {
        let shown = load(&self.certificate, &self.key)?;
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = shown;
        Ok(())
    }

    /// Reads both files again where they changed; says whether it did.
    pub fn reload_if_changed(&self) -> Result<bool, TlsError> {
        let changed = changed(&self.certificate, &self.key);
        if self.shown().changed == changed {
            return Ok(false);
        }
        // A pair that is not right is told of once.
        self.shown.write().unwrap_or_else(PoisonError::into_inner).changed = changed;
        self.reload().map(|()| true)
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.shown().config)
    }

    fn shown(&self) -> Shown {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tls({})", self.certificate.display())
    }
}

fn changed(certificate: &PathBuf, key: &PathBuf) -> Changed {
    [certificate, key].map(|file| std::fs::metadata(file).and_then(|found| found.modified()).ok())
}

fn load(certificate: &PathBuf, key: &PathBuf) -> Result<Shown, TlsError> {
    let wrong = |file: &PathBuf, what: &dyn fmt::Display| TlsError { what: format!("{}: {what}", file.display()) };
    let changed = changed(certificate, key);
    let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| wrong(certificate, &error))?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| wrong(certificate, &error))?.with_no_client_auth();
    let mut config = config.with_single_cert(chain, secret).map_err(|error| wrong(certificate, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Shown { config: Arc::new(config), changed })
}
