//! Things that tests of OpenID Connect software need.
//!
#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! - [`FixedRandom`], [`BrokenRandom`]: randomness that is not
//! - [`FixedClock`]: a clock that a test turns
//! - `storage` (feature of that name): the provider's storage in memory, and the kit that tries any other
//!
//! # Not here
//!
//! - code that a program would ship
//! - strategies and vectors that only one crate's tests use: that crate's `tests`

mod clock;
mod rng;
#[cfg(feature = "storage")]
pub mod storage;

pub use clock::{FixedClock, START};
pub use rng::{BrokenRandom, FixedRandom};
