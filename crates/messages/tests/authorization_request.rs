//! The rules of one authorization request, one refusal at a time.
#![allow(clippy::unwrap_used)]

use avouch_claims::{ClaimRequest, ClaimsRequest, ClaimsRequestError};
use avouch_messages::{
    AuthorizationRequest, AuthorizationRequestError as Refused, CodeChallengeError, EnvelopeError,
    RequestEnvelope,
};
use avouch_types::{
    Acr, CodeChallengeMethod, Display, ErrorCode, Form, FormLimits, LanguageTag, Prompt, ResponseMode,
    ResponseType,
};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn good() -> Form {
    Form::new()
        .with("response_type", "code")
        .with("client_id", "s6BhdRkqt3")
        .with("redirect_uri", "https://rp.example/cb")
        .with("scope", "openid")
}

fn parse(form: Form) -> Result<AuthorizationRequest, Refused> {
    AuthorizationRequest::parse(&form)
}

/// The good request with one parameter added.
fn with(name: &'static str, value: &str) -> Result<AuthorizationRequest, Refused> {
    parse(good().with(name, value))
}

/// The good request with one parameter replaced.
fn instead(name: &'static str, value: &str) -> Result<AuthorizationRequest, Refused> {
    parse(good().without(&[name]).with(name, value))
}

/// Proves CORE-3.1.2.1-03, CORE-3.1.2.2-03, MRT-1.2-03. (response-type-missing,
/// ensure-redirect-uri-in-authorization-request)
#[test]
fn the_four_required_parameters_are_required() {
    for name in ["response_type", "client_id", "redirect_uri"] {
        for form in [good().without(&[name]), good().without(&[name]).with(name, "")] {
            let error = parse(form).unwrap_err();
            assert!(
                matches!(error, Refused::MissingParameter { name: missing } if missing == name),
                "{error:?}"
            );
            assert_eq!(error.error_code(), ErrorCode::INVALID_REQUEST);
        }
    }
    let error = parse(good().without(&["scope"])).unwrap_err();
    assert!(matches!(error, Refused::MissingScope));
    assert_eq!(error.error_code(), ErrorCode::INVALID_SCOPE);
}

/// Proves CORE-3.1.2.2-02, CORE-3.1.2.1-03.
#[test]
fn the_scope_contains_openid() {
    for scope in ["email", "OpenID", "openid2", "open id"] {
        let error = instead("scope", scope).unwrap_err();
        assert!(matches!(error, Refused::ScopeWithoutOpenid), "{scope}");
        assert_eq!(error.error_code(), ErrorCode::INVALID_SCOPE);
    }
    let error = instead("scope", "openid  email").unwrap_err();
    assert!(matches!(error, Refused::Scope(_)));
    assert_eq!(error.error_code(), ErrorCode::INVALID_SCOPE);
}

/// Proves CORE-3.1.2.1-04: scope values that nobody here knows are read.
#[test]
fn unknown_scopes_are_read() {
    assert_eq!(instead("scope", "openid x:y").unwrap().scope.to_string(), "openid x:y");
}

/// Proves CORE-3.1.2.2-01, END-04.
#[test]
fn a_repeated_parameter_is_refused() {
    for (name, value) in
        [("scope", "openid"), ("state", "1"), ("unknown", "x"), ("request_uri", "https://a/")]
    {
        let form = good().without(&[name]).with(name, value).with(name, value);
        let error = parse(form).unwrap_err();
        assert!(
            matches!(&error, Refused::RepeatedParameter { name: repeated } if repeated == name),
            "{error:?}"
        );
        assert_eq!(error.error_code(), ErrorCode::INVALID_REQUEST);
    }
    assert!(parse(good().with("resource", "https://a/").with("resource", "https://b/")).is_ok());
}

/// Proves CORE-3.1.2.2-06, END-03. (ensure-request-with-unknown-parameter-succeeds)
#[test]
fn unknown_parameters_are_kept_and_mean_nothing() {
    let request = with("extra", "foobar").unwrap();
    assert_eq!(request.extra, Form::new().with("extra", "foobar"));
}

