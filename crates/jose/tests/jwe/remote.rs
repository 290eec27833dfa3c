//! Keys that somebody else holds, and backends that have little.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use avouch_jose::crypto::{
    CryptoProvider, EncryptionBackend, EncryptionPrimitive, KeyAgreement, KeyDecrypter, KeyOperationError,
    SecureRandom,
};
use avouch_jose::jwe::{EncryptError, HeaderParameters, JweError, encrypt_compact};
use avouch_jose::{
    AesKeySize, AgreementCurve, DecryptionKey, DecryptionKeys, EncryptionKey, HashAlgorithm, JweAlgorithm,
    Jwk, KeyError, KeyMaterial, SecretOctets, base64url,
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::support::{
    ENC, KEY, SystemRandom, crypto, derived, jwk, keys, open, p256, rsa, token_with_key, with, without,
    x25519,
};

#[path = "../../examples/remote_decrypter.rs"]
mod remote_decrypter;

/// The example does what it says: it fails if a token does not open.
#[test]
fn example_of_a_remote_decrypter() {
    remote_decrypter::main().unwrap();
}

/// A key that counts how often it is asked.
struct Counting {
    public: Value,
    asked: AtomicUsize,
}

impl KeyAgreement for Counting {
    fn public(&self) -> Result<KeyMaterial, KeyError> {
        Ok(jwk(&self.public).material().clone())
    }

    fn agree(&self, _: &KeyMaterial) -> Result<SecretOctets, KeyOperationError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(SecretOctets::new(vec![1; 32]))
    }
}

fn counting(public: &Value) -> Arc<Counting> {
    Arc::new(Counting { public: public.clone(), asked: AtomicUsize::new(0) })
}

/// Proves ENC-03, ENC-04, BCP-07. Whoever holds the key is asked to agree with points of its curve, and of no small order.
#[test]
fn others_are_asked_with_sound_points_alone() {
    let alg = JweAlgorithm::ECDH_ES;
    let off_curve = with(without(p256(), "d"), "y", p256()["x"].clone());
    let small = json!({"kty": "OKP", "crv": "X25519", "x": base64url::encode([0; 32])});
    for (own, sound, unsound) in
        [(p256(), without(p256(), "d"), off_curve), (x25519(), without(x25519(), "d"), small)]
    {
        let held = counting(&without(own, "d"));
        let key = DecryptionKey::with_agreement(alg, None, held.clone(), &crypto()).unwrap();
        let keys = DecryptionKeys::single(key, &[ENC]).unwrap();
        for (epk, asked) in [(&unsound, 0), (&sound, 1)] {
            let header = json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": epk}).to_string();
            let refused = open(&token_with_key(&header, b"", &KEY), &keys);
            assert!(matches!(refused, Err(JweError::DecryptionFailed)));
            assert_eq!(held.asked.load(Ordering::Relaxed), asked, "{epk}");
        }
        // nor is a key taken whose own point is none
        let refused = DecryptionKey::with_agreement(alg, None, counting(&unsound), &crypto()).unwrap_err();
        assert!(matches!(refused, KeyError::Rejected { .. }));
    }
}

/// Proves ENC-10, ALG-12. A key elsewhere is on a curve to agree on, which the backend here knows.
#[test]
fn curves_of_keys_elsewhere() {
    let alg = JweAlgorithm::ECDH_ES;
    let secp256k1 = with(without(p256(), "d"), "crv", "secp256k1");
    let refused = DecryptionKey::with_agreement(alg, None, counting(&secp256k1), &crypto()).unwrap_err();
    assert_eq!(refused, KeyError::NotForAgreement { algorithm: alg.into(), found: "secp256k1" });
    let refused = DecryptionKey::with_agreement(alg, None, counting(&rsa()), &crypto());
    assert!(matches!(refused, Err(KeyError::KeyType { .. })));
    let x448 = json!({"kty": "OKP", "crv": "X448", "x": base64url::encode([5; 56])});
    let refused = DecryptionKey::with_agreement(alg, None, counting(&x448), &crypto()).unwrap_err();
    assert!(matches!(refused, KeyError::Unsupported { .. }));
    // ring cannot keep such a key, and can check its points
    let ring = avouch_jose_ring::provider();
    assert!(DecryptionKey::with_agreement(alg, None, counting(&without(p256(), "d")), &ring).is_ok());
    let wrapped = JweAlgorithm::ECDH_ES_A128KW;
    let refused = DecryptionKey::with_agreement(wrapped, None, counting(&without(p256(), "d")), &ring);
    assert!(matches!(refused, Err(KeyError::Unsupported { .. })));
}

