//! A person comes back from the platform.

use weighbridge_model::connection::Owner;
use weighbridge_store::verbs::{Pair, Spent, give_grant, spend_sign_in};
use weighbridge_store::{HostScope, TenantScope};

use super::issuer::IssuerError;
use super::sign_in::{OneTimeCode, SignIn, oldest};
use super::{Standing, seal};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::hooks::tell_at_once;

/// What a platform sends a person back with, and the code that they typed.
#[derive(Clone, Default)]
pub struct CallbackAnswer {
    /// `state`.
    pub state: String,
    /// `code`.
    pub code: String,
    /// `iss` (RFC 9207).
    pub issuer: Option<String>,
    /// The one-time code.
    pub one_time_code: String,
    /// The address that they came back to, without its query.
    pub redirect: String,
}

impl std::fmt::Debug for CallbackAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CallbackAnswer").field("redirect", &self.redirect).finish_non_exhaustive()
    }
}

/// What a sign-in is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInView {
    /// The connection's label.
    pub connection: String,
    /// The platform, as its connector calls it.
    pub platform: String,
}

/// Why a sign-in gives no grant.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// This host made no such state, or made it for another address of return.
    #[error("sign_in.unknown: this sign-in was not begun here; begin it again with: weighbridge connection authorise")]
    Unknown,
    /// Its ten minutes are over.
    #[error("sign_in.over: this sign-in has taken too long; begin it again with: weighbridge connection authorise")]
    Over,
    /// It was used already.
    #[error("sign_in.used: this sign-in was used already; begin it again with: weighbridge connection authorise")]
    Used,
    /// Another code was printed beside it.
    #[error("sign_in.code_wrong: this is not the one-time code that was printed; type it again, {left} more tries")]
    CodeWrong {
        /// How often it may still be typed.
        left: u8,
    },
    /// Somebody else answered than who was asked.
    #[error(
        "sign_in.issuer_wrong: the answer is from another issuer than the platform's; do not go on, and tell the operator"
    )]
    IssuerWrong,
    /// The platform, or the person at it, said no.
    #[error("sign_in.refused: {0}; begin it again, or ask the platform's administrator")]
    Refused(String),
    /// The engine could not.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl SignInError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "sign_in.unknown",
            Self::Over => "sign_in.over",
            Self::Used => "sign_in.used",
            Self::CodeWrong { .. } => "sign_in.code_wrong",
            Self::IssuerWrong => "sign_in.issuer_wrong",
            Self::Refused(_) => "sign_in.refused",
            Self::Engine(_) => "sign_in.failed",
        }
    }

    /// Whether the person who came back can mend it.
    pub const fn is_theirs(&self) -> bool {
        !matches!(self, Self::Engine(_))
    }
}

impl Engine {
    /// What a `state` is for, as long as it can be used.
    pub async fn sign_in(&self, state: &str, redirect: &str) -> Result<SignInView, SignInError> {
        let (sign_in, _) = self.read_sign_in(state, redirect)?;
        let standing = Standing::of(&self.host, scope_of(&sign_in), sign_in.connection).await?;
        let platform = standing.manifest.title.clone();
        Ok(SignInView { connection: standing.label(&self.host)?, platform })
    }

