//! Embeds the engine in another program.

fn main() {}
