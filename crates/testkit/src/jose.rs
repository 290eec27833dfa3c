//! The conformance kit for backends of `avouch-jose`: published vectors as data, and what must hold of every algorithm.
//!
//! [`jose_backend_tests!`](crate::jose_backend_tests) makes a `#[test]` of each check. Every check is also a plain function over a
//! [`CryptoProvider`]. A check panics when the backend breaks a rule, and its message names what and where.
//!
//! What a backend lacks it must refuse when a key is prepared, and must have said so before: the kit asks for each key
//! whether `supports` and the preparation agree, and counts. A [`Tally`] tells how many vectors ran and how many the backend
//! lacks; their sum is the number of vectors, so that nothing is left out in silence.
//!
//! ```
//! use avouch_testkit::jose::vectors;
//!
//! let tally = vectors::rfc9964(&avouch_jose_ring::provider());
//! assert_eq!((tally.ran, tally.lacking), (0, 3), "ring has no ML-DSA");
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "this is a test kit: a panic is how it tells"
)]

mod agreement;
mod data;
mod jwe;
mod keys;
pub mod properties;
pub mod readme;
mod run;
mod script;
mod tests_macro;
pub mod vectors;

use avouch_jose::crypto::CryptoProvider;

pub use agreement::{backends_agree_on_encryption, backends_agree_on_signatures};
pub use keys::{agreement_keys, signing_key};
pub use run::Tally;
pub use script::ScriptedRandom;

/// A check over published vectors.
pub type VectorCheck = fn(&CryptoProvider) -> Tally;
