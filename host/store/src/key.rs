//! Keys as bytes that sort as their values do.

use weighbridge_model::digest::Digest;
use weighbridge_model::id::{
    AuditId, BatchId, ConnectLinkId, ConnectionId, CustomerId, DeadLetterId, DeliveryId, DenialId, EndpointId, EntryId,
    EventAddressId, EventId, ExternalServiceId, IntegrationId, MappingId, RunId, SignInId, TenantId, TokenId,
    TransferId, UserId, WorkflowId,
};
use weighbridge_model::name::{ConnectorName, NameHash};
use weighbridge_model::service::{AccessId, PullPlace};
use weighbridge_model::time::Timestamp;

/// One part of a key. All parts but names have a fixed width, and a name stands last.
pub trait KeyPart: Sized {
    /// Appends the bytes.
    fn write(&self, key: &mut Vec<u8>);
    /// Reads the bytes from the front, or nothing where they are none.
    fn read(key: &mut &[u8]) -> Option<Self>;
}

macro_rules! id_parts {
    ($($name:ident)*) => {$(
        impl KeyPart for $name {
            fn write(&self, key: &mut Vec<u8>) {
                key.extend_from_slice(self.as_bytes());
            }

            fn read(key: &mut &[u8]) -> Option<Self> {
                let (bytes, rest) = key.split_first_chunk()?;
                *key = rest;
                Some(Self::from_bytes(*bytes))
            }
        }
    )*};
}

id_parts! {
    AccessId AuditId BatchId ConnectLinkId ConnectionId CustomerId DeadLetterId DeliveryId DenialId EndpointId EntryId
    EventAddressId EventId ExternalServiceId IntegrationId MappingId RunId SignInId TenantId TokenId TransferId UserId WorkflowId
}

/// A run in the order of newest first: ids of runs sort by time, and these the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewestFirst(pub RunId);

impl KeyPart for NewestFirst {
    fn write(&self, key: &mut Vec<u8>) {
        key.extend(self.0.as_bytes().iter().map(|byte| !byte));
    }

    fn read(key: &mut &[u8]) -> Option<Self> {
        let id = RunId::read(key)?;
        Some(Self(RunId::from_bytes(id.as_bytes().map(|byte| !byte))))
    }
}

/// An instant in the order of newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewestInstant(pub Timestamp);

impl KeyPart for NewestInstant {
    fn write(&self, key: &mut Vec<u8>) {
        Timestamp::from_millis(!self.0.as_millis()).write(key);
    }

    fn read(key: &mut &[u8]) -> Option<Self> {
        Some(Self(Timestamp::from_millis(!Timestamp::read(key)?.as_millis())))
    }
}

impl KeyPart for () {
    fn write(&self, _key: &mut Vec<u8>) {}

    fn read(_key: &mut &[u8]) -> Option<Self> {
        Some(())
    }
}

impl KeyPart for u8 {
    fn write(&self, key: &mut Vec<u8>) {
        key.push(*self);
    }

    fn read(key: &mut &[u8]) -> Option<Self> {
        let (first, rest) = key.split_first()?;
        *key = rest;
        Some(*first)
    }
}

impl KeyPart for u32 {
    fn write(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.to_be_bytes());
    }

    fn read(key: &mut &[u8]) -> Option<Self> {
        let (bytes, rest) = key.split_first_chunk()?;
        *key = rest;
        Some(Self::from_be_bytes(*bytes))
    }
}

impl KeyPart for u64 {
    fn write(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.to_be_bytes());
    }

    fn read(key: &mut &[u8]) -> Option<Self> {
        let (bytes, rest) = key.split_first_chunk()?;
        *key = rest;
        Some(Self::from_be_bytes(*bytes))
    }
}

impl KeyPart for PullPlace {
    fn write(&self, key: &mut Vec<u8>) {
        self.lineage.write(key);
        self.sequence.write(key);
    }

    fn read(key: &mut &[u8]) -> Option<Self> {
        Some(Self { lineage: u64::read(key)?, sequence: u64::read(key)? })
    }
}

impl KeyPart for Timestamp {
    fn write(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&(self.as_millis() ^ i64::MIN).to_be_bytes());
    }

    fn read(key: &mut &[u8]) -> Option<Self> {
        let (bytes, rest) = key.split_first_chunk()?;
        *key = rest;
        Some(Self::from_millis(i64::from_be_bytes(*bytes) ^ i64::MIN))
    }
}

impl KeyPart for Digest {
    fn write(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(self.as_bytes());
    }

    fn read(key: &mut &[u8]) -> Option<Self> {
        let (bytes, rest) = key.split_first_chunk()?;
        *key = rest;
        Some(Self::from_bytes(*bytes))
    }
}

impl KeyPart for NameHash {
    fn write(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(self.as_bytes());
    }

    fn read(key: &mut &[u8]) -> Option<Self> {
        let (bytes, rest) = key.split_first_chunk()?;
        *key = rest;
        Some(Self::new(Digest::from_bytes(*bytes)))
    }
}

impl KeyPart for ConnectorName {
    fn write(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(self.as_str().as_bytes());
    }

    fn read(key: &mut &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(std::mem::take(key)).ok()?;
        text.parse().ok()
    }
}

impl<A: KeyPart, B: KeyPart> KeyPart for (A, B) {
    fn write(&self, key: &mut Vec<u8>) {
        self.0.write(key);
        self.1.write(key);
    }

    fn read(key: &mut &[u8]) -> Option<Self> {
        Some((A::read(key)?, B::read(key)?))
    }
}

impl<A: KeyPart, B: KeyPart, C: KeyPart> KeyPart for (A, B, C) {
    fn write(&self, key: &mut Vec<u8>) {
        self.0.write(key);
        self.1.write(key);
        self.2.write(key);
    }

    fn read(key: &mut &[u8]) -> Option<Self> {
        Some((A::read(key)?, B::read(key)?, C::read(key)?))
    }
}
