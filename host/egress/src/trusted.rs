//! Whose certificates are believed, and which one is shown.
//!
//! Authorities of the configuration stand *beside* the public ones and replace none of them: one host talks to platforms
//! of both kinds. They are believed only where they were configured: those of the host by all of its connections, those
//! of an integration by that integration's alone.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

/// The public certificate authorities, and what the configuration adds. Made once and shared by all clients.
#[derive(Clone)]
pub struct Trusted(TlsConnector);

/// A certificate to show to platforms that ask for one, with its chain, and its key; both PEM.
#[derive(Clone, Copy)]
pub struct ClientCertificate<'a> {
    /// The certificate first, and then those that signed it.
    pub certificate: &'a [u8],
    /// The private key.
    pub key: &'a [u8],
}

/// The configured authorities or the client's certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TrustedError {
    /// The authorities.
    #[error("the configured certificate authorities cannot be used: {0}; give PEM certificates")]
    Authorities(String),
    /// The client's own certificate.
    #[error("the client certificate cannot be used: {0}; give a PEM certificate and the PEM key that belongs to it")]
    ClientCertificate(String),
}

impl TrustedError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Authorities(_) => "egress.authorities",
            Self::ClientCertificate(_) => "egress.client_certificate",
        }
    }
}

impl std::fmt::Debug for Trusted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Trusted")
    }
}

impl std::fmt::Debug for ClientCertificate<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientCertificate")
    }
}

impl Trusted {
    /// The public authorities, and those of a PEM file. The environment is never asked.
    pub fn new(private_authorities: Option<&[u8]>) -> Result<Self, TrustedError> {
        Self::with(private_authorities.as_slice(), None)
    }

    /// The public authorities and those of several PEM files, and what is shown where a platform asks who is there.
    pub fn with(bundles: &[&[u8]], shown: Option<ClientCertificate<'_>>) -> Result<Self, TrustedError> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        bundles.iter().try_for_each(|bundle| add(&mut roots, bundle))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder =
            versions.map_err(|error| TrustedError::Authorities(error.to_string()))?.with_root_certificates(roots);
        let mut config = match shown {
            None => builder.with_no_client_auth(),
            Some(shown) => {
                let broken = |error: rustls::Error| TrustedError::ClientCertificate(error.to_string());
                builder.with_client_auth_cert(shown.chain()?, shown.key()?).map_err(broken)?
            }
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    pub(crate) fn connector(&self) -> &TlsConnector {
        &self.0
    }
}

fn add(roots: &mut RootCertStore, bundle: &[u8]) -> Result<(), TrustedError> {
    for certificate in certificates(bundle).map_err(TrustedError::Authorities)? {
        roots.add(certificate).map_err(|error| TrustedError::Authorities(error.to_string()))?;
    }
    Ok(())
}

/// The certificates of a PEM file, one at least.
pub(crate) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let read = read.map_err(|error| error.to_string())?;
    if read.is_empty() { Err("there is none in the file".into()) } else { Ok(read) }
}

impl ClientCertificate<'_> {
    fn chain(&self) -> Result<Vec<CertificateDer<'static>>, TrustedError> {
        certificates(self.certificate).map_err(TrustedError::ClientCertificate)
    }

    fn key(&self) -> Result<PrivateKeyDer<'static>, TrustedError> {
        // What the parser says is not repeated: it may quote the file.
        let unreadable = |_| TrustedError::ClientCertificate("there is no key in the file".into());
        PrivateKeyDer::from_pem_slice(self.key).map_err(unreadable)
    }
}
