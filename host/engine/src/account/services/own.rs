//! What a customer's own people do of this: see and switch off whatever reads their data, and make and change their own where
//! the tenant allows that.

use weighbridge_model::access::Actor;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::self_managed::Policy;
use weighbridge_model::service::{ExternalService, MadeBy};
use weighbridge_model::tenant::Switch;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::Tenants;

use crate::account::edit::Edit;

/// Whose it is that somebody makes.
pub(super) const fn made_by(actor: &Actor) -> MadeBy {
    if actor.customer.is_some() { MadeBy::Customer } else { MadeBy::Tenant }
}

/// Whether somebody may make an external service, or go on giving access by their own.
pub(super) fn may_give(edit: &mut Edit<'_>, scope: CustomerScope, actor: &Actor) -> Result<(), Problem> {
    let policy = edit.need::<Tenants>(scope.tenant(), ())?.own_services;
    match (made_by(actor), policy) {
        (MadeBy::Tenant, _) | (MadeBy::Customer, Policy::Allow) => Ok(()),
        (MadeBy::Customer, Policy::Deny) => Err(ProblemCode::OwnServicesDenied.into()),
    }
}

/// Whether somebody may change or delete this one: what its partner made, a customer only switches off.
pub(super) fn may_change(actor: &Actor, row: &ExternalService) -> Result<(), Problem> {
    match (made_by(actor), row.made_by) {
        (MadeBy::Tenant, _) | (MadeBy::Customer, MadeBy::Customer) => Ok(()),
        (MadeBy::Customer, MadeBy::Tenant) => Err(ProblemCode::ServiceOfPartner.into()),
    }
}

/// The same one, switched: what its partner switched off, a customer does not switch on.
pub(super) fn switched(actor: &Actor, row: &ExternalService, to: Switch) -> Result<ExternalService, Problem> {
    let by = made_by(actor);
    let off_by = match (to, row.off_by) {
        (Switch::On, Some(MadeBy::Tenant)) if by == MadeBy::Customer => {
            return Err(ProblemCode::ServiceOfPartner.into());
        }
        (Switch::On, _) => None,
        (Switch::Off, Some(MadeBy::Tenant)) => row.off_by,
        (Switch::Off, _) => Some(by),
    };
    Ok(ExternalService { switch: to, off_by, ..row.clone() })
}
