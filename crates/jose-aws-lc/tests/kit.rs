//! The conformance kit over the AWS-LC backend, and what ran, counted: it lacks Ed448 and X448.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use avouch_testkit::jose::{Tally, properties, vectors};

avouch_testkit::jose_backend_tests!(avouch_jose_aws_lc::provider());

#[test]
fn the_account() {
    let crypto = avouch_jose_aws_lc::provider();
    let expected = [
        ("rfc7515", 10, 0),
        ("rfc7516", 6, 0),
        ("rfc7517", 5, 0),
        ("rfc7518_cbc_hmac", 3, 0),
        ("rfc7518_concat_kdf", 13, 0),
        ("rfc7519", 4, 0),
        ("rfc7520_keys", 6, 0),
        ("rfc7520_signatures", 8, 0),
        ("rfc7520_encryption", 13, 0),
        ("rfc7520_nesting", 1, 0),
        ("rfc7638", 7, 0),
        ("rfc7797", 5, 0),
        ("rfc8037", 5, 1),
        ("rfc8705", 1, 0),
        ("rfc9964", 3, 0),
        ("wycheproof_signatures", 401, 0),
        ("wycheproof_keys", 26, 0),
        ("wycheproof_confusion", 49, 0),
        ("signatures_round_trip", 18, 1),
        ("every_bit_of_a_signature_counts", 18, 1),
        ("generated_keys_sign", 18, 1),
        ("primitives_are_as_announced", 33, 2),
        ("unsound_points_are_refused", 25, 0),
        ("encryption_round_trip", 180, 0),
        ("every_bit_of_a_ciphertext_counts", 35, 0),
    ];
    let account = vectors::ALL.iter().chain(properties::ALL).map(|(name, check)| (*name, check(&crypto)));
    let expected = expected.map(|(name, ran, lacking)| (name, Tally { ran, lacking }));
    assert_eq!(account.collect::<Vec<_>>(), expected);
}
