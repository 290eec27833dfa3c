//! Things that tests of OpenID Connect software need.
//!
#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! - [`FixedRandom`], [`BrokenRandom`]: randomness that is not
//! - [`FixedClock`]: a clock that a test turns
//! - `jose` (feature of that name): the conformance kit that any crypto backend must pass, with published vectors
//! - `storage` (feature of that name): the provider's storage in memory, and the kit that tries any other
//!
//! # Not here
//!
//! - code that a program would ship
//! - strategies and vectors that only one crate's tests use: that crate's `tests`

mod clock;
#[cfg(feature = "jose")]
pub mod jose;
mod rng;
#[cfg(feature = "storage")]
pub mod storage;

pub use clock::{FixedClock, START};
pub use rng::{BrokenRandom, FixedRandom};
