//! What a person or a platform wrote, as it rests in a row: bytes that only the key ring opens.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::digest::Digest;
use crate::id::KeyId;

/// Ciphertext with the id of the data key that made it. The room `vault` makes and opens these.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    key: KeyId,
    bytes: Vec<u8>,
}

impl Sealed {
    /// What was taken out of a row: no key opens it.
    pub const NOTHING: Self = Self { key: KeyId::from_bytes([0; 16]), bytes: Vec::new() };

    /// Takes what a vault sealed: `bytes` is a nonce and a ciphertext, of a shape that only the vault knows.
    pub const fn new(key: KeyId, bytes: Vec<u8>) -> Self {
        Self { key, bytes }
    }

    /// The data key that opens it.
    pub const fn key(&self) -> KeyId {
        self.key
    }

    /// Nonce and ciphertext.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// As it stands alone in a file: the key's id, then nonce and ciphertext.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.key.as_bytes(), self.bytes.as_slice()].concat()
    }

    /// Reads what [`Sealed::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (key, rest) = bytes.split_first_chunk::<16>()?;
        Some(Self { key: KeyId::from_bytes(*key), bytes: rest.to_vec() })
    }

    /// What stands for this field in a hash, so that the field may be removed and the hash still verifies.
    pub fn digest(&self) -> Digest {
        Digest::of_parts("weighbridge sealed field", &[self.key.as_bytes(), &self.bytes])
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes under {})", self.bytes.len(), self.key)
    }
}

impl Serialize for Sealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&data_encoding::BASE64URL_NOPAD.encode(&self.to_bytes()))
    }
}

impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).map_err(de::Error::custom)?;
        Self::from_bytes(&bytes).ok_or_else(|| de::Error::custom("a sealed field is cut off"))
    }
}
