//! What partners do all day, through a running host.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod addresses;
mod borders;
mod customers;
mod drift;
mod export;
mod following;
mod host;
mod in_doubt;
mod mail;
mod mappings;
mod naming;
mod onboarding;
mod own_connections;
mod people;
mod rejected;
mod runs;
mod self_managed;
mod services;
mod systems;
mod transfers;
mod usage;
