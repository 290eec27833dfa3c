//! Hashes and randomness against published values.

#![allow(clippy::unwrap_used)]

use avouch_jose::crypto::SecureRandom;
use avouch_jose::{HashAlgorithm, base64url};
use avouch_jose_aws_lc::SystemRandom;

/// "abc" of FIPS 180-2, appendix.
#[test]
fn hashes() {
    let crypto = avouch_jose_aws_lc::provider();
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

#[test]
fn randomness() {
    let random = SystemRandom::new();
    let mut blocks = [[0; 32]; 20];
    blocks.iter_mut().for_each(|block| random.fill(block).unwrap());
    assert_eq!(blocks.iter().collect::<std::collections::BTreeSet<_>>().len(), 20);
    random.fill(&mut []).unwrap();
}
