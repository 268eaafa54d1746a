//! A publisher's own word that another key of its follows one that is trusted already.
//!
//! A statement is a small JSON document that people can read, signed by the old key. Signed are not its bytes but what
//! it says: `"weighbridge rotation v1\n"`, then each part after its length (8 bytes, big-endian): publisher, old key id
//! (16 bytes), new public key (32), the window's start and its end (8 bytes each, or none where that side is open), and
//! the instant it was issued at (8). Instants are milliseconds since 1970, big-endian.

use ed25519_dalek::{Signature, Signer, SigningKey};
use serde::{Deserialize, Serialize};

use super::fixed_bytes::fixed_bytes;
use super::signature::{KeyId, PublicKey, public_key};
use super::trust::{TrustError, TrustStore, TrustedKey};
use super::unique;
use crate::time::{Position, Timestamp, Window};

const DOMAIN: &[u8] = b"weighbridge rotation v1\n";
const FORMAT: &str = "weighbridge rotation v1";

/// The most bytes that a statement may have.
const BYTES_MAX: usize = 64 << 10;

/// How far an author's clock may be ahead of the operator's.
const AHEAD_MS: i64 = 24 * 60 * 60 * 1_000;

fixed_bytes! {
    /// An ed25519 signature.
    SignatureBytes, 64
}

/// What a rotation says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// Whose keys.
    pub publisher: String,
    /// The key that signs, and that is followed.
    pub from: KeyId,
    /// The key that follows it.
    pub to: PublicKey,
    /// When packages under the new key may be installed.
    pub window: Window,
    /// When the publisher said so; of two statements only the newer counts.
    pub issued_at: Timestamp,
}

/// A rotation as it stands in a file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    format: String,
    publisher: String,
    from: KeyId,
    to: PublicKey,
    #[serde(default)]
    window: Window,
    issued_at: Timestamp,
    signature: SignatureBytes,
}

/// Why a rotation statement is not accepted; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RotationRefusal {
    /// It cannot be read.
    #[error("this is no rotation statement: {0}")]
    Malformed(String),
    /// The old key is not one of the publisher's here.
    #[error("the key {from} that signs this statement is no trusted key of `{publisher}`")]
    Foreign {
        /// Whom it names.
        publisher: String,
        /// The key it claims to be signed with.
        from: KeyId,
    },
    /// What it says is not what was signed.
    #[error("the signature does not fit: the statement was changed after it was signed")]
    BadSignature,
    /// The old key counts for nothing any more.
    #[error("the key {0} that signs this statement was revoked")]
    KeyRevoked(KeyId),
    /// The old key's time is over, or has not begun.
    #[error("the key {0} that signs this statement is outside its time")]
    KeyExpired(KeyId),
    /// This one, or a newer one, was accepted before.
    #[error("this statement is not newer than the last one of `{0}` that was accepted")]
    Replayed(String),
    /// It comes from the future.
    #[error("this statement was issued at {0}, which has not come yet")]
    Early(Timestamp),
    /// The new key cannot be trusted as one of this publisher's.
    #[error("the new key is refused: {0}")]
    NewKey(TrustError),
}

impl RotationRefusal {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "rotation.malformed",
            Self::Foreign { .. } => "rotation.foreign",
            Self::BadSignature => "rotation.bad_signature",
            Self::KeyRevoked(_) => "rotation.key_revoked",
            Self::KeyExpired(_) => "rotation.key_expired",
            Self::Replayed(_) => "rotation.replayed",
            Self::Early(_) => "rotation.early",
            Self::NewKey(_) => "rotation.new_key_refused",
        }
    }

    /// What to do about it.
    pub const fn next_step(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "Ask the publisher for the file that `weighbridge connector rotate` wrote.",
            Self::Foreign { .. } => {
                "Look at `weighbridge trust list`: the publisher signs with a key that stands there."
            }
            Self::BadSignature => "Fetch the statement again from its publisher.",
            Self::KeyRevoked(_) => {
                "Ask the publisher over another way for its new key, and add it with `weighbridge trust add`."
            }
            Self::KeyExpired(_) => {
                "Ask the publisher whether the key is its own, and rotate with `weighbridge trust rotate --publisher`."
            }
            Self::Replayed(_) => "Nothing, where the new key is trusted; else ask the publisher for a new statement.",
            Self::Early(_) => "Set this machine's clock, or ask the publisher to set its own and sign again.",
            Self::NewKey(_) => "Ask the publisher for a statement with a new key of its own.",
        }
    }
}

impl Rotation {
    /// The statement, signed with the old key's 32-byte seed; `from` is that key's id.
    pub fn signed(&self, secret: &[u8; 32]) -> Vec<u8> {
        let from = public_key(secret).id();
        let said = Self { from, ..self.clone() };
        let signature = SigningKey::from_bytes(secret).sign(&said.signed_bytes());
        let statement = Statement {
            format: FORMAT.to_owned(),
            publisher: said.publisher,
            from,
            to: said.to,
            window: said.window,
            issued_at: said.issued_at,
            signature: SignatureBytes::from_bytes(signature.to_bytes()),
        };
        // Every field is a text or a number: nothing here can fail.
        serde_json::to_vec_pretty(&statement).unwrap_or_default()
    }

