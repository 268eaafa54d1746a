//! Packages: reading, signing, trusting.
#![expect(clippy::unwrap_used, reason = "a sample that cannot be made is a broken test")]

mod hmac;
mod host;
mod login;
mod manifest;
mod sample;
mod section;
mod signature;
mod trust;
mod verify;
