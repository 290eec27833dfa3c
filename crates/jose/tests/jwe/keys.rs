//! Which key may do what, told when it is prepared.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use avouch_jose::crypto::{
    DecryptionFailed, EncryptionBackend, EncryptionFailed, EncryptionPrimitive, KeyWrap,
};
use avouch_jose::jwe::{JweError, PasswordLimits};
use avouch_jose::{
    AesKeySize, AgreementCurve, ContentEncryption, DecryptionKey, DecryptionKeys, EncryptionKey,
    JweAlgorithm, Jwk, JwkSet, KeyError, KeyOp, KeyType, KeyUse, base64url,
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::support::{
    ENC, KEY, SystemRandom, crypto, jwk, oct, open, p256, pair, rsa, token_with_key, vectors, with, without,
    x25519,
};

const KW: JweAlgorithm = JweAlgorithm::A128KW;

fn decrypting(key: &Value, algorithm: JweAlgorithm) -> Result<DecryptionKey, KeyError> {
    DecryptionKey::prepare(&jwk(key), algorithm, &crypto())
}

fn encrypting(key: &Value, algorithm: JweAlgorithm) -> Result<EncryptionKey, KeyError> {
    EncryptionKey::prepare(&jwk(key), algorithm, &crypto())
}

/// Proves ENC-19, ALG-12. Symmetric keys have exactly their length.
#[test]
fn symmetric_keys_have_their_length() {
    for (algorithm, len) in [
        (JweAlgorithm::A128KW, 16),
        (JweAlgorithm::A192KW, 24),
        (JweAlgorithm::A256KW, 32),
        (JweAlgorithm::A128GCMKW, 16),
        (JweAlgorithm::A192GCMKW, 24),
        (JweAlgorithm::A256GCMKW, 32),
    ] {
        for octets in [0, 15, 16, 17, 24, 31, 32, 33, 64] {
            let key = oct(&vec![1; octets]);
            let prepared = [decrypting(&key, algorithm).map(drop), encrypting(&key, algorithm).map(drop)];
            for prepared in prepared {
                let expected = if octets == len {
                    Ok(())
                } else {
                    Err(KeyError::SecretLength { algorithm: algorithm.into(), expected: len, found: octets })
                };
                assert_eq!(prepared, expected);
            }
        }
    }
    for &enc in ContentEncryption::ALL {
        for octets in [enc.key_len() - 1, enc.key_len() + 1, enc.key_len() / 2] {
            let key = jwk(&oct(&vec![1; octets]));
            assert!(matches!(
                DecryptionKey::direct(&key, enc, &crypto()),
                Err(KeyError::SecretLength { .. })
            ));
            assert!(matches!(
                EncryptionKey::direct(&key, enc, &crypto()),
                Err(KeyError::SecretLength { .. })
            ));
        }
    }
}

/// Proves ALG-02, ALG-12, JWK-15. Keys of another type, on a curve for signatures, or too small.
#[test]
fn keys_fit_their_algorithm() {
    let ed25519 = json!({"kty": "OKP", "crv": "Ed25519", "x": x25519()["x"], "d": x25519()["d"]});
    let koblitz = with(p256(), "crv", "secp256k1");
    for (key, found, algorithm, expected) in [
        (rsa(), KeyType::Rsa, KW, KeyType::Oct),
        (p256(), KeyType::Ec, JweAlgorithm::A256GCMKW, KeyType::Oct),
        (oct(&KEY), KeyType::Oct, JweAlgorithm::RSA_OAEP, KeyType::Rsa),
        (p256(), KeyType::Ec, JweAlgorithm::RSA_OAEP_256, KeyType::Rsa),
        (rsa(), KeyType::Rsa, JweAlgorithm::ECDH_ES, KeyType::Ec),
        (oct(&KEY), KeyType::Oct, JweAlgorithm::ECDH_ES_A128KW, KeyType::Ec),
    ] {
        let refused = KeyError::KeyType { algorithm: algorithm.into(), expected, found };
        assert_eq!(decrypting(&key, algorithm).unwrap_err(), refused);
        assert_eq!(encrypting(&key, algorithm).unwrap_err(), refused);
    }
    let refused = KeyError::KeyType { algorithm: ENC.into(), expected: KeyType::Oct, found: KeyType::Rsa };
    assert_eq!(DecryptionKey::direct(&jwk(&rsa()), ENC, &crypto()).unwrap_err(), refused);
    assert_eq!(EncryptionKey::direct(&jwk(&rsa()), ENC, &crypto()).unwrap_err(), refused);
    for key in [ed25519, koblitz] {
        for algorithm in [JweAlgorithm::ECDH_ES, JweAlgorithm::ECDH_ES_A256KW] {
            assert!(matches!(decrypting(&key, algorithm), Err(KeyError::NotForAgreement { .. })));
            assert!(matches!(encrypting(&key, algorithm), Err(KeyError::NotForAgreement { .. })));
        }
    }
    let small = json!({"kty": "RSA", "n": avouch_jose::base64url::encode([0xff; 255]), "e": "AQAB"});
    assert!(matches!(encrypting(&small, JweAlgorithm::RSA_OAEP_256), Err(KeyError::RsaTooSmall { .. })));
    let off_curve = with(without(p256(), "d"), "y", p256()["x"].clone());
    assert!(matches!(encrypting(&off_curve, JweAlgorithm::ECDH_ES), Err(KeyError::Rejected { .. })));
    for (public, algorithm) in [
        (without(p256(), "d"), JweAlgorithm::ECDH_ES),
        (json!({"kty": "RSA", "n": rsa()["n"], "e": "AQAB"}), JweAlgorithm::RSA_OAEP),
    ] {
        assert_eq!(decrypting(&public, algorithm).unwrap_err(), KeyError::NotPrivate);
    }
}

/// Proves JWK-03, JWK-04. A key with a `use` is for encryption.
#[test]
fn use_is_enc() {
    for (key, algorithm) in
        [(oct(&KEY), KW), (rsa(), JweAlgorithm::RSA_OAEP), (p256(), JweAlgorithm::ECDH_ES)]
    {
        assert!(decrypting(&with(key.clone(), "use", "enc"), algorithm).is_ok());
        for other in ["sig", "ENC", "future", ""] {
            let key = with(key.clone(), "use", other);
            assert_eq!(decrypting(&key, algorithm).unwrap_err(), KeyError::Use(KeyUse::from(other)));
            assert_eq!(encrypting(&key, algorithm).unwrap_err(), KeyError::Use(KeyUse::from(other)));
        }
    }
    let key = jwk(&with(oct(&KEY), "use", "sig"));
    assert!(matches!(DecryptionKey::direct(&key, ENC, &crypto()), Err(KeyError::Use(_))));
    assert!(matches!(EncryptionKey::direct(&key, ENC, &crypto()), Err(KeyError::Use(_))));
}

/// Proves JWK-07. A key that names its operations names the one it is to do.
#[test]
fn operations() {
    let (rsa_alg, ec_alg) = (JweAlgorithm::RSA_OAEP, JweAlgorithm::ECDH_ES_A128KW);
    for (key, algorithm, encrypts, decrypts) in [
        (oct(&KEY), KW, &["wrapKey"][..], &["unwrapKey"][..]),
        (oct(&KEY), JweAlgorithm::A128GCMKW, &["wrapKey", "encrypt"], &["unwrapKey", "decrypt"]),
        (rsa(), rsa_alg, &["wrapKey", "encrypt"], &["unwrapKey", "decrypt"]),
        (
            p256(),
            ec_alg,
            &["deriveKey", "deriveBits", "wrapKey", "encrypt"],
            &["deriveKey", "deriveBits", "unwrapKey"],
        ),
    ] {
        for op in ["sign", "verify", "encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits"]
        {
            let key = with(key.clone(), "key_ops", [op]);
            assert_eq!(encrypting(&key, algorithm).is_ok(), encrypts.contains(&op), "{algorithm} {op}");
            assert_eq!(decrypting(&key, algorithm).is_ok(), decrypts.contains(&op), "{algorithm} {op}");
        }
        let none = with(key, "key_ops", json!([]));
        assert!(matches!(decrypting(&none, algorithm), Err(KeyError::KeyOps(_))));
        // what is agreed with a public key its owner derives: browsers let it name nothing
        assert_eq!(encrypting(&none, algorithm).is_ok(), algorithm == ec_alg);
    }
    for op in ["encrypt", "decrypt", "wrapKey", "deriveKey"] {
        let key = jwk(&with(oct(&KEY), "key_ops", [op]));
        assert_eq!(EncryptionKey::direct(&key, ENC, &crypto()).is_ok(), op == "encrypt");
        assert_eq!(DecryptionKey::direct(&key, ENC, &crypto()).is_ok(), op == "decrypt");
    }
}

/// Proves JWK-08.
#[test]
fn use_and_operations_agree() {
    let key = with(with(oct(&KEY), "use", "enc"), "key_ops", ["unwrapKey", "sign"]);
    let contradiction = KeyError::UseContradictsKeyOps { key_use: KeyUse::ENCRYPTION, op: KeyOp::SIGN };
    assert_eq!(decrypting(&key, KW).unwrap_err(), contradiction);
    assert!(decrypting(&with(key, "key_ops", ["unwrapKey", "wrapKey"]), KW).is_ok());
}

/// Proves JWK-09, JWE-23. A key with an `alg` has that of the header, for `dir` that or `enc`.
#[test]
fn algorithm_of_the_key() {
    assert!(decrypting(&with(oct(&KEY), "alg", "A128KW"), KW).is_ok());
    for other in ["A128GCMKW", "a128kw", "dir", "A128GCM", ""] {
        let key = with(oct(&KEY), "alg", other);
        assert!(matches!(decrypting(&key, KW), Err(KeyError::Algorithm { found, .. }) if found == other));
        assert!(matches!(encrypting(&key, KW), Err(KeyError::Algorithm { found, .. }) if found == other));
    }
    for (alg, fits) in [("A128GCM", true), ("dir", true), ("A128KW", false), ("A256GCM", false)] {
        let key = jwk(&with(oct(&KEY), "alg", alg));
        assert_eq!(DecryptionKey::direct(&key, ENC, &crypto()).is_ok(), fits, "{alg}");
        assert_eq!(EncryptionKey::direct(&key, ENC, &crypto()).is_ok(), fits, "{alg}");
    }
}

/// Proves ENC-27, ALG-24. No key of a set is a password or encrypts content by itself, unless it was named so.
#[test]
fn passwords_and_direct_keys_are_named() {
    for algorithm in [JweAlgorithm::DIR, JweAlgorithm::PBES2_HS256_A128KW] {
        assert!(matches!(decrypting(&oct(&KEY), algorithm), Err(KeyError::OtherConstructor { .. })));
        assert!(matches!(encrypting(&oct(&KEY), algorithm), Err(KeyError::OtherConstructor { .. })));
        let set = JwkSet::new(vec![jwk(&oct(&KEY))]);
        let refused = DecryptionKeys::prepare(&set, &[KW, algorithm], &[ENC], &crypto());
        assert!(matches!(refused, Err(KeyError::OtherConstructor { .. })));
    }
    let password = DecryptionKey::password(b"password", KW, PasswordLimits::default(), &crypto());
    assert!(matches!(password, Err(KeyError::OtherConstructor { .. })));
    assert!(matches!(
        EncryptionKey::password(b"password", KW, 1000, &crypto()),
        Err(KeyError::OtherConstructor { .. })
    ));
}

/// A direct key is for its encryption, and a set without it is a mistake.
#[test]
fn direct_keys_are_bound() {
    let key = DecryptionKey::direct(&jwk(&oct(&KEY)), ENC, &crypto()).unwrap();
    let refused = DecryptionKeys::single(key, &[ContentEncryption::A256GCM]).unwrap_err();
    assert_eq!(refused, KeyError::EncryptionNotAllowed(ENC.into()));
}

/// Proves SEL-07, SEL-08. To encrypt to somebody, the public keys of the set that are for it; their `kid` goes along.
#[test]
fn keys_of_a_recipient() {
    let public = without(p256(), "d");
    let set = JwkSet::new(
        [
            with(with(public.clone(), "kid", "sig"), "use", "sig"),
            with(with(public.clone(), "kid", "enc"), "use", "enc"),
            with(public.clone(), "kid", "any"),
            with(with(public, "kid", "other"), "alg", "ECDH-ES"),
            with(x25519(), "kid", "private"),
            json!({"kty": "RSA", "kid": "rsa", "n": rsa()["n"], "e": "AQAB"}),
            oct(&KEY),
        ]
        .iter()
        .map(jwk)
        .collect(),
    );
    let found = EncryptionKey::candidates(&set, JweAlgorithm::ECDH_ES_A128KW, &crypto()).unwrap();
    let kids: Vec<_> = found.keys.iter().map(|key| key.kid().unwrap()).collect();
    assert_eq!(kids, ["enc", "any"]);
    let rejected: Vec<_> = found
        .rejected
        .iter()
        .map(|rejected| (rejected.index, rejected.kid.as_deref(), &rejected.reason))
        .collect();
    let alg = JweAlgorithm::ECDH_ES_A128KW;
    let other = KeyError::Algorithm { algorithm: alg.into(), found: "ECDH-ES".to_owned() };
    let rsa = KeyError::KeyType { algorithm: alg.into(), expected: KeyType::Ec, found: KeyType::Rsa };
    assert_eq!(
        rejected,
        [
            (0, Some("sig"), &KeyError::Use(KeyUse::SIGNATURE)),
            (3, Some("other"), &other),
            (4, Some("private"), &KeyError::SecretInPublicSet),
            (5, Some("rsa"), &rsa),
            (6, None, &KeyError::SecretInPublicSet),
        ]
    );
    for symmetric in [KW, JweAlgorithm::A128GCMKW, JweAlgorithm::DIR, JweAlgorithm::PBES2_HS256_A128KW] {
        let refused = EncryptionKey::candidates(&set, symmetric, &crypto()).unwrap_err();
        assert_eq!(refused, KeyError::SymmetricAlgorithm(symmetric.into()));
    }
}

/// Proves JWE-26, ENC-29. The content is encrypted as strongly as the key, or more: no stronger than the weaker of agreement
/// and key wrap, and for `dir` as the key says.
#[test]
fn matching_strengths() {
    let (small, medium, large) =
        (ContentEncryption::A128GCM, ContentEncryption::A192GCM, ContentEncryption::A256GCM);
    let curve = |curve| Jwk::generate_agreement(curve, &SystemRandom::new(), &crypto()).unwrap();
    let rsa = |bits: usize| {
        let modulus = [&[0x80][..], &vec![0; bits / 8 - 2], &[1]].concat();
        jwk(&json!({"kty": "RSA", "n": base64url::encode(modulus), "e": "AQAB"}))
    };
    let (es, a128, a192, a256) = (
        JweAlgorithm::ECDH_ES,
        JweAlgorithm::ECDH_ES_A128KW,
        JweAlgorithm::ECDH_ES_A192KW,
        JweAlgorithm::ECDH_ES_A256KW,
    );
    for (key, algorithm, expected) in [
        (jwk(&oct(&[1; 16])), KW, small),
        (jwk(&oct(&[1; 24])), JweAlgorithm::A192KW, medium),
        (jwk(&oct(&[1; 32])), JweAlgorithm::A256GCMKW, large),
        (curve(AgreementCurve::P256), es, small),
        (curve(AgreementCurve::P256), a256, small),
        (curve(AgreementCurve::X25519), a256, small),
        (curve(AgreementCurve::P384), es, medium),
        (curve(AgreementCurve::P384), a256, medium),
        (curve(AgreementCurve::P384), a128, small),
        (curve(AgreementCurve::P521), es, large),
        (curve(AgreementCurve::P521), a192, medium),
        (rsa(2048), JweAlgorithm::RSA_OAEP_256, small),
        (rsa(7672), JweAlgorithm::RSA_OAEP, small),
        (rsa(7680), JweAlgorithm::RSA_OAEP, medium),
    ] {
        let key = EncryptionKey::prepare(&key, algorithm, &crypto()).unwrap();
        assert_eq!(key.matching_encryption(), expected, "{algorithm}");
    }
    let password = |algorithm| EncryptionKey::password(b"a password", algorithm, 1000, &crypto()).unwrap();
    assert_eq!(password(JweAlgorithm::PBES2_HS384_A192KW).matching_encryption(), medium);
    for enc in [ContentEncryption::A128CBC_HS256, large] {
        let key = EncryptionKey::direct(&jwk(&oct(&[1; 32])), enc, &crypto()).unwrap();
        assert_eq!(key.matching_encryption(), enc);
    }
}

/// What the provider says it can, a key can; what a backend lacks is said when the key is prepared.
#[test]
fn what_is_supported() {
    let (full, ring) = (crypto(), avouch_jose_ring::provider());
    for &algorithm in JweAlgorithm::ALL {
        assert!(full.supports_key_management(algorithm), "{algorithm}");
        for &enc in ContentEncryption::ALL {
            assert!(full.supports_content_encryption(enc), "{enc}");
            pair(algorithm, enc);
        }
    }
    assert!(!ring.supports_key_management(KW));
    let lacking = DecryptionKey::prepare(&jwk(&oct(&KEY)), KW, &ring).unwrap_err();
    assert!(matches!(lacking, KeyError::Unsupported { algorithm, .. } if algorithm == KW.into()));
    let lacking = EncryptionKey::prepare(&jwk(&rsa()), JweAlgorithm::RSA_OAEP, &ring).unwrap_err();
    assert!(matches!(lacking, KeyError::Unsupported { .. }));
    // ring agrees, and has no AES-192 to wrap with
    let public = jwk(&without(p256(), "d"));
    assert!(EncryptionKey::prepare(&public, JweAlgorithm::ECDH_ES, &ring).is_ok());
    let lacking = EncryptionKey::prepare(&public, JweAlgorithm::ECDH_ES_A192KW, &ring).unwrap_err();
    assert!(matches!(lacking, KeyError::Unsupported { .. }));
    // nor the composition with AES CBC, which a set of keys says at once
    let lacking =
        DecryptionKey::direct(&jwk(&oct(&[1; 32])), ContentEncryption::A128CBC_HS256, &ring).unwrap_err();
    assert!(matches!(lacking, KeyError::Unsupported { .. }));
    let wrap = DecryptionKey::prepare(&jwk(&oct(&KEY)), JweAlgorithm::A128GCMKW, &ring).unwrap();
    assert!(DecryptionKeys::single(wrap.clone(), &[ENC]).is_ok());
    let lacking = DecryptionKeys::single(wrap, &[ENC, ContentEncryption::A128CBC_HS256]).unwrap_err();
    assert!(
        matches!(lacking, KeyError::Unsupported { algorithm, .. } if algorithm.as_str() == "A128CBC-HS256")
    );
    assert!(DecryptionKey::direct(&jwk(&oct(&KEY)), ENC, &ring).is_ok());
    let none = avouch_jose::crypto::CryptoProvider::new(full.signatures, full.hashes);
    assert!(JweAlgorithm::ALL.iter().all(|algorithm| !none.supports_key_management(*algorithm)));
}

/// New keys are for encryption, private, and work.
#[test]
fn new_keys() {
    let random = SystemRandom::new();
    let secret = Jwk::generate_secret(16, &random).unwrap();
    assert_eq!(secret.key_use(), Some(&KeyUse::ENCRYPTION));
    assert!(DecryptionKey::prepare(&secret, KW, &crypto()).is_ok());
    let key = Jwk::generate_agreement(AgreementCurve::P384, &random, &crypto()).unwrap();
    assert!(key.is_private() && DecryptionKey::prepare(&key, JweAlgorithm::ECDH_ES, &crypto()).is_ok());
    let refused = Jwk::generate_agreement(AgreementCurve::X448, &random, &crypto());
    assert!(matches!(refused, Err(KeyError::Lacking(_))));
}

/// Proves JWK-19. The certificate beside a key is the key's.
#[test]
fn certificate_of_another_key() {
    let certificate = vectors("rfc7517-appendix.json")["vectors"][3]["jwk"].clone();
    let own = with(certificate.clone(), "use", "enc");
    assert!(encrypting(&own, JweAlgorithm::RSA_OAEP).is_ok());
    for private in [rsa(), p256()] {
        let algorithm = if private["kty"] == "RSA" { JweAlgorithm::RSA_OAEP } else { JweAlgorithm::ECDH_ES };
        let other = with(private, "x5c", certificate["x5c"].clone());
        assert_eq!(encrypting(&other, algorithm).unwrap_err(), KeyError::CertificateOfAnotherKey);
        assert_eq!(decrypting(&other, algorithm).unwrap_err(), KeyError::CertificateOfAnotherKey);
    }
}

/// A backend that wraps with nothing, and counts.
#[derive(Default)]
struct Counting(AtomicUsize);

struct CountingWrap(Arc<Counting>);

impl KeyWrap for CountingWrap {
    fn wrap(&self, _: &[u8]) -> Result<Vec<u8>, EncryptionFailed> {
        Err(EncryptionFailed)
    }

    fn unwrap_key(&self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptionFailed> {
        self.0.0.fetch_add(1, Ordering::Relaxed);
        Err(DecryptionFailed)
    }
}

struct CountingBackend(Arc<Counting>);

impl EncryptionBackend for CountingBackend {
    fn supports(&self, _: EncryptionPrimitive) -> bool {
        true
    }

    fn aes_key_wrap(&self, _: AesKeySize, _: &[u8]) -> Result<Arc<dyn KeyWrap>, KeyError> {
        Ok(Arc::new(CountingWrap(Arc::clone(&self.0))))
    }

    fn pbkdf2(
        &self,
        _: avouch_jose::HashAlgorithm,
        _: &[u8],
        _: &[u8],
        _: std::num::NonZeroU32,
        _: &mut [u8],
    ) -> Result<(), KeyError> {
        Ok(())
    }
}

/// Proves ENC-18. A wrapped key is 8 octets longer than the content key; no time is spent on another.
#[test]
fn wrapped_keys_have_their_length() {
    let counting = Arc::new(Counting::default());
    let provider = crypto().with_encryption(Arc::new(CountingBackend(Arc::clone(&counting))));
    let key = DecryptionKey::prepare(&jwk(&oct(&KEY)), KW, &provider).unwrap();
    let keys = DecryptionKeys::single(key, &[ENC]).unwrap();
    for (len, count) in [(0, 0), (16, 0), (23, 0), (25, 0), (32, 0), (10_000, 0), (24, 1)] {
        let token = token_with_key(r#"{"alg":"A128KW","enc":"A128GCM"}"#, &vec![1; len], &KEY);
        assert!(matches!(open(&token, &keys), Err(JweError::DecryptionFailed)));
        assert_eq!(counting.0.load(Ordering::Relaxed), count, "{len}");
    }
    // nor where the wrapping key is derived
    let alg = JweAlgorithm::PBES2_HS256_A128KW;
    let key = DecryptionKey::password(b"a password", alg, PasswordLimits::default(), &provider).unwrap();
    let keys = DecryptionKeys::single(key, &[ENC]).unwrap();
    let header = format!(r#"{{"alg":"{alg}","enc":"A128GCM","p2c":1000,"p2s":"AAAAAAAAAAAAAAAA"}}"#);
    for (len, count) in [(16, 1), (32, 1), (24, 2)] {
        let token = token_with_key(&header, &vec![1; len], &KEY);
        assert!(matches!(open(&token, &keys), Err(JweError::DecryptionFailed)));
        assert_eq!(counting.0.load(Ordering::Relaxed), count, "{len}");
    }
}
