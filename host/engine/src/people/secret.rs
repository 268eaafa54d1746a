//! Secrets that are shown once: 256 bits, with a word in front that says what it is, so that scanners find a leaked one.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::digest::Digest;
use zeroize::Zeroizing;

use crate::chance;
use crate::error::EngineError;

/// A secret, or an address that has one in it, on its only way out: in an answer it is written, in a log it is not.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ShownOnce(String);

impl ShownOnce {
    /// The text.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ShownOnce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShownOnce(..)")
    }
}

impl From<String> for ShownOnce {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<Zeroizing<String>> for ShownOnce {
    fn from(secret: Zeroizing<String>) -> Self {
        Self(secret.to_string())
    }
}

impl JsonSchema for ShownOnce {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ShownOnce".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }
}

/// What a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretKind {
    Session,
    Choice,
    Token,
    Link,
    Connect,
}

impl SecretKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Session => "wbs_",
            Self::Choice => "wbch_",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_written_in_an_answer_and_in_no_log() {
        let shown = ShownOnce::from(new(SecretKind::Session).unwrap());
        assert!(serde_json::to_string(&shown).unwrap().starts_with("\"wbs_"));
        assert!(!format!("{:?}", Some(&shown)).contains("wbs_"));
    }
}
