//! The connector against a Tryton that is written down here, in the words of the real one.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping, in its helpers too")]

mod read;
mod write;
