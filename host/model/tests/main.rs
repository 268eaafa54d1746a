//! One binary for the rules; its modules stand where the sources do.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod appetite;
mod deletion;
mod digest;
mod drift;
mod folder;
mod fuzz;
mod gate;
mod grant;
mod mapping;
mod meter;
mod package;
mod random;
mod record;
mod rejections;
mod run_log;
mod schedule;
mod service;
mod statement;
mod time;
