//! Which claims go where.
#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may their helpers")]

use std::collections::BTreeSet;

use avouch_claims::{
    ClaimRequest, ClaimSet, ClaimsRequest, ConsentTo, LanguageNaming, MissingReason, PROTOCOL_CLAIMS,
    ReleaseInput, ReleasePlan, ReleasePolicy, ScopeClaims, ScopeClaimsIn, StandardClaims, UserInfoReach,
};
use avouch_types::{LanguageTag, Scopes};
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

fn plan<'a>(
    policy: &'a ReleasePolicy,
    scopes: &'a Scopes,
    request: Option<&'a ClaimsRequest>,
    reach: UserInfoReach,
) -> ReleasePlan<'a> {
    let input = ReleaseInput::new(scopes, ConsentTo::Everything).with_request(request).with_reach(reach);
    ReleasePlan::new(policy, &input)
}

fn missing_essential(set: &ClaimSet<'_>, known: &StandardClaims) -> Vec<(String, MissingReason)> {
    set.release(known).missing_essential().map(|claim| (claim.name.to_owned(), claim.reason)).collect()
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
        let granted = scopes(text);
        let planned = plan(&policy, &granted, None, UserInfoReach::Within);
        assert_eq!(names(planned.userinfo()), claims, "{text}");
        assert!(planned.userinfo().iter().all(|claim| !claim.is_essential()));
    }
}

/// Proves CORE-5.4-02.
#[test]
fn scope_claims_come_from_userinfo_or_without_an_access_token_from_the_id_token() {
    let policy = ReleasePolicy::default();
    let granted = scopes("openid email");
    let with_token = plan(&policy, &granted, None, UserInfoReach::Within);
    assert_eq!(names(with_token.userinfo()), ["email", "email_verified"]);
    assert!(with_token.id_token().is_empty());

    let granted = scopes("openid email");
    let without = plan(&policy, &granted, None, UserInfoReach::Beyond);
    assert!(without.userinfo().is_empty());
    assert_eq!(names(without.id_token()), ["email", "email_verified"]);
}

#[test]
fn a_policy_may_put_scope_claims_into_the_id_token_too() {
    let policy =
        ReleasePolicy { scope_claims_in: ScopeClaimsIn::UserInfoAndIdToken, ..ReleasePolicy::default() };
    let granted = scopes("openid email");
    let planned = plan(&policy, &granted, None, UserInfoReach::Within);
    assert_eq!(names(planned.userinfo()), ["email", "email_verified"]);
    assert_eq!(names(planned.id_token()), ["email", "email_verified"]);
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
    let planned = plan(&policy, &granted, Some(&request), UserInfoReach::Within);
    assert_eq!(names(planned.userinfo()), ["email", "email_verified", "nickname"]);
    assert!(planned.userinfo().get("email").unwrap().is_essential());
    assert!(!planned.userinfo().get("email_verified").unwrap().is_essential());
    assert_eq!(names(planned.id_token()), ["auth_time"]);
    assert!(planned.id_token().contains("auth_time") && !planned.id_token().contains("email"));
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
    let by_scope = plan(&policy, &short, None, UserInfoReach::Within);
    let by_request = plan(&policy, &long, Some(&request), UserInfoReach::Within);
    assert_eq!(by_scope.userinfo().select(&known), by_request.userinfo().select(&known));
    assert_eq!(by_scope.userinfo().select(&known).len(), 2);
}

/// What only UserInfo was asked for does not slip into the ID Token.
#[test]
fn userinfo_claims_without_an_access_token_are_dropped() {
    let policy = ReleasePolicy::default();
    let request = ClaimsRequest::new().with_userinfo("email", ClaimRequest::essential());
    let granted = scopes("openid");
    let planned = plan(&policy, &granted, Some(&request), UserInfoReach::Beyond);
    assert!(planned.userinfo().is_empty() && planned.id_token().is_empty());
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
    let granted = scopes("openid");
    let planned = plan(&policy, &granted, Some(&request), UserInfoReach::Within);
    let known = person(json!({"email": "jane@example.com", "locale": "", "gender": "female"}));
    assert_eq!(
        missing_essential(planned.userinfo(), &known),
        [
            ("gender".to_owned(), MissingReason::OtherValue),
            ("locale".to_owned(), MissingReason::NotKnown),
            ("nickname".to_owned(), MissingReason::NotKnown),
        ]
    );
    assert_eq!(Value::Object(planned.userinfo().select(&known)), json!({"email": "jane@example.com"}));
}

