//! The rules of one token request, one refusal at a time.
#![allow(clippy::unwrap_used)]

use avouch_messages::client_auth::{BasicError, JWT_BEARER_ASSERTION_TYPE, basic_header, parse_basic};
use avouch_messages::{Grant, PresentedCredentials, TokenRequest, TokenRequestError as Refused};
use avouch_types::{ClientAuthMethod, ClientId, ClientSecret, ErrorCode, Form, FormError, FormLimits};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
const CODE: &str = "grant_type=authorization_code&code=abc&redirect_uri=https%3A%2F%2Frp.example%2Fcb";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn parse(authorization: Option<&str>, body: &str) -> Result<TokenRequest, Refused> {
    TokenRequest::parse(authorization, FORM, body.as_bytes(), &FormLimits::default())
}

fn refused(authorization: Option<&str>, body: &str, code: ErrorCode) -> Refused {
    let error = parse(authorization, body).unwrap_err();
    assert_eq!(error.error_code(), code, "{body} {error:?}");
    error
}

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

/// Proves END-01, CORE-3.1.3.1-01.
#[test]
fn the_body_is_a_form() {
    let body = format!("{CODE}&client_id=c");
    let limits = FormLimits::default();
    let typed =
        |content_type: Option<&str>| TokenRequest::parse(None, content_type, body.as_bytes(), &limits);
    for accepted in [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded;charset=UTF-8",
        "Application/X-WWW-Form-Urlencoded ; charset=\"utf-8\"",
    ] {
        assert!(typed(Some(accepted)).is_ok(), "{accepted}");
    }
    for content_type in [
        None,
        Some(""),
        Some("application/json"),
        Some("multipart/form-data"),
        Some("application/x-www-form-urlencoded; charset=iso-8859-1"),
        Some("application/x-www-form-urlencoded2"),
        Some("text/plain, application/x-www-form-urlencoded"),
    ] {
        assert_eq!(typed(content_type), Err(Refused::ContentType), "{content_type:?}");
    }
    assert_eq!(Refused::ContentType.error_code(), ErrorCode::INVALID_REQUEST);
}

/// Proves END-04.
#[test]
fn a_repeated_parameter_is_refused() {
    for name in ["code", "grant_type", "client_id", "unknown"] {
        let body = format!("{CODE}&client_id=c&unknown=1&{name}=x");
        let error = refused(None, &body, ErrorCode::INVALID_REQUEST);
        assert_eq!(error, Refused::Form(FormError::DuplicateParameter { name: name.to_owned() }));
    }
    assert!(
        parse(None, &format!("{CODE}&client_id=c&resource=https%3A%2F%2Fa&resource=https%3A%2F%2Fb")).is_ok()
    );
}

#[test]
fn a_form_beyond_its_limits_is_refused() {
    let body = format!("{CODE}&client_id={}", "c".repeat(100));
    let small = FormLimits::default().with_bytes(100);
    let error = TokenRequest::parse(None, FORM, body.as_bytes(), &small).unwrap_err();
    assert!(matches!(error, Refused::Form(FormError::TooLong { .. })));
    let many = FormLimits::default().with_parameters(3);
    let error = TokenRequest::parse(None, FORM, body.as_bytes(), &many).unwrap_err();
    assert!(matches!(error, Refused::Form(FormError::TooManyParameters { limit: 3 })));
}

/// Proves CORE-3.1.2.2-01, END-03: required parameters of each grant; without a value they are absent.
#[test]
fn each_grant_has_its_parameters() {
    for (body, name) in [
        ("client_id=c", "grant_type"),
        ("client_id=c&grant_type=", "grant_type"),
        ("client_id=c&grant_type=authorization_code", "code"),
        ("client_id=c&grant_type=authorization_code&code=", "code"),
        ("client_id=c&grant_type=refresh_token&code=abc", "refresh_token"),
    ] {
        let error = refused(None, body, ErrorCode::INVALID_REQUEST);
        assert_eq!(error, Refused::MissingParameter { name }, "{body}");
    }
    let refresh =
        parse(None, "client_id=c&grant_type=refresh_token&refresh_token=r&scope=openid+email").unwrap();
    let Grant::RefreshToken { refresh_token, scope } = refresh.grant else { unreachable!() };
    assert_eq!((refresh_token.expose(), scope.unwrap().to_string()), ("r", "openid email".to_owned()));
    let other = parse(None, "client_id=c&grant_type=urn:x&assertion=a&code=b").unwrap();
    assert_eq!(other.grant.grant_type().as_str(), "urn:x");
    assert_eq!(other.extra, Form::new().with("assertion", "a").with("code", "b"));
}

