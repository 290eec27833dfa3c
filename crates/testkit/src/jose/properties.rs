//! What must hold of every algorithm that a backend has.

mod encryption;
mod points;
mod primitives;
mod signatures;

pub use encryption::{encryption_round_trip, every_bit_of_a_ciphertext_counts};
pub use points::unsound_points_are_refused;
pub use primitives::primitives_are_as_announced;
pub use signatures::{every_bit_of_a_signature_counts, generated_keys_sign, signatures_round_trip};

use super::VectorCheck;

/// Every check of this module by its name. Each counts algorithms, primitives, points, or combinations of algorithms.
pub const ALL: &[(&str, VectorCheck)] = &[
    ("signatures_round_trip", signatures_round_trip),
    ("every_bit_of_a_signature_counts", every_bit_of_a_signature_counts),
    ("generated_keys_sign", generated_keys_sign),
    ("primitives_are_as_announced", primitives_are_as_announced),
    ("unsound_points_are_refused", unsound_points_are_refused),
    ("encryption_round_trip", encryption_round_trip),
    ("every_bit_of_a_ciphertext_counts", every_bit_of_a_ciphertext_counts),
];