/// Proves CORE-3.1.2.1-01: query and body parse to the same request. (ensure-post-request-succeeds)
#[test]
fn the_query_and_the_body_have_one_reader() {
    let query =
        "response_type=code&client_id=s6BhdRkqt3&redirect_uri=https%3A%2F%2Frp.example%2Fcb&scope=openid";
    let form = Form::parse(query.as_bytes(), &FormLimits::default()).unwrap();
    assert_eq!(parse(form).unwrap(), parse(good()).unwrap());
}

/// Proves END-07, MRT-1.2-03.
#[test]
fn a_response_type_that_is_no_set_of_names_is_unsupported() {
    for text in ["code code", "co!de", "code  token"] {
        let error = instead("response_type", text).unwrap_err();
        assert!(matches!(error, Refused::ResponseType(_)), "{text}");
        assert_eq!(error.error_code(), ErrorCode::UNSUPPORTED_RESPONSE_TYPE);
    }
    assert_eq!(instead("response_type", "vp_token").unwrap().response_type.as_str(), "vp_token");
}

/// Proves END-06.
#[test]
fn words_outside_their_characters_are_refused() {
    for (name, value) in [
        ("client_id", "caf\u{e9}"),
        ("state", "a\u{7f}"),
        ("response_mode", "a b"),
        ("display", "\u{e9}"),
        ("prompt", "login  consent"),
        ("acr_values", "a  b"),
    ] {
        let error = instead(name, value).unwrap_err();
        assert!(
            matches!(error, Refused::MalformedWord { name: malformed, .. } if malformed == name),
            "{error:?}"
        );
        assert_eq!(error.error_code(), ErrorCode::INVALID_REQUEST);
    }
    for value in ["/cb", "https://rp.example/cb#x", "javascript:alert(1)"] {
        assert!(matches!(instead("redirect_uri", value), Err(Refused::RedirectUri(_))), "{value}");
    }
}

/// Proves CORE-3.1.2.1-13, CORE-3.1.2.1-18. (prompt-login, prompt-none-logged-in)
#[test]
fn prompt_none_stands_alone() {
    for prompt in ["none login", "login none", "none something_new"] {
        let error = with("prompt", prompt).unwrap_err();
        assert!(matches!(error, Refused::PromptNoneWithOthers), "{prompt}");
        assert_eq!(error.error_code(), ErrorCode::INVALID_REQUEST);
    }
    assert!(with("prompt", "none").unwrap().prompt.contains(&Prompt::NONE));
    assert!(with("prompt", "None login").is_ok());
    let unknown = with("prompt", "login something_new").unwrap();
    assert_eq!(unknown.prompt.to_string(), "login something_new");
}

/// Proves CORE-3.1.2.1-11, CORE-3.1.2.1-12. (display-page, display-popup)
#[test]
fn display_is_read_and_an_unknown_one_is_no_error() {
    assert_eq!(parse(good()).unwrap().display, None);
    assert_eq!(with("display", "popup").unwrap().display, Some(Display::POPUP));
    assert_eq!(with("display", "hologram").unwrap().display.unwrap().as_str(), "hologram");
}

/// Zero is a value of its own; what it asks for is the OP's to do. (max-age-1, max-age-10000)
#[test]
fn max_age_zero_is_not_absent_and_only_digits_are_a_number() {
    assert_eq!(parse(good()).unwrap().max_age, None);
    assert_eq!(with("max_age", "").unwrap().max_age, None);
    assert_eq!(with("max_age", "0").unwrap().max_age, Some(0));
    assert_eq!(with("max_age", "10000").unwrap().max_age, Some(10_000));
    for value in ["-1", "+1", "1.0", "1e3", " 1", "1 ", "0x10", "ten", "18446744073709551616", "\u{661}"] {
        let error = with("max_age", value).unwrap_err();
        assert!(matches!(error, Refused::MalformedMaxAge), "{value}");
        assert_eq!(error.error_code(), ErrorCode::INVALID_REQUEST);
    }
    assert!(parse(good()).unwrap().to_form().get("max_age").is_none());
    assert_eq!(with("max_age", "0").unwrap().to_form().get("max_age"), Some("0"));
}

