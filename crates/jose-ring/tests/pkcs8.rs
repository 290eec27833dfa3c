//! Private keys in PKCS#8, as OpenSSL writes them.

use avouch_jose::jws::{HeaderParameters, UnverifiedJws, sign_compact};
use avouch_jose::{
    HashAlgorithm, JwsAlgorithm, KeyError, KeyUse, Limits, SigningKey, VerifyingKey, VerifyingKeys,
};

const RSA_2048: &[u8] = include_bytes!("data/rsa-2048.pk8");
const RSA_1024: &[u8] = include_bytes!("data/rsa-1024.pk8");
const P_256: &[u8] = include_bytes!("data/p-256.pk8");
const P_384: &[u8] = include_bytes!("data/p-384.pk8");
const ED25519: &[u8] = include_bytes!("data/ed25519.pk8");

use JwsAlgorithm as A;

fn import(der: &[u8], algorithm: A) -> Result<SigningKey, KeyError> {
    SigningKey::from_pkcs8(der, algorithm, None, &avouch_jose_ring::provider())
}

/// Signs with the imported key and verifies with the public half it tells.
#[test]
fn import_sign_publish_verify() {
    let crypto = avouch_jose_ring::provider();
    for (der, algorithms) in [
        (RSA_2048, &[A::RS256, A::RS384, A::RS512, A::PS256, A::PS384, A::PS512][..]),
        (P_256, &[A::ES256]),
        (P_384, &[A::ES384]),
        (ED25519, &[A::EDDSA, A::ED25519]),
    ] {
        for &algorithm in algorithms {
            let key = import(der, algorithm).unwrap();
            let jwk = key.public_jwk().unwrap();
            assert!(!jwk.is_private());
            assert_eq!((jwk.alg(), jwk.key_use()), (Some(algorithm.name()), Some(&KeyUse::SIGNATURE)));
            assert_eq!(key.kid(), Some(&*jwk.thumbprint(HashAlgorithm::Sha256, &crypto)));
            let token = sign_compact(&HeaderParameters::new(), b"payload", &key).unwrap();
            let keys = VerifyingKeys::single(VerifyingKey::prepare(jwk, algorithm, &crypto).unwrap());
            let content = UnverifiedJws::parse(&token, &Limits::default()).unwrap().verify(&keys).unwrap();
            assert_eq!((content.payload(), content.kid()), (&b"payload"[..], key.kid()));
        }
    }
    let named = SigningKey::from_pkcs8(P_256, A::ES256, Some("name"), &crypto).unwrap();
    assert_eq!((named.kid(), named.public_jwk().unwrap().kid()), (Some("name"), Some("name")));
}

/// Proves ALG-02, ALG-08. Another type, another curve, too small.
#[test]
fn refused_keys() {
    assert!(matches!(
        import(RSA_1024, A::RS256),
        Err(KeyError::Rejected { .. } | KeyError::RsaTooSmall { .. })
    ));
    for (der, algorithm) in [
        (P_256, A::ES384),
        (P_384, A::ES256),
        (P_256, A::RS256),
        (RSA_2048, A::ES256),
        (ED25519, A::ES256),
        (P_256, A::ED25519),
    ] {
        assert!(matches!(import(der, algorithm), Err(KeyError::Rejected { .. })), "{algorithm}");
    }
    for algorithm in [A::ES512, A::HS256] {
        assert!(matches!(import(P_256, algorithm), Err(KeyError::Unsupported { .. })));
    }
}

/// Proves ERR-04, JWK-13. Cut anywhere or with any octet changed, a document is refused or is another key, never a
/// panic; and the public key inside belongs to the private one.
#[test]
fn damaged_documents() {
    for (der, algorithm) in [(P_256, A::ES256), (P_384, A::ES384), (ED25519, A::ED25519)] {
        for end in 0..der.len() {
            assert!(import(&der[..end], algorithm).is_err());
        }
        for at in 0..der.len() {
            let mut damaged = der.to_vec();
            damaged[at] ^= 1;
            // an Ed25519 document as OpenSSL writes it has no public key in it
            let is_seed = algorithm == A::ED25519 && at >= der.len() - 32;
            assert_eq!(import(&damaged, algorithm).is_ok(), is_seed, "octet {at} of {algorithm}");
        }
    }
    assert!(import(&RSA_2048[..RSA_2048.len() - 1], A::RS256).is_err());
    let mut damaged = RSA_2048.to_vec();
    *damaged.last_mut().unwrap() ^= 2;
    assert!(matches!(import(&damaged, A::RS256), Err(KeyError::PrivateDoesNotMatchPublic)));
}