/// Proves PKC-09, COD-04, END-06: what no code, verifier, token or URI could be is an invalid grant.
#[test]
fn malformed_grants_are_invalid_grants() {
    for (body, name) in [
        ("grant_type=authorization_code&code=%C3%A9", "code"),
        ("grant_type=authorization_code&code=abc&code_verifier=short", "code_verifier"),
        ("grant_type=refresh_token&refresh_token=%00", "refresh_token"),
    ] {
        let error = refused(None, &format!("client_id=c&{body}"), ErrorCode::INVALID_GRANT);
        assert!(
            matches!(error, Refused::MalformedGrant { name: malformed, .. } if malformed == name),
            "{error:?}"
        );
    }
    let error = refused(
        None,
        "client_id=c&grant_type=authorization_code&code=abc&redirect_uri=%2Fcb",
        ErrorCode::INVALID_GRANT,
    );
    assert!(matches!(error, Refused::RedirectUri(_)));
    let error = refused(
        None,
        "client_id=c&grant_type=refresh_token&refresh_token=r&scope=a++b",
        ErrorCode::INVALID_SCOPE,
    );
    assert!(matches!(error, Refused::Scope(_)));
    let error = refused(None, "client_id=c&grant_type=a+b", ErrorCode::INVALID_REQUEST);
    assert!(matches!(error, Refused::GrantType(_)));
}

/// Proves CORE-3.1.3.1-03, COD-05, AUT-05.
#[test]
fn a_public_client_says_who_it_is() {
    let request = parse(None, &format!("{CODE}&client_id=c&code_verifier={VERIFIER}")).unwrap();
    assert!(request.credentials.fit(&ClientAuthMethod::NONE));
    assert!(!request.credentials.fit(&ClientAuthMethod::CLIENT_SECRET_POST));
    assert_eq!(request.client_id().unwrap().as_str(), "c");
    assert_eq!(refused(None, CODE, ErrorCode::INVALID_CLIENT), Refused::MissingClient);
    let error = refused(None, &format!("{CODE}&client_secret=s"), ErrorCode::INVALID_CLIENT);
    assert_eq!(error, Refused::MissingClient);
    let error = refused(None, &format!("{CODE}&client_id=%C3%A9"), ErrorCode::INVALID_CLIENT);
    assert!(matches!(error, Refused::ClientId(_)));
}

/// Proves AUT-01, CORE-9-03: at most one method in a request.
#[test]
fn more_than_one_authentication_method_is_refused() {
    let header = basic("c:s");
    let assertion = format!("client_assertion=eyJ&client_assertion_type={JWT_BEARER_ASSERTION_TYPE}");
    let error =
        refused(Some(&header), &format!("{CODE}&client_id=c&client_secret=s"), ErrorCode::INVALID_REQUEST);
    assert_eq!(error, Refused::SeveralMethods);
    let error = refused(Some(&header), &format!("{CODE}&{assertion}"), ErrorCode::INVALID_CLIENT);
    assert_eq!(error, Refused::AssertionAndOtherMethod);
    let error =
        refused(None, &format!("{CODE}&client_id=c&client_secret=s&{assertion}"), ErrorCode::INVALID_CLIENT);
    assert_eq!(error, Refused::AssertionAndOtherMethod);
    // naming oneself in the body is no second method, naming somebody else is refused
    assert!(parse(Some(&header), &format!("{CODE}&client_id=c")).is_ok());
    let error = refused(Some(&header), &format!("{CODE}&client_id=other"), ErrorCode::INVALID_CLIENT);
    assert_eq!(error, Refused::ClientIdMismatch);
}

/// Proves CORE-9-09, AST-01.
#[test]
fn an_assertion_has_its_type() {
    let body = format!("{CODE}&client_assertion=eyJ&client_assertion_type={JWT_BEARER_ASSERTION_TYPE}");
    let request = parse(None, &body).unwrap();
    assert!(request.credentials.fit(&ClientAuthMethod::PRIVATE_KEY_JWT));
    assert!(!request.credentials.fit(&ClientAuthMethod::NONE));
    assert_eq!(request.client_id(), None);
    assert!(request.extra.is_empty());
    let PresentedCredentials::Assertion { assertion, assertion_type, .. } = request.credentials else {
        unreachable!()
    };
    assert_eq!((assertion.expose(), assertion_type.as_str()), ("eyJ", JWT_BEARER_ASSERTION_TYPE));
    for half in
        ["client_assertion=eyJ", "client_assertion_type=x", "client_assertion=eyJ&client_assertion_type="]
    {
        let error = refused(None, &format!("{CODE}&client_id=c&{half}"), ErrorCode::INVALID_CLIENT);
        assert_eq!(error, Refused::IncompleteAssertion, "{half}");
    }
}

