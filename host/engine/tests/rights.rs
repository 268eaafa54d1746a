//! What tests ask the engine with: the permission of somebody who may do everything.

use weighbridge::model::access::{ActionKind, Actor, OfCustomer, Permission, authorize};
use weighbridge_native::House;

/// What is done in the account of the house's customer.
pub fn may<A: ActionKind<Level = OfCustomer>>(house: &House) -> Permission<A> {
    let scope = house.scope();
    authorize(&Actor::owner(), (scope.tenant_id(), scope.id())).unwrap()
}
