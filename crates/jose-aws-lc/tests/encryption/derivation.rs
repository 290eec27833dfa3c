use avouch_jose::HashAlgorithm::{Sha256, Sha384, Sha512};
use avouch_jose::KeyError;

use crate::{backend, hex};

/// Test cases 2 and 6 of RFC 4231: a short key, and one that is longer than a block of the hash; in one part or several.
#[test]
fn hmac() {
    let long_key = [0xaa; 131];
    for (hash, key, input, expected) in [
        (
            Sha256,
            &b"Jefe"[..],
            "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            Sha384,
            b"Jefe",
            "what do ya want for nothing?",
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        ),
        (
            Sha512,
            b"Jefe",
            "what do ya want for nothing?",
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554
             9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ),
        (
            Sha256,
            &long_key,
            "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
        (
            Sha384,
            &long_key,
            "Test Using Larger Than Block-Size Key - Hash Key First",
            "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
        ),
        (
            Sha512,
            &long_key,
            "Test Using Larger Than Block-Size Key - Hash Key First",
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352
             6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
        ),
    ] {
        let input = input.as_bytes();
        for at in [0, 1, input.len()] {
            let (first, second) = input.split_at(at);
            for length in [1, hash.output_len() / 2, hash.output_len()] {
                let mut mac = vec![0; length];
                backend().hmac(hash, key, &[first, b"", second], &mut mac).unwrap();
                assert_eq!(mac, hex(expected)[..length], "{hash:?}");
            }
        }
        let mut too_many = vec![0; hash.output_len() + 1];
        let refused = backend().hmac(hash, key, &[input], &mut too_many);
        assert!(matches!(refused, Err(KeyError::Rejected { .. })));
    }
}

/// RFC 7914, section 11, for SHA-256; SHA-384 and SHA-512 as Python's hashlib derives them from the same input.
#[test]
fn pbkdf2() {
    for (hash, expected) in [
        (
            Sha256,
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc
             49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
        ),
        (
            Sha384,
            "cd3443723a41cf1460cca9efeede428a8898a82d2ad4d1fc5cca08ed3f4d3cb4
             7a62a70b3cb9ce65dcbfb9fb9d425027a8be69b53e2a22674b0939e5e0a682f7",
        ),
        (
            Sha512,
            "c74319d99499fc3e9013acff597c23c5baf0a0bec5634c46b8352b793e324723
             d55caa76b2b25c43402dcfdc06cdcf66f95b7d0429420b39520006749c51a04e",
        ),
    ] {
        let expected = hex(expected);
        for length in [16, 24, 32, 64] {
            let mut derived = vec![0; length];
            let once = 1.try_into().unwrap();
            backend().pbkdf2(hash, b"passwd", b"salt", once, &mut derived).unwrap();
            assert_eq!(derived, expected[..length], "{hash:?}");
        }
    }
    let mut derived = [0; 64];
    let often = 80_000.try_into().unwrap();
    backend().pbkdf2(Sha256, b"Password", b"NaCl", often, &mut derived).unwrap();
    let expected = "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56
                    a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d";
    assert_eq!(derived, *hex(expected));
}
