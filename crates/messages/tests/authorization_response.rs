//! Authorization responses and how they travel.
#![allow(clippy::unwrap_used)]

use avouch_messages::{
    AuthorizationCodeResponse, AuthorizationError, AuthorizationResponse,
    AuthorizationResponseError as Refused, Delivery, FormPost,
};
use avouch_types::{AuthorizationCode, ErrorCode, Form, FormLimits, RedirectUri, ResponseMode, State};

fn parse(query: &str) -> Result<AuthorizationResponse, Refused> {
    AuthorizationResponse::parse(
        &Form::parse_noting_repeats(query.as_bytes(), &FormLimits::default()).unwrap(),
    )
}

/// Proves CORE-3.1.2.7-01, END-20, MRT-6749-03: unknown parameters mean nothing. (oidcc-client-test)
#[test]
fn a_code_is_read() {
    let AuthorizationResponse::Code(response) =
        parse("code=abc&state=xyz&iss=https%3A%2F%2Fop.example&more=1").unwrap()
    else {
        unreachable!()
    };
    assert_eq!((response.code.expose(), response.state.unwrap().expose()), ("abc", "xyz"));
    assert_eq!(response.iss.as_deref(), Some("https://op.example"));
    assert_eq!(response.extra, Form::new().with("more", "1"));
}

/// Proves CORE-3.1.2.7-01, END-04: code is there exactly once, and no other parameter twice.
#[test]
fn a_response_without_exactly_one_code_is_refused() {
    assert_eq!(parse("state=xyz"), Err(Refused::NeitherCodeNorError));
    assert_eq!(parse("code=&state=xyz"), Err(Refused::NeitherCodeNorError));
    assert_eq!(parse("code=a&code=a"), Err(Refused::RepeatedParameter { name: "code".to_owned() }));
    assert_eq!(parse("code=a&iss=a&iss=b"), Err(Refused::RepeatedParameter { name: "iss".to_owned() }));
    assert_eq!(parse("code=a&error=access_denied"), Err(Refused::CodeAndError));
}

/// Proves CORE-3.1.2.6-06, END-06.
#[test]
fn an_error_has_its_characters() {
    let AuthorizationResponse::Error(error) = parse(
        "error=login_required&error_description=not+now%21&error_uri=https%3A%2F%2Fop.example%2Fe&state=x",
    )
    .unwrap() else {
        unreachable!()
    };
    assert_eq!(error.error, ErrorCode::LOGIN_REQUIRED);
    assert_eq!(error.error_description.as_ref().unwrap().as_str(), "not now!");
    assert_eq!(error.error_uri.unwrap().as_str(), "https://op.example/e");
    for (query, name) in [
        ("error=a%22b", "error"),
        ("error=a%0Ab", "error"),
        ("code=%C3%A9", "code"),
        ("code=a&state=%00", "state"),
    ] {
        assert!(
            matches!(parse(query), Err(Refused::MalformedWord { name: malformed, .. }) if malformed == name),
            "{query}"
        );
    }
    // text for the developer never carries what could break out of a log line or page
    let AuthorizationResponse::Error(error) = parse("error=x&error_description=a%0Ab&error_uri=a+b").unwrap()
    else {
        unreachable!()
    };
    assert_eq!(error.error_description.unwrap().as_str(), "a?b");
    assert_eq!(error.error_uri, None);
}

/// Proves CORE-3.1.2.6-02, CORE-3.1.2.6-05, END-09, ISS-01: what an error holds on the wire.
#[test]
fn an_error_is_written_with_state_and_issuer() {
    let error = AuthorizationError::new(ErrorCode::INVALID_REQUEST)
        .description("parameter \"x\" stands twice")
        .state(Some(State::new("\u{e9}&=")))
        .iss("https://op.example");
    assert_eq!(
        error.to_form().to_urlencoded(),
        "error=invalid_request&error_description=parameter+%27x%27+stands+twice&state=%C3%A9%26%3D\
         &iss=https%3A%2F%2Fop.example"
    );
    assert_eq!(
        AuthorizationError::new(ErrorCode::SERVER_ERROR).to_form().to_urlencoded(),
        "error=server_error"
    );
}

/// Proves ISS-01.
#[test]
fn a_code_is_written_with_state_and_issuer() {
    let response = AuthorizationCodeResponse::new(AuthorizationCode::new("SplxlOBeZQQYbYS6WxSbIA"))
        .state(Some(State::new("af0ifjsldkj")))
        .iss("https://op.example");
    assert_eq!(
        response.to_form().to_urlencoded(),
        "code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj&iss=https%3A%2F%2Fop.example"
    );
    assert_eq!(parse(&response.to_form().to_urlencoded()).unwrap(), AuthorizationResponse::Code(response));
}

fn deliver(redirect_uri: &str, mode: ResponseMode, parameters: &Form) -> String {
    match Delivery::new(&RedirectUri::parse(redirect_uri).unwrap(), &mode, parameters.clone()).unwrap() {
        Delivery::Redirect(url) => url,
        other => unreachable!("{other:?}"),
    }
}

/// Proves CORE-3.1.2.5-01, MRT-2.1-04, MRT-6749-01. (redirect-uri-query-OK)
#[test]
fn the_query_of_the_redirect_uri_is_kept() {
    let response = Form::new().with("code", "a/b").with("state", "x y");
    for (redirect_uri, expected) in [
        ("https://rp.example/cb", "https://rp.example/cb?code=a%2Fb&state=x+y"),
        ("https://rp.example/cb?shop=7&q=%20&z", "https://rp.example/cb?shop=7&q=%20&z&code=a%2Fb&state=x+y"),
        ("com.example.app:/cb", "com.example.app:/cb?code=a%2Fb&state=x+y"),
    ] {
        assert_eq!(deliver(redirect_uri, ResponseMode::QUERY, &response), expected);
    }
}

