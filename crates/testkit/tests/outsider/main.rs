//! A backend that an outsider could write: HMAC, SHA-2 and AES-GCM of RustCrypto, joined to `avouch-jose` by its public
//! traits alone. It passes the kit for what it has, and the kit counts what it lacks.
#![cfg(feature = "jose")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod backend;

use avouch_testkit::jose::{Tally, backends_agree_on_signatures, vectors};

avouch_testkit::jose_backend_tests!(crate::backend::provider());

/// Only what HMAC and AES-GCM can do runs; the rest is refused when keys are prepared.
#[test]
fn the_account_of_the_vectors() {
    let crypto = backend::provider();
    let expected = [
        ("rfc7515", 5, 5),
        ("rfc7517", 2, 2),
        ("rfc7519", 4, 0),
        ("rfc7520_keys", 6, 0),
        ("rfc7520_signatures", 4, 4),
        ("rfc7638", 7, 0),
        ("rfc7797", 5, 0),
        ("rfc8037", 0, 3),
        ("rfc8705", 1, 0),
        ("rfc9964", 0, 3),
        ("wycheproof_signatures", 46, 355),
        ("wycheproof_keys", 22, 4),
        ("wycheproof_confusion", 19, 30),
    ];
    let account = vectors::ALL.iter().map(|(name, check)| (*name, check(&crypto)));
    let expected = expected.map(|(name, ran, lacking)| (name, Tally { ran, lacking }));
    assert_eq!(account.collect::<Vec<_>>(), expected);
}

/// HS256, HS384, HS512.
#[test]
fn it_agrees_with_ring() {
    assert_eq!(backends_agree_on_signatures(&backend::provider(), &avouch_jose_ring::provider()), 3);
}
