//! The examples that the specifications print.

use avouch_jose::{Jwk, JwkSet, JwsAlgorithm, Limits, Verified, VerifyingKeys, left_half_hash};
use avouch_tokens::{IdTokenClaims, IdTokenError, IdTokenExpectations, IdTokenVerifier};
use avouch_types::{AccessToken, AuthorizationCode, Issuer};
use serde_json::Value;

use crate::support::*;

fn examples() -> Value {
    serde_json::from_str(include_str!("../data/core-examples.json")).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn verify(
    token: &str,
    access_token: &AccessToken,
    code: &AuthorizationCode,
) -> Result<Verified<IdTokenClaims>, IdTokenError> {
    let key = Jwk::from_json(examples()["key"].to_string().as_bytes(), &Limits::default()).unwrap();
    let set: JwkSet = [key].into_iter().collect();
    let keys = VerifyingKeys::prepare(&set, &[JwsAlgorithm::RS256], &crypto()).unwrap();
    let verifier = IdTokenVerifier::new(Issuer::parse("https://server.example.com").unwrap(), client());
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce).access_token(access_token).code(code);
    verifier.verify(token, &keys, &expectations, now(), &crypto())
}

/// Core A.2, A.3, A.4, A.6: real signatures, hashes and claims, as printed.
///
/// Proves CORE-3.1.3.7-06b, CORE-3.1.3.6-01, CORE-3.2.2.9-01.
#[test]
fn the_id_tokens_of_core_appendix_a() {
    let examples = examples();
    let (access_token, code) =
        (AccessToken::new(text(&examples["access_token"])), AuthorizationCode::new(text(&examples["code"])));
    let claims = |example: &str| {
        verify(text(&examples["id_tokens"][example]), &access_token, &code).unwrap().into_inner()
    };
    let (at_hash, c_hash) = (Some("77QmUPtjPfzWtF2AnpK9RQ"), Some("LDktKdoQak3Pk0cnXxCltA"));
    for (example, expected_at, expected_c) in
        [("A.2", None, None), ("A.3", at_hash, None), ("A.4", None, c_hash), ("A.6", at_hash, c_hash)]
    {
        let claims = claims(example);
        assert_eq!(
            (claims.at_hash.as_deref(), claims.c_hash.as_deref()),
            (expected_at, expected_c),
            "{example}"
        );
        assert_eq!(claims.sub.as_str(), "248289761001");
        assert_eq!((claims.iat, claims.exp), (now(), at(NOW + 1000)));
    }
    let person = claims("A.2").claims;
    assert_eq!(person.name.as_deref(), Some("Jane Doe"));
    assert_eq!(person.birthdate.as_deref(), Some("0000-10-31"));
    assert_eq!(person.email.as_deref(), Some("janedoe@example.com"));
    assert_eq!(person.problems(), []);
    assert!(person.extra.is_empty());

    let other = AccessToken::new("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Z");
    assert_refused!(
        verify(text(&examples["id_tokens"]["A.3"]), &other, &code),
        IdTokenError::AccessTokenHash
    );
    let other = AuthorizationCode::new("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvl");
    assert_refused!(
        verify(text(&examples["id_tokens"]["A.6"]), &access_token, &other),
        IdTokenError::CodeHash
    );
}

/// The signature of the example in 3.1.3.3 verifies; its issuer is an http URL, which no issuer is.
///
/// Proves CORE-3.1.3.7-02.
#[test]
fn the_id_token_of_core_3_1_3_3() {
    let (access_token, code) = (AccessToken::new("SlAV32hkKG"), AuthorizationCode::new("code"));
    let outcome = verify(text(&examples()["id_tokens"]["3.1.3.3"]), &access_token, &code);
    assert_refused!(outcome, IdTokenError::Issuer { found, .. } if found == "http://server.example.com");
}

/// The table of the Token Hash Algorithm Implementer's Guide.
#[test]
fn token_hashes_by_algorithm() {
    let table: Value = serde_json::from_str(include_str!("../data/token-hashes.json")).unwrap();
    let hashes = table["hashes"].as_object().unwrap();
    for (algorithm, expected) in hashes {
        let algorithm = JwsAlgorithm::from_name(algorithm).unwrap();
        assert_eq!(left_half_hash(algorithm, text(&table["value"]), &crypto()).as_deref(), expected.as_str());
    }
    let of_core = left_half_hash(JwsAlgorithm::RS256, text(&examples()["code"]), &crypto());
    assert_eq!(of_core.as_deref(), Some("LDktKdoQak3Pk0cnXxCltA"));
}
