//! What tests ask the engine with: the permission of somebody who may do everything, and instants.

use weighbridge::model::access::{ActionKind, Actor, LevelOf, OfCustomer, OfHost, OfTenant, Permission, authorize};
use weighbridge::model::id::TenantId;
use weighbridge::model::time::Timestamp;
use weighbridge_native::House;
use weighbridge_store::CustomerScope;

/// Something that says where an action of a level is done.
pub trait Says<L: LevelOf> {
    fn place(&self) -> L::Place;
}

impl Says<OfHost> for () {
    fn place(&self) {}
}

impl Says<OfTenant> for TenantId {
    fn place(&self) -> Self {
        *self
    }
}

impl Says<OfCustomer> for CustomerScope {
    fn place(&self) -> <OfCustomer as LevelOf>::Place {
        (self.tenant_id(), self.id())
    }
}

impl Says<OfCustomer> for &House {
    fn place(&self) -> <OfCustomer as LevelOf>::Place {
        self.scope().place()
    }
}

/// What the owner of the data folder may do there.
pub fn may<A: ActionKind>(there: impl Says<A::Level>) -> Permission<A> {
    authorize(&Actor::owner(), there.place()).unwrap()
}

/// An instant, as RFC 3339 has it.
pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}
