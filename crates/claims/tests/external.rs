//! Aggregated and distributed claims.
#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may their helpers")]

use avouch_claims::{
    ExternalClaims, ExternalClaimsProblem, JsonType, PROTOCOL_CLAIMS, SourceLocation, StandardClaims,
    TakenClaims,
};
use avouch_types::{AccessToken, EndpointUrl, Issuer, Secret, SubjectIdentifier};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(value: Value) -> ExternalClaims {
    ExternalClaims::read(&serde_json::from_value(value).unwrap())
}

fn claims_of(external: &ExternalClaims, id: &str) -> Vec<String> {
    external.source(id).unwrap().claims().map(str::to_owned).collect()
}

/// The example of Core 5.6.2.1.
///
/// Proves CORE-5.6-01, CORE-5.6.2-01, CORE-5.6.2-02.
#[test]
fn aggregated_claims_are_handed_out_to_be_verified() {
    let wire = json!({
        "sub": "248289761001", "name": "Jane Doe", "birthdate": "0000-03-22", "eye_color": "blue",
        "_claim_names": {"address": "src1", "phone_number": "src1"},
        "_claim_sources": {"src1": {"JWT": "jwt_header.jwt_part2.jwt_part3", "purpose": "unknown members mean nothing"}}
    });
    let external = read(wire.clone());
    assert_eq!(external.problems(), []);
    assert_eq!(claims_of(&external, "src1"), ["address", "phone_number"]);
    let source = external.source_of("phone_number").unwrap();
    assert_eq!(
        *source.location(),
        SourceLocation::Aggregated { jwt: Secret::new("jwt_header.jwt_part2.jwt_part3") }
    );
    assert_eq!(source.extra()["purpose"], "unknown members mean nothing");
    assert!(!format!("{external:?}").contains("jwt_part2"));
    assert!(external.source_of("name").is_none());

    let mut written: StandardClaims = serde_json::from_value(json!({"name": "Jane Doe"})).unwrap();
    written.extra.extend(external.to_members());
    for member in ["_claim_names", "_claim_sources"] {
        assert_eq!(written.extra[member], wire[member]);
    }
}

/// The example of Core 5.6.2.2.
///
/// Proves CORE-5.6.2-03.
#[test]
fn distributed_claims_are_handed_out_to_be_fetched() {
    let wire = json!({
        "_claim_names": {"payment_info": "src1", "shipping_address": "src1", "credit_score": "src2"},
        "_claim_sources": {
            "src1": {"endpoint": "https://bank.example.com/claim_source"},
            "src2": {"endpoint": "https://creditagency.example.com/claims_here", "access_token": "ksj3n283dke"}
        }
    });
    let external = read(wire.clone());
    assert_eq!(external.problems(), []);
    let location = |id: &str| external.source(id).unwrap().location().clone();
    assert!(matches!(
        location("src1"),
        SourceLocation::Distributed { endpoint, access_token: None } if endpoint.host() == "bank.example.com"
    ));
    assert!(matches!(
        location("src2"),
        SourceLocation::Distributed { access_token: Some(token), .. } if token.expose() == "ksj3n283dke"
    ));
    assert!(!format!("{external:?}").contains("ksj3n283dke"));
    assert_eq!(Value::Object(external.to_members()), wire);
}

/// A source says what it is named for, and whatever else its JWT holds stays there.
///
/// Proves CORE-5.6.2-04.
#[test]
fn a_source_gives_what_it_is_named_for_and_nothing_else() {
    let external = ExternalClaims::new().with_source(
        "src1",
        SourceLocation::Aggregated { jwt: Secret::new("a.b.c") },
        ["address", "phone_number"],
    );
    let verified = json!({
        "iss": "https://a.example.com", "sub": "somebody else", "email": "evil@example.com", "address": {"country": "US"}
    });
    let taken = external.source("src1").unwrap().take(verified.as_object().unwrap());
    assert_eq!(Value::Object(taken.claims), json!({"address": {"country": "US"}}));
    assert_eq!(taken.not_returned, ["phone_number"]);
}