/// Proves END-04: code, state and iss of the redirect URI's own query are replaced, never repeated. (CVE-2026-9689)
#[test]
fn parameters_of_the_redirect_uri_are_never_repeated() {
    let response = Form::new().with("code", "new").with("state", "new").with("iss", "https://op.example");
    for own in ["code=old", "state=old", "iss=evil", "c%6Fde=old", "code=1&code=2&st%61te=3&iss"] {
        let url = deliver(&format!("https://rp.example/cb?a=1&{own}"), ResponseMode::QUERY, &response);
        assert_eq!(url, "https://rp.example/cb?a=1&code=new&state=new&iss=https%3A%2F%2Fop.example", "{own}");
    }
}

/// Proves CORE-3.1.2.6-02: a code in the redirect URI's own query does not travel beside an error, nor an error beside a
/// code, nor an issuer that this OP did not say.
#[test]
fn nothing_of_the_redirect_uri_contradicts_the_response() {
    let error = Form::new().with("error", "access_denied");
    let own = "https://rp.example/cb?code=planted&iss=planted&id_token=planted&access_token=planted&response=planted&a=1";
    assert_eq!(deliver(own, ResponseMode::QUERY, &error), "https://rp.example/cb?a=1&error=access_denied");
    let code = Form::new().with("code", "new");
    let own = "https://rp.example/cb?error=planted&error_description=planted&error_uri=planted";
    assert_eq!(deliver(own, ResponseMode::QUERY, &code), "https://rp.example/cb?code=new");
    // the request had no state: one of the client's own making stays
    assert_eq!(
        deliver("https://rp.example/cb?state=own", ResponseMode::QUERY, &code),
        "https://rp.example/cb?state=own&code=new"
    );
}

/// Proves MRT-2.1-05.
#[test]
fn a_fragment_leaves_the_query_alone() {
    let response = Form::new().with("code", "new");
    assert_eq!(
        deliver("https://rp.example/cb?code=own", ResponseMode::FRAGMENT, &response),
        "https://rp.example/cb?code=own#code=new"
    );
}

/// Proves CORE-3.1.2.6-04.
#[test]
fn an_unknown_mode_delivers_nothing() {
    let redirect_uri = RedirectUri::parse("https://rp.example/cb").unwrap();
    for mode in ["Query", "form_post.jwt", "web_message"] {
        let mode = ResponseMode::parse(mode).unwrap();
        assert_eq!(Delivery::new(&redirect_uri, &mode, Form::new()).unwrap_err().mode, mode);
    }
}

/// Proves FPM-2-01, FPM-2-02, FPM-2-03, FPM-2-04, FPM-2-09, FPM-A-01.
#[test]
fn form_post_is_a_page_that_posts_the_parameters() {
    let redirect_uri = RedirectUri::parse("https://rp.example/cb").unwrap();
    let error = AuthorizationError::new(ErrorCode::ACCESS_DENIED).state(Some(State::new("xyz")));
    let delivery = Delivery::new(&redirect_uri, &ResponseMode::FORM_POST, error.to_form()).unwrap();
    let Delivery::FormPost(page) = delivery else { unreachable!() };
    let html = page.html();
    assert!(html.contains("<form method=\"post\" action=\"https://rp.example/cb\">"));
    assert!(html.contains("<input type=\"hidden\" name=\"error\" value=\"access_denied\">"));
    assert!(html.contains("<input type=\"hidden\" name=\"state\" value=\"xyz\">"));
    assert!(html.contains(&format!("<script>{}</script>", FormPost::SCRIPT)));
    assert!(html.contains("<button type=\"submit\">"));
    assert!(FormPost::HEADERS.contains(&("content-type", "text/html; charset=utf-8")));
    assert!(FormPost::HEADERS.contains(&("cache-control", "no-cache, no-store")));
    assert!(FormPost::HEADERS.contains(&("pragma", "no-cache")));
}

/// Proves FPM-2-08.
#[test]
fn form_post_escapes_what_comes_from_outside() {
    let redirect_uri = RedirectUri::parse("https://rp.example/cb?a=1&b='x'").unwrap();
    let hostile = "\"'><script>alert(1)</script>&amp;";
    let html = FormPost::new(redirect_uri, Form::new().with(hostile, hostile)).html();
    let escaped = "&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;";
    assert!(html.contains(&format!("name=\"{escaped}\" value=\"{escaped}\"")));
    assert!(html.contains("action=\"https://rp.example/cb?a=1&amp;b=&#39;x&#39;\""));
    assert_eq!(html.matches("<script>").count(), 1);
}

/// An address to redirect to holds the code and must be loggable as a whole.
#[test]
fn a_delivery_shows_no_parameter() {
    let parameters = Form::new().with("code", "hunter2").with("state", "hunter2");
    let redirect_uri = RedirectUri::parse("https://rp.example/cb?a=1").unwrap();
    for mode in [ResponseMode::QUERY, ResponseMode::FRAGMENT, ResponseMode::FORM_POST] {
        let shown = format!("{:?}", Delivery::new(&redirect_uri, &mode, parameters.clone()).unwrap());
        assert!(shown.contains("https://rp.example/cb") && !shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn an_error_keeps_what_else_the_provider_says() {
    let query = "error=interaction_required&state=x&suberror=basic_action";
    let AuthorizationResponse::Error(error) = parse(query).unwrap() else { unreachable!() };
    assert_eq!(error.extra, Form::new().with("suberror", "basic_action"));
    assert_eq!(error.to_form().to_urlencoded(), query);
}
