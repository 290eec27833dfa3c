//! The report of how each rule was decided.

use avouch_jose::JwsAlgorithm;
use avouch_jose::jws::HeaderParameters;
use avouch_tokens::{IdTokenExpectations, IdTokenRule, OriginalIdToken, Verdict};
use avouch_types::{AccessToken, Acr, AuthorizationCode};
use serde_json::{Map, Value, json};

use crate::support::*;

fn observe(
    claims: &Map<String, Value>,
    expectations: &IdTokenExpectations<'_>,
) -> (bool, Vec<(IdTokenRule, Verdict)>) {
    let op = Party::new(JwsAlgorithm::ES256);
    let token = op.sign(HeaderParameters::new(), claims);
    let mut report = Vec::new();
    let outcome = verifier()
        .verify_observed(&token, &op.keys, expectations, now(), &crypto(), &mut |rule, verdict| {
            report.push((rule, verdict));
        })
        .inspect_err(|error| assert!(error.rule().section().len() > 3));
    (outcome.is_ok(), report)
}

fn rules(report: &[(IdTokenRule, Verdict)]) -> Vec<IdTokenRule> {
    report.iter().map(|(rule, _)| *rule).collect()
}

#[test]
fn every_rule_is_reported_once_in_order() {
    let (nonce, acr) = (nonce(), [Acr::parse("urn:gold").unwrap()]);
    let (access_token, code) = (AccessToken::new("token"), AuthorizationCode::new("code"));
    let sub = "248289761001".parse().unwrap();
    let expectations = IdTokenExpectations::for_nonce(&nonce)
        .access_token(&access_token)
        .code(&code)
        .max_age(seconds(60))
        .acr_values(&acr)
        .subject(&sub);
    let mut claims = avouch_tokens::IdTokenClaims::from_members(good())
        .unwrap()
        .with_access_token(&access_token, JwsAlgorithm::ES256, &crypto())
        .with_code(&code, JwsAlgorithm::ES256, &crypto())
        .to_members();
    for (claim, value) in
        [("azp", json!(CLIENT)), ("nbf", json!(NOW)), ("auth_time", json!(NOW)), ("acr", json!("urn:gold"))]
    {
        claims.insert(claim.to_owned(), value);
    }
    let (accepted, report) = observe(&claims, &expectations);
    assert!(accepted);
    assert_eq!(rules(&report), IdTokenRule::ALL);
    let passed: Vec<_> = report.iter().filter(|(_, verdict)| *verdict != Verdict::Passed).collect();
    assert!(
        matches!(
            &passed[..],
            [
                (IdTokenRule::Decryption, Verdict::NotApplicable(_)),
                (IdTokenRule::MacAudience, Verdict::NotApplicable(_)),
                (IdTokenRule::Refresh, Verdict::NotApplicable(_))
            ]
        ),
        "{passed:?}"
    );
}

#[test]
fn rules_without_anything_to_decide_say_why() {
    let (accepted, report) = observe(&without("nonce"), &IdTokenExpectations::no_nonce_was_sent());
    assert!(accepted);
    assert_eq!(rules(&report), IdTokenRule::ALL);
    let idle: Vec<_> = report
        .iter()
        .filter_map(|(rule, verdict)| matches!(verdict, Verdict::NotApplicable(_)).then_some(*rule))
        .collect();
    assert_eq!(
        idle,
        [
            IdTokenRule::Decryption,
            IdTokenRule::AuthorizedParty,
            IdTokenRule::MacAudience,
            IdTokenRule::NotBefore,
            IdTokenRule::Nonce,
            IdTokenRule::Acr,
            IdTokenRule::AuthTime,
            IdTokenRule::AccessTokenHash,
            IdTokenRule::CodeHash,
            IdTokenRule::Subject,
            IdTokenRule::Refresh,
        ]
    );
}

