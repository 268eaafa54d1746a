//! The key ring from outside.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod ring;
mod seal;
