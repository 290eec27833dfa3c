//! Which claims go where.
#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may their helpers")]

use avouch_claims::{
    ClaimRequest, ClaimSet, ClaimsRequest, PROTOCOL_CLAIMS, ReleasePlan, ReleasePolicy, ScopeClaims,
    ScopeClaimsIn, StandardClaims, UserInfoReach,
};
use avouch_types::Scopes;
use serde_json::{Value, json};

const PROFILE: [&str; 14] = [
    "birthdate",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "picture",
    "preferred_username",
    "profile",
    "updated_at",
    "website",
    "zoneinfo",
];

fn names(set: &ClaimSet<'_>) -> Vec<String> {
    set.iter().map(|claim| claim.name.to_owned()).collect()
}

fn person(value: Value) -> StandardClaims {
    serde_json::from_value(value).unwrap()
}

fn scopes(text: &str) -> Scopes {
    Scopes::parse(text).unwrap()
}

/// Also the conformance modules scope-profile, scope-email, scope-address, scope-phone, scope-all.
///
/// Proves CORE-5.4-01.
#[test]
fn each_standard_scope_asks_for_its_claims_voluntarily() {
    let policy = ReleasePolicy::default();
    let cases: [(&str, &[&str]); 6] = [
        ("openid", &[]),
        ("openid profile", &PROFILE),
        ("openid email", &["email", "email_verified"]),
        ("openid address", &["address"]),
        ("openid phone", &["phone_number", "phone_number_verified"]),
        ("openid offline_access Email PHONE unknown", &[]),
    ];
    for (text, claims) in cases {
        let plan = ReleasePlan::new(&policy, &scopes(text), None, UserInfoReach::Within);
        assert_eq!(names(plan.userinfo()), claims, "{text}");
        assert!(plan.userinfo().iter().all(|claim| !claim.is_essential()));
    }
}

/// Proves CORE-5.4-02.
#[test]
fn scope_claims_come_from_userinfo_or_without_an_access_token_from_the_id_token() {
    let policy = ReleasePolicy::default();
    let with_token = ReleasePlan::new(&policy, &scopes("openid email"), None, UserInfoReach::Within);
    assert_eq!(names(with_token.userinfo()), ["email", "email_verified"]);
    assert!(with_token.id_token().is_empty());

    let without = ReleasePlan::new(&policy, &scopes("openid email"), None, UserInfoReach::Beyond);
    assert!(without.userinfo().is_empty());
    assert_eq!(names(without.id_token()), ["email", "email_verified"]);
}

#[test]
fn a_policy_may_put_scope_claims_into_the_id_token_too() {
    let policy =
        ReleasePolicy { scope_claims_in: ScopeClaimsIn::UserInfoAndIdToken, ..ReleasePolicy::default() };
    let plan = ReleasePlan::new(&policy, &scopes("openid email"), None, UserInfoReach::Within);
    assert_eq!(names(plan.userinfo()), ["email", "email_verified"]);
    assert_eq!(names(plan.id_token()), ["email", "email_verified"]);
}

/// The claims parameter adds to what scopes ask for, place by place, and replaces nothing.
///
/// Proves CORE-5.5-04.
#[test]
fn the_claims_parameter_adds_to_the_scopes() {
    let policy = ReleasePolicy::default();
    let request = ClaimsRequest::new()
        .with_userinfo("email", ClaimRequest::essential())
        .with_userinfo("nickname", ClaimRequest::voluntary())
        .with_id_token("auth_time", ClaimRequest::essential());
    let granted = scopes("openid email");
    let plan = ReleasePlan::new(&policy, &granted, Some(&request), UserInfoReach::Within);
    assert_eq!(names(plan.userinfo()), ["email", "email_verified", "nickname"]);
    assert!(plan.userinfo().get("email").unwrap().is_essential());
    assert!(!plan.userinfo().get("email_verified").unwrap().is_essential());
    assert_eq!(names(plan.id_token()), ["auth_time"]);
    assert!(plan.id_token().contains("auth_time") && !plan.id_token().contains("email"));
}

