//! Whoever issues tokens for a connection, and how it is asked.

use std::fmt;

use bytes::Bytes;
use oauth2::basic::{BasicClient, BasicErrorResponse, BasicErrorResponseType, BasicTokenResponse};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope, TokenResponse as _,
    TokenUrl,
};
use serde_json::{Map, Value};
use weighbridge_egress::{Client, Credential, Reach, Refusal, Request, Secret};
use weighbridge_model::digest::Digest;
use weighbridge_model::package::{AuthMethod, AuthScheme, ClientAuth, HostPattern, OAuth2, OAuthFlow, Template};
use weighbridge_model::time::Timestamp;
use zeroize::Zeroizing;

use super::{Tokens, WayOut};

/// What the registered client's credential is called.
const CLIENT: &str = "client";

/// The client that is registered at the platform.
#[derive(Clone)]
pub(crate) struct RegisteredClient {
    pub(crate) id: Zeroizing<String>,
    pub(crate) secret: Option<Zeroizing<String>>,
    /// Stands for it where it must not be read.
    pub(crate) digest: Digest,
}

/// Where tokens of one connection come from.
pub(crate) struct Issuer {
    oauth2: OAuth2,
    configuration: Map<String, Value>,
    client: RegisteredClient,
    way_out: WayOut,
}

/// What a token endpoint gave.
pub(crate) struct Issued {
    pub(crate) tokens: Tokens,
    pub(crate) expires_at: Option<Timestamp>,
}

