//! ID Token validation, rule by rule: form, kind, algorithm and signature.

use avouch_jose::jws::{HeaderParameters, JwsError};
use avouch_jose::{JwkSet, JwsAlgorithm, Limits, VerifyingKeys};
use avouch_tokens::{
    AssertionAudience, ClientAssertion, ClientAssertionVerifier, IdTokenError, IdTokenExpectations,
    IdTokenHintVerifier, IdTokenVerifier, client_secret_keys, client_secret_signing_key,
};
use avouch_types::{ClientSecret, Nonce};
use serde_json::{Map, Value, json};

use crate::support::*;

/// Also the conformance modules oidcc-client-test-invalid-sig-es256 and oidcc-client-test-invalid-sig-rs256.
///
/// Proves CORE-3.1.3.7-06b.
#[test]
fn the_signature_is_the_issuers() {
    let (op, stranger) = (Party::new(JwsAlgorithm::ES256), Party::new(JwsAlgorithm::ES256));
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let verify = |token: &str| verifier().verify(token, &op.keys, &expectations, now(), &crypto());

    // same kid, another key
    let forged = stranger.sign(HeaderParameters::new(), &good());
    assert_refused!(verify(&forged), IdTokenError::Signature(JwsError::SignatureInvalid));

    // other claims under a good signature
    let (token, other) = (
        op.sign(HeaderParameters::new(), &good()),
        op.sign(HeaderParameters::new(), &with("sub", json!("eve"))),
    );
    let (payload, _) = other.rsplit_once('.').unwrap();
    let (_, signature) = token.rsplit_once('.').unwrap();
    assert_refused!(
        verify(&format!("{payload}.{signature}")),
        IdTokenError::Signature(JwsError::SignatureInvalid)
    );
    assert_refused!(verify(&format!("{payload}.")), IdTokenError::Signature(_));
    assert!(verify(&token).is_ok());
}

/// A key that the token brings along is never a source of keys, and does not disturb a token of the issuer.
///
/// Proves CORE-2-23, HDR-03.
#[test]
fn keys_in_the_header_are_not_looked_at() {
    let (op, stranger) = (Party::new(JwsAlgorithm::ES256), Party::new(JwsAlgorithm::ES256));
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let verify = |token: &str| verifier().verify(token, &op.keys, &expectations, now(), &crypto());
    let own_key = serde_json::to_value(&stranger.public).unwrap();
    let headers = [
        HeaderParameters::new().parameter("jwk", own_key),
        HeaderParameters::new().parameter("jku", "https://evil.example/jwks"),
        HeaderParameters::new().parameter("x5u", "https://evil.example/cert"),
        HeaderParameters::new().parameter("x5c", json!(["MIIB"])),
    ];
    for header in headers {
        assert_refused!(verify(&stranger.sign(header.clone(), &good())), IdTokenError::Signature(_));
        assert!(verify(&op.sign(header, &good())).is_ok());
    }
}

/// Also the conformance modules oidcc-client-test-kid-absent-single-jwks and
/// oidcc-client-test-kid-absent-multiple-jwks, as far as a key is chosen here.
#[test]
fn a_key_that_is_not_among_those_given_is_told_apart_from_a_bad_signature() {
    let (op, stranger) = (Party::new(JwsAlgorithm::ES256), Party::new(JwsAlgorithm::ES256));
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let forged = stranger.sign(HeaderParameters::new(), &good());
    let error = refused(verifier().verify(&forged, &op.keys, &expectations, now(), &crypto()));
    assert!(!error.is_unknown_key());

    let renamed: JwkSet = [stranger.public.clone().with_kid("2")].into_iter().collect();
    let keys = VerifyingKeys::prepare(&renamed, &[JwsAlgorithm::ES256], &crypto()).unwrap();
    let error = refused(verifier().verify(&forged, &keys, &expectations, now(), &crypto()));
    assert!(error.is_unknown_key(), "{error:?}");
}

