//! ECDH-ES, with and without a key wrap.

use std::sync::Arc;

use avouch_jose::crypto::{KeyAgreement, KeyOperationError};
use avouch_jose::jwe::{EncryptError, HeaderParameters, JweError, encrypt_compact};
use avouch_jose::{
    AgreementCurve, ContentEncryption, DecryptionKey, DecryptionKeys, EncryptionKey, JweAlgorithm, Jwk,
    KeyError, KeyMaterial, SecretOctets, base64url,
};
use serde_json::{Value, json};

use crate::support::{
    ENC, KEY, Script, SystemRandom, crypto, derived, jwk, keys, open, p256, token_with_key, with, without,
    x25519,
};

const CURVES: [AgreementCurve; 4] =
    [AgreementCurve::P256, AgreementCurve::P384, AgreementCurve::P521, AgreementCurve::X25519];

fn generated(curve: AgreementCurve) -> Jwk {
    Jwk::generate_agreement(curve, &SystemRandom::new(), &crypto()).unwrap()
}

/// A token of which only the ephemeral key can be wrong, as far as anybody can see before agreeing.
fn token_from(epk: &Value) -> String {
    let header = json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": epk}).to_string();
    token_with_key(&header, b"", &KEY)
}

fn is_mute(token: &str, keys: &DecryptionKeys) -> bool {
    matches!(open(token, keys), Err(JweError::DecryptionFailed))
}

/// Proves ENC-01, JWE-07, JWE-25. Two messages have two ephemeral keys, two content keys and two vectors.
#[test]
fn everything_is_fresh() {
    let key = EncryptionKey::prepare(&jwk(&p256()), JweAlgorithm::ECDH_ES_A128KW, &crypto()).unwrap();
    let write =
        || encrypt_compact(&HeaderParameters::new(), b"plaintext", &key, ENC, &SystemRandom::new()).unwrap();
    let (one, other) = (write(), write());
    for (place, (one, other)) in one.split('.').zip(other.split('.')).enumerate() {
        assert_ne!(one, other, "segment {place}");
    }
    // nothing but what was asked for is drawn, and nothing is made up where there is no randomness
    let refused = encrypt_compact(&HeaderParameters::new(), b"", &key, ENC, &Script::new([]));
    assert!(matches!(refused, Err(EncryptError::Random(_))));
    for drawn in 1..3 {
        let pieces = [vec![1; 32], vec![2; 16], vec![3; 12]].into_iter().take(drawn);
        let refused = encrypt_compact(&HeaderParameters::new(), b"", &key, ENC, &Script::new(pieces));
        assert!(matches!(refused, Err(EncryptError::Random(_))));
    }
}

/// Proves ENC-10, JWK-13. On each curve what one agrees the other agrees, and a private key is of its public key.
#[test]
fn every_curve() {
    for curve in CURVES {
        let (own, other) = (generated(curve), generated(curve));
        for alg in [JweAlgorithm::ECDH_ES, JweAlgorithm::ECDH_ES_A256KW] {
            let key = EncryptionKey::prepare(&own.public().unwrap(), alg, &crypto()).unwrap();
            for &enc in ContentEncryption::ALL {
                let random = SystemRandom::new();
                let token =
                    encrypt_compact(&HeaderParameters::new(), b"plaintext", &key, enc, &random).unwrap();
                let of = |jwk| {
                    DecryptionKeys::single(DecryptionKey::prepare(jwk, alg, &crypto()).unwrap(), &[enc])
                        .unwrap()
                };
                assert_eq!(
                    open(&token, &of(&own)).unwrap().plaintext(),
                    b"plaintext",
                    "{curve:?} {alg} {enc}"
                );
                assert!(is_mute(&token, &of(&other)), "{curve:?} {alg} {enc}");
            }
        }
        let own: Value = serde_json::from_str(&own.to_private_json()).unwrap();
        let other: Value = serde_json::from_str(&other.to_private_json()).unwrap();
        let mixed = jwk(&with(own, "d", other["d"].clone()));
        let refused = DecryptionKey::prepare(&mixed, JweAlgorithm::ECDH_ES, &crypto()).unwrap_err();
        assert_eq!(refused, KeyError::PrivateDoesNotMatchPublic);
    }
}

/// P-521 has 521 bits of the 528 that are drawn; octets that are no scalar are drawn again.
#[test]
fn scalars_from_randomness() {
    let public = generated(AgreementCurve::P521).public().unwrap();
    let key = EncryptionKey::prepare(&public, JweAlgorithm::ECDH_ES, &crypto()).unwrap();
    let mut scalar = vec![0x5a; 66];
    scalar[0] = 0xff;
    let random = Script::new([scalar.clone(), vec![3; 12]]);
    assert!(encrypt_compact(&HeaderParameters::new(), b"", &key, ENC, &random).is_ok());
    let key = EncryptionKey::prepare(&jwk(&p256()), JweAlgorithm::ECDH_ES, &crypto()).unwrap();
    let random = Script::new([vec![0xff; 32], vec![0; 32], vec![1; 32], vec![3; 12]]);
    assert!(encrypt_compact(&HeaderParameters::new(), b"", &key, ENC, &random).is_ok());
    assert!(random.is_spent());
    let broken = Script::new(vec![vec![0xff; 32]; 100]);
    let refused = encrypt_compact(&HeaderParameters::new(), b"", &key, ENC, &broken);
    assert!(matches!(refused, Err(EncryptError::Random(_))));
}

