//! Who keeps a connection's grant: hands access tokens out, and renews them one at a time.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::time::Instant;
use weighbridge_egress::{Denial, Issuing, Refusal, Secret};
use weighbridge_model::connection::Connection;
use weighbridge_model::grant::{Grant, Step};
use weighbridge_model::name::Code;
use weighbridge_model::package::OAuthFlow;
use weighbridge_model::time::Timestamp;
use weighbridge_store::verbs::{GrantOf, Pair, begin_renewal, end_renewal, grant_in, keep_renewed};
use zeroize::Zeroizing;

use super::issuer::{Issued, Issuer, IssuerError};
use super::{Tokens, seal};
use crate::audit::AuditLine;
use crate::engine::{Engine, Host};
use crate::texts::{Texts, connection_owner};

/// How often somebody else's renewal is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// How many renewals are on their way.
#[derive(Debug, Default)]
pub(crate) struct Renewals(Arc<()>);

impl Renewals {
    /// One more, until it is dropped.
    fn begin(&self) -> Arc<()> {
        Arc::clone(&self.0)
    }

    pub(crate) fn any(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }
}

/// The keeper of one connection's grant, in this process.
pub(crate) struct Keeper {
    host: Weak<Host>,
    of: GrantOf,
    connection: Connection,
    issuer: Issuer,
    /// One renewal at a time; who comes second finds the first one's token.
    flight: tokio::sync::Mutex<()>,
    /// The access token that was opened last, with its version.
    opened: Mutex<Option<(u64, Zeroizing<String>)>>,
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper").field("connection", &self.of.connection).finish_non_exhaustive()
    }
}

/// What the egress asks.
#[derive(Debug)]
pub(crate) struct GrantTokens(pub(crate) Arc<Keeper>);

impl weighbridge_egress::Tokens for GrantTokens {
    fn current(&self, _deadline: Instant) -> Issuing<'_> {
        Box::pin(self.0.issue(None))
    }

    fn rejected<'a>(&'a self, token: &'a Secret, _deadline: Instant) -> Issuing<'a> {
        let opened = self.0.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let rejected = opened.as_ref().filter(|(_, access)| token.is(access)).map(|(version, _)| *version);
        drop(opened);
        Box::pin(self.0.issue(rejected))
    }

    fn refused(&self) -> Option<String> {
        let host = self.0.host.upgrade()?;
        match self.0.grant(&host).ok()? {
            Some(grant) => grant.refused.map(|code| code.to_string()),
            None => Some("nobody has authorised it yet".into()),
        }
    }
}

impl Keeper {
    pub(crate) fn new(host: Weak<Host>, opened_at: Timestamp, connection: Connection, issuer: Issuer) -> Self {
        let scope = weighbridge_store::HostScope::new().tenant(connection.tenant);
        let of = GrantOf { scope, connection: connection.id, own_client: issuer.own_client(), alone_since: opened_at };
        let (flight, opened) = Default::default();
        Self { host, of, connection, issuer, flight, opened }
    }

    /// An access token that is not the rejected one. A renewal is a task of its own: a caller that gives up must not lose a
    /// pair that is on its way.
    async fn issue(self: &Arc<Self>, rejected: Option<u64>) -> Result<Secret, Refusal> {
        let host = self.host.upgrade().ok_or(Refusal::Cancelled)?;
        if let Some(secret) = self.present(&host, rejected)? {
            return Ok(secret);
        }
        let keeper = Arc::clone(self);
        let renewing = tokio::spawn(async move {
            let _busy = host.renewals.begin();
            keeper.renew(&host, rejected).await
        });
        renewing.await.unwrap_or(Err(Refusal::Cancelled))
    }

    async fn renew(&self, host: &Arc<Host>, rejected: Option<u64>) -> Result<Secret, Refusal> {
        let _one_at_a_time = self.flight.lock().await;
        loop {
            if let Some(secret) = self.present(host, rejected)? {
                return Ok(secret);
            }
            let begun = begin_renewal(&host.store, self.of, rejected, host.now()).await;
            match begun.map_err(|error| store_failed(&error))? {
                (Step::Use, Some(grant)) => return self.open(host, &grant),
                (Step::Wait(_), _) => tokio::time::sleep(LOOK_AGAIN).await,
                (Step::Renew, Some(grant)) => return self.ask(host, grant).await,
                (Step::SignIn, grant) => return Err(sign_in(grant.as_ref())),
                (_, None) => return Err(sign_in(None)),
            }
        }
    }

    async fn ask(&self, host: &Arc<Host>, grant: Grant) -> Result<Secret, Refusal> {
        let fence = grant.fence;
        let asked = match (self.issuer.flow(), self.tokens(host, &grant)?.and_then(|tokens| tokens.refresh)) {
            (OAuthFlow::ClientCredentials, _) => self.issuer.by_client().await,
            (OAuthFlow::AuthorizationCode, Some(refresh)) => self.issuer.refresh(&refresh).await,
            // The access token has ended, and the platform gave nothing to renew it by.
            (OAuthFlow::AuthorizationCode, None) => Err(IssuerError::Refused("no_refresh_token".into())),
        };
        match asked {
            Ok(issued) => self.keep(host, fence, issued).await,
            Err(IssuerError::Refused(code)) if self.is_final(&code) => self.refuse(host, fence, &code).await,
            Err(error) => {
                let ended = end_renewal(&host.store, self.of, fence, None, host.now()).await;
                ended.map_err(|error| store_failed(&error))?;
                Err(failed(error, self.connection.scheme.as_ref().map_or("", |scheme| scheme.as_str())))
            }
        }
    }