/// The header does not choose, even among algorithms that the keys would allow.
///
/// Proves CORE-3.1.3.7-07.
#[test]
fn alg_is_the_registered_one() {
    let (es256, ed25519) = (Party::new(JwsAlgorithm::ES256), Party::new(JwsAlgorithm::ED25519));
    let set: JwkSet = [es256.public.clone(), ed25519.public.clone().with_kid("2")].into_iter().collect();
    let keys =
        VerifyingKeys::prepare(&set, &[JwsAlgorithm::ES256, JwsAlgorithm::ED25519], &crypto()).unwrap();
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let token = es256.sign(HeaderParameters::new(), &good());

    for registered in [JwsAlgorithm::ED25519, JwsAlgorithm::ES384, JwsAlgorithm::EDDSA] {
        let outcome = verifier().algorithm(registered).verify(&token, &keys, &expectations, now(), &crypto());
        assert_refused!(outcome,
            IdTokenError::Algorithm { expected, found } if *expected == registered && found == "ES256");
    }
    assert!(verifier().verify(&token, &keys, &expectations, now(), &crypto()).is_ok());

    // Where nothing was registered, it is RS256.
    let default = IdTokenVerifier::new(issuer(), client());
    assert_refused!(default.verify(&token, &keys, &expectations, now(), &crypto()),
        IdTokenError::Algorithm { expected, .. } if *expected == JwsAlgorithm::RS256);
}

/// Also the conformance module oidcc-client-test-idtoken-sig-none.
///
/// Proves CORE-2-22.
#[test]
fn alg_none_is_refused_in_every_spelling() {
    let op = Party::new(JwsAlgorithm::ES256);
    let token = op.sign(HeaderParameters::new(), &good());
    let (_, rest) = token.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let header = avouch_jose::base64url::encode(json!({"alg": none, "kid": "1"}).to_string().as_bytes());
        for signature in ["", signature] {
            let unsecured = format!("{header}.{payload}.{signature}");
            let outcome = verifier().verify(&unsecured, &op.keys, &expectations, now(), &crypto());
            assert_refused!(outcome, IdTokenError::Algorithm { found, .. } if found == none);
        }
    }
}

/// Also the conformance module oidcc-client-test-invalid-sig-hs256.
///
/// Proves CORE-3.1.3.7-08, CORE-10.1-02, CORE-16.19-01.
#[test]
fn a_mac_is_keyed_with_the_octets_of_the_client_secret() {
    // 64 octets: enough for each hash, and no more than a block of SHA-256, beyond which HMAC itself hashes the key
    let text = "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWeJ";
    let secret = ClientSecret::new(text);
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let payload = Value::Object(good()).to_string();
    for algorithm in [JwsAlgorithm::HS256, JwsAlgorithm::HS384, JwsAlgorithm::HS512] {
        let verifier = verifier().algorithm(algorithm);
        let verify = |token: &str, secret: &ClientSecret| {
            let keys = client_secret_keys(secret, algorithm, &crypto()).unwrap();
            verifier.verify(token, &keys, &expectations, now(), &crypto())
        };
        let sign = |octets: &[u8]| {
            let key = avouch_jose::SigningKey::hmac_secret(octets, algorithm, &crypto()).unwrap();
            avouch_jose::jws::sign_compact(&HeaderParameters::new(), payload.as_bytes(), &key).unwrap()
        };
        assert!(verify(&sign(text.as_bytes()), &secret).is_ok());
        let other = ClientSecret::new(text.to_lowercase());
        assert_refused!(
            verify(&sign(text.as_bytes()), &other),
            IdTokenError::Signature(JwsError::SignatureInvalid)
        );
        if algorithm == JwsAlgorithm::HS256 {
            let decoded = avouch_jose::base64url::decode(text).unwrap();
            let hashed = crypto().sha256(text.as_bytes());
            for not_the_secret in [decoded.as_slice(), &hashed] {
                assert_refused!(
                    verify(&sign(not_the_secret), &secret),
                    IdTokenError::Signature(JwsError::SignatureInvalid)
                );
            }
        }
    }
    for (algorithm, least) in
        [(JwsAlgorithm::HS256, 32), (JwsAlgorithm::HS384, 48), (JwsAlgorithm::HS512, 64)]
    {
        let of = |len: usize| ClientSecret::new("x".repeat(len));
        assert!(client_secret_keys(&of(least - 1), algorithm, &crypto()).is_err());
        assert!(client_secret_signing_key(&of(least - 1), algorithm, &crypto()).is_err());
        assert!(client_secret_keys(&of(least), algorithm, &crypto()).is_ok());
        assert!(client_secret_signing_key(&of(least), algorithm, &crypto()).is_ok());
    }
}

