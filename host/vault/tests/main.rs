//! The key ring from outside.

mod ring;
mod seal;
