//! One binary for the rules; its modules stand where the sources do.

mod package;
mod schedule;
