//! A backend that verifies some families of algorithms and does nothing else.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use avouch_jose::{JwsAlgorithm, KeyError, KeyMaterial, RsaKey};
use avouch_jose_ring::{VerifyOnly, provider};

const FAMILIES: [(VerifyOnly, &[JwsAlgorithm]); 4] = [
    (
        VerifyOnly::new().rsa(),
        &[
            JwsAlgorithm::RS256,
            JwsAlgorithm::RS384,
            JwsAlgorithm::RS512,
            JwsAlgorithm::PS256,
            JwsAlgorithm::PS384,
            JwsAlgorithm::PS512,
        ],
    ),
    (VerifyOnly::new().ecdsa(), &[JwsAlgorithm::ES256, JwsAlgorithm::ES384]),
    (VerifyOnly::new().ed25519(), &[JwsAlgorithm::EDDSA, JwsAlgorithm::ED25519]),
    (VerifyOnly::new().hmac(), &[JwsAlgorithm::HS256, JwsAlgorithm::HS384, JwsAlgorithm::HS512]),
];

fn key(algorithm: JwsAlgorithm) -> KeyMaterial {
    // ring makes no RSA keys
    let rsa = || KeyMaterial::Rsa(RsaKey::new(vec![0xff; 256], vec![1, 0, 1], None).unwrap());
    provider().signatures.generate(algorithm).unwrap_or_else(|_| rsa())
}

#[test]
fn what_was_asked_for_and_nothing_else() {
    for (asked, family) in FAMILIES {
        let signatures = asked.provider().signatures;
        for other in FAMILIES.into_iter().flat_map(|(_, algorithms)| algorithms) {
            assert_eq!(signatures.supports(*other), family.contains(other), "{other} {asked:?}");
            let prepared = signatures.prepare_verifier(*other, &key(*other));
            if family.contains(other) {
                assert!(prepared.is_ok(), "{other} {asked:?}");
            } else {
                assert!(matches!(prepared.err(), Some(KeyError::Unsupported { .. })), "{other} {asked:?}");
            }
        }
        assert!(!signatures.supports(JwsAlgorithm::ES512), "{asked:?}");
    }
}

#[test]
fn verifies_as_the_whole_backend_does() {
    let all = VerifyOnly::new().rsa().ecdsa().ed25519().hmac().provider().signatures;
    for algorithm in [JwsAlgorithm::ES256, JwsAlgorithm::ES384, JwsAlgorithm::EDDSA, JwsAlgorithm::HS256] {
        let key = key(algorithm);
        let signature =
            provider().signatures.prepare_signer(algorithm, &key).unwrap().sign(b"input").unwrap();
        let verifier = all.prepare_verifier(algorithm, &key).unwrap();
        assert!(verifier.verify(b"input", &signature).is_ok(), "{algorithm}");
        assert!(verifier.verify(b"another", &signature).is_err(), "{algorithm}");
    }
}

/// The algorithm decides which kind of key it takes, whatever is given.
#[test]
fn a_key_of_another_kind_is_refused() {
    let all = VerifyOnly::new().rsa().ecdsa().ed25519().hmac().provider().signatures;
    for (algorithm, other) in FAMILIES.iter().zip(FAMILIES.iter().cycle().skip(1)) {
        let (algorithm, key) = (algorithm.1[0], key(other.1[0]));
        let refused = all.prepare_verifier(algorithm, &key).err();
        assert!(matches!(refused, Some(KeyError::Unsupported { .. })), "{algorithm} {key:?}");
    }
}

#[test]
fn signs_nothing() {
    for (asked, family) in FAMILIES {
        let crypto = asked.provider();
        for algorithm in family {
            let refused = [
                crypto.signatures.prepare_signer(*algorithm, &key(*algorithm)).err(),
                crypto.signatures.prepare_signer_pkcs8(*algorithm, b"").err(),
                crypto.signatures.generate(*algorithm).err(),
            ];
            for refused in refused {
                assert!(matches!(refused, Some(KeyError::Unsupported { .. })), "{algorithm}");
            }
        }
        // hash functions are there
        assert_eq!(crypto.sha256(b"abc"), provider().sha256(b"abc"));
    }
}
