//! Reference OP and RP made of the Avouch crates