/// Proves AUT-02, CORE-9-02: both halves are form-encoded.
#[test]
fn basic_credentials_are_form_encoded() {
    for (id, secret, pair) in [
        ("s6BhdRkqt3", "gX1fBat3bV", "s6BhdRkqt3:gX1fBat3bV"),
        ("a:b", "c:d", "a%3Ab:c%3Ad"),
        ("a b", "%+ \u{e9}\u{20ac}", "a+b:%25%2B+%C3%A9%E2%82%AC"),
        ("https://rp.example", "=&#", "https%3A%2F%2Frp.example:%3D%26%23"),
    ] {
        let header = basic_header(&ClientId::parse(id).unwrap(), &ClientSecret::new(secret));
        assert_eq!(header, basic(pair));
        let (read_id, read_secret) = parse_basic(&header).unwrap();
        assert_eq!((read_id.as_str(), read_secret.expose()), (id, secret));
    }
    // a colon that was not encoded belongs to the secret
    assert_eq!(parse_basic(&basic("a:b:c")).unwrap().1.expose(), "b:c");
    assert_eq!(parse_basic(&basic("a:b+c%20d")).unwrap().1.expose(), "b c d");
    assert!(parse_basic(&basic("a:b").replace("Basic", "bASIC")).is_ok());
}

/// Proves AUT-02, CORE-9-02. (oidcc-client-test-client-secret-basic; CVE-2026-9803: no header brings it down)
#[test]
fn malformed_basic_credentials_are_refused() {
    for (header, rule) in [
        ("", BasicError::NotBasic),
        ("Basic", BasicError::NotBasic),
        ("Bearer YTpi", BasicError::NotBasic),
        ("BasicYTpi", BasicError::NotBasic),
        ("Basic YTpi!", BasicError::NotBase64),
        ("Basic YTpi YTpi", BasicError::NotBase64),
        ("Basic YTpiYw", BasicError::NotBase64),
        ("Basic YTpiYx==", BasicError::NotBase64),
        ("Basic YTo_Pz8_", BasicError::NotBase64),
        ("Basic YTpi, Basic YTpi", BasicError::NotBase64),
        (&basic(""), BasicError::NoColon),
        (&basic("ab"), BasicError::NoColon),
        (&basic("a:b\0"), BasicError::ForbiddenByte),
        (&basic("a\n:b"), BasicError::ForbiddenByte),
        (&basic("a:b\u{7f}"), BasicError::ForbiddenByte),
        (&basic("a:b\u{85}"), BasicError::ForbiddenByte),
        (&basic("a:b%00"), BasicError::ForbiddenByte),
        (&basic("a:b%0D%0A"), BasicError::ForbiddenByte),
        ("Basic YTr/", BasicError::ForbiddenByte),
        (&basic("a:b%"), BasicError::NotFormEncoded(FormError::MalformedPercentEncoding { offset: 1 })),
        (&basic("a:b%FF"), BasicError::NotFormEncoded(FormError::NotUtf8 { offset: 0 })),
        (&basic("a:\u{e9}"), BasicError::NotFormEncoded(FormError::ForbiddenByte { byte: 0xC3, offset: 0 })),
    ] {
        assert_eq!(parse_basic(header), Err(rule.clone()), "{header}");
        let error = refused(Some(header), CODE, ErrorCode::INVALID_CLIENT);
        assert_eq!(error, Refused::Authorization(rule));
    }
    assert!(matches!(parse_basic(&basic(":b")), Err(BasicError::MalformedWord(_))));
    assert!(matches!(parse_basic(&basic("a:")), Err(BasicError::MalformedWord(_))));
    assert!(matches!(parse_basic(&basic("a%0A:b")), Err(BasicError::MalformedWord(_))));
    let long = basic(&format!("a:{}", "b".repeat(8000)));
    assert!(matches!(parse_basic(&long), Err(BasicError::TooLong { .. })));
}

/// Proves CORE-3.1.3.1-01, CORE-12.1-01, AUT-03: what is sent, and that a secret of the header is not in the body.
#[test]
fn requests_are_written_as_they_are_read() {
    let body = format!("{CODE}&code_verifier={VERIFIER}&x=1");
    let request = parse(Some(&basic("c:s")), &body).unwrap();
    assert_eq!(request.to_form().to_urlencoded(), body);
    assert_eq!(request.authorization(), Some(basic("c:s")));

    let post = parse(None, &format!("{CODE}&client_id=c&client_secret=s")).unwrap();
    assert_eq!(post.authorization(), None);
    assert_eq!(post.to_form().to_urlencoded(), format!("{CODE}&client_id=c&client_secret=s"));
    assert!(post.credentials.fit(&ClientAuthMethod::CLIENT_SECRET_POST));
    assert!(!post.credentials.fit(&ClientAuthMethod::CLIENT_SECRET_BASIC));
}

#[test]
fn debug_shows_no_secret() {
    let body = format!(
        "grant_type=authorization_code&code=hunter2&code_verifier={VERIFIER}&client_id=c&client_secret=hunter2"
    );
    let shown =
        format!("{:?} {:?}", parse(None, &body).unwrap(), parse(Some(&basic("c:hunter2")), CODE).unwrap());
    assert!(!shown.contains("hunter2") && !shown.contains(VERIFIER), "{shown}");
}