/// Proves ENC-02, ENC-03, BCP-07. An ephemeral key on another curve or off its curve decrypts nothing.
#[test]
fn ephemeral_key_is_a_point_of_the_curve() {
    let ec = keys(&p256(), JweAlgorithm::ECDH_ES, ENC);
    let public = without(p256(), "d");
    let zeros = base64url::encode([0; 32]);
    let ones = base64url::encode([0xff; 32]);
    for epk in [
        with(public.clone(), "y", p256()["x"].clone()),
        with(with(public.clone(), "x", zeros.clone()), "y", zeros),
        with(with(public.clone(), "x", ones.clone()), "y", ones),
        without(x25519(), "d"),
        json!({"kty": "RSA", "n": base64url::encode([0xff; 256]), "e": "AQAB"}),
        with(public, "crv", "secp256k1"),
        serde_json::to_value(generated(AgreementCurve::P384).public().unwrap()).unwrap(),
    ] {
        assert!(is_mute(&token_from(&epk), &ec), "{epk}");
    }
}

/// Proves ENC-04, BCP-07. Points of small order give zeros, and zeros are no secret.
#[test]
fn small_order_is_refused() {
    let own = keys(&x25519(), JweAlgorithm::ECDH_ES, ENC);
    for x in [[0; 32], {
        let mut one = [0; 32];
        one[0] = 1;
        one
    }] {
        let epk = json!({"kty": "OKP", "crv": "X25519", "x": base64url::encode(x)});
        assert!(is_mute(&token_from(&epk), &own));
        let refused = EncryptionKey::prepare(&jwk(&epk), JweAlgorithm::ECDH_ES, &crypto());
        assert!(matches!(refused, Err(KeyError::Rejected { .. })), "{refused:?}");
    }
}

/// Proves ENC-04, ENC-10. On the P curves zeros are a secret as good as any: the x coordinate of two of their points.
#[test]
fn x_coordinate_may_be_zero() {
    // x = 0 and the root of the curve's b, multiplied by one
    for (curve, crv, y) in [
        (AgreementCurve::P256, "P-256", "ZkhceA4vg9ckM71dhKBrtlQcKvMdrocXKL-FahdPk_Q"),
        (AgreementCurve::P384, "P-384", "wwZhD7CuWhWc9FwGBp8ipsXrNkHGAtQt6ixLT3VVB5NAbYDSuRrVT5BIvUh68a3h"),
        (
            AgreementCurve::P521,
            "P-521",
            "AS3xNgFZSog-8tk15Eu5C_TWYZt05Sr3VS-XdpARwHGetDnPqyqI1A_lmivtH0NVcWmi0KLM0oDGB7krv1H_4LB4",
        ),
    ] {
        let zeros = vec![0; base64url::decode(y).unwrap().len()];
        let epk = json!({"kty": "EC", "crv": crv, "x": base64url::encode(&zeros), "y": y});
        let header = json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": epk}).to_string();
        let mut one = zeros.clone();
        *one.last_mut().unwrap() = 1;
        let one = crypto().encryption.agreement(curve, &SecretOctets::new(one)).unwrap();
        let key = DecryptionKey::with_agreement(JweAlgorithm::ECDH_ES, None, one, &crypto()).unwrap();
        let token = token_with_key(&header, b"", &derived(&zeros, b"", b""));
        let content = open(&token, &DecryptionKeys::single(key, &[ENC]).unwrap()).unwrap();
        assert_eq!(content.plaintext(), b"plaintext", "{crv}");
        assert!(EncryptionKey::prepare(&jwk(&epk), JweAlgorithm::ECDH_ES, &crypto()).is_ok(), "{crv}");
    }
}

/// What a key elsewhere agrees to.
struct Elsewhere(Result<Vec<u8>, KeyOperationErrorKind>);

#[derive(Clone, Copy)]
enum KeyOperationErrorKind {
    Failed,
    Unavailable,
}

impl KeyAgreement for Elsewhere {
    fn public(&self) -> Result<KeyMaterial, KeyError> {
        Ok(jwk(&without(x25519(), "d")).material().clone())
    }

