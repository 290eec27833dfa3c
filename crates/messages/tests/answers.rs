//! Answers of the token and UserInfo endpoints, and PKCE.
#![allow(clippy::unwrap_used)]

use avouch_json::{JsonError, Limits};
use avouch_messages::{
    AnswerError as Refused, CodeChallenge, CredentialsIn, ErrorResponse, TokenResponse, UserInfo,
    UserInfoResponse,
};
use avouch_types::{AccessToken, CodeVerifier, ErrorCode, RefreshToken, Scopes, Secret, TokenType};

const JSON: Option<&str> = Some("application/json");

fn token(body: &str) -> Result<TokenResponse, Refused> {
    TokenResponse::parse(JSON, body.as_bytes(), &Limits::default())
}

/// A token response with one more member.
fn token_with(member: &str) -> Result<TokenResponse, Refused> {
    token(&format!(r#"{{"access_token":"a","token_type":"Bearer",{member}}}"#))
}

/// Proves TOK-01: as far as a client reads it.
#[test]
fn access_token_and_token_type_are_required() {
    assert!(token(r#"{"access_token":"a","token_type":"Bearer"}"#).is_ok());
    for (body, missing) in [
        (r#"{"token_type":"Bearer"}"#, "access_token"),
        (r#"{"access_token":null,"token_type":"Bearer"}"#, "access_token"),
        (r#"{"access_token":"a"}"#, "token_type"),
    ] {
        assert!(matches!(token(body), Err(Refused::MissingMember { name }) if name == missing), "{body}");
    }
    for (body, wrong) in [
        (r#"{"access_token":1,"token_type":"Bearer"}"#, "access_token"),
        (r#"{"access_token":"a","token_type":["Bearer"]}"#, "token_type"),
    ] {
        assert!(matches!(token(body), Err(Refused::WrongType { name }) if name == wrong), "{body}");
    }
    for (body, malformed) in [
        (r#"{"access_token":"","token_type":"Bearer"}"#, "access_token"),
        (r#"{"access_token":"\u00e9","token_type":"Bearer"}"#, "access_token"),
        (r#"{"access_token":"a","token_type":"a b"}"#, "token_type"),
    ] {
        assert!(
            matches!(token(body), Err(Refused::MalformedWord { name, .. }) if name == malformed),
            "{body}"
        );
    }
}

/// Proves TOK-03.
#[test]
fn expires_in_is_a_non_negative_integer_or_digits() {
    for (member, seconds) in [
        (r#""expires_in":3600"#, Some(3600)),
        (r#""expires_in":0"#, Some(0)),
        (r#""expires_in":"3599""#, Some(3599)),
        (r#""expires_in":null"#, None),
        (r#""x":1"#, None),
    ] {
        assert_eq!(token_with(member).unwrap().expires_in, seconds, "{member}");
    }
}

/// A fault in an optional member does not cost the code or the refresh token that was spent for the answer.
#[test]
fn a_malformed_optional_member_is_kept_aside() {
    for (name, value) in [
        ("expires_in", "-1"),
        ("expires_in", "3599.0"),
        ("expires_in", "1e3"),
        ("expires_in", "18446744073709551616"),
        ("expires_in", r#""-1""#),
        ("expires_in", r#""+1""#),
        ("expires_in", r#""""#),
        ("expires_in", r#""1 h""#),
        ("expires_in", "true"),
        ("scope", r#""openid email ""#),
        ("scope", r#"["openid"]"#),
        ("refresh_token", r#""""#),
        ("refresh_token", "1"),
        ("id_token", "{}"),
    ] {
        let mut response = token_with(&format!("{name:?}:{value}")).unwrap();
        let bare = TokenResponse::new(AccessToken::new("a"), TokenType::BEARER);
        let value: serde_json::Value = serde_json::from_str(value).unwrap();
        assert_eq!(response.malformed.iter().collect::<Vec<_>>(), [(&name.to_owned(), &value)]);
        response.malformed.clear();
        assert_eq!(response, bare, "{name}: {value}");
    }
    let id_token = token_with(r#""id_token":"""#).unwrap().id_token;
    assert_eq!(id_token, Some(Secret::new("")), "the next one to read it refuses it");
}

/// Proves TOK-02, CORE-3.1.3.3-02.
#[test]
fn the_token_type_is_compared_without_case() {
    let parsed = token(r#"{"access_token":"a","token_type":"bEARER"}"#).unwrap();
    assert_eq!(parsed.token_type, TokenType::BEARER);
    assert_ne!(token(r#"{"access_token":"a","token_type":"DPoP"}"#).unwrap().token_type, TokenType::BEARER);
}

/// Proves CORE-3.1.3.3-04, CORE-12.2-01: unknown members are kept and mean nothing; an ID Token may be absent.
#[test]
fn unknown_members_are_kept() {
    let response = token_with(r#""x_new":{"a":[1]}"#).unwrap();
    assert_eq!(response.extra["x_new"]["a"][0], 1);
    assert_eq!(response.id_token, None);
    assert!(response.to_json().contains(r#""x_new":{"a":[1]}"#));
}

/// Proves JSN-04: no member stands twice in an answer.
#[test]
fn an_answer_is_strict_json() {
    for body in
        [r#"{"access_token":"a","token_type":"Bearer","access_token":"b"}"#, "[]", "", "{}x", "\u{feff}{}"]
    {
        assert!(matches!(token(body), Err(Refused::Json(_))), "{body}");
    }
    let small = Limits::default().with_bytes(10);
    let error = TokenResponse::parse(JSON, br#"{"access_token":"a"}"#, &small).unwrap_err();
    assert!(matches!(error, Refused::Json(JsonError::TooLong { .. })));
}

/// Application/json in UTF-8, and nothing else.
#[test]
fn an_answer_has_its_content_type() {
    let body = br#"{"access_token":"a","token_type":"Bearer","error":"x","sub":"1"}"#;
    let limits = Limits::default();
    for accepted in
        ["application/json", "Application/JSON;charset=UTF-8", "application/json; charset=\"utf-8\"; x=y"]
    {
        assert!(TokenResponse::parse(Some(accepted), body, &limits).is_ok(), "{accepted}");
    }
    for refused in [
        None,
        Some("text/html"),
        Some("application/jsonp"),
        Some("application/json; charset=utf-16"),
        Some("application/json; charset=utf8"),
    ] {
        let expected = "application/json";
        assert!(
            matches!(TokenResponse::parse(refused, body, &limits), Err(Refused::ContentType { expected: e }) if e == expected)
        );
        assert!(matches!(ErrorResponse::parse(refused, body, &limits), Err(Refused::ContentType { .. })));
        assert!(matches!(UserInfo::parse(refused, body, &limits), Err(Refused::ContentType { .. })));
    }
}

/// Proves TOK-01: what an OP sends, without members that have no value.
#[test]
fn a_token_response_is_written() {
    let mut response = TokenResponse::new(AccessToken::new("SlAV32hkKG"), TokenType::BEARER);
    assert_eq!(response.to_json(), r#"{"access_token":"SlAV32hkKG","token_type":"Bearer"}"#);
    response.expires_in = Some(3600);
    response.refresh_token = Some(RefreshToken::new("8xLOxBtZp8"));
    response.scope = Some(Scopes::parse("openid email").unwrap());
    response.id_token = Some(Secret::new("eyJ"));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&response.to_json()).unwrap(),
        serde_json::json!({"access_token": "SlAV32hkKG", "token_type": "Bearer", "expires_in": 3600,
            "refresh_token": "8xLOxBtZp8", "scope": "openid email", "id_token": "eyJ"})
    );
    assert_eq!(token(&response.to_json()).unwrap(), response);
}

#[test]
fn debug_and_errors_show_no_token() {
    let response = token_with(
        r#""id_token":"hunter2","other_token":"hunter2","refresh_token":"hunter2","scope":["hunter2"]"#,
    )
    .unwrap();
    assert!(!format!("{response:?}").contains("hunter2"));
    let refused = error(r#"{"error":"x","claims":"hunter2"}"#).unwrap();
    assert!(!format!("{refused:?}").contains("hunter2"));
    let error = token(r#"{"access_token":{"hunter2":"hunter2"},"token_type":"hunter2"}"#).unwrap_err();
    assert!(!format!("{error:?} {error}").contains("hunter2"));
}

fn error(body: &str) -> Result<ErrorResponse, Refused> {
    ErrorResponse::parse(JSON, body.as_bytes(), &Limits::default())
}

/// Proves TOK-06.
#[test]
fn an_error_answer_has_its_status() {
    let (header, elsewhere) = (CredentialsIn::AuthorizationHeader, CredentialsIn::Elsewhere);
    let status = |code: ErrorCode, credentials| ErrorResponse::new(code).status(credentials);
    assert_eq!(status(ErrorCode::INVALID_CLIENT, header), 401);
    assert_eq!(status(ErrorCode::INVALID_CLIENT, elsewhere), 400);
    for code in [ErrorCode::INVALID_REQUEST, ErrorCode::INVALID_GRANT, ErrorCode::INVALID_SCOPE] {
        assert_eq!((status(code.clone(), header), status(code, elsewhere)), (400, 400));
    }
}

/// Proves CORE-3.1.2.6-06, TOK-06.
#[test]
fn an_error_answer_has_its_characters() {
    let parsed =
        error(r#"{"error":"invalid_grant","error_description":"gone","error_uri":"https://a/","x":1}"#)
            .unwrap();
    assert_eq!(parsed.error, ErrorCode::INVALID_GRANT);
    assert_eq!(parsed.error_description.as_ref().unwrap().as_str(), "gone");
    assert_eq!(error(&parsed.to_json()).unwrap(), parsed);
    assert!(matches!(error("{}"), Err(Refused::MissingMember { name: "error" })));
    assert!(matches!(error(r#"{"error":"a\"b"}"#), Err(Refused::MalformedWord { name: "error", .. })));
    assert!(matches!(error(r#"{"error":{}}"#), Err(Refused::WrongType { name: "error" })));
    let parsed = error(r#"{"error":"x","error_description":"a\r\nb","error_uri":5}"#).unwrap();
    assert_eq!(parsed.error_description.unwrap().as_str(), "a??b");
    assert_eq!(parsed.error_uri, None);
    let parsed = error(r#"{"error":"x","suberror":"basic_action","error_codes":[50076]}"#).unwrap();
    assert_eq!(
        (parsed.extra["suberror"].as_str(), &parsed.extra["error_codes"][0]),
        (Some("basic_action"), &50076.into())
    );
    assert_eq!(error(&parsed.to_json()).unwrap(), parsed);
    let written = ErrorResponse::new(ErrorCode::INVALID_REQUEST).description("no \"x\"\n").to_json();
    assert_eq!(written, r#"{"error":"invalid_request","error_description":"no 'x'?"}"#);
}

fn userinfo(body: &str) -> Result<UserInfo, Refused> {
    UserInfo::parse(JSON, body.as_bytes(), &Limits::default())
}

/// Proves CORE-5.3.2-02, CORE-2-02. (oidcc-client-test-missing-sub)
#[test]
fn userinfo_has_a_sub() {
    assert!(matches!(userinfo(r#"{"name":"Jane"}"#), Err(Refused::MissingMember { name: "sub" })));
    assert!(matches!(userinfo(r#"{"sub":5}"#), Err(Refused::WrongType { name: "sub" })));
    assert!(matches!(userinfo(r#"{"sub":""}"#), Err(Refused::MalformedWord { name: "sub", .. })));
    let long = format!(r#"{{"sub":"{}"}}"#, "x".repeat(256));
    assert!(matches!(userinfo(&long), Err(Refused::MalformedWord { name: "sub", .. })));
}

/// Proves CORE-5.3.2-01, CORE-5.3.2-03: nothing is lost, and nothing without value is written.
#[test]
fn userinfo_is_read_and_written() {
    let body = r#"{"email":"a@example.com","family_name#ja":"\u5c71","other":1,"sub":"1"}"#;
    let parsed = userinfo(body).unwrap();
    assert_eq!(parsed.claims.email.as_deref(), Some("a@example.com"));
    assert_eq!(
        parsed.to_json(),
        "{\"email\":\"a@example.com\",\"family_name#ja\":\"\u{5c71}\",\"other\":1,\"sub\":\"1\"}"
    );
    let bare = UserInfo::new(parsed.sub, avouch_claims::StandardClaims::default());
    assert_eq!(bare.to_json(), r#"{"sub":"1"}"#);
}

/// Proves CORE-5.3.2-05: the content type tells the form of the answer.
#[test]
fn a_userinfo_jwt_is_not_json() {
    let limits = Limits::default();
    let jwt = UserInfoResponse::parse(Some("application/jwt"), b"a.b.c", &limits).unwrap();
    assert_eq!(jwt, UserInfoResponse::Jwt(Secret::new("a.b.c")));
    assert!(matches!(UserInfoResponse::parse(JSON, b"a.b.c", &limits), Err(Refused::Json(_))));
    assert!(matches!(
        UserInfoResponse::parse(JSON, br#"{"sub":"1"}"#, &limits),
        Ok(UserInfoResponse::Json(_))
    ));
    assert!(matches!(
        UserInfoResponse::parse(Some("application/jwt"), b"\xff", &limits),
        Err(Refused::NotUtf8)
    ));
    let small = limits.with_bytes(4);
    assert!(matches!(
        UserInfoResponse::parse(Some("application/jwt"), b"a.b.c", &small),
        Err(Refused::Json(_))
    ));
}

/// SHA-256 of the verifier in RFC 7636 appendix B, as the appendix prints it.
const APPENDIX_B: [u8; 32] = [
    19, 211, 30, 150, 26, 26, 216, 236, 47, 22, 177, 12, 76, 152, 46, 8, 118, 168, 120, 173, 109, 241, 68,
    86, 110, 225, 137, 74, 203, 112, 249, 195,
];
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// The hash function, as far as RFC 7636 appendix B knows it; any other input gives another output.
fn sha256(input: &[u8]) -> [u8; 32] {
    if input == VERIFIER.as_bytes() { APPENDIX_B } else { [input.len() as u8; 32] }
}

/// Proves PKC-02: the ASCII octets of the verifier are hashed, as they are sent.
#[test]
fn the_challenge_of_appendix_b() {
    let verifier = CodeVerifier::parse(VERIFIER).unwrap();
    let challenge = CodeChallenge::s256(&verifier, sha256);
    assert_eq!(challenge.value(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    assert_eq!(CodeChallenge::parse(challenge.value(), Some("S256")).unwrap(), challenge);
    assert!(challenge.matches(&verifier, sha256));
}

/// Only the challenge's own method decides, and only the verifier itself fits.
#[test]
fn another_verifier_does_not_match() {
    let verifier = CodeVerifier::parse(VERIFIER).unwrap();
    let other = CodeVerifier::parse(&VERIFIER.replace('k', "l")).unwrap();
    let challenge = CodeChallenge::s256(&verifier, sha256);
    assert!(!challenge.matches(&other, sha256));
    // the challenge itself is no verifier for S256
    assert!(!challenge.matches(&CodeVerifier::parse(challenge.value()).unwrap(), sha256));

    let plain = CodeChallenge::parse(VERIFIER, None).unwrap();
    assert!(plain.matches(&verifier, sha256));
    assert!(!plain.matches(&other, sha256));
    let unknown = CodeChallenge::parse(VERIFIER, Some("S512")).unwrap();
    assert!(!unknown.matches(&verifier, sha256));
}

/// A challenge survives being stored with the code, and a tampered record is not read.
#[test]
fn a_challenge_is_stored() {
    let challenge = CodeChallenge::s256(&CodeVerifier::parse(VERIFIER).unwrap(), sha256);
    let stored = serde_json::to_string(&challenge).unwrap();
    assert_eq!(serde_json::from_str::<CodeChallenge>(&stored).unwrap(), challenge);
    assert!(serde_json::from_str::<CodeChallenge>(r#"{"method":"S256","value":"short"}"#).is_err());
}
