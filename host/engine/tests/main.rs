//! The engine, with native connectors and crashes at every edge.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod apply;
mod audit;
mod control;
mod crash;
mod deletion;
mod doctor;
mod documents;
mod idempotency;
mod mail;
mod outward;
mod pipeline;
mod platform;
mod pull;
