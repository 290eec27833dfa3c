//! What holds for every input.

use avouch_jose::jws::{HeaderParameters, UnverifiedJws, sign_compact};
use avouch_jose::jwt::{Audience, RegisteredClaims};
use avouch_jose::{
    EcCurve, EcKey, Jwk, JwkSet, JwsAlgorithm, KeyMaterial, KeyUse, Limits, NumericDate, OkpCurve, OkpKey,
    RsaCrt, RsaKey, RsaPrivate, SecretOctets, SigningKey, base64url,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{SECRET, crypto, hmac_keys, token, verify_mac};

fn octets(length: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), length)
}

fn secret(length: usize) -> impl Strategy<Value = SecretOctets> {
    octets(length).prop_map(SecretOctets::new)
}

/// Big-endian, without leading zeros.
fn integer(length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    (1..=255_u8, vec(any::<u8>(), length)).prop_map(|(first, rest)| [&[first], &rest[..]].concat())
}

fn material() -> impl Strategy<Value = KeyMaterial> {
    let ec =
        prop_oneof![Just(EcCurve::P256), Just(EcCurve::P384), Just(EcCurve::P521), Just(EcCurve::Secp256k1)]
            .prop_flat_map(|curve| {
                let width = curve.coordinate_len();
                (Just(curve), octets(width), octets(width), proptest::option::of(secret(width)))
            })
            .prop_map(|(curve, x, y, d)| KeyMaterial::Ec(EcKey::new(curve, x, y, d).unwrap()));
    let okp = prop_oneof![
        Just(OkpCurve::Ed25519),
        Just(OkpCurve::Ed448),
        Just(OkpCurve::X25519),
        Just(OkpCurve::X448)
    ]
    .prop_flat_map(|curve| {
        (Just(curve), octets(curve.key_len()), proptest::option::of(secret(curve.key_len())))
    })
    .prop_map(|(curve, x, d)| KeyMaterial::Okp(OkpKey::new(curve, x, d).unwrap()));
    let int = || integer(0..40).prop_map(SecretOctets::new);
    let crt = (int(), int(), int(), int(), int()).prop_map(|(p, q, dp, dq, qi)| RsaCrt { p, q, dp, dq, qi });
    let private = (int(), proptest::option::of(crt)).prop_map(|(d, crt)| RsaPrivate { d, crt });
    let rsa = (integer(0..300), integer(0..8), proptest::option::of(private))
        .prop_map(|(n, e, private)| KeyMaterial::Rsa(RsaKey::new(n, e, private).unwrap()));
    let oct = vec(any::<u8>(), 0..80).prop_map(|k| KeyMaterial::Oct(SecretOctets::new(k)));
    prop_oneof![ec, okp, rsa, oct]
}

fn key() -> impl Strategy<Value = Jwk> {
    (material(), proptest::option::of(any::<String>()), proptest::option::of("[a-z]{1,4}")).prop_map(
        |(material, kid, key_use)| {
            let jwk = Jwk::new(material);
            let jwk = if let Some(kid) = kid { jwk.with_kid(kid) } else { jwk };
            if let Some(key_use) = key_use { jwk.with_use(KeyUse::from(key_use)) } else { jwk }
        },
    )
}

/// Something that looks like a token, or like a part of JSON.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let json = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(":"),
        Just(","),
        Just("\"alg\""),
        Just("\"HS256\""),
        Just("\"kty\""),
        Just("\"RSA\""),
        Just("\"keys\""),
        Just("\"crit\""),
        Just("\"n\""),
        Just("\"\\ud800\""),
        Just("1e999"),
        Just("null"),
        Just("\"AQAB\""),
        Just("-"),
        Just("\u{feff}"),
    ];
    prop_oneof![
        vec(any::<u8>(), 0..300),
        vec(json, 0..30).prop_map(|parts| parts.concat().into_bytes()),
        "[A-Za-z0-9_.=-]{0,200}".prop_map(String::into_bytes),
    ]
}

proptest! {
    /// Proves ERR-04. No input brings the readers down.
    #[test]
    fn readers_never_panic(input in hostile()) {
        let limits = Limits::default();
        let _ = Jwk::from_json(&input, &limits);
        let _ = JwkSet::from_json(&input, &limits);
        let _ = base64url::decode(&input);
        let encoded = base64url::encode(&input);
        let text = String::from_utf8_lossy(&input);
        for token in [&*text, &format!("{encoded}.{encoded}.{encoded}"), &format!("{encoded}.{text}.{text}")] {
            if let Ok(jws) = UnverifiedJws::parse(token, &limits) {
                prop_assert!(jws.verify(&hmac_keys()).is_err());
            }
        }
        if let Ok(content) = verify_mac(&token(r#"{"alg":"HS256"}"#, &input)) {
            let _ = avouch_jose::jwt::read_claims::<RegisteredClaims>(&content);
        }
    }

    /// Proves THB-06, B64-07. A key is read as it was written.
    #[test]
    fn keys_round_trip(key in key()) {
        let limits = Limits::default();
        let text = key.to_private_json();
        let again = Jwk::from_json(text.as_bytes(), &limits).unwrap();
        prop_assert_eq!(&again, &key);
        prop_assert_eq!(again.to_private_json(), text);
        if let Some(public) = key.public() {
            let text = serde_json::to_string(&key).unwrap();
            prop_assert_eq!(Jwk::from_json(text.as_bytes(), &limits).unwrap(), public);
        }
    }

    /// Proves JWS-27, JWS-02. What is signed comes back, and with any one octet changed nothing does.
    #[test]
    fn tokens_round_trip(payload in vec(any::<u8>(), 0..200), kid in any::<String>(), at in any::<prop::sample::Index>(), bit in 0..7_u8) {
        let key = SigningKey::hmac_secret(SECRET, JwsAlgorithm::HS256, &crypto()).unwrap();
        let parameters = HeaderParameters::new().parameter("name", kid.clone());
        let token = sign_compact(&parameters, &payload, &key).unwrap();
        let content = verify_mac(&token).unwrap();
        prop_assert_eq!(content.payload(), &payload[..]);
        prop_assert_eq!(content.header().parameter("name").and_then(|name| name.as_str()), Some(&*kid));

        let mut altered = token.clone().into_bytes();
        let at = at.index(altered.len());
        altered[at] ^= 1 << bit;
        let altered = String::from_utf8(altered).unwrap();
        prop_assert!(verify_mac(&altered).is_err());
    }

    /// Proves JWT-16, JWT-20. Registered claims are read as they were written.
    #[test]
    fn claims_round_trip(
        iss in proptest::option::of(any::<String>()), jti in proptest::option::of(any::<String>()),
        aud in proptest::option::of(vec(any::<String>(), 0..4)),
        exp in proptest::option::of(0..=253_402_300_799_i64), iat in proptest::option::of(0..=253_402_300_799_i64),
    ) {
        let date = |seconds: i64| NumericDate::from_seconds(seconds).unwrap();
        let claims = RegisteredClaims {
            iss, jti, aud: aud.map(Audience::new), exp: exp.map(date), iat: iat.map(date), ..Default::default()
        };
        let text = serde_json::to_string(&claims).unwrap();
        prop_assert_eq!(serde_json::from_str::<RegisteredClaims>(&text).unwrap(), claims);
    }
}