/// Whichever rule is broken: those before are decided, it fails with the error's text, those after are not reached.
#[test]
fn the_first_failure_ends_the_report() {
    let (nonce, acr, other) = (nonce(), [Acr::parse("urn:gold").unwrap()], "other".parse().unwrap());
    let plain = IdTokenExpectations::for_nonce(&nonce);
    let (token, code) = (AccessToken::new("token"), AuthorizationCode::new("code"));
    let first = avouch_tokens::IdTokenClaims::from_members(good()).unwrap();
    let original = OriginalIdToken { sub: "other".parse().unwrap(), ..OriginalIdToken::of(&first) };
    let cases = [
        (IdTokenRule::Claims, without("sub"), plain),
        (IdTokenRule::NoEvents, with("events", json!({})), plain),
        (IdTokenRule::Issuer, with("iss", json!("https://evil.example")), plain),
        (IdTokenRule::Audience, with("aud", json!("other")), plain),
        (IdTokenRule::AuthorizedParty, with("azp", json!("other")), plain),
        (IdTokenRule::Expiration, with("exp", json!(0)), plain),
        (IdTokenRule::NotBefore, with("nbf", json!(NOW + 1)), plain),
        (IdTokenRule::IssuedAt, with("iat", json!(NOW + 1)), plain),
        (IdTokenRule::Nonce, without("nonce"), plain),
        (IdTokenRule::Acr, good(), plain.acr_values(&acr)),
        (IdTokenRule::AuthTime, good(), plain.auth_time()),
        (IdTokenRule::AccessTokenHash, with("at_hash", json!("x")), plain.access_token(&token)),
        (IdTokenRule::CodeHash, with("c_hash", json!("x")), plain.code(&code)),
        (IdTokenRule::Subject, good(), plain.subject(&other)),
        (IdTokenRule::Refresh, good(), IdTokenExpectations::for_refresh(&original)),
    ];
    for (rule, claims, expectations) in cases {
        let (accepted, report) = observe(&claims, &expectations);
        assert!(!accepted, "{rule:?}");
        assert_eq!(rules(&report), IdTokenRule::ALL, "{rule:?}");
        let place = IdTokenRule::ALL.iter().position(|each| *each == rule).unwrap();
        for (index, (_, verdict)) in report.iter().enumerate() {
            match index.cmp(&place) {
                std::cmp::Ordering::Less => {
                    assert!(
                        matches!(verdict, Verdict::Passed | Verdict::NotApplicable(_)),
                        "{rule:?}: {report:?}"
                    );
                }
                std::cmp::Ordering::Equal => {
                    assert!(
                        matches!(verdict, Verdict::Failed(text) if !text.is_empty()),
                        "{rule:?}: {report:?}"
                    );
                }
                std::cmp::Ordering::Greater => assert_eq!(*verdict, Verdict::NotReached, "{rule:?}"),
            }
        }
    }
}

/// The error names the same rule as the report.
#[test]
fn an_error_names_its_rule() {
    let op = Party::new(JwsAlgorithm::ES256);
    let stranger = Party::new(JwsAlgorithm::ES256);
    let nonce = nonce();
    let expectations = IdTokenExpectations::for_nonce(&nonce);
    let tokens = [
        (IdTokenRule::Form, "a.b".to_owned()),
        (IdTokenRule::Type, op.sign(HeaderParameters::new().typ("at+jwt"), &good())),
        (IdTokenRule::Algorithm, Party::new(JwsAlgorithm::ED25519).sign(HeaderParameters::new(), &good())),
        (IdTokenRule::Signature, stranger.sign(HeaderParameters::new(), &good())),
        (IdTokenRule::Claims, op.sign(HeaderParameters::new(), &without("exp"))),
        (IdTokenRule::Nonce, op.sign(HeaderParameters::new(), &without("nonce"))),
    ];
    for (rule, token) in tokens {
        let mut failed = None;
        let mut observer = |rule, verdict| {
            if let Verdict::Failed(text) = verdict {
                failed = Some((rule, text));
            }
        };
        let error = verifier()
            .verify_observed(&token, &op.keys, &expectations, now(), &crypto(), &mut observer)
            .unwrap_err();
        assert_eq!(error.rule(), rule);
        assert_eq!(failed, Some((rule, error.to_string())));
    }
}

#[test]
fn every_rule_has_a_text_and_a_section_and_every_step_of_3_1_3_7_has_a_rule() {
    let sections: Vec<_> = IdTokenRule::ALL.iter().map(|rule| rule.section()).collect();
    for step in 1..=13 {
        let found = sections.iter().any(|section| match section.split_once("3.1.3.7, step") {
            Some((_, steps)) => {
                steps.split(|c: char| !c.is_ascii_digit()).any(|number| number == step.to_string())
            }
            None => false,
        });
        assert!(found, "step {step}");
    }
    for rule in IdTokenRule::ALL {
        assert!(rule.text().ends_with('.') && rule.to_string().contains(rule.section()));
    }
}
