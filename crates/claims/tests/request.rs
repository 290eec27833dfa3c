//! The `claims` parameter.
#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may their helpers")]

use avouch_claims::{
    ClaimRequest, ClaimsRequest, ClaimsRequestError, JsonType, RequestedClaims, StandardClaims, UserInfoReach,
};
use avouch_json::{JsonError, Limits};
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(value: &Value) -> Result<ClaimsRequest, ClaimsRequestError> {
    ClaimsRequest::from_json(value.to_string().as_bytes(), &Limits::default())
}

fn example_of_core_5_5() -> Value {
    json!({
        "userinfo": {
            "given_name": {"essential": true},
            "nickname": null,
            "email": {"essential": true},
            "email_verified": {"essential": true},
            "picture": null,
            "http://example.info/claims/groups": null
        },
        "id_token": {
            "auth_time": {"essential": true},
            "acr": {"values": ["urn:mace:incommon:iap:silver"]}
        }
    })
}

/// Proves CORE-5.5-02, CORE-5.5.1-01, CORE-5.5.1-02.
#[test]
fn the_example_of_core_5_5() {
    let request = read(&example_of_core_5_5()).unwrap();
    let userinfo = request.userinfo.as_ref().unwrap();
    assert_eq!(userinfo.len(), 6);
    assert!(userinfo.get("given_name").unwrap().essential);
    assert_eq!(userinfo.get("nickname"), Some(&ClaimRequest::voluntary()));
    assert_eq!(userinfo.get("http://example.info/claims/groups"), Some(&ClaimRequest::default()));
    let acr = request.id_token.as_ref().unwrap().get("acr").unwrap();
    assert!(!acr.essential);
    assert_eq!(acr.values.as_deref(), Some(&[json!("urn:mace:incommon:iap:silver")][..]));

    // As JSON text in a form parameter, and as a JSON object in a Request Object.
    assert_eq!(serde_json::from_str::<Value>(&request.to_json()).unwrap(), example_of_core_5_5());
    let object = json!({"claims": request});
    assert_eq!(object["claims"], example_of_core_5_5());
    assert_eq!(serde_json::from_value::<ClaimsRequest>(object["claims"].clone()).unwrap(), request);
}

/// A JSON string that holds JSON, as some put it into a Request Object, is not a JSON object.
///
/// Proves CORE-5.5-02.
#[test]
fn a_string_is_not_an_object() {
    let text = Value::String(example_of_core_5_5().to_string());
    assert!(matches!(read(&text), Err(ClaimsRequestError::Json { error: JsonError::NotAnObject, .. })));
    assert!(serde_json::from_value::<ClaimsRequest>(text).is_err());
}

/// Proves CORE-5.5-04, CORE-5.5.1-02.
#[test]
fn unknown_members_are_kept_and_ask_for_nothing() {
    let wire = json!({
        "userinfo": {"email": {"essential": true, "purpose": "to send the invoice"}},
        "https://example.com/other": {"email": null}
    });
    let request = read(&wire).unwrap();
    assert_eq!(request.id_token, None);
    let email = request.userinfo.as_ref().unwrap().get("email").unwrap();
    assert_eq!(email.extra["purpose"], "to send the invoice");
    assert_eq!(serde_json::to_value(&request).unwrap(), wire);
}

/// Proves CORE-5.5.1-01.
#[test]
fn a_claim_is_asked_for_by_null_or_an_object() {
    let found = [
        (json!(true), JsonType::Boolean),
        (json!(1), JsonType::Number),
        (json!("essential"), JsonType::String),
        (json!(["a"]), JsonType::Array),
    ];
    for (value, kind) in found {
        let error = read(&json!({"userinfo": {"phone": null, "email": value}})).unwrap_err();
        assert!(
            matches!(&error, ClaimsRequestError::NotAnObject { path, found }
                if error.section() == "OpenID Connect Core 1.0, 5.5.1"
                    && path == "claims.userinfo.email" && *found == kind),
            "{error}"
        );
    }
    for place in ["userinfo", "id_token"] {
        for (value, kind) in [(json!(null), JsonType::Null), (json!(["email"]), JsonType::Array)] {
            let error = read(&json!({ place: value })).unwrap_err();
            assert!(
                matches!(&error, ClaimsRequestError::PlaceNotAnObject { path, found }
                    if error.section() == "OpenID Connect Core 1.0, 5.5" && *path == format!("claims.{place}") && *found == kind),
                "{error}"
            );
        }
    }
}

