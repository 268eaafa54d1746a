//! Switch a customer off, until a date or until somebody says otherwise, and on again. Each is one write.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{ActorRef, Permission, kinds};
use weighbridge_model::customer::{Customer, CustomerStatus, Inactivity};
use weighbridge_model::id::{CustomerId, TenantId};
use weighbridge_model::problem::Problem;
use weighbridge_model::tenant::Switch;
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::{Customers, Marked, Progresses, Returning, Transfers};
use weighbridge_store::{CustomerScope, HostScope};

use super::change::living;
use super::view::CustomerView;
use crate::account::edit::{Edit, if_match};
use crate::account::inputs;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// How a customer is switched off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeactivateCustomer {
    /// The date (midnight in the tenant's zone) or instant from which it is active again; none means until somebody says so.
    pub until: Option<String>,
    /// Why, for whoever looks later.
    pub reason: Option<String>,
}

/// How a customer is switched on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ActivateCustomer {}

/// A customer that was switched, and what that did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Switched {
    /// The customer.
    pub customer: CustomerView,
    /// What stopped, or goes on: `transfer orders (running)`.
    pub affected: Vec<String>,
}

/// The most transfers that are told of by name.
const TOLD_MAX: usize = 200;

impl Engine {
    /// Switches a customer off: no batch of it begins, running transfers stop before their next one, its users are out.
    pub async fn deactivate_customer(
        &self,
        may: &Permission<kinds::CustomerSwitch>,
        how: &DeactivateCustomer,
        seen: Option<&str>,
    ) -> Result<Switched, Problem> {
        let scope = CustomerScope::of(may);
        let zone = self.zone_of(scope.tenant())?;
        let until = how.until.as_deref().map(|text| inputs::instant(&zone, text, "until")).transpose()?;
        let now = self.host.now();
        if until.is_some_and(|until| until <= now) {
            return Err(Problem::invalid("until", "this is past, so the customer would be active already"));
        }
        if let Some(reason) = &how.reason {
            inputs::text(reason, "reason")?;
        }
        self.edit(|edit| {
            let before = living(edit, scope)?;
            if_match(seen, &before)?;
            let texts = Texts::new(&self.host.ring, customer_owner(scope), before.id.as_bytes());
            let reason = how.reason.as_ref().map(|reason| texts.seal("reason", reason)).transpose()?;
            let inactivity = Inactivity { since: now, until, reason, by: may.by() };
            let row = Customer { status: CustomerStatus::Inactive, inactivity: Some(inactivity), ..before.clone() };
            self.switch(edit, scope, (&before, row), may.by(), ("customer.deactivated", how.reason.as_deref()))
        })
        .await
    }

    /// Switches a customer on.
    pub async fn activate_customer(
        &self,
        may: &Permission<kinds::CustomerSwitch>,
        _how: &ActivateCustomer,
        seen: Option<&str>,
    ) -> Result<Switched, Problem> {
        let scope = CustomerScope::of(may);
        self.edit(|edit| {
            let before = living(edit, scope)?;
            if_match(seen, &before)?;
            let row = Customer { status: CustomerStatus::Active, inactivity: None, ..before.clone() };
            self.switch(edit, scope, (&before, row), may.by(), ("customer.activated", None))
        })
        .await
    }

    /// Makes customers active whose date has come; what the gate says does not wait for this.
    pub(crate) async fn bring_back(&self) -> Result<(), EngineError> {
        let now = self.host.now();
        let due = self.host.store.read(|tx| tx.scan::<Returning>(&HostScope::new(), None, TOLD_MAX))?;
        for ((at, tenant, customer), _) in due.into_iter().take_while(|((at, ..), _)| *at <= now) {
            let scope = HostScope::new().tenant(tenant).customer(customer);
            let back = self.edit(|edit| {
                edit.remove::<Returning>(HostScope::new(), (at, tenant, customer));
                let Some(before) = edit.read::<Customers>(scope.tenant(), customer)? else { return Ok(()) };
                if before.status == CustomerStatus::Inactive && before.active_from() == Some(at) {
                    let row = Customer { status: CustomerStatus::Active, inactivity: None, ..before.clone() };
                    self.switch(
                        edit,
                        scope,
                        (&before, row),
                        ActorRef::HOST,
                        ("customer.activated", Some("its date came")),
                    )?;
                }
                Ok(())
            });
            if let Err(error) = back.await {
                tracing::warn!(%error, %customer, "a customer whose date came is still written as inactive");
            }
        }
        Ok(())
    }

    fn switch(
        &self,
        edit: &mut Edit<'_>,
        scope: CustomerScope,
        (before, row): (&Customer, Customer),
        by: ActorRef,
        (act, why): (&'static str, Option<&str>),
    ) -> Result<Switched, Problem> {
        let host = HostScope::new();
        let place = |at: Timestamp| -> (Timestamp, TenantId, CustomerId) { (at, scope.tenant_id(), scope.id()) };
        if let Some(at) = before.active_from() {
            edit.remove::<Returning>(host, place(at));
        }
        if let Some(at) = row.active_from() {
            edit.put::<Returning>(host, place(at), Marked {});
        }
        let zone = self.zone_of(scope.tenant())?;
        let view = self.customer_view(scope, &row, &zone)?;
        let affected = self.moving(scope)?;
        let until = view.active_from.map(|at| format!(" until {}", zone.civil_words(at.0)));
        let why = why.map(|why| format!(": {why}"));
        let text = format!("{}{}{}", view.name, until.unwrap_or_default(), why.unwrap_or_default());
        edit.put::<Customers>(scope.tenant(), scope.id(), row);
        edit.audit(self.audit_customer(scope, by, act, text.as_str().into())?);
        Ok(Switched { customer: view, affected })
    }

    /// What of a customer moves, or would.
    fn moving(&self, scope: CustomerScope) -> Result<Vec<String>, EngineError> {
        let rows = self.host.store.read(|tx| {
            let transfers = tx.scan::<Transfers>(&scope, None, TOLD_MAX)?;
            let on = transfers
                .into_iter()
                .filter(|(_, row)| row.switch == Switch::On && !row.suspended && row.removed_at.is_none());
            on.map(|(id, row)| Ok((row, tx.get::<Progresses>(&scope, &id)?))).collect::<Result<Vec<_>, _>>()
        })?;
        let told = rows.into_iter().map(|(row, progress)| {
            let running = progress.is_some_and(|progress| progress.run.is_some());
            Ok(format!(
                "transfer {}{}",
                self.host.name_in(scope, row.id.as_bytes(), &row.name)?,
                if running { " (running)" } else { "" }
            ))
        });
        told.collect()
    }
}