/// Proves SEL-02. Of two keys elsewhere, the one whose certificate the header names is asked, and no other.
#[test]
fn certificates_of_keys_elsewhere() {
    let held = [counting(&without(p256(), "d")), counting(&without(p256(), "d"))];
    let thumbprints = [1, 2].map(|octet| base64url::encode([octet; 32]));
    let key = |held: &Arc<Counting>| {
        DecryptionKey::with_agreement(JweAlgorithm::ECDH_ES, None, held.clone(), &crypto()).unwrap()
    };
    let named = held.iter().zip(&thumbprints).map(|(held, own)| key(held).with_x5t_s256(own)).collect();
    let keys = DecryptionKeys::from_keys(named, &[ENC]).unwrap();
    let token = |members: Value| {
        let mut header = json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": without(p256(), "d")});
        header.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        token_with_key(&header.to_string(), b"", &derived(&[1; 32], b"", b""))
    };
    assert!(matches!(open(&token(json!({})), &keys), Err(JweError::SeveralMatchingKeys { found: 2, .. })));
    assert!(open(&token(json!({"x5t#S256": thumbprints[1]})), &keys).is_ok());
    assert_eq!(held.map(|held| held.asked.load(Ordering::Relaxed)), [0, 1]);
    assert_eq!(keys.keys()[1].x5t_s256(), Some(&*thumbprints[1]));
}

struct Held;