    /// What a statement says, believed by nobody.
    pub fn claimed(statement: &[u8]) -> Result<Self, RotationRefusal> {
        read(statement).map(|(rotation, _)| rotation)
    }

    fn signed_bytes(&self) -> Vec<u8> {
        let instant = |instant: Option<Timestamp>| instant.map(|at| at.as_millis().to_be_bytes().to_vec());
        let [start, end] = [self.window.start, self.window.end].map(|edge| instant(edge).unwrap_or_default());
        let issued_at = self.issued_at.as_millis().to_be_bytes();
        let parts: [&[u8]; 6] =
            [self.publisher.as_bytes(), self.from.as_bytes(), self.to.as_bytes(), &start, &end, &issued_at];
        let mut bytes = DOMAIN.to_vec();
        for part in parts {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }
}

impl TrustStore {
    /// Accepts a publisher's own statement. The new key is trusted in its window; the old one's window for installing ends
    /// when that begins, and what was installed under it goes on loading.
    pub fn rotate(&mut self, statement: &[u8], now: Timestamp) -> Result<Rotation, RotationRefusal> {
        let (rotation, signature) = read(statement)?;
        let Rotation { publisher, from, .. } = &rotation;
        let foreign = || RotationRefusal::Foreign { publisher: publisher.clone(), from: *from };
        let (_, key) = self.key(*from).filter(|(owner, _)| owner == publisher).ok_or_else(foreign)?;
        if key.public.verify(&rotation.signed_bytes(), &signature).is_err() {
            return Err(RotationRefusal::BadSignature);
        }
        if self.key_revocation(*from).is_some() {
            return Err(RotationRefusal::KeyRevoked(*from));
        }
        if rotation.issued_at > now.plus_millis(AHEAD_MS) {
            return Err(RotationRefusal::Early(rotation.issued_at));
        }
        if self.publishers.get(publisher).and_then(|one| one.rotated_at).is_some_and(|at| rotation.issued_at <= at) {
            return Err(RotationRefusal::Replayed(publisher.clone()));
        }
        if !matches!(key.window.position(now), Position::Inside(_)) {
            return Err(RotationRefusal::KeyExpired(*from));
        }
        self.follow(&rotation, now).map_err(RotationRefusal::NewKey)?;
        if let Some(one) = self.publishers.get_mut(publisher) {
            one.rotated_at = Some(rotation.issued_at);
        }
        Ok(rotation)
    }

    /// The same as an act of the operator, who answers for the new key.
    pub fn rotate_by_operator(&mut self, rotation: &Rotation, now: Timestamp) -> Result<(), TrustError> {
        let (publisher, key) = (rotation.publisher.clone(), rotation.from);
        match self.publishers.get(&publisher) {
            None => Err(TrustError::PublisherAbsent(publisher)),
            Some(one) if one.revocation.is_some() => Err(TrustError::PublisherRevoked(publisher)),
            Some(one) if one.keys.iter().all(|one| one.public.id() != key) => {
                Err(TrustError::KeyAbsent { publisher, key })
            }
            Some(_) => self.follow(rotation, now),
        }
    }

    fn follow(&mut self, rotation: &Rotation, now: Timestamp) -> Result<(), TrustError> {
        self.check_free(&rotation.publisher, rotation.to.id())?;
        let Some(publisher) = self.publishers.get_mut(&rotation.publisher) else { return Ok(()) };
        if rotation.to.id() == rotation.from {
            return Err(TrustError::KeyTaken(rotation.publisher.clone()));
        }
        let handover = rotation.window.start.map_or(now, |start| start.max(now));
        for old in publisher.keys.iter_mut().filter(|key| key.public.id() == rotation.from) {
            old.window.end = Some(old.window.end.map_or(handover, |end| end.min(handover)));
        }
        publisher.keys.retain(|key| key.public != rotation.to);
        publisher.keys.push(TrustedKey { public: rotation.to, window: rotation.window });
        Ok(())
    }
}

fn read(statement: &[u8]) -> Result<(Rotation, Signature), RotationRefusal> {
    let malformed = |error: &dyn std::fmt::Display| RotationRefusal::Malformed(error.to_string());
    if statement.len() > BYTES_MAX {
        return Err(malformed(&format_args!("it has more than {BYTES_MAX} bytes")));
    }
    unique::check(statement).map_err(|error| malformed(&error))?;
    let read: Statement = serde_json::from_slice(statement).map_err(|error| malformed(&error))?;
    if read.format != FORMAT {
        return Err(malformed(&format_args!("its format is not `{FORMAT}`")));
    }
    let Statement { publisher, from, to, window, issued_at, signature, .. } = read;
    let signature = Signature::from_bytes(signature.as_bytes());
    Ok((Rotation { publisher, from, to, window, issued_at }, signature))
}
