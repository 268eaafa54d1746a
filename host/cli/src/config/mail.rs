//! `[mail]`: by which server mail leaves, and how that is spoken to.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge::mail::Mail;
use weighbridge::{MailAccount, MailEncryption, MailServer, MailSettings};

use super::{Config, ConfigError};

/// How mail is sent.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MailConfig {
    /// The server: `smtp.example.com:587`.
    #[schemars(example = "smtp.example.com:587", extend("x-reload" = true))]
    server: String,
    /// How it is spoken to: `starttls`, `tls` from the first byte, or `none`, to this machine only.
    #[serde(default)]
    #[schemars(extend("x-reload" = true))]
    tls: TlsWord,
    /// Whom mail is from: `Partner <post@example.com>`.
    #[schemars(example = "Partner <post@example.com>", extend("x-reload" = true))]
    from: String,
    /// The account at the server.
    #[schemars(example = &"post", extend("x-reload" = true))]
    user: Option<String>,
    /// A file with its password on the only line.
    #[schemars(example = "mail.password", extend("x-reload" = true))]
    pub(super) password_file: Option<PathBuf>,
    /// A file of certificate authorities, PEM, that are believed of this server beside the public ones.
    #[schemars(example = "mail-authorities.pem", extend("x-reload" = true))]
    pub(super) ca_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum TlsWord {
    #[default]
    StartTls,
    Tls,
    None,
}

impl From<TlsWord> for MailEncryption {
    fn from(word: TlsWord) -> Self {
        match word {
            TlsWord::StartTls => Self::StartTls,
            TlsWord::Tls => Self::Tls,
            TlsWord::None => Self::Plain,
        }
    }
}

impl Config {
    /// How mail is sent, where it is.
    pub(crate) fn mail(&self) -> Result<Option<Mail>, ConfigError> {
        let Some(mail) = &self.mail else { return Ok(None) };
        if self.public_url.is_none() {
            let what = "`[mail]` needs `public_url`, under which the links of mails stand; write the address at which \
                        browsers reach this host, such as https://weighbridge.example.com";
            return Err(self.malformed(what.into()));
        }
        let callback = self.callback(self.listen).map_err(|error| self.malformed(error.to_string()))?;
        let authorities = mail.ca_file.as_ref().map(|file| self.file(file)).transpose()?;
        let server = MailServer::new(MailSettings {
            server: &mail.server,
            encryption: mail.tls.into(),
            from: &mail.from,
            account: self.mail_account(mail)?,
            authorities: authorities.as_deref(),
        });
        let server = server.map_err(|error| self.malformed(format!("mail: {error}")))?;
        Ok(Some(Mail { server, public_url: callback.origin().to_owned() }))
    }

    fn mail_account(&self, mail: &MailConfig) -> Result<Option<MailAccount>, ConfigError> {
        match (&mail.user, &mail.password_file) {
            (None, None) => Ok(None),
            (Some(user), Some(file)) => {
                let password = self.line(self.file(file)?, "the password of `[mail]`")?;
                Ok(Some(MailAccount { user: user.clone(), password }))
            }
            _ => {
                Err(self.malformed("of `mail.user` and `mail.password_file` one is missing; write both or none".into()))
            }
        }
    }
}
