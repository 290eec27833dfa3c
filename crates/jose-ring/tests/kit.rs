//! The conformance kit over the ring backend, and what it lacks, counted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use avouch_testkit::jose::{Tally, vectors};

avouch_testkit::jose_backend_tests!(avouch_jose_ring::provider());

/// What ran, and what ring lacks: ES512 in RFC 7515 A.4 and RFC 7520 4.3, ML-DSA.
#[test]
fn the_account_of_the_vectors() {
    let crypto = avouch_jose_ring::provider();
    let expected = [
        ("rfc7515", 9, 1),
        ("rfc7517", 4, 0),
        ("rfc7519", 4, 0),
        ("rfc7520_keys", 6, 0),
        ("rfc7520_signatures", 6, 2),
        ("rfc7638", 7, 0),
        ("rfc7797", 5, 0),
        ("rfc8037", 3, 0),
        ("rfc8705", 1, 0),
        ("rfc9964", 0, 3),
        ("wycheproof_signatures", 401, 0),
        ("wycheproof_keys", 26, 0),
        ("wycheproof_confusion", 49, 0),
    ];
    let account = vectors::ALL.iter().map(|(name, check)| (*name, check(&crypto)));
    let expected = expected.map(|(name, ran, lacking)| (name, Tally { ran, lacking }));
    assert_eq!(account.collect::<Vec<_>>(), expected);
}
