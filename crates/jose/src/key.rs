//! Keys that have met their algorithm: every rule is checked here, once; per token there is only the computation.

mod error;
mod rules;
mod set;
mod signing;
mod verifying;

pub use error::KeyError;
pub use set::{RejectedKey, Selection, VerifyingKeys};
pub use signing::SigningKey;
pub use verifying::VerifyingKey;
