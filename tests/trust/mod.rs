//! Whom the operator believes, and what follows from it: through the engine, and through the binary.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod approval;
mod codes;
mod compiling;
mod limits;
mod operator;
mod revocation;
mod rotation;
pub(crate) mod sample;
mod upgrade;
