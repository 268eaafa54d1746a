//! Secrets that are shown once: 256 bits, with a word in front that says what it is, so that scanners find a leaked one.

use data_encoding::BASE64URL_NOPAD;
use weighbridge_model::digest::Digest;
use zeroize::Zeroizing;

use crate::chance;
use crate::error::EngineError;

/// What a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretKind {
    Session,
    Token,
    Link,
    Connect,
}

impl SecretKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Session => "wbs_",
            Self::Token => "wbt_",
            Self::Link => "wbl_",
            Self::Connect => "wbcl_",
        }
    }
}

/// A new secret.
pub(crate) fn new(kind: SecretKind) -> Result<Zeroizing<String>, EngineError> {
    let bytes = Zeroizing::new(chance::bytes::<32>()?);
    Ok(Zeroizing::new(format!("{}{}", kind.word(), BASE64URL_NOPAD.encode(&*bytes))))
}

/// What a secret is kept as, where it is of this kind. It has 256 random bits, so a plain hash suffices.
pub(crate) fn hash(kind: SecretKind, secret: &str) -> Option<Digest> {
    let fits = secret.starts_with(kind.word()) && secret.len() == kind.word().len() + 43;
    fits.then(|| Digest::of_parts("weighbridge secret", &[secret.as_bytes()]))
}
