//! The engine, with native connectors and crashes at every edge.

mod apply;
mod crash;
mod pipeline;
mod platform;
