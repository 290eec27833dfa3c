//! ID Token validation, rule by rule: what the claims must say.

use avouch_jose::JwsAlgorithm;
use avouch_jose::jwt::Leeway;
use avouch_tokens::{IdTokenClaims, IdTokenError, IdTokenExpectations, IdTokenVerifier};
use avouch_types::{AccessToken, Acr, AuthorizationCode, Nonce};
use serde_json::{Value, json};

use crate::support::*;

/// The happy path: also the conformance modules of the RP basic plan in general.
///
/// Proves CORE-2-19.
#[test]
fn a_good_token_is_accepted_with_everything_it_says() {
    let mut claims = good();
    claims.insert("https://example.com/unknown".to_owned(), json!({"kept": true}));
    let verified = verify(&claims).unwrap();
    assert_eq!(verified.iss, ISSUER);
    assert_eq!(verified.sub.as_str(), "248289761001");
    assert!(verified.aud.contains(CLIENT));
    assert_eq!((verified.exp, verified.iat), (at(NOW + 600), now()));
    assert_eq!(verified.claims.name.as_deref(), Some("Jane Doe"));
    assert_eq!(verified.claims.extra["https://example.com/unknown"], json!({"kept": true}));
}

/// What the issuing half writes is what the verifying half accepts.
///
/// Proves CORE-2-20, CORE-2-12, CORE-2-23.
#[test]
fn an_issued_token_verifies() {
    let op = Party::new(JwsAlgorithm::ES256);
    let mut claims =
        IdTokenClaims::new(&issuer(), "248289761001".parse().unwrap(), &client(), now(), seconds(600));
    claims.nonce = Some(Nonce::new(" n\u{e9}-\t0S6 "));
    claims.auth_time = Some(at(NOW - 5));
    claims.amr = Some(vec![avouch_types::Amr::PWD]);
    claims.claims.name = Some("Jane Doe".to_owned());
    let token = claims.sign(&op.key).unwrap();
    let header = avouch_jose::base64url::decode(token.split('.').next().unwrap()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&header).unwrap(), json!({"alg": "ES256", "kid": "1"}));

    let sent = Nonce::new(" n\u{e9}-\t0S6 ");
    let expectations = IdTokenExpectations::for_nonce(&sent);
    let verified = verifier().verify(&token, &op.keys, &expectations, now(), &crypto()).unwrap();
    assert_eq!(*verified, claims);

    // The same by a key that somebody else holds.
    let unsigned = claims.unsigned(op.key.algorithm(), op.key.kid()).unwrap();
    let signature = op.key.sign(unsigned.as_bytes()).unwrap();
    let token = unsigned.finish(&signature).unwrap();
    assert_eq!(*verifier().verify(&token, &op.keys, &expectations, now(), &crypto()).unwrap(), claims);
}

/// Also the conformance module oidcc-client-test-invalid-iss.
///
/// Proves CORE-3.1.3.7-02, CORE-16.15-01.
#[test]
fn iss_is_exactly_the_issuer() {
    for other in
        ["https://op.example/", "https://OP.example", "https://op.example:443", "https://evil.example", ""]
    {
        assert_refused!(verify(&with("iss", json!(other))), IdTokenError::Issuer { found, .. } if found == other);
    }
}

/// Also the conformance module oidcc-client-test-invalid-aud.
///
/// Proves CORE-3.1.3.7-03a, CORE-2-04, CORE-2-05.
#[test]
fn aud_holds_the_client() {
    for aud in [json!("other"), json!(["other"]), json!([]), json!("S6BHDRKQT3"), json!("s6BhdRkqt3 ")] {
        assert_refused!(verify(&with("aud", aud)), IdTokenError::Audience { expected, .. } if expected == CLIENT);
    }
    assert!(verify(&with("aud", json!([CLIENT]))).is_ok());
    assert!(verify(&with("aud", json!(CLIENT))).is_ok());
}

