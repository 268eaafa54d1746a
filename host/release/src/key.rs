//! The release key: ed25519 as PEM, as `openssl genpkey -algorithm ed25519` writes it and `openssl pkeyutl` verifies by it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use data_encoding::BASE64;
use ed25519_dalek::{Signature, Signer as _};
use zeroize::Zeroizing;

use crate::error::ReleaseError;
use crate::files;

/// What stands before the 32 bytes of a secret key in PKCS #8 (RFC 8410), and of a public one.
const SECRET: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
const PUBLIC: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";

/// The half that signs. It is wiped when it is dropped.
pub(crate) struct SigningKey(ed25519_dalek::SigningKey);

/// The half that strangers have.
pub(crate) struct VerifyingKey(ed25519_dalek::VerifyingKey);

impl SigningKey {
    /// Reads a file that nobody else may read.
    pub(crate) fn read(path: &Path) -> Result<Self, ReleaseError> {
        let mode = std::fs::metadata(path).map_err(ReleaseError::at(path))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(ReleaseError::Exposed(path.to_owned()));
        }
        let text = Zeroizing::new(files::read_text(path)?);
        let bytes = after(&text, "PRIVATE KEY", SECRET).ok_or_else(|| ReleaseError::Key(path.to_owned()))?;
        Ok(Self(ed25519_dalek::SigningKey::from_bytes(&bytes)))
    }

    /// The 64 bytes of a signature.
    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }

    /// The public half, as PEM.
    pub(crate) fn public_pem(&self) -> String {
        let der = [PUBLIC, self.0.verifying_key().as_bytes()].concat();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", BASE64.encode(&der))
    }
}

impl VerifyingKey {
    /// Reads a public key.
    pub(crate) fn read(path: &Path) -> Result<Self, ReleaseError> {
        let bytes = after(&files::read_text(path)?, "PUBLIC KEY", PUBLIC);
        let key = bytes.and_then(|bytes| ed25519_dalek::VerifyingKey::from_bytes(&bytes).ok());
        key.map(Self).ok_or_else(|| ReleaseError::Key(path.to_owned()))
    }

    /// Whether the other half signed this.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

/// The key in a PEM block of this label whose content begins so.
fn after(text: &str, label: &str, start: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let inside = text.trim().strip_prefix(&format!("-----BEGIN {label}-----"))?;
    let inside = inside.strip_suffix(&format!("-----END {label}-----"))?;
    let lines: Zeroizing<String> = Zeroizing::new(inside.split_whitespace().collect());
    let der = Zeroizing::new(BASE64.decode(lines.as_bytes()).ok()?);
    <[u8; 32]>::try_from(der.strip_prefix(start)?).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A secret key that RFC 8410 shows, and the public half that it shows beside it.
    const SHOWN: &str = "-----BEGIN PRIVATE KEY-----\n\
        MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
    const BESIDE: &str = "-----BEGIN PUBLIC KEY-----\n\
        MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";

    fn written(text: &str, mode: u32) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    #[test]
    fn reads_and_writes_keys_as_the_standard_shows_them() {
        let (_folder, path) = written(SHOWN, 0o600);
        assert_eq!(SigningKey::read(&path).unwrap().public_pem(), BESIDE);
    }

    #[test]
    fn believes_what_the_other_half_signed_and_nothing_else() {
        let ((_one, secret), (_other, public)) = (written(SHOWN, 0o600), written(BESIDE, 0o644));
        let signature = SigningKey::read(&secret).unwrap().sign(b"list");
        let key = VerifyingKey::read(&public).unwrap();
        assert!(key.signed(b"list", &signature));
        assert!(!key.signed(b"lost", &signature));
        assert!(!key.signed(b"list", &signature[1..]));
    }

    #[test]
    fn refuses_a_key_that_others_may_read_and_a_file_that_holds_none() {
        let (_folder, exposed) = written(SHOWN, 0o640);
        assert!(matches!(SigningKey::read(&exposed), Err(ReleaseError::Exposed(_))));
        for text in ["", BESIDE, &SHOWN.replace("MC4C", "MC4D")] {
            let (_folder, path) = written(text, 0o600);
            assert!(matches!(SigningKey::read(&path), Err(ReleaseError::Key(_))), "{text}");
        }
    }
}
