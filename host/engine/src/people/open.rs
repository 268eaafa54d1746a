//! Open a customer's account, and act there as its administrator for a while; the customer sees that it was done.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Denied, Permission, Scopes, kinds};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::CustomerScope;

use super::me::{nobody, standing};
use super::sign_in::{Opening, SignedIn};
use crate::account::inputs;
use crate::engine::Engine;

/// Why an account is opened.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenAccount {
    /// The reason, which the customer reads.
    pub reason: String,
}

/// How long somebody else's account stays open.
const OPEN_MS: i64 = 3_600_000;

impl Engine {
    /// Opens a customer's account: a session of its own, which carries who acts and for whom.
    pub async fn open_account(
        &self,
        may: &Permission<kinds::CustomerOpen>,
        open: &OpenAccount,
    ) -> Result<SignedIn, Problem> {
        let scope = CustomerScope::of(may);
        // What is opened is a session, which has no limits of a token's.
        if may.actor().scopes != Scopes::ALL {
            return Err(Denied::TokenScope.into());
        }
        if open.reason.trim().is_empty() {
            return Err(Problem::invalid("reason", "a reason is wanted; the customer reads it"));
        }
        inputs::text(&open.reason, "reason")?;
        let (row, _) = self.customer_and_zone(scope)?;
        if row.status.is_leaving() {
            return Err(ProblemCode::CustomerDeleting.into());
        }
        let of = standing(may.actor()).ok_or_else(nobody)?;
        // The customer reads of it before anybody is in: the line is of the session's own transaction.
        let line = self.audit_customer(scope, may.by(), "customer.opened", open.reason.as_str().into())?;
        self.begin_session(of, Some(Opening { customer: scope.id(), life_ms: OPEN_MS, line })).await
    }
}
