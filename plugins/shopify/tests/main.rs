//! The connector against a shop whose answers are written down.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping, in its helpers too")]

mod read;
mod told;
mod write;