    /// Exchanges what a person came back with for a grant, once. The tokens are durable when this returns.
    pub async fn complete_sign_in(&self, answer: &CallbackAnswer) -> Result<SignInView, SignInError> {
        let host = &self.host;
        let (sign_in, tag) = self.read_sign_in(&answer.state, &answer.redirect)?;
        let key = host.sign_in_key()?;
        let Ok(typed): Result<OneTimeCode, _> = answer.one_time_code.parse();
        if !sign_in.admits(&key, &answer.redirect, &typed, &tag) {
            return Err(self.wrong_code(&sign_in).await);
        }
        let standing = Standing::of(host, scope_of(&sign_in), sign_in.connection).await?;
        let issuer = standing.issuer(host)?;
        let expected = issuer.name().map_err(|error| SignInError::Refused(error.to_string()))?;
        if expected.is_some() && expected != answer.issuer {
            self.spend(&sign_in).await?;
            return Err(SignInError::IssuerWrong);
        }
        let verifier = sign_in.verifier(&key, &typed);
        let issued = issuer.exchange(&answer.code, &verifier, &answer.redirect).await;
        let issued = match issued {
            Ok(issued) => issued,
            Err(error) => {
                // A code is good for one exchange, and so is a sign-in whose exchange the platform answered.
                if matches!(error, IssuerError::Refused(_)) {
                    self.spend(&sign_in).await?;
                }
                return Err(SignInError::Refused(error.to_string()));
            }
        };
        let tokens = seal(host, &standing.connection, &issued.tokens)?;
        let view = SignInView { connection: standing.label(host)?, platform: standing.manifest.title.clone() };
        let detail = format!("{} ({})", view.connection, sign_in.connection);
        let audit = self.audit_connection(&standing.connection, "connection.authorised", &detail)?;
        let pair = Pair { tokens, expires_at: issued.expires_at };
        let (now, ids, connection) = (host.now(), (sign_in.id, oldest(host.now())), standing.connection);
        let (id, owner) = (connection.id, connection.owner);
        let more = move |tx: &mut weighbridge_store::Tx<'_>| {
            tell_at_once(tx, &connection)?;
            audit.write(tx)
        };
        match give_grant(&host.store, standing.of, ids, pair, now, more).await.map_err(EngineError::from)? {
            Ok(()) => {
                if let Owner::Customer(customer) = owner {
                    self.keep_hook_if_any(scope_of(&sign_in).customer(customer), id).await;
                }
                Ok(view)
            }
            Err(Spent) => Err(SignInError::Used),
        }
    }

    /// The person said no at the platform, or the platform did.
    pub async fn sign_in_declined(&self, state: &str, redirect: &str, error: &str) -> SignInError {
        match self.read_sign_in(state, redirect) {
            Ok((sign_in, _)) => match self.spend(&sign_in).await {
                Ok(()) => SignInError::Refused(format!("the platform answered `{}`", known_error(error))),
                Err(error) => error,
            },
            Err(error) => error,
        }
    }

    fn read_sign_in(&self, state: &str, redirect: &str) -> Result<(SignIn, [u8; 16]), SignInError> {
        let key = self.host.sign_in_key()?;
        let (sign_in, tag) = SignIn::read(state, &key, redirect).ok_or(SignInError::Unknown)?;
        if sign_in.is_over(self.host.now()) {
            return Err(SignInError::Over);
        }
        let spent = self
            .host
            .store
            .read(|tx| tx.get::<weighbridge_store::tables::SpentSignIns>(&HostScope::new(), &sign_in.id));
        match spent.map_err(EngineError::from)? {
            None => Ok((sign_in, tag)),
            Some(_) => Err(SignInError::Used),
        }
    }

    async fn wrong_code(&self, sign_in: &SignIn) -> SignInError {
        match self.host.guesses.wrong(sign_in.id, self.host.now()) {
            0 => self.spend(sign_in).await.err().unwrap_or(SignInError::Used),
            left => SignInError::CodeWrong { left },
        }
    }

    async fn spend(&self, sign_in: &SignIn) -> Result<(), SignInError> {
        let spent = spend_sign_in(&self.host.store, (sign_in.id, oldest(self.host.now()))).await;
        spent.map(|_| ()).map_err(|error| EngineError::from(error).into())
    }
}

fn scope_of(sign_in: &SignIn) -> TenantScope {
    HostScope::new().tenant(sign_in.tenant)
}

/// The codes of RFC 6749 §4.1.2.1; what else a caller wrote is not shown.
fn known_error(error: &str) -> &str {
    const KNOWN: [&str; 9] = [
        "access_denied",
        "consent_required",
        "interaction_required",
        "invalid_request",
        "invalid_scope",
        "server_error",
        "temporarily_unavailable",
        "unauthorized_client",
        "unsupported_response_type",
    ];
    KNOWN.into_iter().find(|known| *known == error).unwrap_or("another_error")
}
