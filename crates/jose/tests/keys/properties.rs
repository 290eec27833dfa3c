//! What holds for every key and every certificate.

use avouch_jose::jwt::{Carrier, Confirmation, is_string_or_uri};
use avouch_jose::{
    AkpKey, CertificateChain, EcCurve, EcKey, HashAlgorithm, Jwk, JwsAlgorithm, KeyMaterial, Limits,
    MlDsaParameters, OkpCurve, OkpKey, RsaKey, RsaPrivate, SecretOctets, SigningKey, ThumbprintUri,
    VerifyingKey,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::der::{Certificate, base64};
use crate::support::{crypto, permissive};

fn octets(length: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), length)
}

fn secret(length: usize) -> impl Strategy<Value = Option<SecretOctets>> {
    proptest::option::of(octets(length).prop_map(SecretOctets::new))
}

/// Big-endian, without leading zeros.
fn integer(length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    (1..=255_u8, vec(any::<u8>(), length)).prop_map(|(first, rest)| [&[first], &rest[..]].concat())
}

fn asymmetric() -> impl Strategy<Value = KeyMaterial> {
    let ec = prop::sample::select(vec![EcCurve::P256, EcCurve::P384, EcCurve::P521, EcCurve::Secp256k1])
        .prop_flat_map(|curve| {
            let width = curve.coordinate_len();
            (Just(curve), octets(width), octets(width), secret(width))
        })
        .prop_map(|(curve, x, y, d)| KeyMaterial::Ec(EcKey::new(curve, x, y, d).unwrap()));
    let okp =
        prop::sample::select(vec![OkpCurve::Ed25519, OkpCurve::Ed448, OkpCurve::X25519, OkpCurve::X448])
            .prop_flat_map(|curve| (Just(curve), octets(curve.key_len()), secret(curve.key_len())))
            .prop_map(|(curve, x, d)| KeyMaterial::Okp(OkpKey::new(curve, x, d).unwrap()));
    let rsa = (integer(0..300), integer(0..8), proptest::option::of(integer(0..40))).prop_map(|(n, e, d)| {
        let private = d.map(|d| RsaPrivate { d: SecretOctets::new(d), crt: None });
        KeyMaterial::Rsa(RsaKey::new(n, e, private).unwrap())
    });
    let akp = prop::sample::select(vec![
        MlDsaParameters::MlDsa44,
        MlDsaParameters::MlDsa65,
        MlDsaParameters::MlDsa87,
    ])
    .prop_flat_map(|parameters| {
        (Just(parameters), octets(parameters.public_len()), secret(MlDsaParameters::SEED_LEN))
    })
    .prop_map(|(parameters, public, seed)| KeyMaterial::Akp(AkpKey::new(parameters, public, seed).unwrap()));
    prop_oneof![ec, okp, rsa, akp]
}

fn material() -> impl Strategy<Value = KeyMaterial> {
    let oct = vec(any::<u8>(), 0..80).prop_map(|k| KeyMaterial::Oct(SecretOctets::new(k)));
    prop_oneof![4 => asymmetric(), 1 => oct]
}

