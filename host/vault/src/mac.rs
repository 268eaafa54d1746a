//! HMAC-SHA256, from which every key for one purpose is derived.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

pub(crate) fn mac(key: &[u8], text: &[u8]) -> [u8; 32] {
    over(key, text).finalize().into_bytes().into()
}

/// Whether it is the code of this text, compared in constant time.
pub(crate) fn is_mac(key: &[u8], text: &[u8], tag: &[u8]) -> bool {
    over(key, text).verify_slice(tag).is_ok()
}

fn over(key: &[u8], text: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.chain_update(text)
}
