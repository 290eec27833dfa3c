//! The provider's storage traits in memory, a store that fails on demand, and the kit that tries any store.

pub mod conformance;
mod executor;
mod faulty;
mod memory;

pub use executor::{Executor, ThisThread};
pub use faulty::{Fault, FaultyStore, Operation};
pub use memory::MemoryStore;
