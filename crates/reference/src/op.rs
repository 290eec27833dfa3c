//! The provider: its file, its people, its keys, and its pages around the Avouch provider.

pub mod keys;
pub mod passwords;
pub mod store;
pub mod throttle;
