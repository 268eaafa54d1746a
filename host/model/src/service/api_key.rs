//! The secret of a third party: shown once, kept as a hash, and with a checksum, so that a mistyped one is told from an
//! unknown one without looking anywhere, and scanners for leaked secrets can tell it from other texts.

use std::fmt;

use zeroize::Zeroizing;

use crate::digest::Digest;

const PREFIX: &str = "wb_";
const RANDOM: usize = 20;
const CHECKSUM: usize = 5;

/// `wb_` and 40 characters of a-z and 2-7: 160 random bits and a checksum of 40.
pub struct ApiKey(Zeroizing<String>);

/// The text is not a key as it was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedKey {
    /// It has not the form of one.
    #[error(
        "api_key.malformed: this is no API key: `wb_` and 40 characters of a-z and 2-7 are expected; copy the key whole"
    )]
    Form,
    /// Its checksum does not fit.
    #[error("api_key.mistyped: a character of this API key is wrong; copy the key again, whole")]
    Checksum,
}

impl MalformedKey {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Form => "api_key.malformed",
            Self::Checksum => "api_key.mistyped",
        }
    }
}

impl ApiKey {
    /// A key of so much randomness.
    pub fn new(random: &[u8; RANDOM]) -> Self {
        let mut bytes = Zeroizing::new([0; RANDOM + CHECKSUM]);
        bytes[..RANDOM].copy_from_slice(random);
        bytes[RANDOM..].copy_from_slice(&checksum(random));
        let digits = Zeroizing::new(data_encoding::BASE32_NOPAD.encode(&*bytes));
        Self(Zeroizing::new(format!("{PREFIX}{}", digits.to_ascii_lowercase())))
    }

    /// Reads a key as somebody brought it.
    pub fn parse(text: &str) -> Result<Self, MalformedKey> {
        let digits = text.strip_prefix(PREFIX).ok_or(MalformedKey::Form)?;
        let digits = Zeroizing::new(digits.to_ascii_uppercase());
        let bytes = data_encoding::BASE32_NOPAD.decode(digits.as_bytes()).map_err(|_| MalformedKey::Form)?;
        let bytes: Zeroizing<[u8; RANDOM + CHECKSUM]> =
            Zeroizing::new(bytes.try_into().map_err(|_| MalformedKey::Form)?);
        let (random, sum) = bytes.split_first_chunk::<RANDOM>().ok_or(MalformedKey::Form)?;
        if sum == checksum(random) { Ok(Self::new(random)) } else { Err(MalformedKey::Checksum) }
    }

    /// What is kept of it.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }

    /// The text, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Finds mistakes and proves nothing: whoever knows the random part can compute it.
fn checksum(random: &[u8; RANDOM]) -> [u8; CHECKSUM] {
    let digest = Digest::of_parts("weighbridge api key checksum", &[random]);
    std::array::from_fn(|index| digest.as_bytes()[index])
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(..)")
    }
}
