//! The key ring from outside.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod export;
mod master;
mod ring;
mod rotate;
mod sample;
mod seal;
