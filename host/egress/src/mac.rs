//! Message authentication codes, for schemes of kind `hmac`.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use weighbridge_model::package::{AuthMethod, HmacAlgorithm};
use zeroize::Zeroizing;

use crate::client::Client;
use crate::credential::Credential;
use crate::refusal::Denial;

impl Client {
    /// The code of a payload under the key of a scheme of kind `hmac`. `algorithm` is `hmac-sha256`, `hmac-sha512` or
    /// `hmac-sha1`.
    pub fn sign(&self, scheme: &str, algorithm: &str, payload: &[u8]) -> Result<Vec<u8>, Denial> {
        let (algorithm, key) = self.signing(scheme, algorithm, payload)?;
        Ok(sign(algorithm, &key, payload))
    }

    /// Whether a code is the one of the payload; it is compared in constant time.
    pub fn verify(&self, scheme: &str, algorithm: &str, payload: &[u8], signature: &[u8]) -> Result<bool, Denial> {
        let (algorithm, key) = self.signing(scheme, algorithm, payload)?;
        Ok(verify(algorithm, &key, payload, signature))
    }

    fn signing(
        &self,
        scheme: &str,
        algorithm: &str,
        payload: &[u8],
    ) -> Result<(HmacAlgorithm, Zeroizing<Vec<u8>>), Denial> {
        let bytes_max = self.0.exchange.route().dialer.limits.request_bytes;
        let bytes = payload.len() as u64;
        if bytes > bytes_max {
            return Err(Denial::PayloadTooLarge { bytes, bytes_max });
        }
        let credential = self.0.credential(scheme)?;
        let key = credential.signing_key()?;
        let unknown = || Denial::AlgorithmUnknown { algorithm: algorithm.escape_default().to_string() };
        Ok((HmacAlgorithm::of_name(algorithm).ok_or_else(unknown)?, key))
    }
}

impl Credential {
    /// The key of a scheme of kind `hmac`.
    pub(crate) fn signing_key(&self) -> Result<Zeroizing<Vec<u8>>, Denial> {
        let AuthMethod::Hmac { key_encoding, .. } = &self.scheme.apply else {
            return Err(Denial::SchemeSignsNothing { scheme: self.name().to_owned() });
        };
        let key = key_encoding.read(self.secret("key")?).filter(|key| !key.is_empty());
        key.map(Zeroizing::new).ok_or_else(|| self.unusable("the secret `key` is not written as it must be".into()))
    }
}

pub(crate) fn sign(algorithm: HmacAlgorithm, key: &[u8], payload: &[u8]) -> Vec<u8> {
    match algorithm {
        HmacAlgorithm::Sha256 => over::<Hmac<Sha256>>(key, payload).finalize().into_bytes().to_vec(),
        HmacAlgorithm::Sha512 => over::<Hmac<Sha512>>(key, payload).finalize().into_bytes().to_vec(),
        HmacAlgorithm::Sha1 => over::<Hmac<Sha1>>(key, payload).finalize().into_bytes().to_vec(),
    }
}

fn verify(algorithm: HmacAlgorithm, key: &[u8], payload: &[u8], signature: &[u8]) -> bool {
    match algorithm {
        HmacAlgorithm::Sha256 => over::<Hmac<Sha256>>(key, payload).verify_slice(signature).is_ok(),
        HmacAlgorithm::Sha512 => over::<Hmac<Sha512>>(key, payload).verify_slice(signature).is_ok(),
        HmacAlgorithm::Sha1 => over::<Hmac<Sha1>>(key, payload).verify_slice(signature).is_ok(),
    }
}

fn over<M: Mac + KeyInit>(key: &[u8], payload: &[u8]) -> M {
    <M as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length").chain_update(payload)
}
