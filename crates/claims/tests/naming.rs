//! Names of claims.
#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may their helpers")]

use avouch_claims::{ClaimNaming, PROTOCOL_CLAIMS, ScopeClaims, StandardClaims};
use avouch_types::Scopes;

/// Proves CORE-5.1.2-01: whatever is written here by default is in the registry, and a host sees which names of its own
/// are not safe from others.
#[test]
fn names_that_nobody_else_gives_another_meaning() {
    use ClaimNaming::{Private, Public, Registered};
    let standard = ScopeClaims::standard();
    let scopes = Scopes::parse("profile email address phone").unwrap();
    for name in
        standard.claims_for(&scopes).chain(PROTOCOL_CLAIMS.iter().copied()).chain(["groups", "website#de-CH"])
    {
        assert_eq!(ClaimNaming::of(name), Registered, "{name}");
    }
    for name in [
        "https://example.com/role",
        "http://example.info/claims/groups",
        "urn:example:role",
        "com.example.role",
        "example.com",
        "1.3.6.1.4.1.343",
        "2b0f5f30-2f8c-4d4e-9f0a-0a4f3e1d2c3b",
        "https://example.com/claims#role",
    ] {
        assert_eq!(ClaimNaming::of(name), Public, "{name}");
    }
    for name in [
        "role",
        "department",
        "employee_number",
        "Email",
        "role#de",
        "",
        "#de",
        ".",
        "a..b",
        "v.1",
        "1.5",
        "1.2.x",
        "a b.c",
        "/role",
        "javascript:role",
        "2b0f5f30-2f8c-4d4e-9f0a-0a4f3e1d2c3",
        "2b0f5f30-2f8c-4d4e-9f0a-0a4f3e1d2c3g",
        "2b0f5f302-f8c-4d4e-9f0a-0a4f3e1d2c3b",
    ] {
        assert_eq!(ClaimNaming::of(name), Private, "{name}");
    }
    let json = br#"{"sub": "1", "name": 5, "role": "x", "https://example.com/role": "x", "desk#de": "y"}"#;
    let claims = StandardClaims::from_json(json, &avouch_json::Limits::default()).unwrap();
    assert_eq!(claims.private_names().collect::<Vec<_>>(), ["desk#de", "role"]);
}
