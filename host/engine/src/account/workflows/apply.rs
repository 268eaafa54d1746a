//! What a template would change for a customer, and changing it. What holds progress or rejected records is changed only when
//! it is named, and nothing is ever removed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{ActorRef, Permission, kinds};
use weighbridge_model::customer::Customer;
use weighbridge_model::id::{DeadLetterId, EndpointId, TransferId, WorkflowId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Customers, DeadLetters, Kind, Progresses, Transfers};

use crate::apply::{Change, ChangeKind, Plan, workflow};
use crate::document::WorkflowDocument;
use crate::engine::Engine;
use crate::error::EngineError;

/// Which workflow, and what of it may touch progress.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyWorkflow {
    /// The workflow.
    pub workflow: WorkflowId,
    /// What holds progress or rejected records and is to be changed all the same, as the plan names it: `transfer orders`.
    #[serde(default)]
    pub touch: Vec<String>,
    /// Only say what would be changed.
    #[serde(default)]
    pub dry_run: bool,
}

/// What a template changes for a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WorkflowPlan {
    /// What the customer gets.
    pub added: Vec<String>,
    /// What is changed.
    pub changed: Vec<String>,
    /// What was of the version before, and is left as it is, on its own.
    pub detached: Vec<String>,
    /// What of `changed` holds progress or rejected records, and has to be named.
    pub holds_progress: Vec<String>,
    /// Endpoints that wait for a system to be connected.
    pub waiting: Vec<String>,
    /// Whether it was done.
    pub done: bool,
}

const ROWS_MAX: usize = 10_000;

impl Engine {
    /// Applies a workflow to a customer, or says what that would change.
    pub async fn apply_workflow(
        &self,
        may: &Permission<kinds::TransfersChange>,
        apply: &ApplyWorkflow,
    ) -> Result<WorkflowPlan, Problem> {
        let scope = CustomerScope::of(may);
        let (version, _) = self
            .host
            .newest_workflow(scope.tenant(), apply.workflow)?
            .ok_or_else(|| Problem::from(ProblemCode::NotThere))?;
        let template = self.host.template_of(scope.tenant(), apply.workflow, version)?.ok_or(ProblemCode::NotThere)?;
        let (customer, _) = self.customer_and_zone(scope)?;
        let detached = self.detached(scope, &customer, &template)?;
        let _one_at_a_time = self.host.applying.lock().await;
        let mut planned = Plan::new(&self.host, Some(may.by()));
        let waiting = workflow::plan(&mut planned, scope, &template, "").await?;
        let mut plan = self.summary(scope, planned.changes())?;
        (plan.detached, plan.waiting) = (detached, waiting);
        if apply.dry_run {
            return Ok(plan);
        }
        let unnamed: Vec<_> = plan.holds_progress.iter().filter(|one| !apply.touch.contains(one)).cloned().collect();
        if !unnamed.is_empty() {
            return Err(Problem::from(ProblemCode::WorkflowBlocked).with("consequences", unnamed));
        }
        self.commit_template(scope, may.by(), (apply.workflow, version), planned).await?;
        plan.done = true;
        Ok(plan)
    }

    async fn commit_template(
        &self,
        scope: CustomerScope,
        by: ActorRef,
        (workflow, version): (WorkflowId, u32),
        planned: Plan<'_>,
    ) -> Result<(), Problem> {
        let (writes, changes, _) = planned.into_parts();
        let done: Vec<_> = changes.iter().filter(|one| one.kind != ChangeKind::Unchanged).collect();
        let text = done.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let text = format!("workflow version {version}: {text}");
        let line = self.audit_customer(scope, by, "workflow.applied", text.as_str().into())?;
        let written = self.host.store.write(move |tx| {
            if !writes.write(tx)? {
                return Ok(false);
            }
            let mut row = tx.need::<Customers>(&scope.tenant(), &scope.id())?;
            (row.workflow, row.workflow_version) = (Some(workflow), version);
            tx.put::<Customers>(&scope.tenant(), &scope.id(), &row)?;
            line.write(tx).map(|()| true)
        });
        let is_written = written.await.map_err(EngineError::from)?.into_inner();
        if is_written { Ok(()) } else { Err(ProblemCode::Stale.into()) }
    }

    fn summary(&self, scope: CustomerScope, changes: &[Change]) -> Result<WorkflowPlan, Problem> {
        let mut plan = WorkflowPlan::default();
        for change in changes {
            let name = format!("{} {}", change.what, change.name);
            match change.kind {
                ChangeKind::Unchanged => {}
                ChangeKind::Created => plan.added.push(name),
                ChangeKind::Changed => {
                    if self.holds_progress(scope, change)? {
                        plan.holds_progress.push(name.clone());
                    }
                    plan.changed.push(name);
                }
            }
        }
        Ok(plan)
    }

    /// Whether a cursor or rejected records hang on what is changed. A mapping changes only what is still to be read.
    fn holds_progress(&self, scope: CustomerScope, change: &Change) -> Result<bool, Problem> {
        let transfers = match change.what {
            "endpoint" => {
                let Some(id) = self.thing_named(scope, Kind::Endpoint, &change.name)? else { return Ok(false) };
                let id = EndpointId::from_bytes(id);
                let rows = self.host.store.read(|tx| tx.scan::<Transfers>(&scope, None, ROWS_MAX));
                let rows = rows.map_err(EngineError::from)?.into_iter();
                rows.filter(|(_, row)| row.source == id || row.destination == id).map(|(id, _)| id).collect()
            }
            "transfer" => {
                let id = self.thing_named(scope, Kind::Transfer, &change.name)?;
                id.map(TransferId::from_bytes).into_iter().collect()
            }
            _ => Vec::new(),
        };
        let held = self.host.store.read(|tx| {
            for id in &transfers {
                let progress = tx.get::<Progresses>(&scope, id)?.unwrap_or_default();
                let first = (*id, DeadLetterId::from_bytes([0; 16]));
                let letters = tx.scan::<DeadLetters>(&scope, Some(&first), 1)?;
                let has_letters = letters.first().is_some_and(|((of, _), _)| of == id);
                if progress.cursor.is_some() || progress.open.is_some() || has_letters {
                    return Ok(true);
                }
            }
            Ok(false)
        });
        Ok(held.map_err(EngineError::from)?)
    }

    /// What the version that was applied last had, and this one has not.
    fn detached(
        &self,
        scope: CustomerScope,
        customer: &Customer,
        template: &WorkflowDocument,
    ) -> Result<Vec<String>, Problem> {
        let Some(workflow) = customer.workflow else { return Ok(Vec::new()) };
        let before = self.host.template_of(scope.tenant(), workflow, customer.workflow_version)?.unwrap_or_default();
        let now = names(template);
        Ok(names(&before).into_iter().filter(|name| !now.contains(name)).collect())
    }
}

fn names(template: &WorkflowDocument) -> Vec<String> {
    let endpoints = template.endpoints.iter().map(|one| format!("endpoint {}", one.name));
    let mappings = template.mappings.iter().map(|one| format!("mapping {}", one.name));
    let transfers = template.transfers.iter().map(|one| format!("transfer {}", one.name));
    endpoints.chain(mappings).chain(transfers).collect()
}
