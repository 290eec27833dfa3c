//! Client assertions, rule by rule.

use avouch_jose::jws::{HeaderParameters, JwsError};
use avouch_jose::jwt::Leeway;
use avouch_jose::{JwkSet, JwsAlgorithm, Limits, Verified, VerifyingKeys};
use avouch_tokens::{
    AssertionAudience, ClientAssertion, ClientAssertionError, ClientAssertionVerifier, IdTokenExpectations,
    MAX_JTI_BYTES,
};
use avouch_types::{ClientSecret, EndpointUrl};
use serde_json::{Map, Value, json};

use crate::support::{CLIENT, ISSUER, NOW, Party, at, client, crypto, issuer, members, now, seconds};

const TOKEN_ENDPOINT: &str = "https://op.example/token";

fn good() -> Map<String, Value> {
    members(json!({"iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "jti": "j1", "exp": NOW + 60, "iat": NOW}))
}

fn with(claim: &str, value: Value) -> Map<String, Value> {
    let mut claims = good();
    claims.insert(claim.to_owned(), value);
    claims
}

fn verifier() -> ClientAssertionVerifier {
    ClientAssertionVerifier::new(client(), AssertionAudience::issuer(&issuer())).leeway(Leeway::NONE)
}

type Outcome = Result<Verified<ClientAssertion>, ClientAssertionError>;

fn verify_with(verifier: &ClientAssertionVerifier, claims: &Map<String, Value>) -> Outcome {
    let client = Party::new(JwsAlgorithm::ES256);
    verifier.verify(&client.sign(HeaderParameters::new(), claims), &client.keys, now())
}

fn verify(claims: &Map<String, Value>) -> Outcome {
    verify_with(&verifier(), claims)
}

macro_rules! assert_refused {
    ($outcome:expr, $error:pat $(if $guard:expr)?) => {
        match $outcome {
            Ok(_) => panic!("the assertion was accepted"),
            Err(error) => assert!(matches!(&error, $error $(if $guard)?), "{error:?}"),
        }
    };
}

/// Also the conformance module oidcc-ensure-client-assertion-with-iss-aud-succeeds.
///
/// Proves CORE-9-04, CORE-9-05, AST-02, AST-08.
#[test]
fn an_issued_assertion_verifies_and_hands_out_jti_and_exp() {
    let party = Party::new(JwsAlgorithm::ES256);
    let assertion = ClientAssertion::new(&client(), ISSUER, "j1", now(), seconds(60));
    assert_eq!(
        Value::Object(assertion.to_members()),
        json!({"iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "jti": "j1", "exp": NOW + 60, "iat": NOW})
    );
    let verified = verifier().verify(&assertion.sign(&party.key).unwrap(), &party.keys, now()).unwrap();
    assert_eq!(*verified, assertion);
    assert_eq!((verified.jti.as_str(), verified.exp), ("j1", at(NOW + 60)));

    let unsigned = assertion.unsigned(party.key.algorithm(), party.key.kid()).unwrap();
    let signature = party.key.sign(unsigned.as_bytes()).unwrap();
    assert!(verifier().verify(&unsigned.finish(&signature).unwrap(), &party.keys, now()).is_ok());

    let unknown = verify(&with("https://example.com/unknown", json!(1))).unwrap();
    assert_eq!(unknown.extra["https://example.com/unknown"], json!(1));
}

/// Proves CORE-9-05.
#[test]
fn required_claims_are_present_and_typed() {
    for claim in ["iss", "sub", "aud", "jti", "exp"] {
        let mut claims = good();
        claims.remove(claim);
        assert_refused!(verify(&claims), ClientAssertionError::Claims(error) if error.claim() == claim);
        assert_refused!(verify(&with(claim, json!(null))), ClientAssertionError::Claims(error) if error.claim() == claim);
    }
    for claim in ["exp", "iat", "nbf"] {
        let text = json!((NOW + 60).to_string());
        assert_refused!(verify(&with(claim, text)), ClientAssertionError::Claims(error) if error.claim() == claim);
    }
    let mut claims = good();
    claims.remove("iat");
    assert!(verify(&claims).is_ok());
}

/// Proves AST-02, CORE-9-05.
#[test]
fn iss_and_sub_are_the_client() {
    for other in ["other", "s6bhdrkqt3", "s6BhdRkqt3 "] {
        assert_refused!(verify(&with("iss", json!(other))), ClientAssertionError::Issuer);
        assert_refused!(verify(&with("sub", json!(other))), ClientAssertionError::Subject);
    }
}

/// By errata set 3: the issuer, as a string.
///
/// Proves CORE-9-06, AST-03, F2A-07.
#[test]
fn aud_is_the_issuer_as_a_sole_string() {
    assert_refused!(verify(&with("aud", json!([ISSUER]))), ClientAssertionError::AudienceArray);
    assert_refused!(
        verify(&with("aud", json!([ISSUER, "https://other.example"]))),
        ClientAssertionError::AudienceArray
    );
    for other in [TOKEN_ENDPOINT, "https://op.example/", "https://OP.example", "https://other.example", ""] {
        assert_refused!(verify(&with("aud", json!(other))),
            ClientAssertionError::Audience { found } if found == &[other]);
    }
}

/// By errata set 2, where the server says so: an endpoint, an array; never a foreign audience.
///
/// Proves CORE-9-06, AST-04.
#[test]
fn wider_audiences_are_explicit() {
    let endpoint = EndpointUrl::parse(TOKEN_ENDPOINT).unwrap();
    let audience = AssertionAudience::issuer(&issuer()).or_endpoint(&endpoint);
    let verify = |audience: &AssertionAudience, aud: Value| {
        let verifier = ClientAssertionVerifier::new(client(), audience.clone()).leeway(Leeway::NONE);
        verify_with(&verifier, &with("aud", aud))
    };
    assert!(verify(&audience, json!(TOKEN_ENDPOINT)).is_ok());
    assert!(verify(&audience, json!(ISSUER)).is_ok());
    assert_refused!(
        verify(&audience, json!("https://op.example/par")),
        ClientAssertionError::Audience { .. }
    );
    assert_refused!(verify(&audience, json!([TOKEN_ENDPOINT])), ClientAssertionError::AudienceArray);

    let arrays = audience.or_array();
    assert!(verify(&arrays, json!([TOKEN_ENDPOINT])).is_ok());
    assert!(verify(&arrays, json!([ISSUER, TOKEN_ENDPOINT])).is_ok());
    assert!(verify(&arrays, json!(ISSUER)).is_ok());
    assert_refused!(
        verify(&arrays, json!([ISSUER, "https://other.example"])),
        ClientAssertionError::Audience { .. }
    );
    assert_refused!(verify(&arrays, json!([])), ClientAssertionError::Audience { .. });
}

/// Proves CORE-9-08, AST-06.
#[test]
fn an_expired_assertion_is_refused() {
    assert!(verify(&with("exp", json!(NOW + 1))).is_ok());
    assert_refused!(verify(&with("exp", json!(NOW))), ClientAssertionError::Expired { exp, .. } if *exp == now());
    let lenient = verifier().leeway(Leeway::ONE_MINUTE);
    assert!(verify_with(&lenient, &with("exp", json!(NOW - 59))).is_ok());
    assert_refused!(
        verify_with(&lenient, &with("exp", json!(NOW - 60))),
        ClientAssertionError::Expired { .. }
    );
}

/// A far `exp` would make the replay store grow without end (CVE-2025-2559).
///
/// Proves AST-06, AST-07.
#[test]
fn exp_is_not_further_away_than_a_jti_is_remembered() {
    assert!(verify(&with("exp", json!(NOW + 600))).is_ok());
    assert_refused!(verify(&with("exp", json!(NOW + 601))),
        ClientAssertionError::ExpiresTooLate { limit, .. } if *limit == seconds(600));
    assert_refused!(
        verify(&with("exp", json!(253_402_300_799_i64))),
        ClientAssertionError::ExpiresTooLate { .. }
    );
    let strict = verifier().max_lifetime(seconds(60));
    assert!(verify_with(&strict, &with("exp", json!(NOW + 60))).is_ok());
    assert_refused!(
        verify_with(&strict, &with("exp", json!(NOW + 61))),
        ClientAssertionError::ExpiresTooLate { .. }
    );
    let lenient = strict.leeway(Leeway::ONE_MINUTE);
    assert!(verify_with(&lenient, &with("exp", json!(NOW + 120))).is_ok());
    assert_refused!(
        verify_with(&lenient, &with("exp", json!(NOW + 121))),
        ClientAssertionError::ExpiresTooLate { .. }
    );
}

/// A `jti` is forgotten only when its assertion would be refused anyway.
///
/// Proves AST-07.
#[test]
fn a_jti_is_to_be_remembered_through_the_leeway() {
    let party = Party::new(JwsAlgorithm::ES256);
    let lenient = verifier().leeway(Leeway::ONE_MINUTE);
    let assertion = party.sign(HeaderParameters::new(), &good());
    let verified = lenient.verify(&assertion, &party.keys, now()).unwrap();
    let until = lenient.acceptable_until(&verified);
    assert!(lenient.verify(&assertion, &party.keys, at(until.seconds() - 1)).is_ok());
    assert_refused!(lenient.verify(&assertion, &party.keys, until), ClientAssertionError::Expired { .. });
}

/// Proves AST-07.
#[test]
fn nbf_and_iat_are_not_in_the_future() {
    assert!(verify(&with("nbf", json!(NOW))).is_ok());
    assert_refused!(verify(&with("nbf", json!(NOW + 1))), ClientAssertionError::NotYetValid { .. });
    assert_refused!(verify(&with("iat", json!(NOW + 1))), ClientAssertionError::IssuedInFuture { .. });
    let lenient = verifier().leeway(Leeway::ONE_MINUTE);
    assert!(verify_with(&lenient, &with("nbf", json!(NOW + 60))).is_ok());
    assert!(verify_with(&lenient, &with("iat", json!(NOW + 60))).is_ok());
    assert_refused!(
        verify_with(&lenient, &with("nbf", json!(NOW + 61))),
        ClientAssertionError::NotYetValid { .. }
    );
    assert_refused!(
        verify_with(&lenient, &with("iat", json!(NOW + 61))),
        ClientAssertionError::IssuedInFuture { .. }
    );
}

#[test]
fn jti_can_be_remembered() {
    assert!(verify(&with("jti", json!("x".repeat(MAX_JTI_BYTES)))).is_ok());
    for len in [0, MAX_JTI_BYTES + 1] {
        assert_refused!(verify(&with("jti", json!("x".repeat(len)))),
            ClientAssertionError::JtiLength { len: found } if *found == len);
    }
}

/// Proves AST-08, CORE-9-04.
#[test]
fn the_signature_is_by_a_key_of_the_client() {
    let (party, stranger) = (Party::new(JwsAlgorithm::ES256), Party::new(JwsAlgorithm::ES256));
    let forged = stranger.sign(HeaderParameters::new(), &good());
    assert_refused!(
        verifier().verify(&forged, &party.keys, now()),
        ClientAssertionError::Signature(JwsError::SignatureInvalid)
    );
    let brought_along =
        HeaderParameters::new().parameter("jwk", serde_json::to_value(&stranger.public).unwrap());
    let forged = stranger.sign(brought_along, &good());
    assert_refused!(
        verifier().verify(&forged, &party.keys, now()),
        ClientAssertionError::Signature(JwsError::SignatureInvalid)
    );

    let (_, rest) = forged.split_once('.').unwrap();
    let unsecured = format!(
        "{}.{}.",
        avouch_jose::base64url::encode(br#"{"alg":"none"}"#),
        rest.split_once('.').unwrap().0
    );
    assert_refused!(
        verifier().verify(&unsecured, &party.keys, now()),
        ClientAssertionError::Signature(JwsError::UnknownAlgorithm(_))
    );

    let renamed: JwkSet = [party.public.clone().with_kid("2")].into_iter().collect();
    let keys = VerifyingKeys::prepare(&renamed, &[JwsAlgorithm::ES256], &crypto()).unwrap();
    let error = verifier().verify(&party.sign(HeaderParameters::new(), &good()), &keys, now()).unwrap_err();
    assert!(error.is_unknown_key(), "{error:?}");
}

/// A client with a key does not authenticate with a secret, even one that the keys at hand would verify.
///
/// Proves CORE-9-04.
#[test]
fn a_mac_is_no_signature() {
    let secret = ClientSecret::new("a client secret of more than 32 octets");
    let key = avouch_tokens::client_secret_signing_key(&secret, JwsAlgorithm::HS256, &crypto()).unwrap();
    let keys = avouch_tokens::client_secret_keys(&secret, JwsAlgorithm::HS256, &crypto()).unwrap();
    let assertion = ClientAssertion::new(&client(), ISSUER, "j1", now(), seconds(60)).sign(&key).unwrap();
    assert_refused!(verifier().verify(&assertion, &keys, now()),
        ClientAssertionError::SymmetricAlgorithm { found } if *found == JwsAlgorithm::HS256);
}

#[test]
fn alg_is_the_registered_one() {
    let party = Party::new(JwsAlgorithm::ES256);
    let assertion = party.sign(HeaderParameters::new(), &good());
    assert!(verifier().algorithm(JwsAlgorithm::ES256).verify(&assertion, &party.keys, now()).is_ok());
    assert_refused!(verifier().algorithm(JwsAlgorithm::PS256).verify(&assertion, &party.keys, now()),
        ClientAssertionError::Algorithm { expected, found } if *expected == JwsAlgorithm::PS256 && found == "ES256");
}

/// Proves JWT-30.
#[test]
fn another_kind_of_token_is_no_assertion() {
    let party = Party::new(JwsAlgorithm::ES256);
    let verify = |typ: &str| {
        verifier().verify(&party.sign(HeaderParameters::new().typ(typ), &good()), &party.keys, now())
    };
    for typ in ["JWT", "client-authentication+jwt", "application/Client-Authentication+JWT"] {
        assert!(verify(typ).is_ok(), "{typ}");
    }
    for typ in ["oauth-authz-req+jwt", "at+jwt", "dpop+jwt", "logout+jwt"] {
        assert_refused!(verify(typ), ClientAssertionError::Type { typ: found } if found == typ);
    }
    assert!(verify("JWT").is_ok());
}

/// An ID Token about a client and a client's assertion do not pass for one another.
///
/// Proves JWT-30.
#[test]
fn an_id_token_is_no_assertion_and_the_reverse() {
    let party = Party::new(JwsAlgorithm::ES256);
    let id_token =
        avouch_tokens::IdTokenClaims::new(&issuer(), CLIENT.parse().unwrap(), &client(), now(), seconds(60))
            .sign(&party.key)
            .unwrap();
    assert_refused!(verifier().verify(&id_token, &party.keys, now()), ClientAssertionError::Claims(_));

    let assertion = party.sign(HeaderParameters::new(), &good());
    let outcome = crate::support::verifier().verify(
        &assertion,
        &party.keys,
        &IdTokenExpectations::no_nonce_was_sent(),
        now(),
        &crypto(),
    );
    assert!(matches!(outcome, Err(avouch_tokens::IdTokenError::Issuer { .. })), "{outcome:?}");
}

#[test]
fn only_a_compact_jws_within_its_budget_is_read() {
    let party = Party::new(JwsAlgorithm::ES256);
    let assertion = party.sign(HeaderParameters::new(), &good());
    let limits = Limits::default().with_token_bytes(assertion.len() - 1);
    assert_refused!(
        verifier().limits(limits).verify(&assertion, &party.keys, now()),
        ClientAssertionError::Malformed(JwsError::TokenTooLong { .. })
    );
    for malformed in ["", "a.b", "{}", &format!("{assertion}.x")] {
        assert_refused!(verifier().verify(malformed, &party.keys, now()), ClientAssertionError::Malformed(_));
    }
    let twice = br#"{"iss":"s6BhdRkqt3","sub":"s6BhdRkqt3","sub":"s6BhdRkqt3","aud":"https://op.example","jti":"1","exp":1}"#;
    let assertion = avouch_jose::jws::sign_compact(&HeaderParameters::new(), twice, &party.key).unwrap();
    assert_refused!(verifier().verify(&assertion, &party.keys, now()), ClientAssertionError::NotClaims(_));
}

/// The client that an assertion names is told before its keys are known, if it names one.
#[test]
fn the_unverified_client_id() {
    let party = Party::new(JwsAlgorithm::ES256);
    let limits = Limits::default();
    let named = |claims: &Map<String, Value>| {
        ClientAssertion::unverified_client_id(&party.sign(HeaderParameters::new(), claims), &limits)
    };
    assert_eq!(named(&good()).unwrap(), client());
    assert_refused!(named(&with("sub", json!("other"))), ClientAssertionError::Subject);
    assert_refused!(named(&with("iss", json!(1))), ClientAssertionError::Claims(_));
    assert_refused!(
        ClientAssertion::unverified_client_id("a.b", &limits),
        ClientAssertionError::Malformed(_)
    );
    assert_refused!(
        ClientAssertion::unverified_client_id("e30.e30.", &limits),
        ClientAssertionError::Malformed(_)
    );
}
