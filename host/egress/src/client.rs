//! One connection's way out.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use http::{Method, StatusCode, header};
use tokio::time::Instant;
use weighbridge_model::package::{AuthMethod, Login};
use weighbridge_model::time::Timestamp;

use crate::auth::Applied;
use crate::body::{Body, Terms};
use crate::budget::Budget;
use crate::credential::Credential;
use crate::dial::Dialer;
use crate::exchange::{Answered, Exchange, Outgoing};
use crate::headers;
use crate::limits::Limits;
use crate::packed::Coding;
use crate::proxy::Proxy;
use crate::reach::{self, Reach};
use crate::refusal::{Denial, Refusal};
use crate::request::{Request, Response};
use crate::resolve::{Resolve, SystemResolver};
use crate::target::Target;
use crate::trusted::Trusted;
use crate::watch::{Guarded, LastWatch, Watch, Watched};

/// What a client is made of.
pub struct Parts {
    /// Where it may reach.
    pub reach: Reach,
    /// What it may put on requests.
    pub credentials: Vec<Credential>,
    /// Whose certificates it believes.
    pub trusted: Trusted,
    /// How large and how slow requests may be.
    pub limits: Limits,
    /// Who knows addresses.
    pub resolver: Arc<dyn Resolve>,
    /// Who knows the time: signatures carry it.
    pub now: Now,
    /// By which requests leave, where they do not go directly.
    pub proxy: Option<Proxy>,
    /// How many requests the platform allows.
    pub budget: Budget,
}

/// Tells the time.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

impl Parts {
    /// The usual parts: default limits, the system's resolver, no credential.
    pub fn new(reach: Reach, trusted: Trusted, now: Now) -> Self {
        let (limits, resolver) = (Limits::default(), Arc::new(SystemResolver));
        let budget = Budget::default();
        Self { reach, credentials: Vec::new(), trusted, limits, resolver, now, proxy: None, budget }
    }
}

/// The HTTP client of one connection of a customer or tenant. Clones share connections and sessions; another connection
/// has another client.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) exchange: Exchange,
    credentials: Vec<Credential>,
    pub(crate) now: Now,
    last_watch: LastWatch,
}

/// What went through a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests, logins and repeats included.
    pub requests: u64,
    /// Bytes of their bodies.
    pub bytes_sent: u64,
    /// Bytes of the bodies of their answers.
    pub bytes_received: u64,
}

#[derive(Clone, Default)]
pub(crate) struct Tally(Arc<[AtomicU64; 3]>);

impl Tally {
    pub(crate) fn sent(&self, bytes: usize) {
        self.0[0].fetch_add(1, Relaxed);
        self.0[1].fetch_add(bytes as u64, Relaxed);
    }

    pub(crate) fn received(&self, bytes: usize) {
        self.0[2].fetch_add(bytes as u64, Relaxed);
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("traffic", &self.traffic()).finish_non_exhaustive()
    }
}

impl Client {
    /// A client that has no connection yet.
    pub fn new(parts: Parts) -> Self {
        let Parts { reach, credentials, trusted, limits, resolver, now, proxy, budget } = parts;
        let dialer = Dialer { reach, trusted, resolver, limits: Arc::new(limits), proxy };
        let (tally, said) = (Tally::default(), Arc::clone(&now));
        let exchange = Exchange::new(dialer, tally, budget, said);
        Self(Arc::new(Inner { exchange, credentials, now, last_watch: LastWatch::default() }))
    }

    /// From now on requests leave by another proxy, or believe others; those that are on their way end as they began.
    pub fn leave_by(&self, trusted: Trusted, proxy: Option<Proxy>) {
        self.0.exchange.leave_by(|before| Dialer { trusted, proxy, ..before.clone() });
    }

    /// What went through it so far.
    pub fn traffic(&self) -> Traffic {
        let [requests, bytes_sent, bytes_received] = &*self.0.exchange.tally.0;
        Traffic {
            requests: requests.load(Relaxed),
            bytes_sent: bytes_sent.load(Relaxed),
            bytes_received: bytes_received.load(Relaxed),
        }
    }