/// What the sender asserts stays; what somebody else asserts comes beside it, and never half of a pair.
///
/// Proves CORE-5.6.2-04.
#[test]
fn what_was_taken_does_not_overwrite_the_sender() {
    let merge = |own: Value, taken: Value| {
        let mut claims: StandardClaims = serde_json::from_value(own).unwrap();
        let claims_taken =
            TakenClaims { claims: taken.as_object().unwrap().clone(), not_returned: Vec::new() };
        let conflicts = claims.merge(claims_taken);
        (serde_json::to_value(claims).unwrap(), Value::Object(conflicts))
    };
    for (own, taken, merged, conflicts) in [
        (
            json!({"name": "A"}),
            json!({"name": "B", "age": 5}),
            json!({"name": "A", "age": 5}),
            json!({"name": "B"}),
        ),
        (
            json!({"name": "A", "n": 1}),
            json!({"name": "A", "n": 1.0}),
            json!({"name": "A", "n": 1}),
            json!({}),
        ),
        (json!({"name": 5}), json!({"name": "B"}), json!({"name": 5}), json!({"name": "B"})),
        (json!({"age": null}), json!({"age": 5}), json!({"age": null}), json!({"age": 5})),
        (
            json!({"name#DE": "A"}),
            json!({"name#de": "B", "name": "C"}),
            json!({"name#DE": "A", "name": "C"}),
            json!({"name#de": "B"}),
        ),
        (
            json!({}),
            json!({"email": "b", "email_verified": true}),
            json!({"email": "b", "email_verified": true}),
            json!({}),
        ),
        (
            json!({"email": "a"}),
            json!({"email": "b", "email_verified": true}),
            json!({"email": "a"}),
            json!({"email": "b", "email_verified": true}),
        ),
        (
            json!({"phone_number_verified": true}),
            json!({"phone_number": "+1"}),
            json!({"phone_number_verified": true}),
            json!({"phone_number": "+1"}),
        ),
        (
            json!({}),
            json!({"sub": "x", "_claim_names": {}}),
            json!({}),
            json!({"sub": "x", "_claim_names": {}}),
        ),
    ] {
        assert_eq!(merge(own.clone(), taken.clone()), (merged, conflicts), "{own} {taken}");
    }
}

/// What is malformed costs itself and nothing else, and is reported with its place.
///
/// Proves CORE-5.6.2-01, CORE-5.6.2-02, CORE-5.6.2-03.
#[test]
fn each_malformed_source_is_left_out_alone() {
    let good = json!({"JWT": "a.b.c"});
    let external = read(json!({
        "_claim_names": {"a": "good", "b": "nowhere", "c": "both", "d": 5, "e": "http", "sub": "good", "f": "no object", "g": "token",
            "h": "number", "i": "neither", "k": "empty"},
        "_claim_sources": {
            "good": good, "both": {"JWT": "a.b.c", "endpoint": "https://x.example"}, "http": {"endpoint": "http://x.example"},
            "no object": "a.b.c", "token": {"endpoint": "https://x.example", "access_token": "a\nb"},
            "number": {"JWT": 5}, "neither": {"access_token": "x"}, "empty": {"JWT": ""}
        }
    }));
    assert_eq!(external.sources().count(), 1);
    assert_eq!(claims_of(&external, "good"), ["a"]);
    let found: Vec<_> = external.problems().iter().map(|problem| problem.path().to_owned()).collect();
    assert_eq!(
        found,
        [
            "_claim_sources.both",
            "_claim_sources.empty.JWT",
            "_claim_sources.http.endpoint",
            "_claim_sources.neither",
            "_claim_sources[\"no object\"]",
            "_claim_sources.number.JWT",
            "_claim_sources.token.access_token",
            "_claim_names.b",
            "_claim_names.c",
            "_claim_names.d",
            "_claim_names.e",
            "_claim_names.f",
            "_claim_names.g",
            "_claim_names.h",
            "_claim_names.i",
            "_claim_names.k",
            "_claim_names.sub",
        ]
    );
    assert!(matches!(external.problems()[0], ExternalClaimsProblem::Ambiguous { .. }));
    assert!(matches!(external.problems()[3], ExternalClaimsProblem::NowhereToBeFound { .. }));
    assert!(matches!(external.problems()[7], ExternalClaimsProblem::NoSuchSource { .. }));
    for problem in external.problems() {
        assert!(problem.to_string().ends_with("(OpenID Connect Core 1.0, 5.6.2)"), "{problem}");
    }
}

