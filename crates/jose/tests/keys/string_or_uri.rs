use avouch_jose::NumericDate;
use avouch_jose::jwt::{ClaimError, Expectations, RegisteredClaims, is_string_or_uri};

/// Proves JWT-27. Any text without a colon, and of those with one only URIs.
#[test]
fn strings_and_uris() {
    for good in [
        "",
        "joe",
        "j\u{f6}e with spaces / ? # [ ] %",
        "https://issuer.example",
        "https://issuer.example:8443/a/b;c=d?e=f&g#h",
        "https://user:password@[2001:db8::1]:443/",
        "http://[::ffff:192.0.2.1]",
        "http://[v1.future:address]",
        "http://host:",
        "urn:example:a123,z456",
        "urn:ietf:params:oauth:jwk-thumbprint:sha-256:NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
        "mailto:joe@example.com",
        "tel:+1-816-555-1212",
        "did:example:123#key-1",
        "x:",
        "localhost:8080",
        "a+b-c.1:%41%fF",
        "file:///etc/hosts",
        "x:?#",
    ] {
        assert!(is_string_or_uri(good), "{good}");
    }
    for bad in [
        ":",
        ":joe",
        "1a:b",
        "a_b:c",
        "\u{e4}:b",
        "a b:c",
        "a: b",
        "a:\u{f6}",
        "a:<b>",
        "a:\"b\"",
        "a:b\n",
        "a:%",
        "a:%4",
        "a:%4g",
        "a:%%41",
        "a:%\u{f6}",
        "a:b#c#d",
        "a:[b]",
        "http://a/[b]",
        "http://a?[b]",
        "http://a#[b]",
        "http://[::1",
        "http://[1.2.3.4]",
        "http://[fe80::1%25eth0]",
        "http://[v.a]",
        "http://[v1.]",
        "http://[v1.%41]",
        "http://[vx.a]",
        "http://[::1]a",
        "http://a:b",
        "http://a:8:0",
        "http://a@b@c",
        "http://a/\\b",
        "http://a^b",
        "a:{b}|`",
    ] {
        assert!(!is_string_or_uri(bad), "{bad}");
    }
}

/// Proves JWT-27. Claims with a colon that are no URI are refused, whoever is expected.
#[test]
fn claims_are_strings_or_uris() {
    let now = NumericDate::from_seconds(1).unwrap();
    let check = |iss: &str, sub: &str| {
        let claims = RegisteredClaims {
            iss: Some(iss.to_owned()),
            sub: Some(sub.to_owned()),
            aud: Some("ann".into()),
            exp: Some(NumericDate::MAX),
            ..Default::default()
        };
        Expectations::new(iss, "ann").check_claims(&claims, now)
    };
    assert_eq!(check("joe", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"), Ok(()));
    assert_eq!(check("https://issuer.example", "joe"), Ok(()));
    assert_eq!(check("joe", "joe: accounting"), Err(ClaimError::NotUri { claim: "sub" }));
    assert_eq!(check("the issuer: here", "joe"), Err(ClaimError::NotUri { claim: "iss" }));
}
