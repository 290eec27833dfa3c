//! `id_token_hint` at the provider.

use avouch_jose::jws::{HeaderParameters, JwsError, UnverifiedJws};
use avouch_jose::{JwkSet, JwsAlgorithm, Limits, VerifyingKeys};
use avouch_tokens::{IdTokenError, IdTokenHint, IdTokenHintVerifier};
use serde_json::{Map, Value, json};

use crate::support::*;

fn verify(op: &Party, claims: &Map<String, Value>) -> Result<avouch_tokens::IdTokenHint, IdTokenError> {
    let hint = op.sign(HeaderParameters::new(), claims);
    IdTokenHintVerifier::new(issuer()).verify(&hint, &op.keys).map(avouch_jose::Verified::into_inner)
}

/// Also the conformance module oidcc-id-token-hint.
///
/// Proves CORE-3.1.2.2-05b, CORE-3.1.2.1-25.
#[test]
fn an_expired_hint_for_a_client_is_accepted() {
    let op = Party::new(JwsAlgorithm::ES256);
    let hint = verify(&op, &with("exp", json!(1))).unwrap();
    assert_eq!(hint.claims().sub.as_str(), "248289761001");
    assert!(hint.claims().aud.contains(CLIENT) && !hint.claims().aud.contains(ISSUER));
}

/// Proves CORE-3.1.2.2-05a.
#[test]
fn a_hint_is_the_issuers_own() {
    let (op, stranger) = (Party::new(JwsAlgorithm::ES256), Party::new(JwsAlgorithm::ES256));
    assert!(verify(&op, &good()).is_ok());
    assert_refused!(verify(&op, &with("iss", json!("https://other.example"))),
        IdTokenError::Issuer { found, .. } if found == "https://other.example");
    let forged = stranger.sign(HeaderParameters::new(), &good());
    assert_refused!(
        IdTokenHintVerifier::new(issuer()).verify(&forged, &op.keys),
        IdTokenError::Signature(JwsError::SignatureInvalid)
    );

    let unsecured = format!(
        "{}.{}.",
        avouch_jose::base64url::encode(br#"{"alg":"none"}"#),
        &forged[forged.find('.').unwrap() + 1..forged.rfind('.').unwrap()]
    );
    assert_refused!(
        IdTokenHintVerifier::new(issuer()).verify(&unsecured, &op.keys),
        IdTokenError::Signature(JwsError::UnknownAlgorithm(_))
    );
}

/// A key that has been retired still knows its hints.
///
/// Proves CORE-3.1.2.2-05a.
#[test]
fn past_keys_count() {
    let (past, current) = (Party::new(JwsAlgorithm::ES256), Party::new(JwsAlgorithm::ES256));
    let set: JwkSet = [current.public.clone().with_kid("2"), past.public.clone()].into_iter().collect();
    let keys = VerifyingKeys::prepare(&set, &[JwsAlgorithm::ES256], &crypto()).unwrap();
    let hint = past.sign(HeaderParameters::new(), &good());
    assert!(IdTokenHintVerifier::new(issuer()).verify(&hint, &keys).is_ok());
}

/// Verified content does not get round the rules by another way in.
///
/// Proves BCL-4.1-02: neither with the type of a Logout Token nor with its claim.
#[test]
fn a_logout_token_is_no_hint() {
    let op = Party::new(JwsAlgorithm::ES256);
    let verifier = IdTokenHintVerifier::new(issuer());
    let check = |hint: &str| {
        let jws = UnverifiedJws::parse(hint, &Limits::default()).unwrap();
        jws.verify(&op.keys).unwrap().check::<IdTokenHint>(&verifier)
    };
    let typed = op.sign(HeaderParameters::new().typ("logout+jwt"), &good());
    let untyped = op.sign(HeaderParameters::new(), &logout_token());
    assert_refused!(verifier.verify(&typed, &op.keys), IdTokenError::Type { .. });
    assert_refused!(check(&typed), IdTokenError::Type { .. });
    assert_refused!(verifier.verify(&untyped, &op.keys), IdTokenError::Events);
    assert_refused!(check(&untyped), IdTokenError::Events);
    assert!(check(&op.sign(HeaderParameters::new(), &good())).is_ok());
}

#[test]
fn another_kind_of_token_is_no_hint() {
    let op = Party::new(JwsAlgorithm::ES256);
    let verifier = IdTokenHintVerifier::new(issuer());
    let logout = op.sign(HeaderParameters::new().typ("logout+jwt"), &good());
    assert_refused!(verifier.verify(&logout, &op.keys), IdTokenError::Type { .. });
    assert_refused!(verifier.verify("jane@example.com", &op.keys), IdTokenError::Malformed(_));
    assert_refused!(verify(&op, &without("sub")), IdTokenError::Claims(error) if error.claim() == "sub");
    let limited = verifier.limits(Limits::default().with_token_bytes(10));
    assert_refused!(
        limited.verify(&logout, &op.keys),
        IdTokenError::Malformed(JwsError::TokenTooLong { .. })
    );
}
