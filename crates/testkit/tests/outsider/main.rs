//! A backend that an outsider could write: HMAC, SHA-2 and AES-GCM of RustCrypto and X25519 of dalek, joined to `avouch-jose` by its public
//! traits alone. It passes the kit for what it has, and the kit counts what it lacks.
#![cfg(feature = "jose")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod agreement;
mod backend;

use avouch_testkit::jose::{
    Tally, backends_agree_on_encryption, backends_agree_on_signatures, properties, vectors,
};

avouch_testkit::jose_backend_tests!(crate::backend::provider());

/// Only what HMAC, AES-GCM and X25519 can do runs; the rest is refused when keys are prepared.
#[test]
fn the_account() {
    let crypto = backend::provider();
    let expected = [
        ("rfc7515", 5, 5),
        ("rfc7516", 0, 6),
        ("rfc7517", 2, 3),
        ("rfc7518_cbc_hmac", 0, 3),
        ("rfc7518_concat_kdf", 0, 13),
        ("rfc7519", 2, 2),
        ("rfc7520_keys", 6, 0),
        ("rfc7520_signatures", 4, 4),
        ("rfc7520_encryption", 1, 12),
        ("rfc7520_nesting", 0, 1),
        ("rfc7638", 7, 0),
        ("rfc7797", 5, 0),
        ("rfc8037", 1, 5),
        ("rfc8705", 1, 0),
        ("rfc9964", 0, 3),
        ("wycheproof_signatures", 46, 355),
        ("wycheproof_keys", 22, 4),
        ("wycheproof_confusion", 19, 30),
        ("signatures_round_trip", 3, 16),
        ("every_bit_of_a_signature_counts", 3, 16),
        ("generated_keys_sign", 0, 19),
        ("primitives_are_as_announced", 4, 31),
        ("unsound_points_are_refused", 14, 11),
        ("encryption_round_trip", 8, 172),
        ("every_bit_of_a_ciphertext_counts", 5, 30),
    ];
    let account = vectors::ALL.iter().chain(properties::ALL).map(|(name, check)| (*name, check(&crypto)));
    let expected = expected.map(|(name, ran, lacking)| (name, Tally { ran, lacking }));
    assert_eq!(account.collect::<Vec<_>>(), expected);
}

/// HS256, HS384, HS512; `dir` and AES-GCM key wrap, each with two sizes; and from ring, which keeps no keys to agree with,
/// ECDH-ES on X25519 with both.
#[test]
fn it_agrees_with_ring() {
    let (ours, ring) = (backend::provider(), avouch_jose_ring::provider());
    assert_eq!(backends_agree_on_signatures(&ours, &ring), 3);
    assert_eq!(backends_agree_on_encryption(&ours, &ring), (6, 8));
}
