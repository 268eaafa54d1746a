//! The only room that knows HTTP and JSON bodies: health, readiness and metrics.
#![forbid(unsafe_code)]

mod answer;
mod listen;
mod metrics;

pub use listen::{ListenError, Server};
