//! Hashes and randomness against published values and each other.

use avouch_jose::crypto::{RandomError, SecureRandom, random_token};
use avouch_jose::{HashAlgorithm, JwsAlgorithm, base64url, left_half_hash};
use avouch_jose_ring::SystemRandom;

/// "abc" of FIPS 180-2, appendix.
#[test]
fn hashes() {
    let crypto = avouch_jose_ring::provider();
    for (algorithm, expected) in [
        (HashAlgorithm::Sha256, "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"),
        (HashAlgorithm::Sha384, "ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP_W-2AhgcroefMI1i67KE0yCWn"),
        (
            HashAlgorithm::Sha512,
            "3a81oZNherrMQXNJriBBMRLm-k6JqX6iCp7u5ktV05ohkpkqJ0_BqDa6PCOj_uu9RU1EI2Q86A4qmslPpUyknw",
        ),
    ] {
        let value = crypto.digest(algorithm, b"abc");
        assert_eq!(base64url::encode(value), expected);
        assert_eq!(value.as_ref().len(), algorithm.output_len());
    }
    assert_eq!(base64url::encode(crypto.sha256(b"abc")), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
}

/// The hash of each algorithm decides, not SHA-256 for all: half of 32, 48 and 64 octets; and some have none.
#[test]
fn left_half_of_the_right_hash() {
    let crypto = avouch_jose_ring::provider();
    for &algorithm in JwsAlgorithm::ALL {
        let octets = match algorithm.name() {
            "EdDSA" | "Ed25519" => 32,
            "Ed448" | "ML-DSA-44" | "ML-DSA-65" | "ML-DSA-87" => {
                assert_eq!(left_half_hash(algorithm, "abc", &crypto), None, "{algorithm}");
                continue;
            }
            name if name.ends_with("256") || name == "ES256K" => 16,
            name if name.ends_with("384") => 24,
            _ => 32,
        };
        let hash = left_half_hash(algorithm, "abc", &crypto).unwrap();
        let full = base64url::encode(crypto.digest(algorithm.hash().unwrap(), b"abc"));
        assert_eq!(base64url::decode(&hash).unwrap().len(), octets, "{algorithm}");
        assert!(full.starts_with(&hash[..hash.len() - 1]), "{algorithm}");
    }
}

#[test]
fn random_tokens() {
    let random = SystemRandom::new();
    let tokens: std::collections::BTreeSet<_> =
        (0..100).map(|_| random_token(&random, 16).unwrap()).collect();
    assert_eq!(tokens.len(), 100);
    assert!(tokens.iter().all(|token| base64url::decode(token).is_ok_and(|octets| octets.len() == 16)));
    // fewer could be guessed
    for octets in [0, 1, 15] {
        assert_eq!(random_token(&random, octets).unwrap().len(), 22);
    }
    assert_eq!(random_token(&random, 17).unwrap().len(), 23);

    struct Dry;
    impl SecureRandom for Dry {
        fn fill(&self, _: &mut [u8]) -> Result<(), RandomError> {
            Err(RandomError)
        }
    }
    assert_eq!(random_token(&Dry, 16), Err(RandomError));
}
