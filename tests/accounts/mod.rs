//! What partners do all day, through a running host.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod customers;
mod mail;
mod onboarding;
mod people;
mod self_managed;
mod systems;