    fn agree(&self, _: &KeyMaterial) -> Result<SecretOctets, KeyOperationError> {
        match &self.0 {
            Ok(secret) => Ok(SecretOctets::new(secret.clone())),
            Err(KeyOperationErrorKind::Failed) => Err(KeyOperationError::Failed),
            Err(KeyOperationErrorKind::Unavailable) => Err(KeyOperationError::Unavailable("sealed".into())),
        }
    }
}

/// Proves ENC-04, ENC-10. Whoever holds the key, zeros on X25519 and a secret of another width are refused; an outage is told
/// from an attack.
#[test]
fn key_that_somebody_else_holds() {
    let alg = JweAlgorithm::ECDH_ES;
    let bob = EncryptionKey::prepare(&jwk(&x25519()), alg, &crypto()).unwrap();
    let alice = [0x77_u8; 32];
    let random = Script::new([alice.to_vec(), vec![3; 12]]);
    let token = encrypt_compact(&HeaderParameters::new(), b"plaintext", &bob, ENC, &random).unwrap();
    let open_with = |answer| {
        let key =
            DecryptionKey::with_agreement(alg, Some("kms"), Arc::new(Elsewhere(answer)), &crypto()).unwrap();
        open(
            &token,
            &DecryptionKeys::single(key.with_kid("1"), &[ENC]).unwrap().allowing_lone_key_without_kid(),
        )
    };
    let secret = crypto()
        .encryption
        .agreement(AgreementCurve::X25519, &SecretOctets::new(alice.to_vec()))
        .unwrap()
        .agree(jwk(&x25519()).material())
        .unwrap();
    assert_eq!(open_with(Ok(secret.expose().to_vec())).unwrap().plaintext(), b"plaintext");
    assert!(matches!(open_with(Err(KeyOperationErrorKind::Failed)), Err(JweError::DecryptionFailed)));
    assert!(matches!(open_with(Err(KeyOperationErrorKind::Unavailable)), Err(JweError::KeyUnavailable(_))));

    // tokens that would open if such secrets were taken, or were asked for with a key on another curve
    let (here, there) = (without(x25519(), "d"), without(p256(), "d"));
    for (secret, epk) in [
        (vec![0; 32], &here),
        (vec![1; 31], &here),
        (vec![1; 33], &here),
        (vec![], &here),
        (vec![1; 32], &there),
    ] {
        let header = json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": epk}).to_string();
        let token = token_with_key(&header, b"", &derived(&secret, b"", b""));
        let key = Arc::new(Elsewhere(Ok(secret.clone())));
        let key = DecryptionKey::with_agreement(alg, None, key, &crypto()).unwrap();
        assert!(is_mute(&token, &DecryptionKeys::single(key, &[ENC]).unwrap()), "{secret:?}");
    }
    let key = Arc::new(Elsewhere(Err(KeyOperationErrorKind::Failed)));
    let refused = DecryptionKey::with_agreement(JweAlgorithm::A128KW, None, key, &crypto()).unwrap_err();
    assert!(matches!(refused, KeyError::OtherConstructor { .. }));
}

/// Proves ENC-05, ENC-06. Party information goes into the derivation, decoded, and the two differ.
#[test]
fn parties() {
    let key = EncryptionKey::prepare(&jwk(&p256()), JweAlgorithm::ECDH_ES_A128KW, &crypto()).unwrap();
    let write = |parameters: HeaderParameters| {
        encrypt_compact(&parameters, b"plaintext", &key, ENC, &SystemRandom::new())
    };
    let token = write(HeaderParameters::new().apu(b"Alice").apv(b"Bob")).unwrap();
    let keys = keys(&p256(), JweAlgorithm::ECDH_ES_A128KW, ENC);
    let content = open(&token, &keys).unwrap();
    assert_eq!(content.header().parameter("apu"), Some(&json!("QWxpY2U")));
    assert!(matches!(write(HeaderParameters::new().apu(b"A").apv(b"A")), Err(EncryptError::PartiesEqual)));
    assert!(write(HeaderParameters::new().apv(b"Bob")).is_ok());
    assert!(matches!(write(HeaderParameters::new().parameter("apu", "A+")), Err(EncryptError::Header(_))));
    assert!(matches!(write(HeaderParameters::new().parameter("apu", 1)), Err(EncryptError::Header(_))));
}

/// Proves JWE-09. With `ECDH-ES` no key is sent.
#[test]
fn direct_agreement_sends_no_key() {
    let key = EncryptionKey::prepare(&jwk(&p256()), JweAlgorithm::ECDH_ES, &crypto()).unwrap();
    let token =
        encrypt_compact(&HeaderParameters::new(), b"plaintext", &key, ENC, &SystemRandom::new()).unwrap();
    let keys = keys(&p256(), JweAlgorithm::ECDH_ES, ENC);
    assert!(open(&token, &keys).is_ok());
    assert!(token.contains(".."));
    assert!(is_mute(&token.replacen("..", ".AA.", 1), &keys));
}
