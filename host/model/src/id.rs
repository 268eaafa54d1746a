//! Typed ids, all of one shape and from one registry.

use std::fmt;
use std::str::FromStr;

use data_encoding::Encoding;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::time::Timestamp;

/// The text is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id: 26 characters of 0-9 and a-v are expected")]
pub struct MalformedId(pub String);

/// Base 32 with digits in the order of their values, so that text sorts as bytes do.
fn alphabet() -> Encoding {
    data_encoding::BASE32HEX_NOPAD
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// An id that sorts by time: 48 bits of milliseconds, then the caller's randomness.
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                let mut bytes = [0; 16];
                bytes[..6].copy_from_slice(&now.as_millis().to_be_bytes()[2..]);
                bytes[6..].copy_from_slice(&random);
                Self(bytes)
            }

            /// When it was made, where [`Self::new`] made it.
            pub fn made_at(&self) -> Timestamp {
                let mut millis = [0; 8];
                millis[2..].copy_from_slice(&self.0[..6]);
                Timestamp::from_millis(i64::from_be_bytes(millis))
            }

            /// An id from its bytes, as they stand in a key of the store.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The bytes, as they stand in a key of the store.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&alphabet().encode(&self.0).to_ascii_lowercase())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": "^[0-9a-v]{26}$" })
            }
        }

        impl FromStr for $name {
            type Err = MalformedId;

            fn from_str(text: &str) -> Result<Self, MalformedId> {
                let bytes = alphabet().decode(text.to_ascii_uppercase().as_bytes()).ok();
                bytes.and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or_else(|| MalformedId(text.into()))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// One life of a store: a restored one begins another.
    HostId
    /// A partner organisation.
    TenantId
    /// A tenant's end customer.
    CustomerId
    /// A tenant's offer of a connector.
    IntegrationId
    /// An authorised account at a platform.
    ConnectionId
    /// A named place that data comes from or goes to.
    EndpointId
    /// A field mapping, in all its versions.
    MappingId
    /// The definition of a movement.
    TransferId
    /// One execution of a transfer.
    RunId
    /// What one webhook brought for one stream; derived from it, see [`crate::meter::key`].
    DeliveryId
    /// The records between two checkpoints; derived from the work, see [`crate::meter::key`].
    BatchId
    /// One line of the ledger; derived from the work, see [`crate::meter::key`].
    EntryId
    /// A sealed blob beside the store.
    BlobId
    /// A record that was rejected and kept.
    DeadLetterId
    /// A data key of the key ring.
    KeyId
    /// One line of the audit log.
    AuditId
    /// One span of a repeated refusal.
    DenialId
    /// One sending of a person to a platform's sign-in.
    SignInId
    /// A third party's pull access.
    ExternalServiceId
    /// A person of one of the three populations.
    UserId
    /// A personal token.
    TokenId
    /// A link on which somebody without an account connects a system.
    ConnectLinkId
    /// A tenant's template of endpoints, mappings and transfers.
    WorkflowId
    /// Something that a tenant is told of; derived from what happened, see [`crate::event`].
    EventId
    /// An address at which a tenant is told of events.
    EventAddressId
}