    /// The new pair is durable before its first use.
    async fn keep(&self, host: &Arc<Host>, fence: u64, issued: Issued) -> Result<Secret, Refusal> {
        let tokens = seal(host, &self.connection, &issued.tokens).map_err(|error| store_failed(&error))?;
        let pair = Pair { tokens, expires_at: issued.expires_at };
        let kept = keep_renewed(&host.store, self.of, fence, pair, host.now()).await;
        match kept.map_err(|error| store_failed(&error))? {
            Ok(grant) => {
                host.counters.grant_renewed();
                self.open(host, &grant)
            }
            Err(stale) => Err(Refusal::Unreachable(stale.to_string())),
        }
    }

    /// The platform refused the grant: where it is still the one that was asked with, it is kept, with the reason, and a
    /// person must act. Where it was replaced meanwhile, the new one is used.
    async fn refuse(&self, host: &Arc<Host>, fence: u64, code: &str) -> Result<Secret, Refusal> {
        let refused: Option<Code> = format!("oauth.{code}").parse().ok();
        let is_refused = end_renewal(&host.store, self.of, fence, refused, host.now()).await;
        if !is_refused.map_err(|error| store_failed(&error))? {
            return self.present(host, None)?.ok_or_else(|| sign_in(None));
        }
        tracing::warn!(connection = %self.of.connection, code, "the platform refused a grant; somebody must authorise it again");
        let engine = Engine { host: Arc::clone(host) };
        let detail = format!("connection {}: {code}", self.of.connection);
        if let Ok(audit) = engine.audit_tenant(self.of.scope, "connection.grant_refused", &detail) {
            let written: Result<_, weighbridge_store::WriteError> =
                host.store.write(move |tx| AuditLine::write(&audit, tx)).await;
            written.map_err(|error| store_failed(&error))?;
        }
        Err(Denial::SignIn { reason: code.to_owned() }.into())
    }

    /// Whether the answer is about the grant, so that asking again helps nobody. A client that is not taken is the
    /// integration's trouble, unless it stands for itself.
    fn is_final(&self, code: &str) -> bool {
        let by_client = self.issuer.flow() == OAuthFlow::ClientCredentials;
        matches!(code, "invalid_grant" | "no_refresh_token")
            || by_client && matches!(code, "invalid_client" | "unauthorized_client")
    }

    /// The present access token, where it may be sent.
    fn present(&self, host: &Arc<Host>, rejected: Option<u64>) -> Result<Option<Secret>, Refusal> {
        let Some(grant) = self.grant(host)? else { return Err(sign_in(None)) };
        match grant.step(rejected, self.of.alone_since, host.now()) {
            Step::Use => self.open(host, &grant).map(Some),
            Step::Wait(_) | Step::Renew => Ok(None),
            Step::SignIn => Err(sign_in(Some(&grant))),
        }
    }

    fn grant(&self, host: &Arc<Host>) -> Result<Option<Grant>, Refusal> {
        host.store.read(|tx| grant_in(tx, &self.of, host.now())).map_err(|error| store_failed(&error))
    }

    fn open(&self, host: &Arc<Host>, grant: &Grant) -> Result<Secret, Refusal> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((version, access)) = &*opened
            && *version == grant.version
        {
            return Ok(Secret::new(access.as_str()));
        }
        let tokens = self.tokens(host, grant)?.ok_or_else(|| sign_in(Some(grant)))?;
        let secret = Secret::new(tokens.access.as_str());
        *opened = Some((grant.version, tokens.access));
        Ok(secret)
    }

    fn tokens(&self, host: &Arc<Host>, grant: &Grant) -> Result<Option<Tokens>, Refusal> {
        let Some(sealed) = &grant.tokens else { return Ok(None) };
        let texts = Texts::new(&host.ring, connection_owner(&self.connection), self.connection.id.as_bytes());
        let json = texts.open("tokens", sealed).map_err(|error| store_failed(&error))?;
        Ok(serde_json::from_slice(&json).ok())
    }
}

fn sign_in(grant: Option<&Grant>) -> Refusal {
    let reason = grant.and_then(|grant| grant.refused.as_ref());
    let reason = reason.map_or_else(|| "nobody has authorised it yet".into(), ToString::to_string);
    Denial::SignIn { reason }.into()
}

fn failed(error: IssuerError, scheme: &str) -> Refusal {
    match error {
        IssuerError::Egress(refusal) => refusal,
        IssuerError::Malformed(_) => Refusal::Unreachable(error.to_string()),
        IssuerError::Refused(_) | IssuerError::Address(_) => {
            Denial::Credential { scheme: scheme.to_owned(), reason: error.to_string() }.into()
        }
    }
}

/// The run cannot go on where its own store or keys cannot be used.
fn store_failed(error: &dyn fmt::Display) -> Refusal {
    tracing::error!(%error, "a grant cannot be read or kept");
    Refusal::Cancelled
}