/// Nobody but the sender says who the person is or what the token is.
#[test]
fn claims_of_the_protocol_cannot_be_attributed_to_others() {
    for name in PROTOCOL_CLAIMS {
        let external =
            read(json!({"_claim_names": { *name: "s" }, "_claim_sources": {"s": {"JWT": "a.b.c"}}}));
        assert_eq!(external.sources().count(), 0);
        assert!(matches!(external.problems(), [ExternalClaimsProblem::ProtocolClaim { .. }]), "{name}");
    }
}

#[test]
fn members_of_another_type_are_reported() {
    for name in ["_claim_names", "_claim_sources"] {
        for (value, kind) in
            [(json!([]), JsonType::Array), (json!(null), JsonType::Null), (json!("x"), JsonType::String)]
        {
            let external = read(json!({ name: value }));
            assert!(matches!(
                external.problems(),
                [ExternalClaimsProblem::WrongType { path, expected: JsonType::Object, found }] if path == name && *found == kind
            ));
        }
    }
    assert_eq!(read(json!({"name": "Jane"})), ExternalClaims::default());
}

/// A signed set goes whole or not at all; a reference loses names, and goes with its token when none is left.
#[test]
fn external_claims_follow_the_consent() {
    let endpoint = EndpointUrl::parse("https://bank.example/claims").unwrap();
    let distributed =
        SourceLocation::Distributed { endpoint, access_token: Some(AccessToken::new("ksj3n283dke")) };
    let external = ExternalClaims::new()
        .with_source(
            "a",
            SourceLocation::Aggregated { jwt: Secret::new("a.b.c") },
            ["address", "phone_number"],
        )
        .with_source("d", distributed, ["credit_score", "payment_info"]);
    let retained = |names: &[&str]| {
        let mut external = external.clone();
        external.retain(|name| names.contains(&name));
        Value::Object(external.to_members())["_claim_names"].clone()
    };
    assert_eq!(retained(&["address", "credit_score"]), json!({"credit_score": "d"}));
    assert_eq!(retained(&["address", "phone_number"]), json!({"address": "a", "phone_number": "a"}));
    let mut none = external.clone();
    none.retain(|_| false);
    assert!(none.to_members().is_empty());
}

/// Also a token that stands beside a JWT, where it means nothing.
#[test]
fn a_misplaced_token_is_kept_and_not_shown() {
    let wire = json!({"_claim_names": {"age": "s"}, "_claim_sources": {"s": {"JWT": "a.b.c", "access_token": "ksj3n283dke"}}});
    let external = read(wire.clone());
    assert!(!format!("{external:?}").contains("ksj3n283dke"));
    assert_eq!(Value::Object(external.to_members()), wire);
}

#[test]
fn a_claim_has_one_source() {
    let jwt = |text: &str| SourceLocation::Aggregated { jwt: Secret::new(text) };
    let external =
        ExternalClaims::new().with_source("a", jwt("a"), ["x", "y"]).with_source("b", jwt("b"), ["y"]);
    assert_eq!(claims_of(&external, "a"), ["x"]);
    assert_eq!(claims_of(&external, "b"), ["y"]);
}

