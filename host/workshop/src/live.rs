//! The real platform, by the host's own way out: its rules, its credentials, its certificates.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value};
use weighbridge_egress::{
    Budget, Client, Credential, Denial, Departures, IpNet, Issuing, Now, Parts, ProxyRefusal, Reach, Refusal, Request,
    Response, Secret, Secrets, Tokens, Trusted,
};
use weighbridge_model::package::{AuthMethod, AuthScheme, Manifest};
use weighbridge_sandbox::{Answer, HttpRefusal};

use crate::cassette::{Answered, Asked, Body, Cassette};
use crate::venue::{Platform, Venue};

/// The platform of a configuration, and the credential that the host puts on requests.
#[derive(Clone)]
pub struct Live(Client);

/// There is no way to the platform.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// The manifest has no such sign-in.
    #[error(
        "record.scheme: the connector has no sign-in `{0}`; name one of those that `weighbridge connector inspect` lists"
    )]
    Scheme(String),
    /// A secret is missing.
    #[error(
        "record.secret_missing: the sign-in `{scheme}` needs the secret `{secret}`; add it to the file of credentials"
    )]
    SecretMissing {
        /// The sign-in.
        scheme: String,
        /// The secret.
        secret: String,
    },
    /// A credential would be kept.
    #[error(
        "record.credential: a credential stands in what would be recorded, so nothing was; take it out of the configuration"
    )]
    Credential,
    /// The certificates.
    #[error("record.certificates: {0}")]
    Certificates(String),
}

impl LiveError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Scheme(_) => "record.scheme",
            Self::SecretMissing { .. } => "record.secret_missing",
            Self::Credential => "record.credential",
            Self::Certificates(_) => "record.certificates",
        }
    }
}

impl Live {
    /// The platform that a configuration names. Whatever network it is in, the author may reach it: it is their machine.
    pub fn new(
        manifest: &Manifest,
        configuration: &Map<String, Value>,
        sign_in: Option<(&str, BTreeMap<String, String>)>,
        now: Now,
    ) -> Result<Self, LiveError> {
        let configuration = manifest.with_defaults(configuration);
        let reach = reach(manifest, &configuration);
        let trusted = Trusted::new(None).map_err(|error| LiveError::Certificates(error.to_string()))?;
        let mut parts = Parts::new(reach, trusted, now);
        parts.budget = Budget::new(&manifest.rate_limits, Arc::new(Departures::default()));
        if let Some((scheme, secrets)) = sign_in {
            parts.credentials.push(credential(manifest, scheme, secrets, configuration)?);
        }
        Ok(Self(Client::new(parts)))
    }

    /// Whether a recording has anything in it that went out as a credential, which it never may.
    pub fn check(&self, cassette: &Cassette) -> Result<(), LiveError> {
        let text = cassette.to_text();
        if self.0.redact(text.clone()) == text { Ok(()) } else { Err(LiveError::Credential) }
    }
}

/// What the manifest lists, in whatever network that is.
pub(crate) fn reach(manifest: &Manifest, configuration: &Map<String, Value>) -> Reach {
    let hosts = manifest.hosts.iter().filter_map(|pattern| pattern.expand(configuration).ok()).collect();
    let everywhere = ["0.0.0.0/0", "::/0"].iter().filter_map(|text| text.parse::<IpNet>().ok()).collect();
    Reach { manifest: hosts, granted: None, networks: everywhere }
}

fn credential(
    manifest: &Manifest,
    name: &str,
    secrets: BTreeMap<String, String>,
    configuration: Map<String, Value>,
) -> Result<Credential, LiveError> {
    let scheme = manifest.scheme(name).ok_or_else(|| LiveError::Scheme(name.to_owned()))?;
    if let Some(secret) = secret_names(scheme).into_iter().find(|secret| !secrets.contains_key(secret)) {
        return Err(LiveError::SecretMissing { scheme: name.to_owned(), secret });
    }
    let lent = secrets.get(ACCESS_TOKEN).filter(|_| is_a_grant(scheme)).map(|token| Lent(Secret::new(token)));
    let secrets: Secrets = secrets.into_iter().map(|(name, text)| (name, Secret::new(text))).collect();
    let credential = Credential::new(scheme.clone(), secrets, configuration);
    Ok(match lent {
        Some(lent) => credential.with_tokens(Arc::new(lent)),
        None => credential,
    })
}

const ACCESS_TOKEN: &str = "access_token";

fn is_a_grant(scheme: &AuthScheme) -> bool {
    matches!(scheme.apply, AuthMethod::Oauth2(_))
}

/// The secrets that a recording needs for a sign-in. Only a host keeps grants: an author brings an access token instead.
pub fn secret_names(scheme: &AuthScheme) -> Vec<String> {
    if is_a_grant(scheme) { vec![ACCESS_TOKEN.to_owned()] } else { scheme.secret_names() }
}

/// An access token that is used until the platform refuses it.
#[derive(Debug)]
struct Lent(Secret);

impl Tokens for Lent {
    fn current(&self, _deadline: tokio::time::Instant) -> Issuing<'_> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }

    fn rejected<'a>(&'a self, _token: &'a Secret, _deadline: tokio::time::Instant) -> Issuing<'a> {
        let reason = "the platform does not take the access token; bring a new one".to_owned();
        Box::pin(std::future::ready(Err(Denial::SignIn { reason }.into())))
    }

    fn refused(&self) -> Option<String> {
        None
    }
}

impl Venue for Live {
    fn open(&self) -> Box<dyn Platform> {
        Box::new(self.clone())
    }

    fn waits(&self) -> bool {
        true
    }
}

impl Platform for Live {
    fn answer<'a>(&'a mut self, asked: &'a Asked) -> Answer<'a, Option<Answered>> {
        Box::pin(async move { Some(self.ask(asked).await.unwrap_or_else(|refusal| Answered::Refused(told(refusal)))) })
    }
}

impl Live {
    async fn ask(&self, asked: &Asked) -> Result<Answered, Refusal> {
        let Asked { method, url, auth, headers, body } = asked.clone();
        let body = body.map(|body| Bytes::from(body.bytes()));
        let Response { status, mut headers, mut body } =
            self.0.send(Request { method, url, headers, body, auth, ..Request::default() }).await?;
        // A cookie is what the platform knows this caller by.
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case("set-cookie"));
        let mut bytes = Vec::new();
        loop {
            let more = body.read(1 << 20).await?;
            if more.is_empty() {
                return Ok(Answered::Response { status, headers, body: Body::of(&bytes) });
            }
            bytes.extend_from_slice(&more);
        }
    }
}

/// What the connector is told, as a host would tell it.
fn told(refusal: Refusal) -> HttpRefusal {
    match refusal {
        Refusal::Unreachable(why) | Refusal::Malformed(why) => HttpRefusal::Unreachable(why),
        Refusal::Proxy(ProxyRefusal::Unreachable { .. } | ProxyRefusal::Gateway { .. }) => {
            HttpRefusal::Unreachable(refusal.to_string())
        }
        Refusal::Tls(why) => HttpRefusal::Tls(why),
        Refusal::TimedOut => HttpRefusal::TimedOut,
        Refusal::TooLarge(bytes) => HttpRefusal::TooLarge(bytes),
        Refusal::Budget | Refusal::RateLimited { .. } => HttpRefusal::Budget,
        Refusal::Cancelled => HttpRefusal::Cancelled,
        Refusal::SecretEchoed => HttpRefusal::SecretEchoed,
        _ => HttpRefusal::Denied(format!("{refusal} ({})", refusal.code())),
    }
}
