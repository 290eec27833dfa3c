//! Starts the reference programs.

fn main() {}
