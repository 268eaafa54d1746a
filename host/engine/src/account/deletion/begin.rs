//! The first step's transaction: from its commit on everything of the customer is refused, and there is no way back.

use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::customer::{Customer, CustomerStatus};
use weighbridge_model::deletion::Deletion;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::tables::{Customers, Deletions, Returning};
use weighbridge_store::{CustomerScope, HostScope};

use crate::account::customers::living;
use crate::engine::Engine;

impl Engine {
    /// Begins a deletion, where what was typed is the customer's name. Running transfers stop before their next batch,
    /// people are out, third parties and links are refused: all of them ask for the customer's status.
    pub async fn begin_deletion(
        &self,
        may: &Permission<kinds::CustomerDelete>,
        name_typed: &str,
    ) -> Result<(), Problem> {
        let scope = CustomerScope::of(may);
        self.edit(|edit| {
            let before = living(edit, scope)?;
            let name = self.host.name_in(scope, before.id.as_bytes(), &before.name)?;
            if name_typed != name {
                return Err(Problem::from(ProblemCode::ConfirmationWrong).at("name", "this is not the customer's name"));
            }
            if let Some(at) = before.active_from() {
                edit.remove::<Returning>(HostScope::new(), (at, scope.tenant_id(), scope.id()));
            }
            let row = Customer { status: CustomerStatus::Deleting, inactivity: None, ..before };
            edit.put::<Customers>(scope.tenant(), scope.id(), row);
            let deletion = Deletion::new(scope.id(), may.by(), self.host.now());
            edit.put::<Deletions>(scope.tenant(), scope.id(), deletion);
            edit.audit(self.audit_customer(scope, may.by(), "customer.deletion_begun", name.as_str().into())?);
            Ok(())
        })
        .await
    }
}
