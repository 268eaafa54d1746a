//! One binary for the rules; its modules stand where the sources do.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod gate;
mod package;
mod random;
mod schedule;
