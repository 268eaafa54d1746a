//! What a host says and signs: whoever has its public key can tell later that it said just this.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signer as _, SigningKey};
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::package::PublicKey;

/// Something that was said, and who signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement<T> {
    /// What was said.
    pub said: T,
    /// The key that it claims to be signed with.
    pub public_key: PublicKey,
    /// Over its kind and all of what was said.
    pub signature: Signature,
}

impl<T: Serialize> Statement<T> {
    /// Says and signs. `secret` is the 32-byte ed25519 seed, and `kind` keeps one sort of statement from passing for another.
    pub fn new(kind: &str, said: T, secret: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(secret);
        let signature = Signature(key.sign(message(kind, &said).as_bytes()).to_bytes());
        Self { said, public_key: crate::package::signature::public_key(secret), signature }
    }

    /// Whether this key signed it, and nothing of it was changed since.
    pub fn is_by(&self, kind: &str, key: &PublicKey) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&self.signature.0);
        self.public_key == *key && key.verify(message(kind, &self.said).as_bytes(), &signature).is_ok()
    }
}

/// Structs and ordered maps have one form as JSON, so what was read again is what was signed.
fn message(kind: &str, said: &impl Serialize) -> Digest {
    let json = serde_json::to_vec(said).unwrap_or_default();
    Digest::of_parts("weighbridge statement", &[kind.as_bytes(), &json])
}

/// An ed25519 signature; written as 128 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Signature([u8; 64]);

/// The text is no signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a signature has 128 hex digits")]
pub struct MalformedSignature;

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({self})")
    }
}

impl FromStr for Signature {
    type Err = MalformedSignature;

    fn from_str(text: &str) -> Result<Self, MalformedSignature> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| MalformedSignature)?;
        bytes.try_into().map(Self).map_err(|_| MalformedSignature)
    }
}

impl TryFrom<String> for Signature {
    type Error = MalformedSignature;

    fn try_from(text: String) -> Result<Self, MalformedSignature> {
        text.parse()
    }
}

impl From<Signature> for String {
    fn from(signature: Signature) -> Self {
        signature.to_string()
    }
}
