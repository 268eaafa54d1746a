//! The one index by which a third party is found that comes with nothing but its Connection ID.

use weighbridge_model::service::ExternalService;
use weighbridge_store::tables::{AccessIds, Accessed};
use weighbridge_store::{CustomerScope, HostScope};

use crate::account::edit::Edit;

/// Lets it be found.
pub(super) fn put(edit: &mut Edit<'_>, scope: CustomerScope, service: &ExternalService) {
    let found = Accessed { tenant: scope.tenant_id(), customer: scope.id(), service: service.id };
    edit.put::<AccessIds>(HostScope::new(), service.access_id, found);
}

/// Lets it be found no more.
pub(super) fn remove(edit: &mut Edit<'_>, service: &ExternalService) {
    edit.remove::<AccessIds>(HostScope::new(), service.access_id);
}
