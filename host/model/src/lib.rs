//! Nouns and rules of Weighbridge: no clock, no IO, no randomness, no async.
#![forbid(unsafe_code)]
#![deny(clippy::float_arithmetic)]

pub mod package;
pub mod time;
