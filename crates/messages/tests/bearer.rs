//! Access tokens in requests, challenges in answers.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use avouch_messages::bearer::{
    BearerChallenge, BearerError, BearerRequest, Challenge, ChallengeError, authorization, extract,
};
use avouch_types::{AccessToken, ErrorCode, FormLimits, Scopes};

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

fn header(values: &[&str]) -> Result<Option<AccessToken>, BearerError> {
    extract(
        &BearerRequest { method: "GET", authorization: values, ..Default::default() },
        &FormLimits::default(),
    )
}

fn body(method: &str, content_type: Option<&str>, body: &str) -> Result<Option<AccessToken>, BearerError> {
    let request = BearerRequest { method, content_type, body: body.as_bytes(), ..Default::default() };
    extract(&request, &FormLimits::default())
}

/// Proves BEA-01. (userinfo-get, userinfo-post-header, oidcc-client-test-userinfo-bearer-header)
#[test]
fn a_token_is_found_in_the_header() {
    for (value, token) in [
        ("Bearer mF_9.B5f-4.1JqM", "mF_9.B5f-4.1JqM"),
        ("bearer abc", "abc"),
        ("BEARER   abc==", "abc=="),
        ("Bearer a~b+c/d", "a~b+c/d"),
    ] {
        assert_eq!(header(&[value]).unwrap().unwrap().expose(), token, "{value}");
    }
    for none in ["Basic YTpi", "BearerX abc", "DPoP abc", ""] {
        assert_eq!(header(&[none]), Ok(None), "{none}");
    }
    assert_eq!(header(&[]), Ok(None));
    assert_eq!(authorization(&AccessToken::new("abc")), "Bearer abc");
}

/// Proves BEA-01, END-06.
#[test]
fn a_malformed_token_is_refused() {
    for value in [
        "Bearer",
        "Bearer ",
        "Bearer =",
        "Bearer a b",
        "Bearer a,b",
        "Bearer a=b",
        "Bearer \"a\"",
        "Bearer a\tb",
        "Bearer \u{e9}",
        "Bearer abc, Bearer def",
    ] {
        assert_eq!(header(&[value]), Err(BearerError::Malformed), "{value}");
        assert_eq!(body("POST", FORM, "access_token=a+b"), Err(BearerError::Malformed));
    }
    assert_eq!(BearerError::Malformed.error_code(), ErrorCode::INVALID_REQUEST);
}

