//! One sending of a person to a platform: its `state`, and the one-time code that it is bound to.
//!
//! Nothing of it is stored before it is used. The state carries its ids and two tags of the host's own key: the first says
//! that this host made it for this address of return, the second that the code beside it is the right one. The code
//! verifier (PKCE) is derived from both, so a state without its code is worth nothing.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use weighbridge_model::digest::Digest;
use weighbridge_model::id::{ConnectionId, SignInId, TenantId};
use weighbridge_model::time::Timestamp;
use zeroize::Zeroizing;

/// How long a person has at the platform.
pub(crate) const LIFE_MS: i64 = 10 * 60_000;

/// Wrong codes before a state is used up.
const GUESSES_MAX: u8 = 5;

/// Which sign-in it is, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SignIn {
    pub(crate) id: SignInId,
    pub(crate) tenant: TenantId,
    pub(crate) connection: ConnectionId,
}

/// What a person types to show that it was they who asked: eight letters and digits.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct OneTimeCode(Zeroizing<String>);

impl OneTimeCode {
    pub(crate) fn new(random: [u8; 5]) -> Self {
        Self(Zeroizing::new(BASE32_NOPAD.encode(&random)))
    }
}

impl fmt::Display for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(self.0.len() / 2);
        write!(f, "{first}-{second}")
    }
}

impl FromStr for OneTimeCode {
    type Err = std::convert::Infallible;

    /// As a person types it: in any case, with or without the hyphen.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let kept = text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase());
        Ok(Self(Zeroizing::new(kept.take(64).collect())))
    }
}

impl SignIn {
    /// The `state` of the address that a person is sent to.
    pub(crate) fn state(&self, key: &[u8; 32], redirect: &str, code: &OneTimeCode) -> String {
        let tags = [self.origin_tag(key, redirect), self.code_tag(key, redirect, code)];
        BASE64URL_NOPAD.encode(&[self.ids().as_slice(), &tags.concat()].concat())
    }

    /// Reads a `state` that this host made for this address of return.
    pub(crate) fn read(state: &str, key: &[u8; 32], redirect: &str) -> Option<(Self, [u8; 16])> {
        let bytes = BASE64URL_NOPAD.decode(state.as_bytes()).ok()?;
        let bytes: &[u8; 80] = bytes.as_slice().try_into().ok()?;
        let part = |from: usize| -> [u8; 16] { std::array::from_fn(|index| bytes[from + index]) };
        let sign_in = Self {
            id: SignInId::from_bytes(part(0)),
            tenant: TenantId::from_bytes(part(16)),
            connection: ConnectionId::from_bytes(part(32)),
        };
        let is_ours =
            over(key, "origin", &[&sign_in.ids(), redirect.as_bytes()]).verify_truncated_left(&part(48)).is_ok();
        is_ours.then(|| (sign_in, part(64)))
    }

    /// Whether this is the code beside which the state was made.
    pub(crate) fn admits(&self, key: &[u8; 32], redirect: &str, code: &OneTimeCode, tag: &[u8; 16]) -> bool {
        let parts: [&[u8]; 3] = [&self.ids(), redirect.as_bytes(), code.0.as_bytes()];
        over(key, "code", &parts).verify_truncated_left(tag).is_ok()
    }

    /// The code verifier of RFC 7636: 43 characters that nobody can know without the key and the code.
    pub(crate) fn verifier(&self, key: &[u8; 32], code: &OneTimeCode) -> Zeroizing<String> {
        let secret = Zeroizing::new(mac(key, "verifier", &[&self.ids(), code.0.as_bytes()]));
        Zeroizing::new(BASE64URL_NOPAD.encode(secret.as_ref()))
    }