/// Proves CORE-3.1.3.7-03b.
#[test]
fn aud_holds_nobody_untrusted() {
    let claims = with("aud", json!([CLIENT, "https://api.example"]));
    assert_refused!(verify(&claims),
        IdTokenError::UntrustedAudience { audience } if audience == "https://api.example");

    let trusting = verifier().trust_audience("https://api.example");
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    assert!(verify_with(&trusting, &claims, &expectations).is_ok());
    let more = with("aud", json!([CLIENT, "https://api.example", "https://other.example"]));
    assert_refused!(verify_with(&trusting, &more, &expectations),
        IdTokenError::UntrustedAudience { audience } if audience == "https://other.example");
}

/// Proves CORE-3.1.3.7-05, CORE-2-17.
#[test]
fn azp_is_the_client_where_it_is_present() {
    assert_refused!(verify(&with("azp", json!("other"))),
        IdTokenError::AuthorizedParty { found, .. } if found == "other");
    assert!(verify(&with("azp", json!(CLIENT))).is_ok());
    // Missing with several audiences is no error of itself.
    let trusting = verifier().trust_audience("https://api.example");
    let claims = with("aud", json!([CLIENT, "https://api.example"]));
    assert!(verify_with(&trusting, &claims, &IdTokenExpectations::for_nonce(&nonce())).is_ok());
}

/// Now equal to `exp` has expired; the leeway moves that moment and is configurable, nothing included.
///
/// Proves CORE-3.1.3.7-09, CORE-2-06, CORE-2-07.
#[test]
fn now_is_before_exp() {
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let verify =
        |verifier: IdTokenVerifier, exp: i64| verify_with(&verifier, &with("exp", json!(exp)), &expectations);
    assert!(verify(verifier(), NOW + 1).is_ok());
    for exp in [NOW, NOW - 1, 0] {
        assert_refused!(verify(verifier(), exp),
            IdTokenError::Expired { now: found, exp: expired } if *found == now() && *expired == at(exp));
    }
    // one minute where nothing is said, at most five
    let default = || IdTokenVerifier::new(issuer(), client()).algorithm(JwsAlgorithm::ES256);
    assert!(verify(default(), NOW - 59).is_ok());
    assert_refused!(verify(default(), NOW - 60), IdTokenError::Expired { .. });
    assert!(verify(verifier().leeway(Leeway::FIVE_MINUTES), NOW - 299).is_ok());
    assert_refused!(verify(verifier().leeway(Leeway::FIVE_MINUTES), NOW - 300), IdTokenError::Expired { .. });
    assert!(Leeway::new(seconds(301)).is_err());
}

#[test]
fn nbf_has_come() {
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    assert!(verify(&with("nbf", json!(NOW))).is_ok());
    assert_refused!(verify(&with("nbf", json!(NOW + 1))), IdTokenError::NotYetValid { nbf, .. } if *nbf == at(NOW + 1));
    let lenient = verifier().leeway(Leeway::ONE_MINUTE);
    assert!(verify_with(&lenient, &with("nbf", json!(NOW + 60)), &expectations).is_ok());
    assert_refused!(
        verify_with(&lenient, &with("nbf", json!(NOW + 61)), &expectations),
        IdTokenError::NotYetValid { .. }
    );
}

/// Proves CORE-3.1.3.7-10, JWT-25.
#[test]
fn iat_is_near_now() {
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    assert_refused!(verify(&with("iat", json!(NOW + 1))), IdTokenError::IssuedInFuture { iat, .. } if *iat == at(NOW + 1));
    assert!(verify(&with("iat", json!(NOW - 1_000_000))).is_ok());

    let verify =
        |verifier: IdTokenVerifier, iat: i64| verify_with(&verifier, &with("iat", json!(iat)), &expectations);
    let hour = verifier().max_iat_age(seconds(3600));
    assert!(verify(hour.clone(), NOW - 3600).is_ok());
    assert_refused!(verify(hour.clone(), NOW - 3601),
        IdTokenError::IssuedTooLongAgo { max_age, .. } if *max_age == seconds(3600));
    let lenient = hour.leeway(Leeway::ONE_MINUTE);
    assert!(verify(lenient.clone(), NOW - 3660).is_ok());
    assert!(verify(lenient.clone(), NOW + 60).is_ok());
    assert_refused!(verify(lenient.clone(), NOW - 3661), IdTokenError::IssuedTooLongAgo { .. });
    assert_refused!(verify(lenient, NOW + 61), IdTokenError::IssuedInFuture { .. });
}