/// Proves CORE-3.1.2.1-22, CORE-5.2-04, CORE-15.1-03. (ui-locales, claims-locales)
#[test]
fn languages_cause_no_error() {
    let request = with("ui_locales", "de-ch xx-unknown not_a_tag  en").unwrap();
    let tags = ["de-CH", "xx-unknown", "en"].map(|tag| LanguageTag::parse(tag).unwrap());
    assert_eq!(request.ui_locales, tags);
    assert!(with("claims_locales", "\u{e9} _").unwrap().claims_locales.is_empty());
}

/// Proves CORE-3.1.2.1-28. (ensure-request-with-acr-values-succeeds)
#[test]
fn acr_values_keep_their_order() {
    let request = with("acr_values", "urn:b urn:a 0").unwrap();
    assert_eq!(request.acr_values.iter().map(Acr::as_str).collect::<Vec<_>>(), ["urn:b", "urn:a", "0"]);
}

/// Proves CORE-3.2.2.1-03, CORE-3.3.2.1-02. (ensure-request-without-nonce-fails,
/// ensure-request-without-nonce-succeeds-for-code-flow)
#[test]
fn a_nonce_is_required_where_an_id_token_comes_from_the_authorization_endpoint() {
    for response_type in ["id_token", "id_token token", "code id_token", "code id_token token"] {
        let error = instead("response_type", response_type).unwrap_err();
        assert!(matches!(error, Refused::MissingParameter { name: "nonce" }), "{response_type}");
        let with_nonce =
            good().without(&["response_type"]).with("response_type", response_type).with("nonce", "n-0S6");
        assert!(parse(with_nonce).is_ok(), "{response_type}");
    }
    for response_type in ["code", "code token"] {
        assert!(instead("response_type", response_type).is_ok(), "{response_type}");
    }
}

/// Proves MRT-5-05, MRT-7-02, MRT-3-05: tokens are never asked for in the query.
#[test]
fn the_query_is_refused_where_tokens_would_be_in_it() {
    for response_type in ["code token", "token"] {
        let form = good().without(&["response_type"]).with("response_type", response_type);
        let error = parse(form.clone().with("response_mode", "query")).unwrap_err();
        assert!(matches!(error, Refused::QueryModeWithTokens), "{response_type}");
        assert!(parse(form.clone().with("response_mode", "fragment")).is_ok());
        assert!(parse(form.with("response_mode", "form_post")).is_ok());
    }
}

/// Proves MRT-2.1-03: a mode that equals the default is accepted.
#[test]
fn the_default_mode_may_be_named() {
    assert_eq!(with("response_mode", "query").unwrap().response_mode, Some(ResponseMode::QUERY));
}

/// Proves CORE-6-01.
#[test]
fn request_and_request_uri_exclude_each_other() {
    let error = parse(good().with("request", "eyJ").with("request_uri", "https://rp.example/r")).unwrap_err();
    assert!(matches!(error, Refused::RequestAndRequestUri));
    assert_eq!(error.error_code(), ErrorCode::INVALID_REQUEST);
}

/// What an OP may not support is there to be answered.
#[test]
fn request_objects_and_registration_are_readable() {
    assert_eq!(with("request", "eyJ").unwrap().request.unwrap().expose(), "eyJ");
    assert_eq!(
        with("request_uri", "https://rp.example/r").unwrap().request_uri.unwrap(),
        "https://rp.example/r"
    );
    assert_eq!(with("registration", "{}").unwrap().registration.unwrap(), "{}");
}

