//! Packages: reading, signing, trusting.

mod host;
mod login;
mod manifest;
mod sample;
mod section;
mod signature;
mod trust;
mod verify;
