//! What a person wants to know of a certificate.

use weighbridge_model::time::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::time::Time;

use crate::trusted::{TrustedError, certificates};

/// Whose certificate it is, and from when to when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Whom it names.
    pub subject: String,
    /// Its first instant.
    pub not_before: Timestamp,
    /// Its last instant.
    pub not_after: Timestamp,
}

impl CertificateFacts {
    /// Of all certificates of a PEM file, in order.
    pub fn read(pem: &[u8]) -> Result<Vec<Self>, TrustedError> {
        let certificates = certificates(pem).map_err(TrustedError::Authorities)?;
        certificates.iter().map(|der| Self::of(der)).collect()
    }

    fn of(der: &[u8]) -> Result<Self, TrustedError> {
        let parsed = Certificate::from_der(der).map_err(|error| TrustedError::Authorities(error.to_string()))?;
        let parsed = parsed.tbs_certificate();
        let validity = parsed.validity();
        Ok(Self {
            subject: parsed.subject().to_string(),
            not_before: instant(&validity.not_before),
            not_after: instant(&validity.not_after),
        })
    }
}

fn instant(time: &Time) -> Timestamp {
    Timestamp::from_millis(i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX))
}