proptest! {
    /// Proves THB-03, THB-06, JWK-21. A key of any type comes back as it was written; its public half has no private
    /// member and the same thumbprint; members that say nothing of the key change nothing.
    #[test]
    fn keys_round_trip(material in material(), kid in any::<String>()) {
        let key = Jwk::new(material).with_kid(kid);
        let text = key.to_private_json();
        prop_assert_eq!(&Jwk::from_json(text.as_bytes(), &Limits::default()).unwrap(), &key);
        let thumbprint = key.thumbprint(HashAlgorithm::Sha256, &crypto());
        let bare = Jwk::new(key.material().clone());
        prop_assert_eq!(bare.thumbprint(HashAlgorithm::Sha256, &crypto()), thumbprint.clone());
        if let Some(public) = key.public() {
            prop_assert!(!public.is_private());
            prop_assert_eq!(public.thumbprint(HashAlgorithm::Sha256, &crypto()), thumbprint);
            let written = serde_json::to_value(&key).unwrap();
            let private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];
            prop_assert!(private.iter().all(|name| written.get(name).is_none()));
            prop_assert_eq!(Jwk::from_value(written).unwrap(), public);
        } else {
            prop_assert!(serde_json::to_value(&key).is_err());
        }
    }

    /// Proves JWK-19. A certificate of a key is of that key, with or without its private half, and of no other key.
    #[test]
    fn certificates_match(key in asymmetric(), other in asymmetric()) {
        let der = Certificate::of(&key).der();
        let chain = CertificateChain::from_value(&json!([base64(&der)])).unwrap();
        prop_assert_eq!(chain.leaf(), &der[..]);
        prop_assert_eq!(chain.leaf_matches(&Jwk::new(key.clone())), Ok(true));
        prop_assert_eq!(chain.leaf_matches(&Jwk::new(key.public().unwrap())), Ok(true));
        prop_assert_eq!(chain.leaf_matches(&Jwk::new(other.clone())), Ok(key.public() == other.public()));
    }

    /// Proves ERR-04. Whatever stands for a certificate: an answer and no panic.
    #[test]
    fn hostile_certificates(
        key in asymmetric(), garbage in vec(any::<u8>(), 0..200),
        at in any::<prop::sample::Index>(), octet in any::<u8>(), cut in any::<prop::sample::Index>(),
    ) {
        let good = Certificate::of(&key).der();
        let mut altered = good.clone();
        altered[at.index(good.len())] = octet;
        let shorter = good[..cut.index(good.len())].to_vec();
        let inner = Certificate::with_key(garbage.clone()).der();
        let jwk = Jwk::new(key);
        for der in [altered, inner, garbage] {
            let _ = CertificateChain::from_value(&json!([base64(&der)])).unwrap().leaf_matches(&jwk);
        }
        let chain = CertificateChain::from_value(&json!([base64(&shorter)])).unwrap();
        prop_assert!(chain.leaf_matches(&jwk).is_err(), "a part of a certificate is none");
    }

    /// Proves ERR-04. Preparing any key for any algorithm answers, and a key that fits has the algorithm's type.
    #[test]
    fn any_key_with_any_algorithm(material in material(), place in any::<prop::sample::Index>()) {
        let algorithm = *place.get(JwsAlgorithm::ALL);
        let key = Jwk::new(material);
        for crypto in [crypto(), permissive()] {
            if VerifyingKey::prepare(&key, algorithm, &crypto).is_ok() {
                prop_assert_eq!(key.key_type(), algorithm.key_type());
            }
            if SigningKey::prepare(&key, algorithm, &crypto).is_ok() {
                prop_assert!(key.is_private());
            }
        }
    }

    /// Proves THB-08, ERR-04. Thumbprint URIs come back; other texts are refused, whatever they are.
    #[test]
    fn thumbprint_uris(key in material(), text in any::<String>()) {
        let uri = Jwk::new(key).thumbprint_uri(&crypto());
        prop_assert_eq!(uri.to_string().parse(), Ok(uri.clone()));
        prop_assert!(ThumbprintUri::parse(&text).is_err());
        let prefixed = format!("urn:ietf:params:oauth:jwk-thumbprint:{text}");
        prop_assert!(ThumbprintUri::parse(&prefixed).is_err());
        let longer = format!("{uri}{text}");
        prop_assert!(ThumbprintUri::parse(&longer).is_err() || text.is_empty());
    }

    /// Proves JWT-35, ERR-04. A confirmation that was read is written as it was; no secret comes out of a signed token.
    #[test]
    fn confirmations_round_trip(key in material(), kid in proptest::option::of(any::<String>()), name in "[a-z]{1,4}") {
        let is_secret = matches!(key, KeyMaterial::Oct(_));
        let key = Jwk::new(key.public().unwrap_or(key));
        let mut cnf = Map::new();
        cnf.insert("jwk".to_owned(), serde_json::from_str::<Value>(&key.to_private_json()).unwrap());
        cnf.extend(kid.map(|kid| ("kid".to_owned(), kid.into())));
        let claims = json!({"sub": "1", "cnf": cnf});
        let claims = claims.as_object().unwrap();
        let read = Confirmation::from_claims(claims, Carrier::Encrypted).unwrap().unwrap();
        prop_assert_eq!(&read.to_value(Carrier::Encrypted).unwrap(), &claims["cnf"]);
        prop_assert_eq!(Confirmation::from_claims(claims, Carrier::Signed).is_err(), is_secret);
        prop_assert_eq!(read.to_value(Carrier::Signed).is_err(), is_secret);
        let hostile = json!({"sub": "1", "cnf": {name: {"a": [1]}}});
        let _ = Confirmation::from_claims(hostile.as_object().unwrap(), Carrier::Signed);
    }

    /// Proves JWT-27, ERR-04. Without a colon everything goes; with one nothing but the characters of URIs does.
    #[test]
    fn strings_or_uris(text in any::<String>()) {
        let plain = text.replace(':', "");
        prop_assert!(is_string_or_uri(&plain));
        let uri = format!("x:{text}");
        if is_string_or_uri(&uri) {
            let never = b"\"<>\\^`{|}";
            prop_assert!(uri.bytes().all(|octet| octet.is_ascii_graphic() && !never.contains(&octet)));
        }
    }
}