/// The equivalence that Core 5.5.1 states for the scope value `email`.
///
/// Proves CORE-5.4-01.
#[test]
fn a_scope_is_shorthand_for_individual_requests() {
    let policy = ReleasePolicy::default();
    let request = ClaimsRequest::new()
        .with_userinfo("email", ClaimRequest::voluntary())
        .with_userinfo("email_verified", ClaimRequest::voluntary());
    let known = person(json!({"email": "jane@example.com", "email_verified": true, "name": "Jane"}));
    let (short, long) = (scopes("openid email"), scopes("openid"));
    let by_scope = ReleasePlan::new(&policy, &short, None, UserInfoReach::Within);
    let by_request = ReleasePlan::new(&policy, &long, Some(&request), UserInfoReach::Within);
    assert_eq!(by_scope.userinfo().select(&known), by_request.userinfo().select(&known));
    assert_eq!(by_scope.userinfo().select(&known).len(), 2);
}

/// What only UserInfo was asked for does not slip into the ID Token.
#[test]
fn userinfo_claims_without_an_access_token_are_dropped() {
    let policy = ReleasePolicy::default();
    let request = ClaimsRequest::new().with_userinfo("email", ClaimRequest::essential());
    let plan = ReleasePlan::new(&policy, &scopes("openid"), Some(&request), UserInfoReach::Beyond);
    assert!(plan.userinfo().is_empty() && plan.id_token().is_empty());
}

/// A missing claim is left out and named, never an error.
///
/// Proves CORE-5.5.1-03.
#[test]
fn missing_essential_claims_are_named() {
    let policy = ReleasePolicy::default();
    let request = ClaimsRequest::new()
        .with_userinfo("email", ClaimRequest::essential())
        .with_userinfo("locale", ClaimRequest::essential())
        .with_userinfo("nickname", ClaimRequest::essential())
        .with_userinfo("picture", ClaimRequest::voluntary())
        .with_userinfo("gender", ClaimRequest::essential().with_value("other"));
    let plan = ReleasePlan::new(&policy, &scopes("openid"), Some(&request), UserInfoReach::Within);
    let known = person(json!({"email": "jane@example.com", "locale": "", "gender": "female"}));
    assert_eq!(
        plan.userinfo().missing_essential(&known).collect::<Vec<_>>(),
        ["gender", "locale", "nickname"]
    );
    assert_eq!(Value::Object(plan.userinfo().select(&known)), json!({"email": "jane@example.com"}));
}

/// Proves CORE-5.5.1-04, CORE-5.5.1-05.
#[test]
fn a_claim_of_another_value_than_asked_for_is_left_out() {
    let policy = ReleasePolicy::default();
    let known = person(json!({"email": "jane@example.com", "zoneinfo": "Europe/Paris"}));
    let select = |request: ClaimsRequest| {
        Value::Object(
            ReleasePlan::new(&policy, &scopes("openid email"), Some(&request), UserInfoReach::Within)
                .userinfo()
                .select(&known),
        )
    };
    let value = |value: &str| ClaimRequest::voluntary().with_value(value);
    let values = |values: [&str; 2]| ClaimRequest::voluntary().with_values(values);

    assert_eq!(select(ClaimsRequest::new().with_userinfo("email", value("joe@example.com"))), json!({}));
    let email = json!({"email": "jane@example.com"});
    assert_eq!(select(ClaimsRequest::new().with_userinfo("email", value("jane@example.com"))), email);
    let zone = |wanted| select(ClaimsRequest::new().with_userinfo("zoneinfo", values(wanted)));
    assert_eq!(zone(["Europe/Rome", "Europe/Bern"]), email);
    assert_eq!(zone(["Europe/Rome", "Europe/Paris"])["zoneinfo"], "Europe/Paris");
}

