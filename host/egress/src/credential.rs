//! A credential, and where it may be sent.

use std::sync::{Arc, Mutex};

use http::header::{HeaderName, HeaderValue};
use serde_json::{Map, Value};
use weighbridge_model::package::{AuthMethod, AuthScheme, HostRule, Template, Values};

use crate::refusal::Denial;
use crate::secret::Secrets;
use crate::session::Session;
use crate::sign::AMZ_RESERVED;
use crate::tokens::Tokens;
use crate::watch::Guarded;

/// What the host knows of one auth scheme of a connection.
#[derive(Debug)]
pub struct Credential {
    pub(crate) scheme: AuthScheme,
    /// The hosts of the scheme, filled in with the connection's configuration.
    pub(crate) hosts: Vec<HostRule>,
    pub(crate) secrets: Secrets,
    pub(crate) configuration: Map<String, Value>,
    pub(crate) session: Session,
    /// What went out by it last.
    pub(crate) sent: Mutex<Guarded>,
    /// Who hands out access tokens, for `oauth2`.
    pub(crate) tokens: Option<Arc<dyn Tokens>>,
}

impl Credential {
    /// Joins a scheme of the manifest with a connection's secrets and configuration (defaults filled in). A host that the
    /// configuration does not name is left out, and with it every request there.
    pub fn new(scheme: AuthScheme, secrets: Secrets, configuration: Map<String, Value>) -> Self {
        let hosts = scheme.hosts.iter().filter_map(|pattern| pattern.expand(&configuration).ok()).collect();
        Self {
            scheme,
            hosts,
            secrets,
            configuration,
            session: Session::default(),
            sent: Mutex::default(),
            tokens: None,
        }
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

    /// The headers that it fills, which a guest may not set beside it.
    pub(crate) fn reserved(&self) -> Result<Vec<HeaderName>, Denial> {
        use weighbridge_model::package::ApiKeyPlace::Header;
        let names = match &self.scheme.apply {
            AuthMethod::ApiKey { place: Header, name, .. } => vec![self.rendered(name)?],
            AuthMethod::Login(login) => vec![login.send.header.clone()],
            AuthMethod::Oauth2(oauth2) => oauth2.header.iter().cloned().collect(),
            AuthMethod::Hmac { send: Some(send), .. } => send.headers.keys().cloned().collect(),
            AuthMethod::AwsSigv4 { .. } => return Ok(AMZ_RESERVED.to_vec()),
            _ => Vec::new(),
        };
        names.iter().map(|name| self.header_name(name)).collect()
    }

    pub(crate) fn header_name(&self, name: &str) -> Result<HeaderName, Denial> {
        HeaderName::from_bytes(name.as_bytes()).map_err(|error| self.unusable(error.to_string()))
    }

    /// A template over the configuration, filled in.
    pub(crate) fn rendered(&self, template: &Template) -> Result<String, Denial> {
        let (secrets, captures) = Default::default();
        let values = Values { configuration: &self.configuration, secrets: &secrets, captures: &captures };
        template.render(&values).map_err(|error| self.unusable(error.to_string()))
    }

    pub(crate) fn secret(&self, name: &str) -> Result<&str, Denial> {
        self.secrets.get(name).ok_or_else(|| self.unusable(format!("the secret `{name}` is missing")))
    }

    /// A header's value that no log shows.
    pub(crate) fn value(&self, text: &str) -> Result<HeaderValue, Denial> {
        self.value_of(text.as_bytes())
    }

    /// The same from bytes, which may be UTF-8.
    pub(crate) fn value_of(&self, bytes: &[u8]) -> Result<HeaderValue, Denial> {
        let unusable = |_| self.unusable("it has a character that no header may have".into());
        let mut value = HeaderValue::from_bytes(bytes).map_err(unusable)?;
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
