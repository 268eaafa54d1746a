//! Third parties at a running host: what they send, and what they are answered.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod access;
mod desk;
mod formats;
mod guide;
mod pages;
mod verbs;

pub use desk::Desk;
