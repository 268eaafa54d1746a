//! Every engine does what the store relies on.

mod file;
mod memory;
