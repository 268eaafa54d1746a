//! The only copy of a ring that leaves: sealed to a recovery key of the operator's, by HPKE (RFC 9180).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::sync::PoisonError;

use data_encoding::{BASE64, BASE64_NOPAD};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem, OpModeR, OpModeS, Serializable as _};
use serde::{Deserialize, Serialize};
use weighbridge_model::digest::Digest;
use weighbridge_model::id::{CustomerId, KeyId, TenantId};
use weighbridge_model::time::Timestamp;
use zeroize::Zeroizing;

use crate::master::MasterSource;
use crate::ring::{DataKey, KeyRing, Owner, RingError};

const INFO: &[u8] = b"weighbridge key ring export v1";
const FORMAT: u32 = 1;

/// Why an export or a recovery key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// The text is no recovery key.
    #[error("this is no recovery key; make a pair with: weighbridge keys recovery-key --out FILE")]
    Key,
    /// The bytes are no export.
    #[error("this is no export of a key ring; name the file that `weighbridge keys export` made")]
    Malformed,
    /// It was sealed to another key, or changed.
    #[error(
        "this export does not open with this recovery key; use the one that belongs to the public key it was made for"
    )]
    DoesNotOpen,
}

impl ExportError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Key => "keys.recovery_key_malformed",
            Self::Malformed => "keys.export_malformed",
            Self::DoesNotOpen => "keys.export_closed",
        }
    }
}

/// The half of a recovery key pair that an export is sealed to. It may be shown to anyone.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryPublic([u8; 32]);

/// The half that opens an export, wiped when dropped and neither printed nor serialised by accident.
pub struct RecoverySecret(Zeroizing<[u8; 32]>);

/// A new pair, from 32 random bytes.
pub fn recovery_pair(seed: &[u8; 32]) -> (RecoverySecret, RecoveryPublic) {
    let (secret, public) = X25519HkdfSha256::derive_keypair(seed);
    (RecoverySecret(Zeroizing::new(secret.to_bytes().into())), RecoveryPublic(public.to_bytes().into()))
}

impl RecoveryPublic {
    /// Stands for the key where its whole text is too long.
    pub fn id(&self) -> Digest {
        Digest::of_parts("weighbridge recovery key", &[&self.0])
    }
}

impl fmt::Display for RecoveryPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "weighbridge-recovery-{}", BASE64_NOPAD.encode(&self.0))
    }
}

impl fmt::Debug for RecoveryPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecoveryPublic({self})")
    }
}

impl FromStr for RecoveryPublic {
    type Err = ExportError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let body = text.trim().strip_prefix("weighbridge-recovery-").ok_or(ExportError::Key)?;
        let bytes = BASE64_NOPAD.decode(body.as_bytes()).map_err(|_| ExportError::Key)?;
        Ok(Self(bytes.as_slice().try_into().map_err(|_| ExportError::Key)?))
    }
}

impl RecoverySecret {
    /// What stands in its file.
    pub fn to_text(&self) -> Zeroizing<String> {
        let body = Zeroizing::new(BASE64_NOPAD.encode(self.0.as_ref()));
        Zeroizing::new(format!("weighbridge-recovery-secret-{}\n", *body))
    }

    /// Reads what stands in its file.
    pub fn parse(text: &str) -> Result<Self, ExportError> {
        let body = text.trim().strip_prefix("weighbridge-recovery-secret-").ok_or(ExportError::Key)?;
        let bytes = Zeroizing::new(BASE64_NOPAD.decode(body.as_bytes()).map_err(|_| ExportError::Key)?);
        Ok(Self(Zeroizing::new(bytes.as_slice().try_into().map_err(|_| ExportError::Key)?)))
    }
}

impl fmt::Debug for RecoverySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoverySecret(..)")
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    weighbridge_key_ring_export: u32,
    recipient: String,
    encapsulated: String,
    sealed: String,
}

#[derive(Serialize, Deserialize)]
struct Inside {
    keys: Vec<Key>,
    burned: BTreeSet<KeyId>,
    #[serde(default)]
    exports: Vec<ExportNote>,
}

