//! The session of a login: asked for once, kept here, shown to nobody.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use tokio::sync::Mutex;
use tokio::time::Instant;
use weighbridge_model::package::{Login, LoginError, LoginRequest, Values};
use zeroize::Zeroizing;

use crate::auth::Applied;
use crate::body::{Body, Terms};
use crate::client::Inner;
use crate::credential::Credential;
use crate::exchange::Outgoing;
use crate::packed::Coding;
use crate::reach;
use crate::refusal::{Denial, Refusal};
use crate::secret::Opened;
use crate::target::Target;
use crate::watch::{Guarded, Watch, Watched};

/// One login at a time: who comes second waits for the first one's session.
#[derive(Debug, Default)]
pub(crate) struct Session(Mutex<Standing>);

#[derive(Debug, Default)]
enum Standing {
    #[default]
    Out,
    In(Arc<Ticket>),
    /// The platform does not take this credential; asking again would only lock the account.
    Refused(String),
}

impl Session {
    /// By which rule the platform refused the credential. While a login is under way it is not known to.
    pub(crate) fn refused(&self) -> Option<String> {
        match &*self.0.try_lock().ok()? {
            Standing::Refused(reason) => Some(reason.clone()),
            Standing::Out | Standing::In(_) => None,
        }
    }
}

/// What a login gave.
pub(crate) struct Ticket {
    header: HeaderName,
    value: Zeroizing<String>,
    /// What the guest must not see: the captures, and what is built of them.
    secrets: Vec<Zeroizing<String>>,
    since: Instant,
}

impl std::fmt::Debug for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ticket").field("since", &self.since).finish_non_exhaustive()
    }
}

impl Ticket {
    /// Puts the session on a request.
    pub(crate) fn apply(&self, credential: &Credential, applied: &mut Applied) -> Result<(), Denial> {
        self.secrets.iter().for_each(|secret| applied.guarded.add(secret));
        applied.headers.insert(self.header.clone(), credential.value(&self.value)?);
        Ok(())
    }

    fn is_over(&self, login: &Login) -> bool {
        login.lifetime_s.is_some_and(|seconds| self.since.elapsed() >= Duration::from_secs(seconds))
    }
}

impl Inner {
    /// The session that is open, or a new one. `spent` is one that the platform no longer takes.
    pub(crate) async fn ticket(
        &self,
        credential: &Credential,
        login: &Login,
        spent: Option<&Arc<Ticket>>,
        wanted: &Outgoing,
    ) -> Result<Arc<Ticket>, Refusal> {
        let standing = tokio::time::timeout_at(wanted.deadline, credential.session.0.lock()).await;
        let mut standing = standing.map_err(|_| Refusal::TimedOut)?;
        match &*standing {
            Standing::In(ticket) if !ticket.is_over(login) && spent.is_none_or(|spent| !Arc::ptr_eq(spent, ticket)) => {
                return Ok(Arc::clone(ticket));
            }
            Standing::Refused(reason) => return Err(Denial::SignIn { reason: reason.clone() }.into()),
            Standing::Out | Standing::In(_) => *standing = Standing::Out,
        }
        match self.sign_in(credential, login, wanted).await {
            Ok(ticket) => {
                let ticket = Arc::new(ticket);
                *standing = Standing::In(Arc::clone(&ticket));
                Ok(ticket)
            }
            Err(refusal) => {
                if let Refusal::Denied(Denial::SignIn { reason }) = &refusal {
                    *standing = Standing::Refused(reason.clone());
                }
                Err(refusal)
            }
        }
    }

    async fn sign_in(&self, credential: &Credential, login: &Login, wanted: &Outgoing) -> Result<Ticket, Refusal> {
        let (secrets, none) = (credential.secrets.open(), Opened::default());
        let values = Values { configuration: &credential.configuration, secrets: &secrets.0, captures: &none.0 };
        let request = login.request(&values).map_err(|error| refusal(credential, error))?;
        let outgoing = self.login_request(credential, request, wanted)?;
        let mut guarded = Guarded::default();
        credential.secrets.guarded().for_each(|secret| guarded.add(secret));
        self.guard(credential, guarded);
        let answered = self.exchange.send(&outgoing).await?;
        let status = answered.head.status.as_u16();
        let tally = self.exchange.tally.clone();
        let bytes_max = self.exchange.route().dialer.limits.response_bytes;
        let deadline = wanted.deadline;
        let unpacker = match Coding::of(&answered.head.headers) {
            Coding::Packed(unpacker) => Some(unpacker),
            Coding::Plain | Coding::Unknown => None,
        };
        let terms = Terms { watched: Watched::new(&Watch::default()), unpacker, bytes_max, deadline, tally };
        let body = Body::new(answered.incoming, answered.lease, terms).read_all().await?;
        let captures = Opened(login.captures(status, &body).map_err(|error| refusal(credential, error))?);
        let values = Values { captures: &captures.0, ..values };
        let (name, value) = login.header(&values).map_err(|error| refusal(credential, error))?;
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|error| credential.unusable(error.to_string()))?;
        let built = captures.0.values().chain([&value]).map(String::as_str);
        let guarded = built.chain(credential.secrets.guarded());
        let mut guarded: Vec<_> = guarded.map(|secret| Zeroizing::new(secret.to_owned())).collect();
        // `Session BASE64`: the second word alone is the session too.
        guarded.extend(value.split_whitespace().map(|word| Zeroizing::new(word.to_owned())));
        Ok(Ticket { header, value: Zeroizing::new(value), secrets: guarded, since: Instant::now() })
    }

    fn login_request(
        &self,
        credential: &Credential,
        request: LoginRequest,
        wanted: &Outgoing,
    ) -> Result<Outgoing, Refusal> {
        let target = Target::parse(&request.url)?;
        self.exchange.route().dialer.reach.admit(&target)?;
        if !reach::admits(&credential.hosts, &target) {
            let (scheme, place) = (credential.name().to_owned(), target.place());
            return Err(Denial::CredentialPlace { scheme, place }.into());
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let name =
                HeaderName::from_bytes(name.as_bytes()).map_err(|error| credential.unusable(error.to_string()))?;
            let mut value = HeaderValue::from_str(value).map_err(|error| credential.unusable(error.to_string()))?;
            value.set_sensitive(true);
            headers.append(name, value);
        }
        let method = Method::from_bytes(request.method.as_bytes());
        let method = method.map_err(|_| Denial::Method { method: request.method.clone() })?;
        let (body, deadline) = (Bytes::from(request.body.unwrap_or_default()), wanted.deadline);
        Ok(Outgoing { method, target, headers, body, deadline, delay_until: wanted.delay_until })
    }
}

fn refusal(credential: &Credential, error: LoginError) -> Refusal {
    match error {
        LoginError::Refused { reason } => Denial::SignIn { reason }.into(),
        LoginError::Unexpected { reason } => {
            Refusal::Unreachable(format!("the platform's answer to the sign-in is not understood ({reason})"))
        }
        other => credential.unusable(other.to_string()).into(),
    }
}
