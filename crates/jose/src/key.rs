//! Keys that have met their algorithm: every rule is checked here, once; per token there is only the computation.

mod certificate;
mod decrypting;
mod decryption_set;
mod encrypting;
mod encryption_rules;
mod error;
mod generate;
mod prepared;
mod remote;
mod rules;
mod set;
mod signing;
mod verifying;

pub use decrypting::DecryptionKey;
pub use decryption_set::{DecryptionKeys, RejectedDecryptionKey};
pub use encrypting::{EncryptionCandidates, EncryptionKey, RejectedEncryptionKey};
pub(crate) use encrypting::{Fresh, Management as NewManagement};
pub(crate) use encryption_rules::{lacking, require};
pub use error::KeyError;
pub use set::{RejectedKey, Selection, VerifyingKeys};
pub use signing::SigningKey;
pub use verifying::VerifyingKey;
