//! The numbers of `ARCHITECTURE.md`: prints them, and tests nothing.

fn main() {}
