//! What must hold of every algorithm that a backend has.

mod signatures;

pub use signatures::{every_bit_of_a_signature_counts, generated_keys_sign, signatures_round_trip};
