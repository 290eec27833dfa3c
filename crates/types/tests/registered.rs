//! Registered words that documents share, and media types.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeSet, HashSet};

use avouch_types::{
    Acr, AcrForm, AcrOrder, Amr, ClaimType, EndpointUrl, ErrorCode, GrantType, Issuer, MediaType,
    RedirectUri, TokenType, UriError, WordError, check_web_url,
};

/// The registry of RFC 8176, by name: what has a constant here is in it, and of any other value an OP can tell that it is not.
///
/// Proves CORE-2-16.
#[test]
fn the_registered_methods_are_known_and_others_are_kept() {
    let registry = "face fpt geo hwk iris kba mca mfa otp pin pop pwd rba retina sc sms swk tel user vbm wia";
    let known: BTreeSet<_> = Amr::REGISTERED.iter().map(|amr| amr.as_str().to_owned()).collect();
    assert_eq!(known, registry.split(' ').map(str::to_owned).collect());
    for text in registry.split(' ') {
        assert!(Amr::parse(text).unwrap().is_registered());
        assert!(!Amr::parse(&text.to_uppercase()).unwrap().is_registered(), "case-sensitive");
    }
    let unknown = Amr::parse("ngcmfa").unwrap();
    assert!(!unknown.is_registered());
    assert_eq!(unknown.as_str(), "ngcmfa");
}

/// An absolute URI, a name that can be registered, or neither; always kept as it is and compared exactly.
///
/// Proves CORE-2-13.
#[test]
fn a_class_is_a_uri_or_a_registered_name() {
    for (text, form) in [
        ("urn:mace:incommon:iap:silver", AcrForm::Uri),
        ("https://refeds.org/profile/mfa", AcrForm::Uri),
        ("http://id.sambi.se/loa/loa3", AcrForm::Uri),
        ("phr", AcrForm::Name),
        ("sambi.se-loa3", AcrForm::Name),
        ("foo-loa-1", AcrForm::Name),
        ("0", AcrForm::NoConfidence),
        ("1", AcrForm::Other),
        ("42", AcrForm::Other),
        ("loa", AcrForm::Other),
        ("LoA3", AcrForm::Other),
        ("al2", AcrForm::Other),
        ("-phr", AcrForm::Other),
        ("x", AcrForm::Other),
        ("two words", AcrForm::Other),
        ("", AcrForm::Other),
        ("javascript:alert(1)", AcrForm::Other),
    ] {
        let acr = Acr::parse(text).unwrap();
        assert_eq!(acr.form(), form, "{text}");
        assert_eq!(acr.as_str(), text);
    }
    assert_ne!(Acr::parse("PHR").unwrap(), Acr::PHR);
    assert_eq!(Acr::ZERO.as_str(), "0");
}

/// As the host orders them; what it does not know, and what gives no confidence, is never enough.
///
/// Proves CORE-2-14.
#[test]
fn classes_are_ordered_by_the_host() {
    let acr = |text: &str| Acr::parse(text).unwrap();
    let order = AcrOrder::weakest_first(["", "silver", "gold", "silver", "0"].map(acr));
    for (actual, least, enough) in [
        ("gold", "silver", true),
        ("gold", "gold", true),
        ("silver", "gold", false),
        ("platinum", "gold", false),
        ("gold", "platinum", false),
        ("platinum", "platinum", true),
        ("Gold", "gold", false),
        ("0", "silver", false),
        ("0", "0", false),
        ("gold", "0", false),
        ("", "", false),
        ("gold", "", false),
    ] {
        assert_eq!(order.meets(Some(&acr(actual)), &acr(least)), enough, "{actual} {least}");
    }
    assert!(!order.meets(None, &acr("silver")) && !order.meets(None, &acr("platinum")));
    assert!(!AcrOrder::default().meets(Some(&Acr::ZERO), &Acr::ZERO));
    let zero_first = AcrOrder::weakest_first(["0", "silver"].map(acr));
    assert!(
        !zero_first.meets(Some(&acr("silver")), &Acr::ZERO),
        "no measure, also where the host gave it a place"
    );
}