/// Also the conformance module oidcc-client-test-nonce-invalid.
///
/// Proves CORE-3.1.3.7-11a, CORE-2-11.
#[test]
fn nonce_is_the_one_that_was_sent() {
    assert_refused!(verify(&without("nonce")), IdTokenError::NonceMissing);
    for other in ["n-0S6_WzA2mj", "n-0S6_WzA2Mj ", "n-0S6_WzA2M", "other"] {
        assert_refused!(verify(&with("nonce", json!(other))), IdTokenError::NonceMismatch);
    }
    let none = IdTokenExpectations::no_nonce_was_sent();
    assert_refused!(verify_with(&verifier(), &good(), &none), IdTokenError::NonceUnexpected);
    assert!(verify_with(&verifier(), &without("nonce"), &none).is_ok());
}

/// Proves CORE-3.1.3.7-12.
#[test]
fn acr_is_one_of_those_demanded() {
    let (nonce, demanded) = (nonce(), [Acr::parse("urn:silver").unwrap(), Acr::parse("urn:gold").unwrap()]);
    let expectations = IdTokenExpectations::for_nonce(&nonce).acr_values(&demanded);
    let verify = |acr: Value| verify_with(&verifier(), &with("acr", acr), &expectations);
    assert!(verify(json!("urn:gold")).is_ok());
    for other in ["urn:bronze", "URN:GOLD", "0", ""] {
        assert_refused!(verify(json!(other)), IdTokenError::Acr { found: Some(found) } if found == other);
    }
    assert_refused!(verify_with(&verifier(), &good(), &expectations), IdTokenError::Acr { found: None });
    // nothing demanded, nothing checked
    assert!(crate::support::verify(&with("acr", json!("0"))).is_ok());
}

/// Proves CORE-3.1.3.7-13.
#[test]
fn auth_time_is_there_and_recent_enough() {
    let nonce = nonce();
    let plain = IdTokenExpectations::for_nonce(&nonce);
    let verify = |expectations: IdTokenExpectations<'_>, auth_time: i64| {
        verify_with(&verifier(), &with("auth_time", json!(auth_time)), &expectations)
    };
    for asked in [plain.auth_time(), plain.max_age(seconds(300))] {
        assert_refused!(verify_with(&verifier(), &good(), &asked), IdTokenError::AuthTimeMissing);
        assert_refused!(verify(asked, NOW + 1), IdTokenError::AuthenticatedInFuture { .. });
        assert!(verify(asked, NOW).is_ok());
    }
    assert!(verify(plain.auth_time(), 0).is_ok());
    assert!(verify(plain.max_age(seconds(300)), NOW - 300).is_ok());
    assert_refused!(verify(plain.max_age(seconds(300)), NOW - 301),
        IdTokenError::AuthenticatedTooLongAgo { max_age, .. } if *max_age == seconds(300));
    // zero is an age, not its absence
    assert!(verify(plain.max_age(seconds(0)), NOW).is_ok());
    assert_refused!(verify(plain.max_age(seconds(0)), NOW - 1), IdTokenError::AuthenticatedTooLongAgo { .. });

    let lenient = verifier().leeway(Leeway::ONE_MINUTE);
    let claims = |auth_time: i64| with("auth_time", json!(auth_time));
    assert!(verify_with(&lenient, &claims(NOW - 360), &plain.max_age(seconds(300))).is_ok());
    assert_refused!(
        verify_with(&lenient, &claims(NOW - 361), &plain.max_age(seconds(300))),
        IdTokenError::AuthenticatedTooLongAgo { .. }
    );
}

