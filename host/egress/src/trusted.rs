//! Whose certificates are believed.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

/// The public certificate authorities, and what the configuration adds. Made once and shared by all clients.
#[derive(Clone)]
pub struct Trusted(TlsConnector);

/// The configured authorities cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the configured certificate authorities cannot be used: {reason}; give PEM certificates")]
pub struct TrustedError {
    reason: String,
}

impl TrustedError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        "egress.authorities"
    }
}

impl std::fmt::Debug for Trusted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Trusted")
    }
}

impl Trusted {
    /// The public authorities, and those of a PEM file. The environment is never asked.
    pub fn new(private_authorities: Option<&[u8]>) -> Result<Self, TrustedError> {
        let broken = |reason: String| TrustedError { reason };
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(pem) = private_authorities {
            let before = roots.len();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|error| broken(error.to_string()))?;
                roots.add(certificate).map_err(|error| broken(error.to_string()))?;
            }
            if roots.len() == before {
                return Err(broken("there is none in the file".into()));
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let mut config =
            versions.map_err(|error| broken(error.to_string()))?.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }

    pub(crate) fn connector(&self) -> &TlsConnector {
        &self.0
    }
}
