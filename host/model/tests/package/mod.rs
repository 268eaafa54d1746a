//! Packages: reading, signing, trusting.
#![expect(clippy::unwrap_used, reason = "a sample that cannot be made is a broken test")]

mod difference;
mod hmac;
mod host;
mod installed;
mod login;
mod manifest;
mod oauth2;
mod preset;
mod rotation;
mod sample;
mod section;
mod signature;
mod trust;
mod verify;