/// Proves CORE-5.3.2-03, CORE-2-24, CORE-13-02.
#[test]
fn nothing_empty_and_nothing_malformed_is_released() {
    let policy = ReleasePolicy {
        scope_claims: ScopeClaims::standard().with("x", ["team", "n"]),
        ..Default::default()
    };
    let plan_scopes = scopes("openid profile email address phone x");
    let plan = ReleasePlan::new(&policy, &plan_scopes, None, UserInfoReach::Within);
    let known = person(json!({
        "name": "", "nickname": null, "email": "jane@example.com", "email_verified": "yes", "updated_at": 1_311_280_970,
        "address": {"country": "US", "region": "", "locality": null, "postal_code": 12345},
        "team": null, "n": 0, "phone_number_verified": false
    }));
    assert_eq!(
        Value::Object(plan.userinfo().select(&known)),
        json!({
            "email": "jane@example.com", "updated_at": 1_311_280_970, "address": {"country": "US"}, "n": 0,
            "phone_number_verified": false
        })
    );
    let nowhere = person(json!({"address": {"country": ""}}));
    assert!(plan.userinfo().select(&nowhere).is_empty());
}

/// What is known of a person never writes the claims of the token itself.
#[test]
fn protocol_claims_are_listed_but_never_taken_from_the_person() {
    let policy = ReleasePolicy::default();
    for name in PROTOCOL_CLAIMS {
        let request = ClaimsRequest::new()
            .with_id_token(*name, ClaimRequest::essential())
            .with_userinfo(*name, ClaimRequest::essential());
        let granted = scopes("openid");
        let plan = ReleasePlan::new(&policy, &granted, Some(&request), UserInfoReach::Within);
        let known = person(json!({ *name: "forged" }));
        for set in [plan.id_token(), plan.userinfo()] {
            assert!(set.get(name).unwrap().is_essential());
            assert!(set.select(&known).is_empty(), "{name}");
            assert_eq!(set.missing_essential(&known).count(), 0);
        }
    }
    for name in
        ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash"]
    {
        assert!(PROTOCOL_CLAIMS.contains(&name), "{name}");
    }
}

/// Proves CORE-5.5.2-01, CORE-5.2-03, CORE-5.2-05.
#[test]
fn a_claim_asked_for_in_a_language_comes_under_its_tag() {
    let policy = ReleasePolicy::default();
    let known = person(json!({
        "family_name": "Sato", "family_name#ja-Kana-JP": "サトウ", "website": "https://example.com",
        "website#de-CH": "https://example.ch"
    }));
    let request = ClaimsRequest::new()
        .with_userinfo("family_name#ja-kana-jp", ClaimRequest::voluntary())
        .with_userinfo("website#de", ClaimRequest::voluntary())
        .with_userinfo("website#fr", ClaimRequest::essential());
    let plan = ReleasePlan::new(&policy, &scopes("openid"), Some(&request), UserInfoReach::Within);
    assert_eq!(
        Value::Object(plan.userinfo().select(&known)),
        json!({"family_name#ja-Kana-JP": "サトウ", "website#de-CH": "https://example.ch"})
    );
    assert_eq!(plan.userinfo().missing_essential(&known).collect::<Vec<_>>(), ["website#fr"]);

    let profile = scopes("openid profile");
    let plan = ReleasePlan::new(&policy, &profile, None, UserInfoReach::Within);
    assert_eq!(
        Value::Object(plan.userinfo().select(&known)),
        json!({"family_name": "Sato", "website": "https://example.com"})
    );
}

#[test]
fn a_host_adds_and_replaces_scopes() {
    let table = ScopeClaims::standard().with("staff", ["department"]).with("email", ["email"]);
    assert_eq!(table.claims_of("staff").collect::<Vec<_>>(), ["department"]);
    assert_eq!(table.claims_of("email").collect::<Vec<_>>(), ["email"]);
    assert_eq!(table.claims_for(&scopes("openid email staff")).collect::<Vec<_>>(), ["email", "department"]);
}
