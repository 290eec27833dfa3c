//! What one backend makes the other takes, for everything that both have.
#![cfg(feature = "jose")]

use avouch_testkit::jose::{backends_agree_on_encryption, backends_agree_on_signatures};

/// HMAC, RSASSA of both kinds, ECDSA on P-256 and P-384, Ed25519 under both names.
#[test]
fn signatures_of_ring_and_aws_lc() {
    assert_eq!(
        backends_agree_on_signatures(&avouch_jose_ring::provider(), &avouch_jose_aws_lc::provider()),
        3 + 3 + 3 + 2 + 2
    );
}

/// Both ways: AES-GCM of 128 and 256 bits with a shared key or a key wrapped by AES-GCM of these sizes; and from ring, which has
/// ephemeral keys only, ECDH-ES on three curves.
#[test]
fn encryption_of_ring_and_aws_lc() {
    assert_eq!(
        backends_agree_on_encryption(&avouch_jose_ring::provider(), &avouch_jose_aws_lc::provider()),
        (2 + 2 * 2 + 3 * 2, 2 + 2 * 2)
    );
}