    /// Whether its time is over; ids carry the instant that they were made at.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.id < oldest(now) || self.id > SignInId::new(now.plus_millis(LIFE_MS), [0; 10])
    }

    fn ids(&self) -> [u8; 48] {
        let parts = [self.id.as_bytes(), self.tenant.as_bytes(), self.connection.as_bytes()];
        std::array::from_fn(|index| parts[index / 16][index % 16])
    }

    fn origin_tag(&self, key: &[u8; 32], redirect: &str) -> [u8; 16] {
        half(mac(key, "origin", &[&self.ids(), redirect.as_bytes()]))
    }

    fn code_tag(&self, key: &[u8; 32], redirect: &str, code: &OneTimeCode) -> [u8; 16] {
        half(mac(key, "code", &[&self.ids(), redirect.as_bytes(), code.0.as_bytes()]))
    }
}

/// The oldest sign-in that can still be used.
pub(crate) fn oldest(now: Timestamp) -> SignInId {
    SignInId::new(now.plus_millis(-LIFE_MS), [0; 10])
}

/// Wrong codes so far, by sign-in.
#[derive(Debug, Default)]
pub(crate) struct Guesses(Mutex<BTreeMap<SignInId, u8>>);

impl Guesses {
    /// Counts a wrong code, and says how many more may be typed.
    pub(crate) fn wrong(&self, id: SignInId, now: Timestamp) -> u8 {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        guesses.retain(|id, _| *id >= oldest(now));
        let count = guesses.entry(id).or_default();
        *count = count.saturating_add(1);
        GUESSES_MAX.saturating_sub(*count)
    }
}

fn half(tag: [u8; 32]) -> [u8; 16] {
    std::array::from_fn(|index| tag[index])
}

fn mac(key: &[u8; 32], purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
    over(key, purpose, parts).finalize().into_bytes().into()
}

fn over(key: &[u8; 32], purpose: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
    weighbridge_vault::hmac(key).chain_update(Digest::of_parts(purpose, parts).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];
    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn sign_in() -> SignIn {
        SignIn {
            id: SignInId::new(NOW, [1; 10]),
            tenant: TenantId::from_bytes([2; 16]),
            connection: ConnectionId::from_bytes([3; 16]),
        }
    }

    #[test]
    fn a_state_comes_back_for_its_address_of_return_and_for_no_other() {
        let code = OneTimeCode::new([9; 5]);
        let state = sign_in().state(&KEY, "http://a/", &code);
        let (read, tag) = SignIn::read(&state, &KEY, "http://a/").expect("it is ours");
        assert_eq!(read, sign_in());
        assert!(read.admits(&KEY, "http://a/", &code, &tag));
        assert!(SignIn::read(&state, &KEY, "http://b/").is_none());
        assert!(SignIn::read(&state, &[8; 32], "http://a/").is_none());
    }

    #[test]
    fn a_changed_state_or_another_code_is_refused() {
        let code = OneTimeCode::new([9; 5]);
        let state = sign_in().state(&KEY, "http://a/", &code);
        let bytes = BASE64URL_NOPAD.decode(state.as_bytes()).expect("it is base64");
        for index in 0..64 {
            let mut changed = bytes.clone();
            changed[index] ^= 1;
            assert!(SignIn::read(&BASE64URL_NOPAD.encode(&changed), &KEY, "http://a/").is_none(), "byte {index}");
        }
        let (read, tag) = SignIn::read(&state, &KEY, "http://a/").expect("it is ours");
        assert!(!read.admits(&KEY, "http://a/", &OneTimeCode::new([8; 5]), &tag));
        assert_ne!(read.verifier(&KEY, &code), read.verifier(&KEY, &OneTimeCode::new([8; 5])));
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = OneTimeCode::new([1, 2, 3, 4, 5]);
        let typed = code.to_string().to_lowercase().replace('-', " ");
        assert!(typed.parse() == Ok(code));
    }

    #[test]
    fn a_sign_in_is_over_after_ten_minutes_and_five_wrong_codes() {
        assert!(!sign_in().is_over(NOW.plus_millis(LIFE_MS)));
        assert!(sign_in().is_over(NOW.plus_millis(LIFE_MS + 1)));
        let guesses = Guesses::default();
        let left: Vec<u8> = (0..6).map(|_| guesses.wrong(sign_in().id, NOW)).collect();
        assert_eq!(left, [4, 3, 2, 1, 0, 0]);
    }
}