#[test]
fn media_types_have_no_case() {
    let parse = |text: &str| MediaType::parse(text).unwrap();
    assert_eq!(parse("APPLICATION/jwt"), MediaType::JWT);
    assert_eq!(parse("Application/JWT").as_str(), "Application/JWT");
    assert_ne!(parse("application/at+jwt"), MediaType::JWT);
    let set: HashSet<_> = ["application/json", "Application/Json", "text/json"].map(parse).into();
    assert_eq!(set.len(), 2);
    assert_eq!(parse("A/b").cmp(&parse("a/B")), std::cmp::Ordering::Equal);
    for header in ["application/json", "Application/JSON;charset=utf-8", "\tapplication/json ; x=\"a;b\""] {
        assert!(MediaType::JSON.matches(header), "{header}");
    }
    for header in [
        "",
        "application/jsonp",
        "application/json/x",
        "text/json",
        "x; application/json",
        "application /json",
    ] {
        assert!(!MediaType::JSON.matches(header), "{header}");
    }
    let forbidden = |position| Err(WordError::ForbiddenCharacter { what: "media type", position });
    for (text, error) in [
        ("json", forbidden(4)),
        ("application/json; charset=utf-8", forbidden(16)),
        ("application/a/b", forbidden(13)),
        ("text/\u{e4}", forbidden(5)),
        ("/json", Err(WordError::Empty { what: "media type" })),
        ("application/", Err(WordError::Empty { what: "media type" })),
    ] {
        assert_eq!(MediaType::parse(text), error, "{text}");
    }
}

/// A word nobody here knows is as good as one with a constant, in every set that is open.
#[test]
fn unknown_words_are_kept() {
    let json = |text: &str| serde_json::Value::from(text);
    assert_eq!(serde_json::from_value::<GrantType>(json("urn:x:grant")).unwrap().as_str(), "urn:x:grant");
    assert_eq!(serde_json::from_value::<ClaimType>(json("remote")).unwrap().as_str(), "remote");
    assert_eq!(serde_json::from_value::<ErrorCode>(json("teapot")).unwrap().as_str(), "teapot");
    assert_eq!(TokenType::parse("dpop").unwrap(), TokenType::DPOP);
    assert_eq!(serde_json::to_value(ErrorCode::USE_DPOP_NONCE).unwrap(), json("use_dpop_nonce"));
    assert_eq!(
        serde_json::to_value(GrantType::DEVICE_CODE).unwrap(),
        json("urn:ietf:params:oauth:grant-type:device_code")
    );
}

/// Hosts are given as they are written; whoever compares them folds their case.
#[test]
fn hosts_are_found_where_they_are() {
    assert_eq!(Issuer::parse("https://OP.example:8443/tenant").unwrap().host(), "OP.example");
    assert_eq!(EndpointUrl::parse("https://[2001:db8::7]/x?y=https://z").unwrap().host(), "[2001:db8::7]");
    let host = |text: &str| RedirectUri::parse(text).unwrap().host().map(str::to_owned);
    assert_eq!(host("https://rp.example/cb?to=//evil.example").as_deref(), Some("rp.example"));
    assert_eq!(host("http://127.0.0.1:9000/cb").as_deref(), Some("127.0.0.1"));
    assert_eq!(host("com.example.app:/cb"), None);
    assert_eq!(host("app:///cb"), None);
}

/// Look-alikes of an issuer are other issuers or none at all.
///
/// Proves CORE-1.2-01.
#[test]
fn look_alikes_of_an_issuer() {
    let issuer = Issuer::parse("https://op.example").unwrap();
    for other in
        ["https://op.example/", "https://OP.example", "https://op.example:443", "https://op.example/."]
    {
        assert!(Issuer::parse(other).map_or(true, |other| other != issuer), "{other}");
    }
    for refused in [
        "HTTPS://op.example",
        "https://user@op.example",
        "https://op.example@evil.example",
        "https://\u{43e}p.example",
        "https://op.example%2eevil.example",
        "https://op.example/a/../b",
        "https://op.example?",
        "https://op.example#",
        "https:op.example",
        "https:///op.example",
        "https://op.example\\evil",
        " https://op.example",
        "https://op.example\u{200b}",
        "http://op.example",
    ] {
        assert!(Issuer::parse(refused).is_err(), "{refused}");
    }
    // a name in punycode is what it says, and another one than it looks like
    assert_ne!(Issuer::parse("https://xn--p-0tb.example").unwrap(), issuer);
}

/// What may be shown or linked to: wider than what is fetched or compared.
#[test]
fn a_web_url_is_absolute_and_runs_nothing() {
    for good in ["http://example.com", "https://example.com/../x#y", "mid:x", "urn:isbn:0451450523"] {
        assert_eq!(check_web_url(good), Ok(()), "{good}");
    }
    for scheme in ["javascript", "VBScript", "data", "blob", "file", "view-source", "about"] {
        assert_eq!(check_web_url(&format!("{scheme}:x")), Err(UriError::DangerousScheme));
    }
    assert_eq!(check_web_url("https://a@b.example"), Err(UriError::HasUserInfo));
    assert_eq!(check_web_url(""), Err(UriError::NoScheme));
}
