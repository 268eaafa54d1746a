//! Whether a tenant's customers connect systems by themselves, as a document says it.

use weighbridge_model::access::ActorRef;
use weighbridge_model::integration::Integration;
use weighbridge_model::problem::ProblemCode;
use weighbridge_store::TenantScope;
use weighbridge_store::tables::{Integrations, Tenants};

use super::error::ApplyError;
use super::plan::{ChangeKind, Plan};
use crate::account::{SetSelfManaged, costs, turned};
use crate::document::{SelfManagedDocument, TenantDocument};

/// Planned after the tenant's offers, since whoever turns it on is told what they cost.
pub(super) fn plan(
    plan: &mut Plan<'_>,
    scope: TenantScope,
    document: &TenantDocument,
    at: &str,
) -> Result<(), ApplyError> {
    let Some(SelfManagedDocument { policy, text, acknowledged }) = document.self_managed.clone() else { return Ok(()) };
    let at = format!("{at}.self_managed");
    let Some(before) = plan.get::<Tenants>(scope, ())? else { return Ok(()) };
    let told = costs(&plan.host.ring, &offers(plan, scope)?)?;
    let set = SetSelfManaged { policy, text, confirm: acknowledged };
    let by = plan.by.unwrap_or(ActorRef::OWNER);
    let self_managed = turned(plan.host, &before, &set, &told, by).map_err(|problem| match problem.code {
        ProblemCode::ConfirmationNeeded => ApplyError::at(
            format!("{at}.acknowledged"),
            format!("read what this costs, and write `acknowledged = true` beside it: {}", told_in(&problem)),
        ),
        _ => ApplyError::of(&at, &problem),
    })?;
    let mut after = before.clone();
    after.self_managed = self_managed;
    let kind = plan.note_row("setting", "self-managed", (Some(&before.self_managed), &after.self_managed));
    if kind != ChangeKind::Unchanged {
        let (was, is) = (before.self_managed.policy, after.self_managed.policy);
        plan.audit("self_managed.changed", format!("self-managed: {is:?} instead of {was:?}").to_lowercase());
        plan.put::<Tenants>(scope, (), after)?;
    }
    Ok(())
}

fn told_in(problem: &weighbridge_model::problem::Problem) -> String {
    problem.particulars.iter().flat_map(|(_, what)| what).cloned().collect::<Vec<_>>().join("; ")
}

/// The tenant's offers, those of this document among them.
fn offers(plan: &Plan<'_>, scope: TenantScope) -> Result<Vec<Integration>, ApplyError> {
    let planned = plan.planned_rows::<Integrations>(scope)?;
    let stored = plan.host.store.read(|tx| tx.scan::<Integrations>(&scope, None, ROWS_MAX))?;
    let mut offers = Vec::new();
    for (id, _) in stored {
        offers.extend(plan.get::<Integrations>(scope, id)?);
    }
    let known: Vec<_> = offers.iter().map(|one| one.id).collect();
    offers.extend(planned.into_iter().filter(|one| !known.contains(&one.id)));
    Ok(offers)
}

const ROWS_MAX: usize = 10_000;
