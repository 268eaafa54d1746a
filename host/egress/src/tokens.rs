//! Access tokens of an OAuth 2 grant: whoever keeps the grant hands them out, one at a time.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::{HeaderName, StatusCode, header};
use tokio::time::{Instant, timeout_at};
use weighbridge_model::package::AuthMethod;
use zeroize::Zeroizing;

use crate::auth::Applied;
use crate::client::Inner;
use crate::credential::Credential;
use crate::exchange::Outgoing;
use crate::refusal::{Denial, Refusal};
use crate::request::Response;
use crate::secret::Secret;

/// A token on its way.
pub type Issuing<'a> = Pin<Box<dyn Future<Output = Result<Secret, Refusal>> + Send + 'a>>;

/// Who keeps the grant of one connection. Many requests ask at once; refreshing is single-flight on this side, and a new
/// refresh token is durable before the access token that came with it is handed out.
///
/// A grant that the platform does not take any more answers with [`Denial::SignIn`], at once and without asking again.
pub trait Tokens: Send + Sync + Debug {
    /// The access token to send; refreshed first where it is about to end. Nothing is awaited beyond `deadline`.
    fn current(&self, deadline: Instant) -> Issuing<'_>;

    /// The platform answered 401 to `token`: another one than that. Where somebody else has replaced it meanwhile, the
    /// present one is another one.
    fn rejected<'a>(&'a self, token: &'a Secret, deadline: Instant) -> Issuing<'a>;

    /// Why the platform refused the grant, if it did: a person must agree again.
    fn refused(&self) -> Option<String>;
}

impl Inner {
    /// A token that the platform does not take is replaced once, and the request made once more.
    pub(crate) async fn send_with_token(
        &self,
        credential: &Credential,
        outgoing: Outgoing,
    ) -> Result<Response, Refusal> {
        let tokens = credential.tokens.as_ref().map(Arc::clone).ok_or_else(|| credential.unknown())?;
        let deadline = outgoing.deadline;
        let token = in_time(deadline, tokens.current(deadline)).await?;
        let mut applied = Applied::to(&outgoing);
        credential.apply_token(&token, &mut applied)?;
        let response = self.send_applied(credential, &outgoing, applied).await?;
        if response.status != StatusCode::UNAUTHORIZED.as_u16() {
            return Ok(response);
        }
        drop(response);
        let next = in_time(deadline, tokens.rejected(&token, deadline)).await?;
        let mut applied = Applied::to(&outgoing);
        // The platform may repeat the first one in its answer to the second.
        applied.guarded.add(token.reveal());
        credential.apply_token(&next, &mut applied)?;
        self.send_applied(credential, &outgoing, applied).await
    }
}

impl Credential {
    /// The platform's own header for tokens, where it wants one.
    pub(crate) fn token_header(&self) -> Result<Option<HeaderName>, Denial> {
        let AuthMethod::Oauth2(oauth2) = &self.scheme.apply else { return Ok(None) };
        oauth2.header.as_deref().map(|name| self.header_name(name)).transpose()
    }

    fn apply_token(&self, token: &Secret, applied: &mut Applied) -> Result<(), Denial> {
        applied.guarded.add(token.reveal());
        match self.token_header()? {
            Some(name) => applied.set(self, name, token.reveal()),
            None => applied.set(self, header::AUTHORIZATION, &Zeroizing::new(format!("Bearer {}", token.reveal()))),
        }
    }
}

/// Whoever keeps the grant may forget the deadline.
async fn in_time(deadline: Instant, issuing: Issuing<'_>) -> Result<Secret, Refusal> {
    timeout_at(deadline, issuing).await.unwrap_or(Err(Refusal::TimedOut))
}