impl KeyDecrypter for Held {
    fn decrypt(&self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyOperationError> {
        Err(KeyOperationError::Failed)
    }
}

/// Proves JWE-22, ALG-25. Without HMAC there is no key to take the place of one that cannot be decrypted.
#[test]
fn without_hmac_no_rsa_key_is_taken() {
    let full = crypto();
    let none = CryptoProvider::new(full.signatures, full.hashes);
    let alg = JweAlgorithm::RSA_OAEP_256;
    let refused = DecryptionKey::with_decrypter(alg, None, Arc::new(Held), &[1; 32], &none).unwrap_err();
    assert_eq!(refused, KeyError::Unsupported { algorithm: alg.into(), what: "HMAC" });
}

/// Proves JWE-22. The secret of a key that is here is made of its private exponent and a label: whoever has the key, in
/// another process too, makes the same key in place of one that cannot be decrypted.
#[test]
fn fallback_of_a_key_that_is_here() {
    let alg = JweAlgorithm::RSA_OAEP_256;
    let encryption = crypto().encryption;
    let mac = |key: &[u8], parts: &[&[u8]], out: &mut [u8]| {
        encryption.hmac(HashAlgorithm::Sha256, key, parts, out).unwrap();
    };
    let d = base64url::decode(rsa()["d"].as_str().unwrap()).unwrap();
    let (mut secret, mut made_up) = ([0; 32], [0; 16]);
    mac(&d, &[b"avouch fallback"], &mut secret);
    mac(&secret, &[&[0], b"no encrypted key"], &mut made_up);
    let header = format!(r#"{{"alg":"{alg}","enc":"A128GCM"}}"#);
    let token = token_with_key(&header, b"no encrypted key", &made_up);
    assert_eq!(open(&token, &keys(&rsa(), alg, ENC)).unwrap().plaintext(), b"plaintext");
}

/// A backend in which one thing is as somebody says, and the rest as in another.
struct Altered {
    /// What every agreement gives.
    shared: Option<Vec<u8>>,
    rest: Arc<dyn EncryptionBackend>,
}

impl EncryptionBackend for Altered {
    fn supports(&self, primitive: EncryptionPrimitive) -> bool {
        self.rest.supports(primitive)
    }

    fn aes_gcm(
        &self,
        size: AesKeySize,
        key: &[u8],
    ) -> Result<Arc<dyn avouch_jose::crypto::AesGcm>, KeyError> {
        self.rest.aes_gcm(size, key)
    }

    fn agreement(
        &self,
        curve: AgreementCurve,
        private: &SecretOctets,
    ) -> Result<Arc<dyn KeyAgreement>, KeyError> {
        let rest = self.rest.agreement(curve, private)?;
        Ok(match &self.shared {
            Some(shared) => Arc::new(Agreed { shared: shared.clone(), rest }),
            None => rest,
        })
    }
}

struct Agreed {
    shared: Vec<u8>,
    rest: Arc<dyn KeyAgreement>,
}

impl KeyAgreement for Agreed {
    fn public(&self) -> Result<KeyMaterial, KeyError> {
        self.rest.public()
    }

    fn agree(&self, _: &KeyMaterial) -> Result<SecretOctets, KeyOperationError> {
        Ok(SecretOctets::new(self.shared.clone()))
    }
}

fn altered(shared: Option<Vec<u8>>) -> CryptoProvider {
    crypto().with_encryption(Arc::new(Altered { shared, rest: crypto().encryption }))
}

/// Gives zeros once, for the preparation, and then whatever was asked for.
struct LateZeros(Altered, AtomicUsize);

impl EncryptionBackend for LateZeros {
    fn supports(&self, primitive: EncryptionPrimitive) -> bool {
        self.0.supports(primitive)
    }

    fn aes_gcm(
        &self,
        size: AesKeySize,
        key: &[u8],
    ) -> Result<Arc<dyn avouch_jose::crypto::AesGcm>, KeyError> {
        self.0.aes_gcm(size, key)
    }

    fn check_agreement_public(&self, _: AgreementCurve, _: &KeyMaterial) -> Result<(), KeyError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn agree_ephemeral(
        &self,
        curve: AgreementCurve,
        peer: &KeyMaterial,
        random: &dyn SecureRandom,
    ) -> Result<(KeyMaterial, SecretOctets), KeyError> {
        let (public, _) = self.0.rest.agree_ephemeral(curve, peer, random)?;
        Ok((public, SecretOctets::new(self.0.shared.clone().unwrap_or_default())))
    }
}

/// Proves ENC-04. Whatever a backend says it has agreed on, nothing is encrypted with zeros or with too few octets.
#[test]
fn nothing_is_encrypted_with_zeros() {
    let public = jwk(&without(x25519(), "d"));
    for (shared, is_sound) in
        [(vec![0; 32], false), (vec![1; 31], false), (vec![1; 33], false), (vec![1; 32], true)]
    {
        let rest = Altered { shared: Some(shared), rest: crypto().encryption };
        let backend = Arc::new(LateZeros(rest, AtomicUsize::new(0)));
        let provider = crypto().with_encryption(backend.clone());
        let key = EncryptionKey::prepare(&public, JweAlgorithm::ECDH_ES, &provider).unwrap();
        assert_eq!(backend.1.load(Ordering::Relaxed), 1);
        let written = encrypt_compact(&HeaderParameters::new(), b"", &key, ENC, &SystemRandom::new());
        match written {
            Ok(_) => assert!(is_sound),
            Err(EncryptError::Key(KeyError::Rejected { .. })) => assert!(!is_sound),
            Err(error) => panic!("{error}"),
        }
    }
}

/// Proves ENC-02. A key is not asked to agree with one on another curve, though its backend would.
#[test]
fn agreement_is_on_one_curve() {
    let shared = vec![1; 32];
    let careless = altered(Some(shared.clone()));
    let key = DecryptionKey::prepare(&jwk(&x25519()), JweAlgorithm::ECDH_ES, &careless).unwrap();
    let keys = DecryptionKeys::single(key, &[ENC]).unwrap();
    let token = |epk: Value| {
        let header = json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": without(epk, "d")}).to_string();
        token_with_key(&header, b"", &derived(&shared, b"", b""))
    };
    assert!(open(&token(x25519()), &keys).is_ok());
    assert!(matches!(open(&token(p256()), &keys), Err(JweError::DecryptionFailed)));
}

/// Has these primitives by name, looks at points, and agrees with none.
struct Only(Vec<EncryptionPrimitive>);

impl EncryptionBackend for Only {
    fn supports(&self, primitive: EncryptionPrimitive) -> bool {
        self.0.contains(&primitive)
    }

    fn check_agreement_public(&self, _: AgreementCurve, _: &KeyMaterial) -> Result<(), KeyError> {
        Ok(())
    }
}

fn with_only(primitives: &[EncryptionPrimitive]) -> CryptoProvider {
    crypto().with_encryption(Arc::new(Only(primitives.to_vec())))
}

/// Proves ALG-25. An algorithm is there if all it is made of is, both ways, on one curve.
#[test]
fn algorithms_are_made_of_primitives() {
    use EncryptionPrimitive::{AesCbc, AesGcm, AesKeyWrap, Agreement, EphemeralAgreement, Hmac, Pbkdf2, Rsa};
    use avouch_jose::ContentEncryption as E;
    use avouch_jose::RsaPadding::OaepSha256;
    let (small, medium, large) = (AesKeySize::Aes128, AesKeySize::Aes192, AesKeySize::Aes256);
    let (p256, p384) = (AgreementCurve::P256, AgreementCurve::P384);
    let (sha256, sha512) = (HashAlgorithm::Sha256, HashAlgorithm::Sha512);
    for (algorithm, parts) in [
        (JweAlgorithm::RSA_OAEP_256, &[Rsa(OaepSha256), Hmac(sha256)][..]),
        (JweAlgorithm::A128KW, &[AesKeyWrap(small)]),
        (JweAlgorithm::A256GCMKW, &[AesGcm(large)]),
        (JweAlgorithm::DIR, &[AesCbc(small), Hmac(sha256)]),
        (JweAlgorithm::ECDH_ES, &[Agreement(p384), EphemeralAgreement(p384)]),
        (JweAlgorithm::ECDH_ES_A192KW, &[Agreement(p256), EphemeralAgreement(p256), AesKeyWrap(medium)]),
        (JweAlgorithm::PBES2_HS512_A256KW, &[Pbkdf2(sha512), AesKeyWrap(large)]),
    ] {
        assert!(with_only(parts).supports_key_management(algorithm), "{algorithm}");
        for lacking in parts {
            let rest: Vec<_> = parts.iter().copied().filter(|part| part != lacking).collect();
            assert!(!with_only(&rest).supports_key_management(algorithm), "{algorithm} {lacking:?}");
        }
    }
    let two_curves = with_only(&[Agreement(p256), EphemeralAgreement(p384)]);
    assert!(!two_curves.supports_key_management(JweAlgorithm::ECDH_ES));
    for (encryption, parts) in
        [(E::A192GCM, &[AesGcm(medium)][..]), (E::A256CBC_HS512, &[AesCbc(large), Hmac(sha512)])]
    {
        assert!(with_only(parts).supports_content_encryption(encryption), "{encryption}");
        for lacking in parts {
            let rest: Vec<_> = parts.iter().copied().filter(|part| part != lacking).collect();
            assert!(!with_only(&rest).supports_content_encryption(encryption), "{encryption}");
        }
    }
}

/// Proves ALG-25. What a backend lacks is said when a key is prepared, whatever else it has.
#[test]
fn what_is_lacking_is_said_early() {
    let only = |primitive| with_only(&[primitive]);
    let pbkdf2 = only(EncryptionPrimitive::Pbkdf2(HashAlgorithm::Sha256));
    let key_wrap = only(EncryptionPrimitive::AesKeyWrap(AesKeySize::Aes128));

    let alg = JweAlgorithm::ECDH_ES;
    let refused = EncryptionKey::prepare(&jwk(&p256()), alg, &pbkdf2).unwrap_err();
    assert_eq!(refused, KeyError::Unsupported { algorithm: alg.into(), what: "agreement on P-256" });

    let alg = JweAlgorithm::PBES2_HS256_A128KW;
    for (provider, what) in [(pbkdf2, "AES-128 Key Wrap"), (key_wrap, "PBKDF2")] {
        let lacking = KeyError::Unsupported { algorithm: alg.into(), what };
        let refused = EncryptionKey::password(b"a password", alg, 1000, &provider).unwrap_err();
        assert_eq!(refused, lacking);
        let refused = DecryptionKey::password(b"a password", alg, Default::default(), &provider).unwrap_err();
        assert_eq!(refused, lacking);
    }
}

/// Proves ENC-03, ENC-04. A backend that agrees, and says nothing of points, checks them by agreeing.
#[test]
fn points_are_checked_by_agreeing() {
    let provider = altered(None);
    for curve in [AgreementCurve::P256, AgreementCurve::P384, AgreementCurve::P521, AgreementCurve::X25519] {
        let own = Jwk::generate_agreement(curve, &SystemRandom::new(), &provider).unwrap();
        assert!(EncryptionKey::prepare(&own, JweAlgorithm::ECDH_ES, &provider).is_ok(), "{curve:?}");
    }
    for unsound in [
        with(without(p256(), "d"), "y", p256()["x"].clone()),
        json!({"kty": "OKP", "crv": "X25519", "x": base64url::encode([0; 32])}),
    ] {
        let refused = EncryptionKey::prepare(&jwk(&unsound), JweAlgorithm::ECDH_ES, &provider).unwrap_err();
        assert!(matches!(refused, KeyError::Rejected { .. }));
    }
    // also where the backend itself takes zeros for a secret
    let careless = altered(Some(vec![0; 32]));
    let refused = EncryptionKey::prepare(&jwk(&x25519()), JweAlgorithm::ECDH_ES, &careless).unwrap_err();
    assert!(matches!(refused, KeyError::Rejected { .. }));
    let refused = crypto()
        .with_encryption(Arc::new(Nothing))
        .encryption
        .check_agreement_public(AgreementCurve::P256, jwk(&p256()).material());
    assert!(matches!(refused, Err(KeyError::Lacking(_))));
}

struct Nothing;

impl EncryptionBackend for Nothing {
    fn supports(&self, _: EncryptionPrimitive) -> bool {
        true
    }
}
