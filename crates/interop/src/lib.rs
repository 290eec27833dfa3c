//! **Room: our crates against other people's software.** The tests are in `tests/peers`.
//!
//! Not here: what the crates can be tested for without a peer (their own tests), the peers' own faults.
#![doc = include_str!("../README.md")]
