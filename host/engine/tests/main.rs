//! The engine, with native connectors and crashes at every edge.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod ahead;
mod along;
mod apply;
mod audit;
mod backup;
mod conduct;
mod control;
mod crash;
mod deletion;
mod doctor;
mod documents;
mod drift;
mod errands;
mod events;
mod failing;
mod figures;
mod generations;
mod hooks;
mod idempotency;
mod in_doubt;
mod keeping;
mod mail;
mod outward;
mod pipeline;
mod progress;
mod pull;
mod rejections;
mod released;
mod replay;
mod rights;
mod scheduler;
mod schedules;
mod settled;
