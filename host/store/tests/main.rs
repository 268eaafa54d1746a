//! The rules of `store` from outside.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod chain;
mod copy;
mod engine;
mod migrations;
mod scope;
mod scripted;
mod tx;
mod verbs;
mod writer;