/// Proves CORE-5.5.1-02.
#[test]
fn essential_is_a_boolean() {
    for value in [json!("true"), json!(1), json!(null)] {
        let error = read(&json!({"id_token": {"acr": {"essential": value}}})).unwrap_err();
        assert!(
            matches!(&error, ClaimsRequestError::EssentialNotBoolean { path, .. }
                if path == "claims.id_token.acr.essential"),
            "{error}"
        );
    }
    let voluntary = read(&json!({"id_token": {"acr": {"essential": false}}})).unwrap();
    assert_eq!(voluntary.id_token.unwrap().get("acr"), Some(&ClaimRequest::voluntary()));
}

/// Proves CORE-5.5.1-05.
#[test]
fn values_is_an_array() {
    for value in [json!("urn:silver"), json!({"0": "urn:silver"}), json!(null)] {
        let error = read(&json!({"id_token": {"acr": {"values": value}}})).unwrap_err();
        assert!(
            matches!(&error, ClaimsRequestError::ValuesNotArray { path, .. } if path == "claims.id_token.acr.values"),
            "{error}"
        );
    }
}

/// Equality, not substring, case or prefix; the order of `values` is kept.
///
/// Proves CORE-5.5.1-04, CORE-5.5.1-05.
#[test]
fn a_value_is_accepted_by_equality() {
    let one = ClaimRequest::voluntary().with_value("248289761001");
    assert!(one.accepts(&json!("248289761001")));
    for other in [json!("24828976100"), json!(248_289_761_001_u64), json!(["248289761001"]), json!(null)] {
        assert!(!one.accepts(&other), "{other}");
    }
    let some = ClaimRequest::voluntary().with_values(["urn:silver", "urn:bronze"]);
    assert_eq!(some.values.as_deref(), Some(&[json!("urn:silver"), json!("urn:bronze")][..]));
    assert!(some.accepts(&json!("urn:bronze")));
    assert!(!some.accepts(&json!("urn:gold")));
    assert!(!ClaimRequest::voluntary().with_values(Vec::<Value>::new()).accepts(&json!("urn:gold")));
    assert!(ClaimRequest::essential().accepts(&json!({"any": "value"})));
}

/// JSON has one kind of number, however it is written; beyond that equality is exact.
///
/// Proves CORE-5.5.1-04.
#[test]
fn a_number_is_accepted_however_it_is_written() {
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    for (wanted, known, equal) in [
        ("1", "1.0", true),
        ("1e2", "100", true),
        ("0", "-0", true),
        ("[1, {\"a\": 2.0}]", "[1.0, {\"a\": 2}]", true),
        ("1", "2", false),
        ("1", "1.5", false),
        ("1", "true", false),
        ("[1]", "[1, 1]", false),
        ("[1]", "1", false),
        ("{\"a\": 1}", "{\"a\": 1, \"b\": 1}", false),
        ("{\"a\": 1}", "{\"b\": 1}", false),
        ("9007199254740993", "9007199254740992", false),
        ("18446744073709551615", "18446744073709551614", false),
    ] {
        let (wanted, known) = (value(wanted), value(known));
        for (wanted, known) in [(&wanted, &known), (&known, &wanted)] {
            let request = ClaimRequest::voluntary().with_value(wanted.clone());
            assert_eq!(request.accepts(known), equal, "{wanted} {known}");
        }
        // the claim that has a number for its type, too
        if known.is_number() {
            let claims =
                StandardClaims { updated_at: known.as_number().cloned(), ..StandardClaims::default() };
            assert_eq!(*claims.get("updated_at").as_ref().unwrap() == wanted, equal, "{wanted} {known}");
        }
    }
}

/// Proves CORE-5.5-03.
#[test]
fn userinfo_needs_an_access_token() {
    let request = ClaimsRequest::new().with_userinfo("email", ClaimRequest::voluntary());
    assert!(request.check_reach(UserInfoReach::Within).is_ok());
    assert!(matches!(
        request.check_reach(UserInfoReach::Beyond),
        Err(ClaimsRequestError::UserInfoOutOfReach)
    ));
    assert!(
        ClaimsRequest::new()
            .with_id_token("email", ClaimRequest::voluntary())
            .check_reach(UserInfoReach::Beyond)
            .is_ok()
    );
}

