//! What holds for every input.

use std::sync::LazyLock;

use avouch_jose::jwe::{HeaderParameters, JsonBuilder, Reader, UnverifiedJwe, dangerous, encrypt_compact};
use avouch_jose::{ContentEncryption, DecryptionKeys, EncryptionKey, JweAlgorithm, Limits};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{SystemRandom, direct_keys, open, pair, reader, wrap_keys};

type Pair = (JweAlgorithm, ContentEncryption, EncryptionKey, DecryptionKeys);

/// Every algorithm with every content encryption.
static PAIRS: LazyLock<Vec<Pair>> = LazyLock::new(|| {
    let algorithms = JweAlgorithm::ALL.iter().chain([&dangerous::RSA1_5]);
    algorithms
        .flat_map(|algorithm| ContentEncryption::ALL.iter().map(|encryption| (*algorithm, *encryption)))
        .map(|(algorithm, encryption)| {
            let (encrypting, decrypting) = pair(algorithm, encryption);
            (algorithm, encryption, encrypting, decrypting)
        })
        .collect()
});

fn any_pair() -> impl Strategy<Value = &'static Pair> {
    (0..PAIRS.len()).prop_map(|place| &PAIRS[place])
}

fn written(pair: &Pair, plaintext: &[u8]) -> String {
    encrypt_compact(&HeaderParameters::new(), plaintext, &pair.2, pair.1, &SystemRandom::new()).unwrap()
}

/// Proves JWE-09, ENC-09, ENC-19. Every pair of the registry goes round, whatever is in it, however long.
#[test]
fn every_algorithm_goes_round() {
    assert_eq!(PAIRS.len(), (JweAlgorithm::ALL.len() + 1) * 6);
    for pair in PAIRS.iter() {
        for len in [0, 1, 15, 16, 17, 1000] {
            let plaintext = vec![b'p'; len];
            let content = open(&written(pair, &plaintext), &pair.3).unwrap_or_else(|error| {
                panic!("{} {} {len}: {error}", pair.0, pair.1);
            });
            assert_eq!(content.plaintext(), plaintext);
            assert_eq!((content.algorithm(), content.encryption()), (pair.0, pair.1));
        }
    }
}

/// Proves JWE-11, JWE-20, B64-03. No character of a token can be another one.
#[test]
fn every_character_counts() {
    for pair in
        PAIRS.iter().filter(|pair| pair.1 == ContentEncryption::A128GCM || pair.0 == JweAlgorithm::DIR)
    {
        let token = written(pair, b"plaintext");
        // RSA takes its time
        let step = if token.len() > 400 { 37 } else { 1 };
        for place in (0..token.len()).step_by(step) {
            for other in [b'A', b'_', b'.', b'=', token.as_bytes()[place] ^ 1] {
                let mut changed = token.clone().into_bytes();
                if changed[place] == other {
                    continue;
                }
                changed[place] = other;
                let changed = String::from_utf8(changed).unwrap();
                assert!(open(&changed, &pair.3).is_err(), "{} {}: {changed}", pair.0, pair.1);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Proves JWE-10, JWE-15. Each form, with and without data beside the content.
    #[test]
    fn round_trip(pair in any_pair(), plaintext in vec(any::<u8>(), 0..200), aad in vec(any::<u8>(), 0..20), kid in "\\PC{0,10}") {
        let (_, encryption, encrypting, decrypting) = pair;
        let random = SystemRandom::new();
        let parameters = HeaderParameters::new().kid(&kid).parameter("x", "\u{1F600}\"\\");
        let token = encrypt_compact(&parameters, &plaintext, encrypting, *encryption, &random).unwrap();
        let content = open(&token, decrypting).unwrap();
        prop_assert_eq!(content.plaintext(), &plaintext[..]);
        prop_assert_eq!(content.header().kid(), Some(kid.as_str()));
        let sealed = JsonBuilder::new(*encryption)
            .protected(HeaderParameters::new().typ("JOSE+JSON"))
            .unprotected(HeaderParameters::new().kid(&kid))
            .aad(&aad)
            .recipient(encrypting, HeaderParameters::new().parameter("x", 1))
            .encrypt(&plaintext, &random)
            .unwrap();
        for text in [sealed.general(), sealed.flattened().unwrap()] {
            let content = reader().json(&text).unwrap().decrypt(decrypting).unwrap();
            prop_assert_eq!(content.plaintext(), &plaintext[..]);
            prop_assert!(!content.header().is_protected("kid"));
        }
    }

    /// Proves ERR-04. Whatever comes, there is an answer.
    #[test]
    fn no_input_is_a_panic(text in "\\PC*", segments in vec("[A-Za-z0-9_-]{0,40}", 5), json in "[{}\\[\\]\":,a-z0-9]{0,80}") {
        for text in [text, segments.join("."), json] {
            for keys in [direct_keys(), wrap_keys()] {
                let _ = UnverifiedJwe::parse(&text, &Limits::default()).and_then(|jwe| jwe.decrypt(&keys));
                let _ = Reader::default().json(&text).and_then(|jwe| jwe.decrypt(&keys));
            }
        }
    }

    /// Proves ERR-04, JWE-20. A header that is in order before segments that are anything.
    #[test]
    fn no_content_is_a_panic(pair in any_pair(), segments in vec(vec(any::<u8>(), 0..70), 4)) {
        let token = written(pair, b"");
        let header = token.split('.').next().unwrap();
        let encoded: Vec<String> = segments.iter().map(avouch_jose::base64url::encode).collect();
        let changed = format!("{header}.{}", encoded.join("."));
        prop_assert!(open(&changed, &pair.3).is_err());
    }
}