/// Why it gave nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IssuerError {
    /// It answered no, with one of the codes of RFC 6749 §5.2.
    #[error("the platform's token endpoint answered `{0}`")]
    Refused(String),
    /// It could not be asked.
    #[error(transparent)]
    Egress(#[from] Refusal),
    /// What it answered is no token.
    #[error("the platform's token endpoint answered something else than RFC 6749 says: {0}")]
    Malformed(&'static str),
    /// The manifest and the configuration give no address.
    #[error("the manifest's `{0}` gives no address; check the connection's configuration")]
    Address(&'static str),
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer").field("token_url", &self.oauth2.token_url.as_str()).finish_non_exhaustive()
    }
}

type TokenError = RequestTokenError<Refusal, BasicErrorResponse>;

impl Issuer {
    pub(crate) fn new(
        oauth2: OAuth2,
        configuration: Map<String, Value>,
        client: RegisteredClient,
        way_out: WayOut,
    ) -> Self {
        Self { oauth2, configuration, client, way_out }
    }

    pub(crate) const fn flow(&self) -> OAuthFlow {
        self.oauth2.flow
    }

    /// Stands for the client that begins a grant by itself.
    pub(crate) const fn own_client(&self) -> Option<Digest> {
        match self.oauth2.flow {
            OAuthFlow::ClientCredentials => Some(self.client.digest),
            OAuthFlow::AuthorizationCode => None,
        }
    }

    /// The issuer that an answer has to name.
    pub(crate) fn name(&self) -> Result<Option<String>, IssuerError> {
        // A manifest for any platform leaves it to the configuration whether the platform says who it is.
        let template = self.oauth2.issuer.as_ref().filter(|template| self.is_configured(template));
        template.map(|template| self.url("issuer", template)).transpose()
    }

    /// Where a person is sent to agree.
    pub(crate) fn address(
        &self,
        redirect: &str,
        state: &str,
        verifier: &Zeroizing<String>,
    ) -> Result<String, IssuerError> {
        let template = self.oauth2.authorize_url.as_ref().ok_or(IssuerError::Address("authorize_url"))?;
        let address = self.url("authorize_url", template)?;
        let client = BasicClient::new(ClientId::new(self.client.id.to_string()))
            .set_auth_uri(AuthUrl::new(address).map_err(|_| IssuerError::Address("authorize_url"))?)
            .set_redirect_uri(redirect_url(redirect)?);
        let verifier = PkceCodeVerifier::new(verifier.to_string());
        let mut request = client
            .authorize_url(|| CsrfToken::new(state.to_owned()))
            .add_scopes(self.oauth2.scopes(&self.configuration).into_iter().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        for (name, value) in &self.oauth2.parameters {
            request = request.add_extra_param(name, value);
        }
        Ok(request.url().0.to_string())
    }

    /// Exchanges the code that a person came back with.
    pub(crate) async fn exchange(
        &self,
        code: &str,
        verifier: &Zeroizing<String>,
        redirect: &str,
    ) -> Result<Issued, IssuerError> {
        let (url, http) = self.endpoint("token_url", &self.oauth2.token_url)?;
        let client = self.client().set_token_uri(token_url(url)?).set_redirect_uri(redirect_url(redirect)?);
        let mut request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.to_string()));
        for (name, value) in &self.oauth2.token_parameters {
            request = request.add_extra_param(name, value);
        }
        self.issued(request.request_async(&|request| send(http.clone(), request)).await)
    }

    /// Renews by a refresh token.
    pub(crate) async fn refresh(&self, token: &Zeroizing<String>) -> Result<Issued, IssuerError> {
        let (url, http) = self.endpoint("token_url", &self.oauth2.token_url)?;
        let asked = self
            .client()
            .set_token_uri(token_url(url)?)
            .exchange_refresh_token(&RefreshToken::new(token.to_string()))
            .request_async(&|request| send(http.clone(), request))
            .await;
        let mut issued = self.issued(asked)?;
        // A platform that does not rotate refresh tokens leaves the old one standing.
        issued.tokens.refresh.get_or_insert_with(|| token.clone());
        Ok(issued)
    }

    /// Asks as the client itself.
    pub(crate) async fn by_client(&self) -> Result<Issued, IssuerError> {
        let (url, http) = self.endpoint("token_url", &self.oauth2.token_url)?;
        let asked = self
            .client()
            .set_token_uri(token_url(url)?)
            .exchange_client_credentials()
            .add_scopes(self.oauth2.scopes(&self.configuration).into_iter().map(Scope::new))
            .request_async(&|request| send(http.clone(), request))
            .await;
        self.issued(asked)
    }

    /// Takes the grant back at the platform: the refresh token, and with it what it gave (RFC 7009 §2.1). Answers whether
    /// the platform can be asked at all. The form is written here, since the crate revokes over `https` alone.
    pub(crate) async fn revoke(&self, tokens: &Tokens) -> Result<bool, IssuerError> {
        let template = self.oauth2.revoke_url.as_ref().filter(|template| self.is_configured(template));
        let Some(template) = template else { return Ok(false) };
        let (url, http) = self.endpoint("revoke_url", template)?;
        let (token, hint) = match &tokens.refresh {
            Some(token) => (token, "refresh_token"),
            None => (&tokens.access, "access_token"),
        };
        let is_basic = self.oauth2.client_auth == ClientAuth::Basic && self.client.secret.is_some();
        let form = {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.append_pair("token", token).append_pair("token_type_hint", hint);
            if !is_basic {
                form.append_pair("client_id", &self.client.id);
            }
            if let Some(secret) = self.client.secret.as_ref().filter(|_| !is_basic) {
                form.append_pair("client_secret", secret);
            }
            form.finish()
        };
        let request = Request {
            method: "POST".into(),
            url,
            headers: vec![("content-type".into(), "application/x-www-form-urlencoded".into())],
            body: Some(Bytes::from(form)),
            auth: is_basic.then(|| CLIENT.to_owned()),
            ..Request::default()
        };
        match http.send(request).await?.status {
            200 => Ok(true),
            status => Err(IssuerError::Refused(format!("status {status}"))),
        }
    }

    fn client(&self) -> BasicClient {
        let mut client = BasicClient::new(ClientId::new(self.client.id.to_string()));
        if let Some(secret) = &self.client.secret {
            client = client.set_client_secret(ClientSecret::new(secret.to_string()));
        }
        client.set_auth_type(match self.oauth2.client_auth {
            ClientAuth::Basic => AuthType::BasicAuth,
            ClientAuth::Body => AuthType::RequestBody,
        })
    }

    fn issued(&self, asked: Result<BasicTokenResponse, TokenError>) -> Result<Issued, IssuerError> {
        let answer = asked.map_err(|error| match error {
            RequestTokenError::ServerResponse(answer) => IssuerError::Refused(code(answer.error())),
            RequestTokenError::Request(refusal) => refusal.into(),
            RequestTokenError::Parse(..) => IssuerError::Malformed("the answer is no token and no error"),
            RequestTokenError::Other(_) => IssuerError::Malformed("the answer is empty"),
        })?;
        let life = answer.expires_in().map(|life| i64::try_from(life.as_millis()).unwrap_or(i64::MAX));
        let tokens = Tokens {
            access: Zeroizing::new(answer.access_token().secret().clone()),
            refresh: answer.refresh_token().map(|token| Zeroizing::new(token.secret().clone())),
        };
        Ok(Issued { tokens, expires_at: life.map(|life| (self.way_out.now)().plus_millis(life)) })
    }

    /// Whether every setting that an optional address names is there.
    fn is_configured(&self, template: &Template) -> bool {
        OAuth2::url(template, &self.configuration).is_ok()
    }

    fn url(&self, what: &'static str, template: &Template) -> Result<String, IssuerError> {
        OAuth2::url(template, &self.configuration).map_err(|_| IssuerError::Address(what))
    }

    /// The address, and a client that reaches it and nothing else.
    fn endpoint(&self, what: &'static str, template: &Template) -> Result<(String, Client), IssuerError> {
        let url = self.url(what, template)?;
        let reach = Reach::endpoint(&url, self.way_out.networks.clone()).map_err(Refusal::from)?;
        let mut parts = self.way_out.parts(reach);
        parts.credentials = self.credential(&url).into_iter().collect();
        Ok((url, Client::new(parts)))
    }

    /// The registered client as basic authentication, which is form-encoded first (RFC 6749 §2.3.1).
    fn credential(&self, url: &str) -> Option<Credential> {
        let encoded =
            |text: &str| Secret::new(url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>());
        let secrets = [("username", encoded(&self.client.id)), ("password", encoded(self.client.secret.as_ref()?))];
        let origin = url::Url::parse(url).ok()?.origin().ascii_serialization();
        let scheme = AuthScheme {
            name: CLIENT.into(),
            title: String::new(),
            secrets: Vec::new(),
            hosts: vec![HostPattern::parse(&origin).ok()?],
            apply: AuthMethod::Basic {},
        };
        Some(Credential::new(scheme, secrets.into_iter().collect(), Map::new()))
    }
}