/// Proves CORE-3.1.3.7-08.
#[test]
fn a_mac_with_several_audiences_is_refused() {
    let secret = ClientSecret::new("a client secret of more than 32 octets");
    let key = client_secret_signing_key(&secret, JwsAlgorithm::HS256, &crypto()).unwrap();
    let keys = client_secret_keys(&secret, JwsAlgorithm::HS256, &crypto()).unwrap();
    let verifier = verifier().algorithm(JwsAlgorithm::HS256).trust_audience("https://api.example");
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let verify = |aud: Value| {
        let payload = Value::Object(with("aud", aud)).to_string();
        let token =
            avouch_jose::jws::sign_compact(&HeaderParameters::new(), payload.as_bytes(), &key).unwrap();
        verifier.verify(&token, &keys, &expectations, now(), &crypto())
    };
    assert_refused!(verify(json!([CLIENT, "https://api.example"])), IdTokenError::MacWithSeveralAudiences);
    assert_refused!(verify(json!([CLIENT, CLIENT])), IdTokenError::MacWithSeveralAudiences);
    assert!(verify(json!([CLIENT])).is_ok());
}

/// Also where no nonce was sent, whose absence would otherwise give it away.
///
/// Proves BCL-4.1-02.
#[test]
fn a_logout_token_is_no_id_token() {
    let op = Party::new(JwsAlgorithm::ES256);
    let verify = |header: HeaderParameters, claims: &Map<String, Value>, nonce: Option<&Nonce>| {
        let expectations = match nonce {
            Some(nonce) => IdTokenExpectations::for_nonce(nonce),
            None => IdTokenExpectations::no_nonce_was_sent(),
        };
        verifier().verify(&op.sign(header, claims), &op.keys, &expectations, now(), &crypto())
    };
    let mut logout = logout_token();
    assert_refused!(verify(HeaderParameters::new(), &logout, None), IdTokenError::Events);
    assert_refused!(verify(HeaderParameters::new(), &logout, Some(&nonce())), IdTokenError::Events);
    for events in [json!({}), json!(null), json!([])] {
        logout.insert("events".to_owned(), events);
        assert_refused!(verify(HeaderParameters::new(), &logout, None), IdTokenError::Events);
    }
    logout.remove("events");
    let typed = HeaderParameters::new().typ("logout+jwt");
    assert_refused!(verify(typed, &logout, None), IdTokenError::Type { .. });
    assert_refused!(verify(HeaderParameters::new(), &logout, Some(&nonce())), IdTokenError::NonceMissing);
    assert!(verify(HeaderParameters::new(), &logout, None).is_ok());
}

/// The kinds of tokens that this crate knows, all under one key and without `typ`: each verifier takes its own only.
///
/// Proves JWT-30.
#[test]
fn kinds_of_tokens_exclude_each_other() {
    let party = Party::new(JwsAlgorithm::ES256);
    let sign = |claims: &Map<String, Value>| party.sign(HeaderParameters::new(), claims);
    let assertion = ClientAssertion::new(&client(), ISSUER, "j1", now(), seconds(60)).to_members();
    let id_token = |token: &str| {
        let expectations = IdTokenExpectations::no_nonce_was_sent();
        verifier().verify(token, &party.keys, &expectations, now(), &crypto()).is_ok()
    };
    let hint = |token: &str| IdTokenHintVerifier::new(issuer()).verify(token, &party.keys).is_ok();
    let client_assertion = |token: &str| {
        let audience = AssertionAudience::issuer(&issuer());
        ClientAssertionVerifier::new(client(), audience).verify(token, &party.keys, now()).is_ok()
    };
    for (claims, expected) in [
        (without("nonce"), [true, true, false]),
        (logout_token(), [false, false, false]),
        (assertion, [false, false, true]),
    ] {
        let token = sign(&claims);
        assert_eq!([id_token(&token), hint(&token), client_assertion(&token)], expected, "{claims:?}");
    }
}

/// Another kind of token by the same issuer for the same client is not an ID Token.
///
/// Proves JWT-28, JWT-30.
#[test]
fn typ_does_not_say_that_it_is_another_kind_of_token() {
    let op = Party::new(JwsAlgorithm::ES256);
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let verify = |typ: &str| {
        let token = op.sign(HeaderParameters::new().typ(typ), &good());
        verifier().verify(&token, &op.keys, &expectations, now(), &crypto())
    };
    for typ in [
        "at+jwt",
        "AT+JWT",
        "application/at+jwt",
        "logout+jwt",
        "dpop+jwt",
        "oauth-authz-req+jwt",
        "secevent+jwt",
        "JWT2",
        "",
    ] {
        assert_refused!(verify(typ), IdTokenError::Type { typ: found } if found == typ);
    }
    for typ in ["JWT", "jwt", "application/jwt"] {
        assert!(verify(typ).is_ok(), "{typ}");
    }
}

