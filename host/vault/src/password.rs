//! What is kept of a person's password: enough to know it again, and not enough to find it.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::mac::{is_mac, mac};

/// What one guess costs, by OWASP's Password Storage Cheat Sheet (argon2id, 19 MiB, two passes, one lane).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

const PURPOSE: &[u8] = b"weighbridge password";

/// What a password is known by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordMark {
    salt: [u8; 16],
    memory_kib: u32,
    passes: u32,
    tag: [u8; 32],
}

impl PasswordMark {
    /// Marks a password; nothing where the system's memory does not suffice.
    pub fn new(password: &str, salt: [u8; 16]) -> Option<Self> {
        let stretched = stretch(password, &salt, (MEMORY_KIB, PASSES))?;
        Some(Self { salt, memory_kib: MEMORY_KIB, passes: PASSES, tag: mac(&stretched, PURPOSE) })
    }

    /// Whether it is this password; the comparison takes as long for any other.
    pub fn is_of(&self, password: &str) -> bool {
        let cost = (self.memory_kib.min(MEMORY_KIB * 16), self.passes.min(64));
        let stretched = stretch(password, &self.salt, cost);
        stretched.is_some_and(|stretched| is_mac(&stretched, PURPOSE, &self.tag))
    }
}

fn stretch(password: &str, salt: &[u8; 16], (memory_kib, passes): (u32, u32)) -> Option<Zeroizing<[u8; 32]>> {
    let params = Params::new(memory_kib, passes, 1, Some(32)).ok()?;
    let mut stretched = Zeroizing::new([0; 32]);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(password.as_bytes(), salt, stretched.as_mut()).ok()?;
    Some(stretched)
}
