//! How far a customer's beginning has come. It is worked out from what there is, so it can be gone on with at any time, by
//! anybody, from any step.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::connection::ConnectionStatus;
use weighbridge_model::customer::{Customer, CustomerStatus};
use weighbridge_model::people::ConnectLink;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Connections, Endpoints, Integrations};

use crate::account::Switched;
use crate::account::customers::ActivateCustomer;
use crate::engine::Engine;
use crate::error::EngineError;

/// The checklist of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OnboardingView {
    /// The steps, in their order.
    pub steps: Vec<OnboardingStep>,
    /// Whether nothing is missing but the last step.
    pub ready: bool,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OnboardingStep {
    /// Its name: `created`, `workflow`, `connections`, `endpoints`, `check`, `active`.
    pub step: String,
    /// Whether it is done.
    pub done: bool,
    /// What is missing.
    pub missing: Vec<String>,
    /// What to do next.
    pub next_step: Option<String>,
}

const ROWS_MAX: usize = 10_000;

impl Engine {
    /// The checklist of a customer. Nothing is asked of a platform.
    pub async fn onboarding(&self, may: &Permission<kinds::CustomerRead>) -> Result<OnboardingView, Problem> {
        let scope = CustomerScope::of(may);
        self.checklist(scope, may.actor().role, None).await
    }

    /// Asks every connected system, and activates the customer where nothing is missing.
    pub async fn finish_onboarding(
        &self,
        may: &Permission<kinds::CustomerSwitch>,
        check: &Permission<kinds::ConnectionsChange>,
    ) -> Result<Switched, Problem> {
        let scope = CustomerScope::of(may);
        let mut failed = Vec::new();
        for id in self.connections_of(scope)? {
            let view = self.connection_view(scope, id, may.actor().role).await?;
            if view.tenants_own || view.status != ConnectionStatus::On {
                continue;
            }
            let checked = self.check_connection(check, id).await?;
            if !checked.works {
                let said = [checked.code, checked.message].into_iter().flatten().collect::<Vec<_>>().join(": ");
                failed.push(format!("{}: {said}", view.label));
            }
        }
        let list = self.checklist(scope, may.actor().role, Some(failed)).await?;
        if !list.ready {
            let missing = list.steps.into_iter().filter(|step| step.step != "active").flat_map(|step| step.missing);
            return Err(Problem::from(ProblemCode::NotReady).with("missing", missing.collect()));
        }
        self.activate_customer(may, &ActivateCustomer::default(), None).await
    }

    async fn checklist(
        &self,
        scope: CustomerScope,
        role: weighbridge_model::access::Role,
        failed: Option<Vec<String>>,
    ) -> Result<OnboardingView, Problem> {
        let (customer, _) = self.customer_and_zone(scope)?;
        let active = customer.status_at(self.host.now()) == CustomerStatus::Active;
        let workflow = if customer.workflow.is_none() { vec!["no workflow is applied".to_owned()] } else { Vec::new() };
        let mut connections = self.unconnected(scope, role).await?;
        connections.extend(self.unused_offers(scope, &customer)?);
        let endpoints = self.unconfigured(scope)?;
        let mut checked = failed.unwrap_or_default();
        if self.connections_of(scope)?.is_empty() && !self.is_over_own_systems(scope)? {
            // Nothing that is there would be no system that answers.
            for missing in [&mut connections, &mut checked] {
                missing.push("no system is connected yet".to_owned());
            }
        }
        let ready = [&workflow, &connections, &endpoints, &checked].iter().all(|missing| missing.is_empty());
        let inactive = if active { Vec::new() } else { vec!["the customer is inactive".to_owned()] };
        let name = self.customer_name(scope, &customer)?;
        let steps = vec![
            step("created", Vec::new(), ""),
            step("workflow", workflow, &format!("weighbridge workflow apply \"{name}\" --workflow NAME")),
            step("connections", connections, "connect it, or send a connect link"),
            step("endpoints", endpoints, "connect their systems, then apply the workflow again"),
            step("check", checked, &format!("weighbridge connection check \"{name}\" CONNECTION")),
            step("active", inactive, &format!("weighbridge onboarding finish \"{name}\"")),
        ];
        Ok(OnboardingView { steps, ready })
    }

    /// Whether something of the customer's moves over the organisation's own systems, so that it need not connect any.
    fn is_over_own_systems(&self, scope: CustomerScope) -> Result<bool, EngineError> {
        let rows = self.host.store.read(|tx| tx.scan::<Endpoints>(&scope, None, ROWS_MAX))?;
        Ok(rows.iter().any(|(_, endpoint)| endpoint.place.is_some()))
    }

    /// Systems that are there and not in order, and links that nobody has used yet.
    async fn unconnected(
        &self,
        scope: CustomerScope,
        role: weighbridge_model::access::Role,
    ) -> Result<Vec<String>, Problem> {
        let mut missing = Vec::new();
        for id in self.connections_of(scope)? {
            let view = self.connection_view(scope, id, role).await?;
            if matches!(view.status, ConnectionStatus::NeedsSignIn | ConnectionStatus::NeedsConfiguration) {
                let why = view.stands_still.map(|still| still.sentence).unwrap_or_default();
                missing.push(format!("{}: {why}", view.label));
            }
        }
        let now = self.host.now();
        let is_open = |link: &ConnectLink| link.used_at.is_none() && link.connection.is_none() && link.ends_at > now;
        let open = self.links_of(scope)?.into_iter().filter(is_open);
        missing.extend(open.map(|link| format!("connect link {} is not used yet", link.id)));
        Ok(missing)
    }

    /// The offers by which the workflow's endpoints get their systems, and nothing is connected.
    fn unused_offers(&self, scope: CustomerScope, customer: &Customer) -> Result<Vec<String>, Problem> {
        let (tenant, version) = (scope.tenant(), customer.workflow_version);
        let template = customer.workflow.map(|id| self.host.template_of(tenant, id, version)).transpose()?.flatten();
        let Some(template) = template else { return Ok(Vec::new()) };
        let mut connected = BTreeSet::new();
        for id in self.connections_of(scope)? {
            let offer = self.host.store.read(|tx| match tx.get::<Connections>(&tenant, &id)? {
                Some(row) => tx.get::<Integrations>(&tenant, &row.integration),
                None => Ok(None),
            });
            let Some(offer) = offer.map_err(EngineError::from)? else { continue };
            connected
                .insert(crate::connector::integration_texts(&self.host.ring, &offer).open_text("name", &offer.name)?);
        }
        let wanted: BTreeSet<_> = template.endpoints.into_iter().filter_map(|one| one.integration).collect();
        Ok(wanted.difference(&connected).map(|name| format!("{name} is not connected")).collect())
    }

    fn unconfigured(&self, scope: CustomerScope) -> Result<Vec<String>, Problem> {
        let rows =
            self.host.store.read(|tx| tx.scan::<Endpoints>(&scope, None, ROWS_MAX)).map_err(EngineError::from)?;
        if rows.is_empty() {
            return Ok(vec!["there are no endpoints".to_owned()]);
        }
        let without = rows.into_iter().filter(|(_, row)| row.place.is_none());
        without
            .map(|(_, row)| {
                Ok(format!(
                    "endpoint {} has no connected system",
                    self.host.name_in(scope, row.id.as_bytes(), &row.name)?
                ))
            })
            .collect()
    }
}

fn step(name: &str, missing: Vec<String>, next: &str) -> OnboardingStep {
    let done = missing.is_empty();
    OnboardingStep { step: name.to_owned(), done, missing, next_step: (!done).then(|| next.to_owned()) }
}