/// Proves CORE-5.5-02, CORE-5.5.1-01. (claims-essential)
#[test]
fn claims_is_json_in_one_parameter() {
    let request = with("claims", r#"{"userinfo":{"name":{"essential":true}},"unknown":1}"#).unwrap();
    assert!(request.claims.unwrap().userinfo.unwrap().get("name").unwrap().essential);
    for json in ["", "null"].into_iter().skip(1).chain([
        "[]",
        "{",
        "{\"userinfo\":{\"name\":1}}",
        "{\"a\":1,\"a\":2}",
    ]) {
        let error = with("claims", json).unwrap_err();
        assert!(matches!(error, Refused::Claims(_)), "{json}");
        assert_eq!(error.error_code(), ErrorCode::INVALID_REQUEST);
    }
    let deep = format!("{{\"userinfo\":{{\"a\":{{\"value\":{}{}}}}}}}", "[".repeat(100), "]".repeat(100));
    assert!(matches!(with("claims", &deep), Err(Refused::Claims(_))));
}

/// Proves CORE-5.5-03.
#[test]
fn userinfo_claims_need_an_access_token() {
    let form = good().without(&["response_type"]).with("response_type", "id_token").with("nonce", "n");
    let error = parse(form.clone().with("claims", r#"{"userinfo":{"name":null}}"#)).unwrap_err();
    assert!(matches!(error, Refused::Claims(ClaimsRequestError::UserInfoOutOfReach)));
    assert!(parse(form.with("claims", r#"{"id_token":{"name":null}}"#)).is_ok());
    assert!(with("claims", r#"{"userinfo":{"name":null}}"#).is_ok());
}

/// Proves PKC-04: an absent method is plain. (ensure-request-with-valid-pkce-succeeds)
#[test]
fn the_challenge_method_is_plain_if_absent() {
    let challenge = with("code_challenge", CHALLENGE).unwrap().code_challenge.unwrap();
    assert_eq!(challenge.method(), &CodeChallengeMethod::PLAIN);
    let form = good().with("code_challenge", CHALLENGE).with("code_challenge_method", "S256");
    assert_eq!(parse(form).unwrap().code_challenge.unwrap().method(), &CodeChallengeMethod::S256);
}

/// Proves PKC-11.
#[test]
fn the_challenge_has_its_syntax() {
    let challenge = |value: &str, method: &str| {
        parse(good().with("code_challenge", value).with("code_challenge_method", method)).map(|_| ()).map_err(
            |error| {
                assert_eq!(error.error_code(), ErrorCode::INVALID_REQUEST);
                match error {
                    Refused::CodeChallenge(error) => error,
                    _ => unreachable!("{error:?}"),
                }
            },
        )
    };
    assert_eq!(challenge(CHALLENGE, "S256"), Ok(()));
    for value in [
        &CHALLENGE[..42],
        &format!("{CHALLENGE}A"),
        &format!("{CHALLENGE}="),
        &CHALLENGE.replace('-', "."),
        &CHALLENGE.replace('-', "+"),
        // the last character has bits beyond the 256th
        &CHALLENGE.replace("cM", "cN"),
    ] {
        assert_eq!(challenge(value, "S256"), Err(CodeChallengeError::NotASha256), "{value}");
    }
    assert_eq!(challenge(&"a~.-_".repeat(10), "plain"), Ok(()));
    for value in ["a".repeat(42), "a".repeat(129), "a".repeat(50) + "+", "a".repeat(50) + " "] {
        assert_eq!(challenge(&value, "plain"), Err(CodeChallengeError::Malformed), "{value}");
    }
    assert_eq!(challenge(CHALLENGE, "S 256"), Err(CodeChallengeError::MalformedMethod));
    // for the provider to refuse: case-sensitive, so not S256
    assert_eq!(challenge(CHALLENGE, "s256"), Ok(()));
    let error = with("code_challenge_method", "S256").unwrap_err();
    assert!(matches!(error, Refused::CodeChallenge(CodeChallengeError::MethodAlone)));
}

fn envelope(query: &str) -> RequestEnvelope {
    RequestEnvelope::read(Form::parse_noting_repeats(query.as_bytes(), &FormLimits::default()).unwrap())
}

/// Proves END-08: without a single readable client_id and redirect_uri nothing tells whereto an answer could go.
#[test]
fn the_envelope_names_what_forbids_a_redirect() {
    let missing = EnvelopeError::Missing { name: "client_id" };
    assert_eq!(envelope("redirect_uri=https%3A%2F%2Fa%2F").client_id(), Err(missing));
    assert_eq!(envelope("client_id=").client_id(), Err(missing));
    assert_eq!(
        envelope("client_id=a&client_id=a").client_id(),
        Err(EnvelopeError::Repeated { name: "client_id" })
    );
    assert!(matches!(envelope("client_id=%C3%A9").client_id(), Err(EnvelopeError::ClientId(_))));
    let repeated = EnvelopeError::Repeated { name: "redirect_uri" };
    assert_eq!(
        envelope("redirect_uri=https%3A%2F%2Fa%2F&redirect_uri=https%3A%2F%2Fb%2F").redirect_uri(),
        Err(repeated)
    );
    assert!(matches!(
        envelope("redirect_uri=javascript:x").redirect_uri(),
        Err(EnvelopeError::RedirectUri(_))
    ));
    assert_eq!(envelope("").redirect_uri(), Err(EnvelopeError::Missing { name: "redirect_uri" }));
}

/// Proves MRT-3-04: the state is there as it came, even if the request is refused for it.
#[test]
fn the_envelope_has_the_state_as_received() {
    assert_eq!(envelope("state=%C3%A9+%22").state().unwrap().expose(), "\u{e9} \"");
    assert!(envelope("state=a&state=a").state().is_none());
    assert!(envelope("state=").state().is_none());
}

/// Proves MRT-3-06, MRT-7-02, CORE-3.1.2.6-07: errors travel as the answer would, and never in the query where tokens do.
#[test]
fn the_envelope_knows_the_mode_of_the_answer() {
    for (query, mode) in [
        ("response_type=code", ResponseMode::QUERY),
        ("response_type=code&response_mode=query", ResponseMode::QUERY),
        ("response_type=code&response_mode=fragment", ResponseMode::FRAGMENT),
        ("response_type=code&response_mode=form_post", ResponseMode::FORM_POST),
        ("response_type=id_token", ResponseMode::FRAGMENT),
        ("response_type=id_token&response_mode=query", ResponseMode::FRAGMENT),
        ("response_type=id_token&response_mode=form_post", ResponseMode::FORM_POST),
        ("response_type=id_token%20%20x", ResponseMode::FRAGMENT),
        ("response_type=code&response_type=token", ResponseMode::FRAGMENT),
        ("response_type=tokens", ResponseMode::QUERY),
        ("response_type=code&response_mode=", ResponseMode::QUERY),
        ("response_type=code&response_mode=fragment&response_mode=form_post", ResponseMode::QUERY),
        ("", ResponseMode::QUERY),
    ] {
        assert_eq!(envelope(query).answer_mode(), mode, "{query}");
    }
    assert_eq!(
        envelope("response_type=code&response_mode=web_message").answer_mode().as_str(),
        "web_message"
    );
    assert_eq!(envelope("response_type=id_token+code").response_type(), Some(ResponseType::CODE_ID_TOKEN));
}

#[test]
fn debug_shows_the_names_of_parameters_alone() {
    let request = parse(
        good().with("login_hint", "jane.doe@example.com").with("id_token_hint", "a.b.c").with("x", "hunter2"),
    );
    let shown = format!("{:?}", request.unwrap());
    assert_eq!(
        shown,
        "AuthorizationRequest(Form{\"response_type\", \"client_id\", \"redirect_uri\", \"scope\", \"id_token_hint\", \
         \"login_hint\", \"x\"})"
    );
}

/// What is refused of others is not sent either: values that a claim never has, and classes that would be read as two.
///
/// Proves CORE-5.5.1-05.
#[test]
fn what_is_put_together_is_checked_as_what_is_received() {
    let mut request = parse(good()).unwrap();
    request.claims =
        Some(ClaimsRequest::new().with_userinfo("email", ClaimRequest::essential().with_value(5)));
    assert!(matches!(
        request.check(),
        Err(Refused::Claims(error)) if error.path() == "claims.userinfo.email.value"
    ));
    request.claims = None;
    request.acr_values =
        ["urn:gold", "two words"].map(|text| Acr::parse(text).unwrap()).into_iter().collect();
    assert!(matches!(request.check(), Err(Refused::MalformedWord { name: "acr_values", .. })));
}
