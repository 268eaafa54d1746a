//! The forge, verb by verb.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping, in its helpers too")]

mod build;
mod declared;
mod keygen;
mod lint;
mod new;
mod rotate;
mod sign;
