//! The conformance kit over the ring backend, and what it lacks, counted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use avouch_testkit::jose::{Tally, properties, vectors};

avouch_testkit::jose_backend_tests!(avouch_jose_ring::provider());

/// What ran, and what ring lacks: P-521 and secp256k1, ML-DSA, Ed448; RSA encryption, agreement with keys that are kept, AES Key
/// Wrap and AES-CBC, and so of encryption all but AES-GCM of 128 and 256 bits.
#[test]
fn the_account() {
    let crypto = avouch_jose_ring::provider();
    let expected = [
        ("rfc7515", 9, 1),
        ("rfc7516", 0, 6),
        ("rfc7517", 4, 1),
        ("rfc7518_cbc_hmac", 0, 3),
        ("rfc7518_concat_kdf", 0, 13),
        ("rfc7519", 2, 2),
        ("rfc7520_keys", 6, 0),
        ("rfc7520_signatures", 6, 2),
        ("rfc7520_encryption", 1, 12),
        ("rfc7520_nesting", 0, 1),
        ("rfc7638", 7, 0),
        ("rfc7797", 5, 0),
        ("rfc8037", 3, 3),
        ("rfc8705", 1, 0),
        ("rfc9964", 0, 3),
        ("wycheproof_signatures", 401, 0),
        ("wycheproof_keys", 26, 0),
        ("wycheproof_confusion", 49, 0),
        ("signatures_round_trip", 13, 6),
        ("every_bit_of_a_signature_counts", 13, 6),
        ("generated_keys_sign", 7, 12),
        ("primitives_are_as_announced", 11, 24),
        ("unsound_points_are_refused", 22, 3),
        ("encryption_round_trip", 6, 174),
        ("every_bit_of_a_ciphertext_counts", 4, 31),
    ];
    let account = vectors::ALL.iter().chain(properties::ALL).map(|(name, check)| (*name, check(&crypto)));
    let expected = expected.map(|(name, ran, lacking)| (name, Tally { ran, lacking }));
    assert_eq!(account.collect::<Vec<_>>(), expected);
}
