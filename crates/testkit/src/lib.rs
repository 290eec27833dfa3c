//! Things that tests of OpenID Connect software need: a fixed source of randomness, a clock that a test
//! turns, the provider's storage in memory, and a kit that tries any other implementation of it.
//!
//! Everything here is for tests. Nothing here is secret, random or durable.
//!
//! Not here: code that a program would ship.

mod clock;
mod rng;
#[cfg(feature = "storage")]
pub mod storage;

pub use clock::{FixedClock, START};
pub use rng::{BrokenRandom, FixedRandom};
