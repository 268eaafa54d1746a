//! The connector against platforms that are written down here.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping, in its helpers too")]

mod read;
mod write;
