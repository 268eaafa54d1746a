//! One binary for the guest crate; its modules stand where the sources do.

mod clock;
mod config;
mod destination;
mod http;
mod lines;
mod secrets;
mod testing;
