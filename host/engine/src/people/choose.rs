//! Choose among what an address opens, without the password again: a sign-in that opens several things gives a secret for it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::Population;
use weighbridge_model::digest::Digest;
use weighbridge_model::id::{CustomerId, TenantId, UserId};
use weighbridge_model::people::Opens;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::time::Timestamp;

use super::secret::{self, SecretKind, ShownOnce};
use super::sign_in::SignedIn;
use crate::engine::Engine;

/// What a person opens, of that which their address opens.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choose {
    /// The secret that the sign-in gave.
    pub choice: String,
    /// The customer; nothing for the organisation itself.
    #[serde(default)]
    pub account: Option<CustomerId>,
}

impl std::fmt::Debug for Choose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Choose(..)")
    }
}

/// How long somebody may think.
const CHOICE_MS: i64 = 300_000;
/// So many people at once may be about to choose.
const CHOICES_MAX: usize = 10_000;

/// Those who are about to choose. Only whoever gave a right password is in it.
#[derive(Debug, Default)]
pub(crate) struct Choices(Mutex<HashMap<Digest, Open>>);

/// What somebody chooses from, and until when.
#[derive(Clone, Debug)]
struct Open {
    tenant: TenantId,
    from: Vec<(Population, Opens)>,
    ends_at: Timestamp,
}

impl Choices {
    fn keep(&self, hash: Digest, open: Open, now: Timestamp) -> Result<(), Problem> {
        let mut choices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        choices.retain(|_, open| open.ends_at > now);
        if choices.len() >= CHOICES_MAX {
            return Err(ProblemCode::TooManyRequests.into());
        }
        choices.insert(hash, open);
        Ok(())
    }

    /// Nobody chooses any more by a password that is another one now, or after signing out everywhere.
    pub(super) fn forget(&self, user: UserId) {
        let is_theirs = |open: &Open| open.from.iter().any(|(_, opens)| opens.user == user);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, open| !is_theirs(open));
    }

    fn take(&self, hash: Digest, now: Timestamp) -> Option<Open> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&hash)?;
        (open.ends_at > now).then_some(open)
    }
}

impl Engine {
    /// The secret with which somebody chooses, once.
    pub(super) fn offer_choice(&self, tenant: TenantId, from: &[(Population, Opens)]) -> Result<ShownOnce, Problem> {
        let (secret, now) = (secret::new(SecretKind::Choice)?, self.host.now());
        let hash = secret::hash(SecretKind::Choice, &secret).ok_or(ProblemCode::Fault)?;
        let open = Open { tenant, from: from.to_vec(), ends_at: now.plus_millis(CHOICE_MS) };
        self.host.choices.keep(hash, open, now)?;
        Ok(secret.into())
    }

    /// Opens what was chosen.
    pub async fn choose_account(&self, chosen: &Choose) -> Result<SignedIn, Problem> {
        let hash = secret::hash(SecretKind::Choice, &chosen.choice).ok_or(ProblemCode::NotSignedIn)?;
        let open = self.host.choices.take(hash, self.host.now()).ok_or(ProblemCode::NotSignedIn)?;
        let found = open.from.iter().find(|(_, opens)| opens.customer == chosen.account);
        let found = found.ok_or(ProblemCode::NotSignedIn)?;
        self.begin_session(Self::standing_of(open.tenant, found), None).await
    }
}
