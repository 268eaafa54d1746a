//! Sealing and opening the texts in rows: each in its own place, under its owner's key.

use weighbridge_model::connection::{Connection, Owner as ConnectionOwner};
use weighbridge_model::name::NameHash;
use weighbridge_model::sealed::Sealed;
use weighbridge_store::CustomerScope;
use weighbridge_vault::{Field, KeyRing, Owner};
use zeroize::Zeroizing;

use crate::chance;
use crate::engine::Host;
use crate::error::EngineError;

/// The texts of one record.
#[derive(Clone, Copy)]
pub(crate) struct Texts<'a> {
    ring: &'a KeyRing,
    owner: Owner,
    record: &'a [u8; 16],
}

impl<'a> Texts<'a> {
    pub(crate) const fn new(ring: &'a KeyRing, owner: Owner, record: &'a [u8; 16]) -> Self {
        Self { ring, owner, record }
    }

    pub(crate) fn seal(&self, field: &str, text: impl AsRef<[u8]>) -> Result<Sealed, EngineError> {
        let place = Field { owner: self.owner, record: self.record, name: field };
        Ok(self.ring.seal(place, chance::bytes()?, text.as_ref())?)
    }

    pub(crate) fn open(&self, field: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, EngineError> {
        Ok(self.ring.unseal(Field { owner: self.owner, record: self.record, name: field }, sealed)?)
    }

    pub(crate) fn open_text(&self, field: &str, sealed: &Sealed) -> Result<String, EngineError> {
        Ok(String::from_utf8_lossy(&self.open(field, sealed)?).into_owned())
    }
}

impl Host {
    /// The name of something of a customer's.
    pub(crate) fn name_in(
        &self,
        scope: CustomerScope,
        record: &[u8; 16],
        name: &Sealed,
    ) -> Result<String, EngineError> {
        Texts::new(&self.ring, customer_owner(scope), record).open_text("name", name)
    }
}

/// Under whose key a customer's texts are sealed.
pub(crate) const fn customer_owner(scope: CustomerScope) -> Owner {
    Owner::Customer(scope.tenant_id(), scope.id())
}

/// Under whose key a connection's texts are sealed.
pub(crate) const fn connection_owner(connection: &Connection) -> Owner {
    match connection.owner {
        ConnectionOwner::Tenant => Owner::Tenant(connection.tenant),
        ConnectionOwner::Customer(customer) => Owner::Customer(connection.tenant, customer),
    }
}

/// The keyed hash of a source record's primary key.
pub(crate) fn record_hash(ring: &KeyRing, scope: CustomerScope, key: &str) -> Result<NameHash, EngineError> {
    Ok(ring.name_hash(customer_owner(scope), "source record", key)?)
}
