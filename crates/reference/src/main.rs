//! The reference programs.

fn main() {}
