//! One binary for every test that needs more than one room.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod contracts;
mod crash;
mod hostile;
mod platforms;
mod stories;
mod tidy;
mod town;