/// Proves CORE-5.5.1-04, CORE-5.5.1-05.
#[test]
fn a_claim_of_another_value_than_asked_for_is_left_out() {
    let policy = ReleasePolicy::default();
    let known = person(json!({"email": "jane@example.com", "zoneinfo": "Europe/Paris"}));
    let select = |request: ClaimsRequest| {
        Value::Object(
            plan(&policy, &scopes("openid email"), Some(&request), UserInfoReach::Within)
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

/// Nobody learns that the address asked about is verified when it is another one.
///
/// Proves CORE-5.5.1-04, CORE-5.5.1-05.
#[test]
fn what_is_verified_follows_its_claim() {
    let policy = ReleasePolicy::default();
    let known = person(json!({
        "email": "jane@example.com", "email_verified": true, "phone_number": "+14255551212", "phone_number_verified": true
    }));
    let none = BTreeSet::from(["email_verified".to_owned()]);
    let select = |scope: &str, consent, request: ClaimsRequest| {
        let granted = scopes(scope);
        let input = ReleaseInput::new(&granted, consent).with_request(Some(&request));
        Value::Object(ReleasePlan::new(&policy, &input).userinfo().select(&known))
    };
    let email = |wanted: &str| ClaimRequest::essential().with_value(wanted);
    let all = ConsentTo::Everything;
    let other = ClaimsRequest::new().with_userinfo("email", email("joe@example.com"));
    assert_eq!(select("openid email", all, other.clone()), json!({}));
    let both = other.with_userinfo("email_verified", ClaimRequest::essential());
    assert_eq!(select("openid", all, both.clone()), json!({}));
    let phone = ClaimRequest::voluntary().with_values(["+1", "+2"]);
    assert_eq!(
        select("openid phone", all, ClaimsRequest::new().with_userinfo("phone_number", phone)),
        json!({})
    );

    let same = ClaimsRequest::new().with_userinfo("email", email("jane@example.com"));
    assert_eq!(
        select("openid email", all, same.clone()),
        json!({"email": "jane@example.com", "email_verified": true})
    );
    // without consent to the address, nothing says whether it is the one asked about
    assert_eq!(select("openid email", ConsentTo::Claims(&none), same), json!({}));
    // by itself, or where no value is asked for
    let alone = ClaimsRequest::new().with_userinfo("email_verified", ClaimRequest::voluntary());
    assert_eq!(select("openid", all, alone), json!({"email_verified": true}));
    assert_eq!(
        select("openid email", ConsentTo::Claims(&none), ClaimsRequest::new()),
        json!({"email_verified": true})
    );

    let granted = scopes("openid");
    let planned = plan(&policy, &granted, Some(&both), UserInfoReach::Within);
    assert_eq!(
        missing_essential(planned.userinfo(), &known),
        ["email", "email_verified"].map(|name| (name.to_owned(), MissingReason::OtherValue))
    );
}

/// Proves CORE-5.3.2-03, CORE-2-24, CORE-13-02.
#[test]
fn nothing_empty_and_nothing_malformed_is_released() {
    let policy = ReleasePolicy {
        scope_claims: ScopeClaims::standard().with("x", ["team", "n"]),
        ..Default::default()
    };
    let plan_scopes = scopes("openid profile email address phone x");
    let planned = plan(&policy, &plan_scopes, None, UserInfoReach::Within);
    let known = person(json!({
        "name": "", "nickname": null, "email": "jane@example.com", "email_verified": "yes", "updated_at": 1_311_280_970,
        "address": {"country": "US", "region": "", "locality": null, "postal_code": 12345},
        "team": null, "n": 0, "phone_number_verified": false
    }));
    assert_eq!(
        Value::Object(planned.userinfo().select(&known)),
        json!({
            "email": "jane@example.com", "updated_at": 1_311_280_970, "address": {"country": "US"}, "n": 0,
            "phone_number_verified": false
        })
    );
    let nowhere = person(json!({"address": {"country": ""}}));
    assert!(planned.userinfo().select(&nowhere).is_empty());
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
        let planned = plan(&policy, &granted, Some(&request), UserInfoReach::Within);
        let known = person(json!({ *name: "forged" }));
        for set in [planned.id_token(), planned.userinfo()] {
            assert!(set.get(name).unwrap().is_essential());
            assert!(set.select(&known).is_empty(), "{name}");
            assert_eq!(set.release(&known).missing(), []);
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
    let granted = scopes("openid");
    let planned = plan(&policy, &granted, Some(&request), UserInfoReach::Within);
    assert_eq!(
        Value::Object(planned.userinfo().select(&known)),
        json!({"family_name#ja-Kana-JP": "サトウ", "website#de-CH": "https://example.ch"})
    );
    assert_eq!(
        missing_essential(planned.userinfo(), &known),
        [("website#fr".to_owned(), MissingReason::NotKnown)]
    );

    let profile = scopes("openid profile");
    let planned = plan(&policy, &profile, None, UserInfoReach::Within);
    assert_eq!(
        Value::Object(planned.userinfo().select(&known)),
        json!({"family_name": "Sato", "website": "https://example.com"})
    );
}

#[test]
fn a_host_adds_and_replaces_scopes() {
    let table = ScopeClaims::standard().with("staff", ["department"]).with("email", ["email"]);
    assert_eq!(table.claims_of("staff").collect::<Vec<_>>(), ["department"]);
    assert_eq!(table.claims_of("email").collect::<Vec<_>>(), ["email"]);
    assert_eq!(table.claims_for(&scopes("openid email staff")).collect::<Vec<_>>(), ["email", "department"]);
    let table = table.adding("email", ["email", "desk", "desk"]).adding("floor", ["desk"]);
    assert_eq!(table.claims_of("email").collect::<Vec<_>>(), ["email", "desk"]);
    assert_eq!(table.claims_of("floor").collect::<Vec<_>>(), ["desk"]);
    assert_eq!(
        ScopeClaims::standard().adding("profile", ["desk"]).claims_of("profile").count(),
        PROFILE.len() + 1
    );
}

/// Nothing is released without consent, essential or not, and the person's silence is no error.
///
/// Proves CORE-5.5.1-03.
#[test]
fn only_what_the_person_allows_is_released() {
    let policy = ReleasePolicy::default();
    let request = ClaimsRequest::new()
        .with_userinfo("nickname", ClaimRequest::essential())
        .with_userinfo("website#de", ClaimRequest::voluntary())
        .with_id_token("picture", ClaimRequest::essential());
    let granted = scopes("openid email");
    let known = person(json!({
        "email": "jane@example.com", "email_verified": true, "nickname": "J", "website#de": "https://example.de",
        "picture": "https://example.com/jane.png"
    }));
    let allowed: BTreeSet<String> = ["email", "website"].map(str::to_owned).into();
    let released = |consent| {
        let planned =
            ReleasePlan::new(&policy, &ReleaseInput::new(&granted, consent).with_request(Some(&request)));
        for missing in planned.userinfo().release(&known).missing() {
            assert_eq!(missing.reason, MissingReason::NoConsent);
        }
        (Value::Object(planned.userinfo().select(&known)), planned.id_token().select(&known).len())
    };
    assert_eq!(
        released(ConsentTo::Claims(&allowed)),
        (json!({"email": "jane@example.com", "website#de": "https://example.de"}), 0)
    );
    assert_eq!(released(ConsentTo::Nothing), (json!({}), 0));
    assert_eq!(released(ConsentTo::Everything).0.as_object().unwrap().len(), 4);
    let only_tagged: BTreeSet<String> = ["website#de".to_owned()].into();
    assert_eq!(released(ConsentTo::Claims(&only_tagged)).0, json!({"website#de": "https://example.de"}));

    let set = ReleasePlan::new(&policy, &ReleaseInput::new(&granted, ConsentTo::Claims(&allowed)));
    assert!(set.userinfo().permits("email") && !set.userinfo().permits("email_verified"));
    assert!(!set.userinfo().permits("website"), "allowed, but not asked for");
}

fn tags(list: &[&str]) -> Vec<LanguageTag> {
    list.iter().map(|tag| tag.parse().unwrap()).collect()
}

/// One language in play: plain names. Several: names with tags, and plain ones beside them. A language that nothing is
/// known in changes nothing.
///
/// Proves CORE-5.2-04, CORE-5.2-05.
#[test]
fn claims_locales_choose_among_languages() {
    let known = person(json!({
        "name": "Sato", "name#ja": "佐藤", "name#ja-Kana-JP": "サトウ", "website#de-CH": "https://example.ch",
        "email": "sato@example.com"
    }));
    let granted = scopes("openid profile email");
    let released = |locales: &[&str], naming| {
        let policy = ReleasePolicy { language_naming: naming, ..ReleasePolicy::default() };
        let locales = tags(locales);
        let input = ReleaseInput::new(&granted, ConsentTo::Everything).with_claims_locales(&locales);
        Value::Object(ReleasePlan::new(&policy, &input).userinfo().select(&known))
    };
    use LanguageNaming::{PlainIfOne, Tagged};
    assert_eq!(released(&["ja-Kana-JP"], PlainIfOne), json!({"name": "サトウ", "email": "sato@example.com"}));
    assert_eq!(released(&["ja-Hani-JP"], PlainIfOne)["name"], "佐藤");
    assert_eq!(
        released(&["de"], PlainIfOne),
        json!({"name": "Sato", "website": "https://example.ch", "email": "sato@example.com"})
    );
    assert_eq!(
        released(&["fr", "ja-Kana"], PlainIfOne),
        json!({"name": "Sato", "name#ja": "佐藤", "email": "sato@example.com"})
    );
    assert_eq!(
        released(&["ja-Kana-JP"], Tagged),
        json!({"name": "Sato", "name#ja-Kana-JP": "サトウ", "email": "sato@example.com"})
    );
    assert_eq!(released(&["fr"], PlainIfOne), json!({"name": "Sato", "email": "sato@example.com"}));
}

/// `value` holds for what is released, whatever its language.
#[test]
fn a_value_asked_for_is_looked_for_in_the_chosen_language_too() {
    let known = person(json!({"website": "https://example.com", "website#de": "https://example.de"}));
    let locales = tags(&["de"]);
    let granted = scopes("openid");
    let policy = ReleasePolicy::default();
    let released = |wanted: &str| {
        let request =
            ClaimsRequest::new().with_userinfo("website", ClaimRequest::essential().with_value(wanted));
        let input = ReleaseInput::new(&granted, ConsentTo::Everything)
            .with_request(Some(&request))
            .with_claims_locales(&locales);
        let planned = ReleasePlan::new(&policy, &input);
        Value::Object(planned.userinfo().select(&known))
    };
    assert_eq!(released("https://example.de"), json!({"website": "https://example.de"}));
    assert_eq!(released("https://example.com"), json!({"website": "https://example.com"}));
    assert_eq!(released("https://example.fr"), json!({}));
}

/// What is released twice over stands there once, also where no map sorts it out.
#[test]
fn a_member_is_released_once() {
    let policy = ReleasePolicy::default();
    let request = ClaimsRequest::new()
        .with_userinfo("website#de", ClaimRequest::voluntary())
        .with_userinfo("website#de-ch", ClaimRequest::voluntary());
    let granted = scopes("openid");
    let planned = plan(&policy, &granted, Some(&request), UserInfoReach::Within);
    let known = person(json!({"website#de-CH": "https://example.ch", "website#de-AT": 5}));
    let release = planned.userinfo().release(&known);
    assert_eq!(serde_json::to_string(&release).unwrap(), r#"{"website#de-CH":"https://example.ch"}"#);
    assert_eq!(release.get("website#de-CH").and_then(|value| value.as_str()), Some("https://example.ch"));
    assert_eq!(release.missing(), []);
}

/// Each reason, and only for what was asked for.
#[test]
fn it_is_said_why_a_claim_is_missing() {
    let policy = ReleasePolicy::default();
    let request = ClaimsRequest::new()
        .with_userinfo("name", ClaimRequest::voluntary())
        .with_userinfo("zoneinfo", ClaimRequest::voluntary().with_value("Europe/Rome"))
        .with_userinfo("gender#de", ClaimRequest::voluntary())
        .with_userinfo("updated_at", ClaimRequest::essential());
    let granted = scopes("openid");
    let planned = plan(&policy, &granted, Some(&request), UserInfoReach::Within);
    let known = person(json!({"name": 5, "zoneinfo": "Europe/Paris", "gender": "female"}));
    let release = planned.userinfo().release(&known);
    let missing: Vec<_> =
        release.missing().iter().map(|claim| (claim.name, claim.essential, claim.reason)).collect();
    assert_eq!(
        missing,
        [
            ("gender#de", false, MissingReason::NotKnown),
            ("name", false, MissingReason::Malformed),
            ("updated_at", true, MissingReason::NotKnown),
            ("zoneinfo", false, MissingReason::OtherValue),
        ]
    );
}

/// An address is compared and written with what it says, and its empty members do not count.
#[test]
fn an_address_is_asked_for_by_value() {
    let policy = ReleasePolicy::default();
    let granted = scopes("openid");
    let known = person(json!({"address": {"country": "CH", "region": "", "floor": 3}}));
    for (wanted, count) in [(json!({"country": "CH", "floor": 3}), 1), (json!({"country": "CH"}), 0)] {
        let request =
            ClaimsRequest::new().with_userinfo("address", ClaimRequest::voluntary().with_value(wanted));
        let planned = plan(&policy, &granted, Some(&request), UserInfoReach::Within);
        assert_eq!(planned.userinfo().select(&known).len(), count);
    }
}

/// Proves CORE-5.5-01: without the parameter, what scopes ask for still comes.
#[test]
fn a_provider_without_the_claims_parameter_answers_by_scope() {
    let policy = ReleasePolicy::default();
    let granted = scopes("openid email");
    let planned = plan(&policy, &granted, None, UserInfoReach::Within);
    let known = person(json!({"email": "jane@example.com", "nickname": "J"}));
    assert_eq!(Value::Object(planned.userinfo().select(&known)), json!({"email": "jane@example.com"}));
}

/// A member that is asked for by its own name and with a value does not come with another one by way of a language.
///
/// Proves CORE-5.5.1-04.
#[test]
fn a_value_asked_for_holds_whichever_way_a_member_is_found() {
    let policy = ReleasePolicy::default();
    let known = person(json!({"name": "Jane", "name#de": "Johanna"}));
    let request = ClaimsRequest::new()
        .with_userinfo("name", ClaimRequest::voluntary())
        .with_userinfo("name#de", ClaimRequest::voluntary().with_value("Hanna"));
    let (granted, locales) = (scopes("openid"), tags(&["de", "fr"]));
    let input = ReleaseInput::new(&granted, ConsentTo::Everything)
        .with_request(Some(&request))
        .with_claims_locales(&locales);
    let planned = ReleasePlan::new(&policy, &input);
    assert_eq!(Value::Object(planned.userinfo().select(&known)), json!({"name": "Jane"}));
}

/// A `#` in a name of the host's own may mean something else than a language.
#[test]
fn a_number_sign_may_be_part_of_a_name() {
    let policy = ReleasePolicy::default();
    let (team, role) = ("https://example.com/claims#team_name", "https://example.com/claims#role");
    let known = person(json!({ team: "red", role: "admin", "name#en_US": "Jane" }));
    let request = ClaimsRequest::new()
        .with_userinfo(team, ClaimRequest::voluntary())
        .with_userinfo(role, ClaimRequest::voluntary())
        .with_userinfo("name#en_US", ClaimRequest::voluntary());
    let granted = scopes("openid");
    let released = |consent| {
        let input = ReleaseInput::new(&granted, consent).with_request(Some(&request));
        Value::Object(ReleasePlan::new(&policy, &input).userinfo().select(&known))
    };
    assert_eq!(released(ConsentTo::Everything), json!({ team: "red", role: "admin" }));
    let other = BTreeSet::from(["https://example.com/claims".to_owned()]);
    assert!(released(ConsentTo::Claims(&other)).get(team).is_none(), "another claim than was allowed");
    let this = BTreeSet::from([team.to_owned()]);
    assert_eq!(released(ConsentTo::Claims(&this)), json!({ team: "red" }));
}