/// The code of an error answer, as far as it is one: what a platform wrote is not handed on.
fn code(answered: &BasicErrorResponseType) -> String {
    match answered {
        BasicErrorResponseType::Extension(_) => "another_error".into(),
        known => known.as_ref().to_owned(),
    }
}

fn token_url(url: String) -> Result<TokenUrl, IssuerError> {
    TokenUrl::new(url).map_err(|_| IssuerError::Address("token_url"))
}

fn redirect_url(url: &str) -> Result<RedirectUrl, IssuerError> {
    RedirectUrl::new(url.to_owned()).map_err(|_| IssuerError::Address("redirect_uri"))
}

/// One request of the protocol, over the egress.
async fn send(client: Client, request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let (head, body) = request.into_parts();
    let headers = head.headers.iter().filter(|(name, _)| *name != http::header::AUTHORIZATION);
    let text = |value: &http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let request = Request {
        method: head.method.to_string(),
        url: head.uri.to_string(),
        headers: headers.map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: Some(Bytes::from(body)),
        // The protocol's own header is left out: the egress adds it, and watches that it does not come back.
        auth: head.headers.contains_key(http::header::AUTHORIZATION).then(|| CLIENT.to_owned()),
        ..Request::default()
    };
    let mut response = client.send(request).await?;
    let body = response.body.read_all().await?;
    let mut answer = HttpResponse::new(typed(&body).unwrap_or_else(|| body.to_vec()));
    *answer.status_mut() = http::StatusCode::from_u16(response.status).unwrap_or(http::StatusCode::BAD_GATEWAY);
    for (name, value) in &response.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<http::HeaderName>(), value.parse()) {
            answer.headers_mut().append(name, value);
        }
    }
    Ok(answer)
}

/// The same tokens with their type, which RFC 6749 §5.1 requires and some platforms leave out.
fn typed(body: &[u8]) -> Option<Vec<u8>> {
    let mut answer: Map<String, Value> = serde_json::from_slice(body).ok()?;
    if !answer.contains_key("access_token") || answer.contains_key("token_type") {
        return None;
    }
    answer.insert("token_type".into(), "bearer".into());
    serde_json::to_vec(&answer).ok()
}
