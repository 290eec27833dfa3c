//! What `Debug` shows: names and types, and no value that says something about a person.
#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may their helpers")]

use std::fmt::Debug;

use avouch_claims::{
    Address, ClaimProblem, ClaimRequest, ClaimSet, ClaimsRequest, ConsentTo, ExternalClaims, ReleaseInput,
    ReleasePlan, ReleasePolicy, ScopeClaims, SourceLocation, StandardClaims,
};
use avouch_types::{Scopes, Secret};
use serde_json::json;

fn hidden(value: &dyn Debug) -> String {
    let shown = format!("{value:?} {value:#?}");
    for secret in ["mallory", "4711", "Elm Street"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    shown
}

#[test]
fn no_personal_data_is_shown() {
    let person: StandardClaims = serde_json::from_value(json!({
        "name": "mallory", "name#de": "mallory", "updated_at": 4711, "email": ["mallory"], "phone_number": "4711",
        "locale": "mallory mallory", "employee": {"number": 4711},
        "address": {"street_address": "Elm Street", "country": 4711, "floor": "Elm Street"}
    }))
    .unwrap();
    let shown = hidden(&person);
    for name in ["name", "name#de", "email", "employee", "address"] {
        assert!(shown.contains(&format!("{name:?}")), "{name}: {shown}");
    }
    assert!(hidden(person.address.as_ref().unwrap()).contains("street_address"));
    hidden(&person.problems());
    hidden(&person.get("name"));
    hidden(&person.get("employee"));
    hidden(&Address { formatted: Some("Elm Street".to_owned()), ..Address::default() });

    let mut wanted =
        ClaimRequest::essential().with_value("mallory").with_values([json!("4711"), json!({"a": "mallory"})]);
    wanted.extra.insert("purpose".to_owned(), "about mallory".into());
    let mut request =
        ClaimsRequest::new().with_userinfo("email", wanted).with_id_token("sub", ClaimRequest::voluntary());
    request.extra.insert("note".to_owned(), "Elm Street".into());
    let shown = hidden(&request);
    assert!(
        shown.contains("\"email\"") && shown.contains("\"purpose\"") && shown.contains("\"note\""),
        "{shown}"
    );

    let policy = ReleasePolicy::default();
    let scopes = Scopes::parse("openid profile address").unwrap();
    let plan = ReleasePlan::new(
        &policy,
        &ReleaseInput::new(&scopes, ConsentTo::Everything).with_request(Some(&request)),
    );
    hidden(&plan);
    let table = ScopeClaims::standard();
    let set = ClaimSet::new(&table, &scopes, None, ConsentTo::Everything);
    let release = set.release(&person);
    assert!(release.iter().count() > 1);
    hidden(&release);

    let external = ExternalClaims::new().with_source(
        "s",
        SourceLocation::Aggregated { jwt: Secret::new("mallory") },
        ["age"],
    );
    hidden(&external);
    let taken = external.source("s").unwrap().take(json!({"age": 4711}).as_object().unwrap());
    assert!(hidden(&taken).contains("\"age\""));
}

/// Neither do the texts that go into logs.
#[test]
fn no_message_repeats_a_value() {
    let text = br#"{"userinfo":{"email":{"essential":"mallory","value":4711}}}"#;
    let error = ClaimsRequest::from_json(text, &avouch_json::Limits::default()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("mallory"));
    let claims: StandardClaims =
        serde_json::from_value(json!({"email": "mallory at home", "birthdate": "4711-31"})).unwrap();
    for problem in claims.problems() {
        assert!(!matches!(problem, ClaimProblem::Missing { .. }));
        hidden(&problem.to_string());
    }
}