/// Proves BEA-02, CORE-5.3-01. (userinfo-post-body, oidcc-client-test-userinfo-bearer-body)
#[test]
fn a_token_is_found_in_a_form_body() {
    assert_eq!(body("POST", FORM, "x=1&access_token=abc").unwrap().unwrap().expose(), "abc");
    assert_eq!(body("POST", FORM, "access_token="), Ok(None));
    // a body without meaning, or of another kind, presents nothing
    assert_eq!(body("GET", FORM, "access_token=abc"), Ok(None));
    assert_eq!(body("POST", None, "access_token=abc"), Ok(None));
    assert_eq!(body("POST", Some("multipart/form-data; boundary=x"), "access_token=abc"), Ok(None));
    assert_eq!(body("POST", Some("application/json"), r#"{"access_token":"abc"}"#), Ok(None));
    assert!(matches!(body("POST", FORM, "access_token=a&access_token=a"), Err(BearerError::Form(_))));
    assert!(matches!(body("POST", FORM, "access_token=%"), Err(BearerError::Form(_))));
}

/// Proves BEA-01, CORE-5.3.1-01: one presentation per request.
#[test]
fn a_token_presented_twice_is_refused() {
    assert_eq!(header(&["Bearer a", "Bearer a"]), Err(BearerError::SeveralTokens));
    assert_eq!(header(&["Bearer a", "Basic b"]), Err(BearerError::SeveralTokens));
    let both = BearerRequest {
        method: "POST",
        authorization: &["Bearer a"],
        content_type: FORM,
        body: b"access_token=a",
        ..Default::default()
    };
    assert_eq!(extract(&both, &FormLimits::default()), Err(BearerError::SeveralTokens));
}

/// Proves BEA-03.
#[test]
fn a_token_in_the_query_is_refused() {
    let query = |query| BearerRequest { method: "GET", query: Some(query), ..Default::default() };
    for text in ["access_token=abc", "a=1&access_token=", "access%5Ftoken=a", "access_token=a&access_token=b"]
    {
        assert_eq!(extract(&query(text), &FormLimits::default()), Err(BearerError::TokenInQuery), "{text}");
        let beside = BearerRequest { authorization: &["Bearer abc"], ..query(text) };
        assert_eq!(extract(&beside, &FormLimits::default()), Err(BearerError::TokenInQuery), "{text}");
    }
    assert_eq!(extract(&query("schema=openid"), &FormLimits::default()), Ok(None));
}

#[test]
fn debug_shows_no_token() {
    let request =
        BearerRequest { authorization: &["Bearer hunter2"], body: b"hunter2", ..Default::default() };
    assert!(!format!("{request:?} {:?}", extract(&request, &FormLimits::default())).contains("hunter2"));
}

/// Proves BEA-04, BEA-05, CORE-5.3.3-01.
#[test]
fn a_challenge_is_written() {
    let written = |challenge: BearerChallenge| challenge.to_header();
    assert_eq!(written(BearerChallenge::default()), "Bearer realm=\"\"");
    assert_eq!(written(BearerChallenge::new("a\"b\\c\n")), r#"Bearer realm="a\"b\\c?""#);
    let full = BearerChallenge::new("op")
        .scope(Scopes::parse("openid email").unwrap())
        .error(ErrorCode::INSUFFICIENT_SCOPE)
        .description("needs openid");
    assert_eq!(
        written(full.clone()),
        r#"Bearer realm="op", scope="openid email", error="insufficient_scope", error_description="needs openid""#
    );
    assert_eq!(BearerChallenge::find([full.to_header().as_str()]), Some(full));
    for (code, status) in [
        (ErrorCode::INVALID_REQUEST, 400),
        (ErrorCode::INVALID_TOKEN, 401),
        (ErrorCode::INSUFFICIENT_SCOPE, 403),
    ] {
        assert_eq!(BearerChallenge::new("op").error(code).status(), status);
    }
    assert_eq!(BearerChallenge::new("op").status(), 401);
}

/// Proves BEA-06.
#[test]
fn challenges_are_read_in_every_spelling() {
    let parse = |field: &str| Challenge::parse_all(field).unwrap();
    let several =
        parse(r#"Basic realm="a, b", Negotiate, , NTLM abc==, bEARER Error = invalid_token ,X="\"y\\",z=1"#);
    let schemes: Vec<&str> = several.iter().map(|challenge| challenge.scheme.as_str()).collect();
    assert_eq!(schemes, ["Basic", "Negotiate", "NTLM", "bEARER"]);
    assert_eq!(several[0].parameter("realm"), Some("a, b"));
    assert_eq!((several[1].token68.as_deref(), several[1].parameters.len()), (None, 0));
    assert_eq!(several[2].token68.as_deref(), Some("abc=="));
    assert_eq!(several[3].parameter("error"), Some("invalid_token"));
    assert_eq!(several[3].parameter("x"), Some("\"y\\"));
    assert_eq!(parse("  , ,Bearer,  ").len(), 1);
    assert!(parse("").is_empty());

    // found in any of several fields, beside unknown schemes and parameters
    let found = BearerChallenge::find([
        "Basic realm=x",
        "DPoP algs=\"ES256\", Bearer foo=1, ERROR=\"invalid_token\"",
    ]);
    assert_eq!(found.unwrap().error, Some(ErrorCode::INVALID_TOKEN));
    assert_eq!(BearerChallenge::find(["Basic realm=x"]), None);
    let found = BearerChallenge::find(["Basic realm=x, bEARER error=invalid_token"]);
    assert_eq!(found.unwrap().error, Some(ErrorCode::INVALID_TOKEN));
    // twice the same parameter, or one that is malformed, says nothing
    let found = BearerChallenge::find(["Bearer error=a, error=b, scope=\"a  b\", realm=r"]).unwrap();
    assert_eq!((found.error, found.scope, found.realm.as_deref()), (None, None, Some("r")));
}

/// A URL that should have been quoted does not cost the error beside it.
#[test]
fn a_bare_url_is_read_over() {
    let field = r#"Negotiate YWJj==, Bearer realm="", authorization_uri=https://login.example/a?b=c, error="invalid_token""#;
    assert!(Challenge::parse_all(field).is_err());
    let found = BearerChallenge::find([field]).unwrap();
    assert_eq!((found.realm.as_deref(), found.error), (Some(""), Some(ErrorCode::INVALID_TOKEN)));
    assert_eq!(BearerChallenge::find([r#"Bearer realm="never closed, error=x"#]), None);
}

/// Proves BEA-06: what is no challenge is refused, with its place.
#[test]
fn malformed_challenges_are_refused() {
    for (field, offset) in [
        ("Bearer realm=\"a", 13),
        ("Bearer realm=\"a\\", 13),
        ("Bearer realm=\"a\nb\"", 13),
        ("Bearer a=b c=d", 11),
        ("=a", 0),
        ("\u{e9}", 0),
        ("Bearer realm=\"a\"x", 16),
        ("Bearer abc def", 11),
    ] {
        assert_eq!(Challenge::parse_all(field), Err(ChallengeError::Malformed { offset }), "{field}");
    }
    let long = "x".repeat(8193);
    assert_eq!(Challenge::parse_all(&long), Err(ChallengeError::TooLong { len: 8193 }));
}