/// The hash is that of the algorithm that signed the token, not always SHA-256.
///
/// Proves CORE-3.1.3.8-01, CORE-3.1.3.6-01.
#[test]
fn at_hash_is_that_of_the_access_token() {
    let (nonce, token) = (nonce(), AccessToken::new("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"));
    let expectations = IdTokenExpectations::for_nonce(&nonce).access_token(&token);
    let claims = IdTokenClaims::from_members(good()).unwrap();
    for algorithm in [JwsAlgorithm::ES256, JwsAlgorithm::ES384, JwsAlgorithm::ED25519, JwsAlgorithm::EDDSA] {
        let op = Party::new(algorithm);
        let verify = |id_token: &str| {
            verifier().algorithm(algorithm).verify(id_token, &op.keys, &expectations, now(), &crypto())
        };
        let bound = claims.clone().with_access_token(&token, algorithm, &crypto());
        let half = algorithm.hash().unwrap().output_len() / 2;
        assert_eq!(avouch_jose::base64url::decode(bound.at_hash.as_ref().unwrap()).unwrap().len(), half);
        assert!(verify(&bound.sign(&op.key).unwrap()).is_ok());

        let other_token = claims.clone().with_access_token(&AccessToken::new("other"), algorithm, &crypto());
        assert_refused!(verify(&other_token.sign(&op.key).unwrap()), IdTokenError::AccessTokenHash);
        let other_hash =
            if algorithm == JwsAlgorithm::ES256 { JwsAlgorithm::ES384 } else { JwsAlgorithm::ES256 };
        let other_hash = claims.clone().with_access_token(&token, other_hash, &crypto());
        assert_refused!(verify(&other_hash.sign(&op.key).unwrap()), IdTokenError::AccessTokenHash);
        for wrong in ["", "77QmUPtjPfzWtF2AnpK9R", "77QmUPtjPfzWtF2AnpK9RQ=="] {
            let mut wrongly = claims.clone();
            wrongly.at_hash = Some(wrong.to_owned());
            assert_refused!(verify(&wrongly.sign(&op.key).unwrap()), IdTokenError::AccessTokenHash);
        }
    }
    // optional in the code flow
    assert!(verify_with(&verifier(), &good(), &expectations).is_ok());
}

/// As far as the claim is present; that it must be there is a rule of the hybrid flow.
#[test]
fn c_hash_is_that_of_the_code() {
    let code = AuthorizationCode::new("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk");
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce).code(&code);
    let verify = |hash: &str| verify_with(&verifier(), &with("c_hash", json!(hash)), &expectations);
    assert!(verify("LDktKdoQak3Pk0cnXxCltA").is_ok());
    assert_refused!(verify("77QmUPtjPfzWtF2AnpK9RQ"), IdTokenError::CodeHash);
    assert!(verify_with(&verifier(), &good(), &expectations).is_ok());
}

#[test]
fn sub_is_the_person_that_was_expected() {
    let (nonce, jane, joe) = (nonce(), "248289761001".parse().unwrap(), "24828976100".parse().unwrap());
    let plain = IdTokenExpectations::for_nonce(&nonce);
    assert!(verify_with(&verifier(), &good(), &plain.subject(&jane)).is_ok());
    assert_refused!(verify_with(&verifier(), &good(), &plain.subject(&joe)), IdTokenError::Subject);
}

/// Also the conformance modules oidcc-client-test-missing-sub, oidcc-client-test-missing-aud and
/// oidcc-client-test-missing-iat.
///
/// Proves CORE-2-01, CORE-2-02, CORE-2-04, CORE-2-06, CORE-2-08.
#[test]
fn required_claims_are_present() {
    for claim in ["iss", "sub", "aud", "exp", "iat"] {
        assert_refused!(verify(&without(claim)), IdTokenError::Claims(error) if error.claim() == claim);
    }
}

/// No error tells a value that binds the token to a session.
#[test]
fn errors_do_not_show_nonces_and_tokens() {
    let token = AccessToken::new("secret-access-token");
    let sent = Nonce::new("secret-sent-nonce");
    let expectations = IdTokenExpectations::for_nonce(&sent).access_token(&token);
    let refusals = [
        refused(verify_with(&verifier(), &with("nonce", json!("secret-other-nonce")), &expectations)),
        refused(verify_with(
            &verifier(),
            &{
                let mut claims = with("nonce", json!("secret-sent-nonce"));
                claims.insert("at_hash".to_owned(), json!("secret-hash"));
                claims
            },
            &expectations,
        )),
    ];
    for error in refusals {
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
}