    /// Why the platform refused a sign-in, if it did: no request of that scheme is made any more, and a person must act.
    pub fn sign_in_refused(&self) -> Option<String> {
        self.0.credentials.iter().find_map(Credential::refused)
    }

    /// How many requests its platform allows.
    pub fn budget(&self) -> &Budget {
        &self.0.exchange.budget
    }

    /// A text for a log or a message, with every secret crossed out that went out so far.
    pub fn redact(&self, text: String) -> String {
        self.0.watch(&Guarded::default()).redact(text)
    }

    /// Makes one request, if every rule allows it, and waits for the head of its answer.
    pub async fn send(&self, request: Request) -> Result<Response, Refusal> {
        let sent = self.0.send(request).await;
        if let Err(refusal @ Refusal::Denied(_)) = &sent {
            self.budget().departures().kept_in(refusal);
        }
        sent
    }
}

impl Inner {
    async fn send(&self, request: Request) -> Result<Response, Refusal> {
        let credential = request.auth.as_deref().map(|scheme| self.credential(scheme)).transpose()?;
        let outgoing = self.check(request, credential)?;
        let Some(credential) = credential else { return self.plain(&outgoing).await };
        self.admit_credential(credential, &outgoing.target)?;
        match &credential.scheme.apply {
            AuthMethod::None {} => self.plain(&outgoing).await,
            AuthMethod::Login(login) => self.send_in_session(credential, login, outgoing).await,
            AuthMethod::Oauth2 { .. } => self.send_with_token(credential, outgoing).await,
            _ => {
                let mut applied = Applied::to(&outgoing);
                credential.apply(&outgoing, (self.now)(), &mut applied)?;
                self.send_applied(credential, &outgoing, applied).await
            }
        }
    }

    pub(crate) fn credential(&self, scheme: &str) -> Result<&Credential, Denial> {
        let found = self.credentials.iter().find(|credential| credential.name() == scheme);
        found.ok_or_else(|| Denial::SchemeUnknown { scheme: scheme.to_owned() })
    }

    fn check(&self, request: Request, credential: Option<&Credential>) -> Result<Outgoing, Refusal> {
        let route = self.exchange.route();
        let limits = &route.dialer.limits;
        let target = Target::parse(&request.url)?;
        route.dialer.reach.admit(&target)?;
        let reserved = credential.map(Credential::reserved).transpose()?.unwrap_or_default();
        let headers = headers::accept(&request.headers, &reserved, limits)?;
        let body = request.body.unwrap_or_default();
        let bytes = body.len() as u64;
        if bytes > limits.request_bytes {
            return Err(Denial::RequestTooLarge { bytes, bytes_max: limits.request_bytes }.into());
        }
        let asked = request.timeout_ms.map(|ms| Duration::from_millis(ms.into()));
        let now = Instant::now();
        let deadline = now + asked.map_or(limits.total, |asked| asked.min(limits.total));
        let deadline = request.until.map_or(deadline, |until| until.min(deadline));
        let halfway = now + deadline.saturating_duration_since(now) / 2;
        let delay_until = request.delay_until.map_or(halfway, |until| until.min(halfway));
        Ok(Outgoing { method: method(&request.method)?, target, headers, body, deadline, delay_until })
    }

    fn admit_credential(&self, credential: &Credential, target: &Target) -> Result<(), Denial> {
        let sends_nothing = matches!(credential.scheme.apply, AuthMethod::None {});
        if sends_nothing || reach::admits(&credential.hosts, target) {
            return Ok(());
        }
        Err(Denial::CredentialPlace { scheme: credential.name().to_owned(), place: target.place() })
    }

    async fn plain(&self, outgoing: &Outgoing) -> Result<Response, Refusal> {
        let answered = self.exchange.send(outgoing).await?;
        self.respond(answered, &self.watch(&Guarded::default()), outgoing.deadline, false)
    }