/// What a Claims Provider says has a name for whose keys to look up, and no name of the person that is another's.
///
/// Proves CORE-5.6.2-05.
#[test]
fn a_claims_provider_speaks_for_itself() {
    let (iss, sub) =
        (Issuer::parse("https://op.example").unwrap(), SubjectIdentifier::parse("jane").unwrap());
    let found = |provided: Value| {
        let problems = ExternalClaims::check_provided(provided.as_object().unwrap(), &iss, &sub);
        problems.iter().map(|problem| problem.path().to_owned()).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(found(json!({"iss": "https://bank.example", "age": 5})), none);
    assert_eq!(found(json!({"iss": "https://bank.example", "sub": "account 7"})), none);
    assert_eq!(found(json!({"iss": "https://bank.example", "sub": "Jane"})), none);
    assert_eq!(
        found(json!({"iss": "https://op.example", "sub": "jane"})),
        none,
        "its own name of the person"
    );
    assert_eq!(found(json!({"iss": "https://bank.example", "sub": "jane"})), ["sub"]);
    assert_eq!(found(json!({"iss": "https://op.example/", "sub": "jane"})), ["sub"], "another issuer");
    for missing in [json!({}), json!({"iss": ""}), json!({"iss": 5}), json!({"iss": null})] {
        assert_eq!(found(missing), ["iss"]);
    }
    assert_eq!(found(json!({"sub": "jane"})), ["iss", "sub"]);
}

/// One name, one source; a list of two is none. What is also said directly stays beside it, for the host to choose.
///
/// Proves CORE-5.6.2-01.
#[test]
fn two_sources_of_one_claim() {
    let wire = json!({
        "address": {"country": "US"}, "_claim_names": {"address": "a", "age": ["a", "b"], "phone_number": {"a": 1}},
        "_claim_sources": {"a": {"JWT": "a.b.c"}, "b": {"JWT": "d.e.f"}, "unused": {"JWT": "g.h.i"}}
    });
    let claims: StandardClaims = serde_json::from_value(wire.clone()).unwrap();
    let external = ExternalClaims::read(&claims);
    let found: Vec<_> = external.problems().iter().map(|problem| problem.path()).collect();
    assert_eq!(found, ["_claim_names.age", "_claim_names.phone_number"]);
    assert_eq!(external.sources().count(), 1, "what nothing refers to is not worth a request");
    assert!(claims.address.is_some() && external.source_of("address").is_some());
    assert_eq!(serde_json::to_value(&claims).unwrap(), wire);
}

/// However many sources and names: quick, and each with its problem (this takes milliseconds).
#[test]
fn huge_tables_of_sources() {
    let names: serde_json::Map<_, _> =
        (0..20_000).map(|n| (format!("c{n}"), format!("s{n}").into())).collect();
    let sources: serde_json::Map<_, _> = (0..10_000)
        .map(|n| (format!("s{n}"), json!({"endpoint": "https://bank.example", "x": [[[[n]]]]})))
        .collect();
    let external = read(json!({"_claim_names": names, "_claim_sources": sources}));
    assert_eq!((external.sources().count(), external.problems().len()), (10_000, 10_000));
}

proptest! {
    /// What is written is read back.
    #[test]
    fn round_trip(sources in prop::collection::btree_map(
        "[a-z0-9]{1,4}",
        (prop::option::of("[!-~]{1,12}"), "[A-Za-z0-9_.-]{1,20}", prop::collection::btree_set("x_[a-z#]{1,3}", 1..4)),
        0..4,
    )) {
        let mut external = ExternalClaims::new();
        for (id, (token, jwt, claims)) in sources {
            let location = match token {
                Some(token) => SourceLocation::Distributed {
                    endpoint: EndpointUrl::parse("https://x.example/claims").unwrap(),
                    access_token: Some(AccessToken::new(token)),
                },
                None => SourceLocation::Aggregated { jwt: Secret::new(jwt) },
            };
            external = external.with_source(id, location, claims);
        }
        external.retain(|_| true);
        prop_assert_eq!(ExternalClaims::from_members(&external.to_members()), external);
    }
}