/// A JSON serialization, an encrypted token, a bare claims set: none is a compact JWS.
///
/// Proves CORE-1.1-01, JWT-01.
#[test]
fn only_the_compact_serialization_of_a_jws_is_an_id_token() {
    let op = Party::new(JwsAlgorithm::ES256);
    let token = op.sign(HeaderParameters::new(), &good());
    let parts: Vec<_> = token.split('.').collect();
    let (header, payload, signature) = (parts[0], parts[1], parts[2]);
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let verify = |token: &str| verifier().verify(token, &op.keys, &expectations, now(), &crypto());
    let malformed = [
        String::new(),
        ".".repeat(2),
        payload.to_owned(),
        format!("{header}.{payload}"),
        format!("{token}.{signature}"),
        format!("{header}.{payload}.{signature}.{payload}.{signature}"),
        format!(" {token}"),
        json!({"payload": payload, "protected": header, "signature": signature}).to_string(),
        Value::Object(good()).to_string(),
    ];
    for malformed in malformed {
        assert_refused!(verify(&malformed), IdTokenError::Malformed(_));
    }
    assert!(verify(&token).is_ok());
}

/// The payload is read as strictly as everything from a peer.
///
/// Proves JWT-04, JSN-03.
#[test]
fn the_payload_is_one_strict_json_object() {
    let op = Party::new(JwsAlgorithm::ES256);
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let good = Value::Object(good()).to_string();
    let payloads = [
        "[]".to_owned(),
        "null".to_owned(),
        String::new(),
        format!("{good}{good}"),
        good.replacen('{', r#"{"sub": "eve", "#, 1),
        format!("\u{feff}{good}"),
        format!("\"{}\"", good.replace('"', "\\\"")),
    ];
    for payload in payloads {
        let token =
            avouch_jose::jws::sign_compact(&HeaderParameters::new(), payload.as_bytes(), &op.key).unwrap();
        let outcome = verifier().verify(&token, &op.keys, &expectations, now(), &crypto());
        assert_refused!(outcome, IdTokenError::NotClaims(_));
    }
}

/// What is said about the person is kept, each claim where it belongs, and a number that is kept as another is named.
///
/// Proves CORE-5.1-01.
#[test]
fn a_number_about_the_person_that_is_not_kept_is_named() {
    let op = Party::new(JwsAlgorithm::ES256);
    let nonce = nonce();
    let about = r#"{"nickname": 18446744073709551616, "updated_at": 0.30000000000000001, "address": {"lat": 1e-400},
        "badge": 18446744073709551615, "big": [18446744073709551617], "locale": "1.50", "#;
    let payload = Value::Object(good()).to_string().replacen('{', about, 1);
    let token =
        avouch_jose::jws::sign_compact(&HeaderParameters::new(), payload.as_bytes(), &op.key).unwrap();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let id_token = verifier().verify(&token, &op.keys, &expectations, now(), &crypto()).unwrap();
    let claims = &id_token.claims;
    assert_eq!(claims.locale.as_deref(), Some("1.50"));
    assert_eq!(claims.nickname, None);
    assert!(claims.malformed["nickname"].is_f64() && claims.extra["badge"] == u64::MAX);
    let inexact: Vec<_> = claims.inexact.iter().collect();
    assert_eq!(inexact, ["big", "nickname", "updated_at"]);
    assert!(claims.address.as_ref().unwrap().inexact.contains("lat"));
}

#[test]
fn a_token_beyond_its_budget_is_refused() {
    let op = Party::new(JwsAlgorithm::ES256);
    let token = op.sign(HeaderParameters::new(), &good());
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let verify =
        |limits: Limits| verifier().limits(limits).verify(&token, &op.keys, &expectations, now(), &crypto());
    let limits = Limits::default();
    assert!(verify(limits.with_token_bytes(token.len())).is_ok());
    assert_refused!(
        verify(limits.with_token_bytes(token.len() - 1)),
        IdTokenError::Malformed(JwsError::TokenTooLong { .. })
    );
    assert_refused!(
        verify(limits.with_json(avouch_json::Limits::default().with_members(3))),
        IdTokenError::NotClaims(_)
    );
}
