//! The last 105 bytes of a package: who signed every byte before them.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::fixed_bytes::fixed_bytes;
use crate::digest::Digest;

/// How long the signature section is.
pub const SIGNATURE_SECTION_BYTES: usize = 105;

/// Custom section 0, 0x67 bytes long, a name of 0x15 bytes, version 1 (ed25519).
const SECTION_START: &[u8; 25] = b"\x00\x67\x15weighbridge:signature\x01";
const SIGNED_DOMAIN: &[u8] = b"weighbridge package v1\n";
const KEY_ID_DOMAIN: &[u8] = b"weighbridge key id v1\n";
const PUBLIC_KEY_PREFIX: &str = "weighbridge-public-ed25519:";

fixed_bytes! {
    /// The first 16 bytes of the SHA-256 of `"weighbridge key id v1\n"` ‖ public key.
    KeyId, 16
}

/// A public key that is fit for verifying; written as `weighbridge-public-ed25519:` and 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey(VerifyingKey);

/// Why some bytes are no public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublicKeyError {
    /// Not the text form.
    #[error("a public key is `weighbridge-public-ed25519:` and 64 hex digits")]
    Shape,
    /// No point of the curve.
    #[error("these bytes are no ed25519 public key")]
    NoPoint,
    /// A key of small order, under which one signature fits many packages.
    #[error("this ed25519 key is weak: make a new one with `weighbridge connector keygen`")]
    Weak,
}

impl PublicKey {
    /// Accepts a key unless it is weak.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, PublicKeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| PublicKeyError::NoPoint)?;
        if key.is_weak() { Err(PublicKeyError::Weak) } else { Ok(Self(key)) }
    }

    /// The bytes themselves.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Whether this key made a signature over a message.
    pub(crate) fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), ed25519_dalek::SignatureError> {
        self.0.verify_strict(message, signature)
    }

    /// The id that packages name this key by.
    pub fn id(&self) -> KeyId {
        let hash = Sha256::new().chain_update(KEY_ID_DOMAIN).chain_update(self.as_bytes()).finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        KeyId::from_bytes(id)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC_KEY_PREFIX}{}", data_encoding::HEXLOWER.encode(self.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for PublicKey {
    type Err = PublicKeyError;

    fn from_str(text: &str) -> Result<Self, PublicKeyError> {
        let digits = text.trim().strip_prefix(PUBLIC_KEY_PREFIX).ok_or(PublicKeyError::Shape)?;
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).map_err(|_| PublicKeyError::Shape)?;
        Self::from_bytes(&bytes.try_into().map_err(|_| PublicKeyError::Shape)?)
    }
}

impl TryFrom<String> for PublicKey {
    type Error = PublicKeyError;

    fn try_from(text: String) -> Result<Self, PublicKeyError> {
        text.parse()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

/// The signature section of a package, read from its end. Nothing about it is believed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureSection {
    /// The key it claims to be signed with.
    pub key_id: KeyId,
    signature: [u8; 64],
}

impl SignatureSection {
    /// Splits a package into its content and its signature; nothing when its last bytes have another shape.
    pub fn split(package: &[u8]) -> Option<(&[u8], Self)> {
        let (content, section) = package.split_last_chunk::<SIGNATURE_SECTION_BYTES>()?;
        let rest = section.strip_prefix(SECTION_START)?;
        let (key_id, signature) = rest.split_first_chunk::<16>()?;
        Some((content, Self { key_id: KeyId::from_bytes(*key_id), signature: signature.try_into().ok()? }))
    }

    /// Whether `key` made this signature over `content`.
    pub fn is_by(&self, key: &PublicKey, content: &[u8]) -> bool {
        let message = signed_bytes(key.id(), content);
        self.key_id == key.id() && key.verify(&message, &Signature::from_bytes(&self.signature)).is_ok()
    }
}

/// The content with a signature section after it. `secret` is the 32-byte ed25519 seed.
pub fn sign(mut content: Vec<u8>, secret: &[u8; 32]) -> Vec<u8> {
    let key = SigningKey::from_bytes(secret);
    let key_id = PublicKey(key.verifying_key()).id();
    let signature = key.sign(&signed_bytes(key_id, &content));
    content.extend_from_slice(SECTION_START);
    content.extend_from_slice(key_id.as_bytes());
    content.extend_from_slice(&signature.to_bytes());
    content
}

/// The public half of a 32-byte ed25519 seed.
pub fn public_key(secret: &[u8; 32]) -> PublicKey {
    PublicKey(SigningKey::from_bytes(secret).verifying_key())
}

fn signed_bytes(key_id: KeyId, content: &[u8]) -> Vec<u8> {
    [SIGNED_DOMAIN, key_id.as_bytes(), Digest::of(content).as_bytes()].concat()
}
