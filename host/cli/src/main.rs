//! The binary `weighbridge`.

fn main() {}
