//! The connector, with a script in the place of its host.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod read;
mod write;
