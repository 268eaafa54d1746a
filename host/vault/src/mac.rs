//! HMAC-SHA256, from which every key for one purpose is derived.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Codes under a key, to be made over parts of a text.
pub fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    // A shorter key is filled up with zeroes to the length of a block, as HMAC itself does it.
    let mut block = zeroize::Zeroizing::new([0; 64]);
    block[..key.len()].copy_from_slice(key);
    Hmac::new((&*block).into())
}

pub(crate) fn mac(key: &[u8; 32], text: &[u8]) -> [u8; 32] {
    hmac(key).chain_update(text).finalize().into_bytes().into()
}

/// Whether it is the code of this text, compared in constant time.
pub(crate) fn is_mac(key: &[u8; 32], text: &[u8], tag: &[u8]) -> bool {
    hmac(key).chain_update(text).verify_slice(tag).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_shorter_than_a_block_gives_the_code_that_hmac_itself_gives() {
        let key = [7; 32];
        let own = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(b"a text").finalize();
        assert_eq!(mac(&key, b"a text"), <[u8; 32]>::from(own.into_bytes()));
        assert!(is_mac(&key, b"a text", &mac(&key, b"a text")));
        assert!(!is_mac(&key, b"another text", &mac(&key, b"a text")));
    }
}
