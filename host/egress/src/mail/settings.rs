//! What an operator says of the mail server, and whether it can be used.

use std::net::IpAddr;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};

use crate::secret::Secret;
use crate::trusted::certificates;

/// What an operator says of the server.
#[derive(Debug)]
pub struct MailSettings<'a> {
    /// `host:port`.
    pub server: &'a str,
    /// How it is spoken to.
    pub encryption: MailEncryption,
    /// Whom letters are from: `Weighbridge <weighbridge@example.com>`.
    pub from: &'a str,
    /// How to sign in there; nothing where the server asks nobody.
    pub account: Option<MailAccount>,
    /// Certificate authorities that are believed beside the public ones, as PEM.
    pub authorities: Option<&'a [u8]>,
}

/// Whether others on the way can read along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailEncryption {
    /// TLS, begun by a command; a server that cannot is not spoken to.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// None, and only within this machine.
    Plain,
}

/// An account at the server.
#[derive(Clone, Debug)]
pub struct MailAccount {
    /// Its name.
    pub user: String,
    /// Its password.
    pub password: Secret,
}

/// The settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MailSettingError(pub(super) String);

/// Where the server stands.
pub(super) struct Place {
    pub(super) host: String,
    pub(super) port: u16,
}

impl MailAccount {
    pub(super) fn credentials(&self) -> Credentials {
        Credentials::new(self.user.clone(), self.password.reveal().to_owned())
    }
}

impl Place {
    /// A name or an address, the latter of IPv6 in brackets, and a port.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        let port = port.parse().ok().filter(|port| *port != 0)?;
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let is_name = |host: &str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        match bare {
            Some(bare) => bare.parse::<IpAddr>().ok().map(|_| Self { host: bare.to_owned(), port }),
            None if !host.is_empty() && is_name(host) => Some(Self { host: host.to_owned(), port }),
            None => None,
        }
    }

    fn is_this_machine(&self) -> bool {
        self.host.parse::<IpAddr>().map_or(self.host == "localhost", |address| address.is_loopback())
    }

    pub(super) fn tls(&self, encryption: MailEncryption, authorities: Option<&[u8]>) -> Result<Tls, MailSettingError> {
        let wrong = MailSettingError;
        match encryption {
            MailEncryption::Plain if !self.is_this_machine() => {
                let host = &self.host;
                Err(wrong(format!("`tls` is `none`, and `{host}` is another machine; write `starttls` or `tls`")))
            }
            MailEncryption::Plain if authorities.is_some() => {
                Err(wrong("`ca_file` is for TLS, and `tls` is `none`; leave one of them out".into()))
            }
            MailEncryption::Plain => Ok(Tls::None),
            MailEncryption::StartTls => self.parameters(authorities).map(Tls::Required),
            MailEncryption::Tls => self.parameters(authorities).map(Tls::Wrapper),
        }
    }

    fn parameters(&self, authorities: Option<&[u8]>) -> Result<TlsParameters, MailSettingError> {
        let unusable = |why: String| MailSettingError(format!("`ca_file`: {why}; give PEM certificates"));
        let mut builder = TlsParameters::builder(self.host.clone()).certificate_store(CertificateStore::WebpkiRoots);
        for der in authorities.map(certificates).transpose().map_err(unusable)?.unwrap_or_default() {
            let certificate = Certificate::from_der(der.to_vec()).map_err(|error| unusable(error.to_string()))?;
            builder = builder.add_root_certificate(certificate);
        }
        builder.build_rustls().map_err(|error| unusable(error.to_string()))
    }
}
