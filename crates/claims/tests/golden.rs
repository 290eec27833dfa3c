//! The JSON of each wire type, to the octet.
#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may their helpers")]

use avouch_claims::{
    Address, ClaimRequest, ClaimSet, ClaimsRequest, ConsentTo, ExternalClaims, RequestedClaims, ScopeClaims,
    SourceLocation, StandardClaims,
};
use avouch_json::Limits;
use avouch_types::{AccessToken, EndpointUrl, Scopes, Secret};
use serde_json::Value;

fn address() -> Address {
    Address {
        formatted: Some("1 Main St.\r\n3000 Bern".to_owned()),
        postal_code: Some("3000".to_owned()),
        ..Address::default()
    }
}

fn claims() -> StandardClaims {
    let mut claims = StandardClaims {
        name: Some("Jane \u{1f600} \"Doe\"".to_owned()),
        email: Some("jane@example.com".to_owned()),
        email_verified: Some(true),
        birthdate: Some("0000-03-22".to_owned()),
        address: Some(address()),
        updated_at: Some(1_311_280_970.into()),
        ..StandardClaims::default()
    };
    claims.insert_in_language("family_name", &"ja-kana-jp".parse().unwrap(), "\u{30b5}\u{30c8}\u{30a6}");
    claims.extra.insert("https://example.com/role".to_owned(), "admin".into());
    claims
}

#[test]
fn standard_claims() {
    let json = concat!(
        r#"{"address":{"formatted":"1 Main St.\r\n3000 Bern","postal_code":"3000"},"birthdate":"0000-03-22","#,
        r#""email":"jane@example.com","email_verified":true,"family_name#ja-Kana-JP":"サトウ","#,
        r#""https://example.com/role":"admin","name":"Jane 😀 \"Doe\"","updated_at":1311280970}"#
    );
    assert_eq!(serde_json::to_string(&claims()).unwrap(), json);
    assert_eq!(StandardClaims::from_json(json.as_bytes(), &Limits::default()).unwrap(), claims());
}

#[test]
fn an_address() {
    let json = r#"{"formatted":"1 Main St.\r\n3000 Bern","postal_code":"3000"}"#;
    assert_eq!(serde_json::to_string(&address()).unwrap(), json);
    assert_eq!(serde_json::from_str::<Address>(json).unwrap(), address());
}

#[test]
fn a_claims_request() {
    let mut purpose = ClaimRequest::essential();
    purpose.extra.insert("purpose".to_owned(), "billing".into());
    let request = ClaimsRequest::new()
        .with_userinfo("email", purpose)
        .with_userinfo("picture", ClaimRequest::voluntary())
        .with_id_token("acr", ClaimRequest::essential().with_values(["urn:b", "urn:a"]))
        .with_id_token("sub", ClaimRequest::voluntary().with_value("248289761001"));
    let json = concat!(
        r#"{"id_token":{"acr":{"essential":true,"values":["urn:b","urn:a"]},"sub":{"value":"248289761001"}},"#,
        r#""userinfo":{"email":{"essential":true,"purpose":"billing"},"picture":null}}"#
    );
    assert_eq!(request.to_json(), json);
    assert_eq!(serde_json::to_string(&request).unwrap(), json);
    assert_eq!(ClaimsRequest::from_json(json.as_bytes(), &Limits::default()).unwrap(), request);
    let place = request.userinfo.unwrap();
    assert_eq!(
        place.to_value().to_string(),
        r#"{"email":{"essential":true,"purpose":"billing"},"picture":null}"#
    );
    assert_eq!(RequestedClaims::from_value("claims.userinfo", place.to_value()).unwrap(), place);
    assert_eq!(serde_json::to_value(&place).unwrap(), place.to_value());
    assert_eq!(serde_json::from_value::<RequestedClaims>(place.to_value()).unwrap(), place);
    let error = serde_json::from_str::<RequestedClaims>(r#"{"email":{"essential":1}}"#).unwrap_err();
    assert_eq!(error.to_string(), "email.essential is a number, not a boolean");
}

#[test]
fn external_claims() {
    let external = ExternalClaims::new()
        .with_source("a", SourceLocation::Aggregated { jwt: Secret::new("h.p.s") }, ["address"])
        .with_source(
            "b",
            SourceLocation::Distributed {
                endpoint: EndpointUrl::parse("https://bank.example.com/claim_source").unwrap(),
                access_token: Some(AccessToken::new("ksj3n283dke")),
            },
            ["payment_info", "age"],
        );
    let json = concat!(
        r#"{"_claim_names":{"address":"a","age":"b","payment_info":"b"},"_claim_sources":{"a":{"JWT":"h.p.s"},"#,
        r#""b":{"access_token":"ksj3n283dke","endpoint":"https://bank.example.com/claim_source"}}}"#
    );
    assert_eq!(Value::Object(external.to_members()).to_string(), json);
}

#[test]
fn a_release() {
    let (table, scopes) = (
        ScopeClaims::standard().with("r", ["https://example.com/role"]),
        Scopes::parse("email address r").unwrap(),
    );
    let claims = claims();
    let set = ClaimSet::new(&table, &scopes, None, ConsentTo::Everything);
    let json = concat!(
        r#"{"address":{"formatted":"1 Main St.\r\n3000 Bern","postal_code":"3000"},"email":"jane@example.com","#,
        r#""email_verified":true,"https://example.com/role":"admin"}"#
    );
    assert_eq!(serde_json::to_string(&set.release(&claims)).unwrap(), json);
    assert_eq!(Value::Object(set.select(&claims)).to_string(), json);
}