#[test]
fn json_is_read_strictly() {
    let twice = br#"{"userinfo": {"email": null, "email": {"essential": true}}}"#;
    assert!(matches!(
        ClaimsRequest::from_json(twice, &Limits::default()),
        Err(ClaimsRequestError::Json { error: JsonError::DuplicateMember { .. }, .. })
    ));
}

/// Proves JSN-03. Also where plain serde reads, as in a record that was stored: at every level.
#[test]
fn serde_drops_no_request_of_two() {
    for twice in [
        r#"{"userinfo":{"email":{"essential":true}},"userinfo":{"name":null}}"#,
        r#"{"userinfo":{"email":null,"email":{"essential":true}}}"#,
        r#"{"id_token":{"acr":{"essential":true,"essential":false}}}"#,
        r#"{"userinfo":{"address":{"value":{"country":"CH","country":"DE"}}}}"#,
        r#"{"x":[{"a":1,"a":1}]}"#,
    ] {
        let error = serde_json::from_str::<ClaimsRequest>(twice).unwrap_err();
        assert!(error.to_string().contains("twice"), "{twice}: {error}");
    }
    let error = serde_json::from_str::<RequestedClaims>(r#"{"email":null,"email":null}"#).unwrap_err();
    assert!(error.to_string().contains("twice"), "{error}");
    let all = r#"{"userinfo":{"x":{"values":[null,true,-1,1,1.5,"a",[],{"a":[1]}]}}}"#;
    let read: ClaimsRequest = serde_json::from_str(all).unwrap();
    assert_eq!(read.to_json(), all);
    assert_eq!(serde_json::from_value::<ClaimsRequest>(serde_json::to_value(&read).unwrap()).unwrap(), read);
    let error = serde_json::from_str::<ClaimsRequest>("[]").unwrap_err();
    assert!(error.to_string().contains("an array, not an object"), "{error}");
}

/// What our own reader refuses is refused before it is sent, too.
///
/// Proves CORE-5.5.1-05.
#[test]
fn a_request_that_is_put_together_is_held_against_the_types_of_the_claims() {
    let checked = |request: ClaimsRequest| {
        assert_eq!(
            ClaimsRequest::from_json(request.to_json().as_bytes(), &Limits::default()).is_ok(),
            request.check().is_ok()
        );
        request.check().map_err(|error| error.path().to_owned())
    };
    let five = || ClaimRequest::essential().with_value(5);
    assert_eq!(
        checked(ClaimsRequest::new().with_userinfo("email", five())),
        Err("claims.userinfo.email.value".to_owned())
    );
    let values = ClaimRequest::voluntary().with_values([json!("a"), json!(["b"])]);
    assert_eq!(
        checked(ClaimsRequest::new().with_id_token("acr", values)),
        Err("claims.id_token.acr.values[1]".to_owned())
    );
    assert_eq!(
        checked(ClaimsRequest::new().with_id_token("auth_time", five()).with_userinfo("groups", five())),
        Ok(())
    );
    let fields: RequestedClaims = [("email".to_owned(), five())].into_iter().collect();
    assert_eq!(fields.check("fields").unwrap_err().path(), "fields.email.value");
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        ".*".prop_map(Value::from)
    ]
}

fn claim_request() -> impl Strategy<Value = ClaimRequest> {
    (
        any::<bool>(),
        prop::option::of(scalar()),
        prop::option::of(prop::collection::vec(scalar(), 0..4)),
        prop::collection::btree_map("x_[a-z]{0,6}", scalar(), 0..2),
    )
        .prop_map(|(essential, value, values, extra)| ClaimRequest {
            essential,
            value,
            values,
            extra: extra.into_iter().collect(),
        })
}

fn requested_claims() -> impl Strategy<Value = RequestedClaims> {
    prop::collection::vec((".{0,12}", claim_request()), 0..6).prop_map(|claims| claims.into_iter().collect())
}

proptest! {
    #[test]
    fn round_trip(
        userinfo in prop::option::of(requested_claims()),
        id_token in prop::option::of(requested_claims()),
        extra in prop::collection::btree_map("x_[a-z]{0,6}", scalar(), 0..2),
    ) {
        let request = ClaimsRequest { userinfo, id_token, extra: extra.into_iter().collect() };
        let text = request.to_json();
        prop_assert_eq!(ClaimsRequest::from_json(text.as_bytes(), &Limits::default()).unwrap(), request);
    }
}
