//! A credential, and where it may be sent.

use std::sync::Arc;

use http::header::{HeaderName, HeaderValue};
use serde_json::{Map, Value};
use weighbridge_model::package::{AuthMethod, AuthScheme, HostRule, Values};

use crate::refusal::Denial;
use crate::secret::Secrets;
use crate::session::Session;
use crate::tokens::Tokens;

/// What the host knows of one auth scheme of a connection.
#[derive(Debug)]
pub struct Credential {
    pub(crate) scheme: AuthScheme,
    /// The hosts of the scheme, filled in with the connection's configuration.
    pub(crate) hosts: Vec<HostRule>,
    pub(crate) secrets: Secrets,
    pub(crate) configuration: Map<String, Value>,
    pub(crate) session: Session,
    /// Who hands out access tokens, for `oauth2`.
    pub(crate) tokens: Option<Arc<dyn Tokens>>,
}

impl Credential {
    /// Joins a scheme of the manifest with a connection's secrets and configuration (defaults filled in). A host that the
    /// configuration does not name is left out, and with it every request there.
    pub fn new(scheme: AuthScheme, secrets: Secrets, configuration: Map<String, Value>) -> Self {
        let hosts = scheme.hosts.iter().filter_map(|pattern| pattern.expand(&configuration).ok()).collect();
        Self { scheme, hosts, secrets, configuration, session: Session::default(), tokens: None }
    }

    /// The same credential with whoever keeps its grant; a scheme of kind `oauth2` sends nothing without.
    #[must_use]
    pub fn with_tokens(mut self, tokens: Arc<dyn Tokens>) -> Self {
        self.tokens = Some(tokens);
        self
    }

    /// Why the platform refused the sign-in, if it did.
    pub(crate) fn refused(&self) -> Option<String> {
        self.session.refused().or_else(|| self.tokens.as_ref()?.refused())
    }

    pub(crate) fn name(&self) -> &str {
        &self.scheme.name
    }

    /// The header that it fills, which a guest may not set beside it.
    pub(crate) fn reserved(&self) -> Result<Option<HeaderName>, Denial> {
        use weighbridge_model::package::ApiKeyPlace::Header;
        let name = match &self.scheme.apply {
            AuthMethod::ApiKey { place: Header, name, .. } => {
                let (secrets, captures) = Default::default();
                let values = Values { configuration: &self.configuration, secrets: &secrets, captures: &captures };
                name.render(&values).map_err(|error| self.unusable(error.to_string()))?
            }
            AuthMethod::Login(login) => login.send.header.clone(),
            _ => return Ok(None),
        };
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| self.unusable(error.to_string()))?;
        Ok(Some(name))
    }

    pub(crate) fn secret(&self, name: &str) -> Result<&str, Denial> {
        self.secrets.get(name).ok_or_else(|| self.unusable(format!("the secret `{name}` is missing")))
    }

    /// A header's value that no log shows.
    pub(crate) fn value(&self, text: &str) -> Result<HeaderValue, Denial> {
        let unusable = || self.unusable("it has a character that no header may have".into());
        let mut value = HeaderValue::from_str(text).map_err(|_| unusable())?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Nobody signed in by it yet.
    pub(crate) fn unknown(&self) -> Denial {
        Denial::SchemeUnknown { scheme: self.name().to_owned() }
    }

    pub(crate) fn unusable(&self, reason: String) -> Denial {
        Denial::Credential { scheme: self.name().to_owned(), reason }
    }
}
