//! XChaCha20-Poly1305 with the field's place as associated data, so that a ciphertext fits nowhere else.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use weighbridge_model::digest::Digest;
use weighbridge_model::name::NameHash;
use weighbridge_model::sealed::Sealed;
use zeroize::Zeroizing;

use crate::mac::mac;
use crate::ring::{KeyRing, Owner, RingError};

/// Where a sealed text stands: whose it is, in which record, in which field.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Whose text it is, and so under which key.
    pub owner: Owner,
    /// The record's id, as bytes.
    pub record: &'a [u8],
    /// The field's name.
    pub name: &'a str,
}

/// Why a text cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum UnsealError {
    /// The ring has no key for it.
    #[error(transparent)]
    Ring(#[from] RingError),
    /// It was sealed under another key, or for another place, or it was changed.
    #[error(
        "a sealed `{0}` does not open: the key ring and the store do not belong together, or the store was changed"
    )]
    DoesNotOpen(String),
}

impl KeyRing {
    /// Seals `text` for its place. The nonce comes from the caller and is never used twice.
    pub fn seal(&self, field: Field<'_>, nonce: [u8; 24], text: &[u8]) -> Result<Sealed, RingError> {
        self.with_key(field.owner, |key| {
            let place = associated_data(&field, key.id.as_bytes());
            let cipher = XChaCha20Poly1305::new(&(*key.secret).into());
            let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg: text, aad: &place });
            // Encryption fails only for texts of more than 256 GiB.
            let sealed = sealed.unwrap_or_default();
            Sealed::new(key.id, [&nonce[..], &sealed].concat())
        })
    }

    /// Opens what was sealed for this place.
    pub fn unseal(&self, field: Field<'_>, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, UnsealError> {
        let opened = self.with_key(field.owner, |key| {
            let (nonce, text) = sealed.bytes().split_first_chunk::<24>().filter(|_| sealed.key() == key.id)?;
            let place = associated_data(&field, key.id.as_bytes());
            let cipher = XChaCha20Poly1305::new(&(*key.secret).into());
            cipher.decrypt(&XNonce::from(*nonce), Payload { msg: text, aad: &place }).ok()
        })?;
        opened.map(Zeroizing::new).ok_or_else(|| UnsealError::DoesNotOpen(field.name.to_owned()))
    }

    /// A keyed hash by which a name is found without being readable.
    pub fn name_hash(&self, owner: Owner, kind: &str, name: &str) -> Result<NameHash, RingError> {
        let key = self.derive(owner, "weighbridge name index")?;
        let parts = Digest::of_parts(kind, &[name.as_bytes()]);
        Ok(NameHash::new(Digest::from_bytes(mac(&key, parts.as_bytes()))))
    }

    /// A key of its own for one purpose, from the owner's data key.
    pub fn derive(&self, owner: Owner, purpose: &str) -> Result<Zeroizing<[u8; 32]>, RingError> {
        self.with_key(owner, |key| Zeroizing::new(mac(&key.secret, purpose.as_bytes())))
    }
}

fn associated_data(field: &Field<'_>, key: &[u8]) -> [u8; 32] {
    let (tenant, customer): (&[u8], &[u8]) = match &field.owner {
        Owner::Host => (&[], &[]),
        Owner::Tenant(tenant) => (tenant.as_bytes(), &[]),
        Owner::Customer(tenant, customer) => (tenant.as_bytes(), customer.as_bytes()),
    };
    let parts = [tenant, customer, field.record, field.name.as_bytes(), key];
    *Digest::of_parts("weighbridge sealed place", &parts).as_bytes()
}