    pub(crate) async fn send_applied(
        &self,
        credential: &Credential,
        outgoing: &Outgoing,
        applied: Applied,
    ) -> Result<Response, Refusal> {
        let Applied { target, headers, guarded } = applied;
        self.guard(credential, guarded.clone());
        // Made before anybody else signs in anew: the answer is watched for what this request carries.
        let watch = self.watch(&guarded);
        let outgoing = Outgoing { target, headers, ..outgoing.clone() };
        let sent = self.exchange.send(&outgoing).await;
        let answered = sent.map_err(|refusal| redacted(refusal, &watch))?;
        self.respond(answered, &watch, outgoing.deadline, true)
    }

    /// From here on no answer may contain these, to whichever request.
    pub(crate) fn guard(&self, credential: &Credential, guarded: Guarded) {
        *credential.sent.lock().unwrap_or_else(PoisonError::into_inner) = guarded;
    }

    /// Over these, and all that went out last.
    fn watch(&self, guarded: &Guarded) -> Watch {
        let mut all = Guarded::default();
        for credential in &self.credentials {
            all.extend(&credential.sent.lock().unwrap_or_else(PoisonError::into_inner));
        }
        all.extend(guarded);
        self.last_watch.over(all)
    }

    /// A session that the platform no longer takes is replaced once, and the request made once more.
    async fn send_in_session(
        &self,
        credential: &Credential,
        login: &Login,
        outgoing: Outgoing,
    ) -> Result<Response, Refusal> {
        let ticket = self.ticket(credential, login, None, &outgoing).await?;
        let mut applied = Applied::to(&outgoing);
        ticket.apply(credential, &mut applied)?;
        let response = self.send_applied(credential, &outgoing, applied).await?;
        if !login.is_expired(response.status) {
            return Ok(response);
        }
        drop(response);
        let ticket = self.ticket(credential, login, Some(&ticket), &outgoing).await?;
        let mut applied = Applied::to(&outgoing);
        ticket.apply(credential, &mut applied)?;
        self.send_applied(credential, &outgoing, applied).await
    }

    fn respond(
        &self,
        answered: Answered,
        watch: &Watch,
        deadline: Instant,
        authenticated: bool,
    ) -> Result<Response, Refusal> {
        let Answered { head, incoming, lease } = answered;
        let bytes_max = self.exchange.route().dialer.limits.response_bytes;
        let has_body = head.status != StatusCode::NO_CONTENT && head.status != StatusCode::NOT_MODIFIED;
        if has_body && announced(&head).is_some_and(|bytes| bytes > bytes_max) {
            return Err(Refusal::TooLarge(bytes_max));
        }
        if watch.finds_in(&head.headers) {
            return Err(Refusal::SecretEchoed);
        }
        let unpacker = match Coding::of(&head.headers) {
            Coding::Unknown if authenticated => return Err(Refusal::Encoded),
            Coding::Packed(unpacker) => Some(unpacker),
            Coding::Plain | Coding::Unknown => None,
        };
        let headers = headers::show(&head.headers, authenticated, unpacker.is_some());
        let (watched, tally) = (Watched::new(watch), self.exchange.tally.clone());
        let terms = Terms { watched, unpacker, bytes_max, deadline, tally };
        Ok(Response { status: head.status.as_u16(), headers, body: Body::new(incoming, lease, terms) })
    }
}

impl Applied {
    pub(crate) fn to(outgoing: &Outgoing) -> Self {
        Self { target: outgoing.target.clone(), headers: outgoing.headers.clone(), guarded: Guarded::default() }
    }
}

fn method(text: &str) -> Result<Method, Denial> {
    let refuse = || Denial::Method { method: text.escape_default().to_string() };
    match Method::from_bytes(text.as_bytes()).map_err(|_| refuse())? {
        Method::CONNECT | Method::TRACE => Err(refuse()),
        method => Ok(method),
    }
}

fn announced(head: &http::response::Parts) -> Option<u64> {
    head.headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn redacted(refusal: Refusal, watch: &Watch) -> Refusal {
    match refusal {
        Refusal::Unreachable(why) => Refusal::Unreachable(watch.redact(why)),
        Refusal::Malformed(why) => Refusal::Malformed(watch.redact(why)),
        Refusal::Tls(why) => Refusal::Tls(watch.redact(why)),
        other => other,
    }
}