/// That a copy of the ring left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportNote {
    /// When.
    pub at: Timestamp,
    /// The recovery key that opens it: [`RecoveryPublic::id`].
    pub recovery: Digest,
}

#[derive(Serialize, Deserialize)]
struct Key {
    id: KeyId,
    tenant: Option<TenantId>,
    customer: Option<CustomerId>,
    secret: Zeroizing<String>,
}

impl KeyRing {
    /// Every data key, sealed to `to`. That it left is kept in the ring before it leaves.
    pub fn export(&self, to: &RecoveryPublic, now: Timestamp) -> Result<Vec<u8>, RingError> {
        self.change(|contents| {
            contents.exports.push(ExportNote { at: now, recovery: to.id() });
            Ok(())
        })?;
        let inside = {
            let contents = self.contents.read().unwrap_or_else(PoisonError::into_inner);
            let keys = contents.by_owner.iter().map(|(owner, key)| {
                let (tenant, customer) = owner.parts();
                Key { id: key.id, tenant, customer, secret: Zeroizing::new(BASE64.encode(key.secret.as_ref())) }
            });
            let (burned, exports) = (contents.burned.clone(), contents.exports.clone());
            let inside = Inside { keys: keys.collect(), burned, exports };
            Zeroizing::new(serde_json::to_vec(&inside).unwrap_or_default())
        };
        let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&to.0).map_err(|_| ExportError::Key)?;
        let (encapsulated, sealed) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &public,
            INFO,
            &inside,
            to.0.as_slice(),
        )
        .map_err(|_| ExportError::Key)?;
        let envelope = Envelope {
            weighbridge_key_ring_export: FORMAT,
            recipient: to.to_string(),
            encapsulated: BASE64.encode(&encapsulated.to_bytes()),
            sealed: BASE64.encode(&sealed),
        };
        Ok(serde_json::to_vec_pretty(&envelope).unwrap_or_default())
    }

    /// Makes a ring from an export, under a new master key, where there is none. Keys that were burned here stay burned.
    pub fn restore(
        path: &Path,
        source: MasterSource,
        export: &[u8],
        secret: &RecoverySecret,
        seed: &[u8; 32],
        now: Timestamp,
    ) -> Result<Self, RingError> {
        let Inside { keys, burned, exports } = open(export, secret)?;
        let mut by_owner = BTreeMap::new();
        for key in keys {
            let owner = Owner::of(key.tenant, key.customer).ok_or(ExportError::Malformed)?;
            let bytes = Zeroizing::new(BASE64.decode(key.secret.as_bytes()).map_err(|_| ExportError::Malformed)?);
            let secret = Zeroizing::new(bytes.as_slice().try_into().map_err(|_| ExportError::Malformed)?);
            by_owner.insert(owner, DataKey { id: key.id, secret });
        }
        if !by_owner.contains_key(&Owner::Host) {
            return Err(ExportError::Malformed.into());
        }
        Self::create_with(path, source, (by_owner, burned, exports), seed, now)
    }
}

fn open(export: &[u8], secret: &RecoverySecret) -> Result<Inside, ExportError> {
    let envelope: Envelope = serde_json::from_slice(export).map_err(|_| ExportError::Malformed)?;
    if envelope.weighbridge_key_ring_export != FORMAT {
        return Err(ExportError::Malformed);
    }
    let decode = |text: &str| BASE64.decode(text.as_bytes()).map_err(|_| ExportError::Malformed);
    let (encapsulated, sealed) = (decode(&envelope.encapsulated)?, decode(&envelope.sealed)?);
    let encapsulated =
        <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&encapsulated).map_err(|_| ExportError::Malformed)?;
    let private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(secret.0.as_ref()).map_err(|_| ExportError::Key)?;
    let public = X25519HkdfSha256::sk_to_pk(&private).to_bytes();
    let inside = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        INFO,
        &sealed,
        &public,
    );
    let inside = Zeroizing::new(inside.map_err(|_| ExportError::DoesNotOpen)?);
    serde_json::from_slice(&inside).map_err(|_| ExportError::Malformed)
}
