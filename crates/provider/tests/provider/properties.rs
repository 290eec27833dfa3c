//! What holds for any request whatever.

use avouch_types::{Form, FormLimits};
use http::{Request, StatusCode, header};
use proptest::prelude::*;

use super::support::*;

/// Parameters that mean something, with values that do, almost do, or do not.
fn parameter() -> impl Strategy<Value = (String, String)> {
    let name = prop_oneof![
        8 => proptest::sample::select(vec![
            "client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "response_mode", "prompt",
            "max_age", "claims", "id_token_hint", "code_challenge", "code_challenge_method", "request",
            "request_uri", "display", "acr_values", "grant_type", "code", "code_verifier", "refresh_token",
            "client_secret", "client_assertion", "client_assertion_type", "access_token",
        ])
        .prop_map(str::to_owned),
        1 => ".{0,8}",
    ];
    let value = prop_oneof![
        8 => proptest::sample::select(vec![
            "web", "native", "jwt", "nobody", REDIRECT, LOOPBACK, "https://evil.example/", "http://127.0.0.1:9/cb",
            "code", "id_token", "openid", "openid offline_access", "none", "login", "consent", "0", "1",
            "{}", r#"{"id_token":{"sub":{"value":"alice"}}}"#, CHALLENGE, VERIFIER, "S256", "plain", "query",
            "fragment", "form_post", "jwt", "", "authorization_code", "refresh_token", SECRET,
        ])
        .prop_map(str::to_owned),
        2 => ".{0,20}",
    ];
    (name, value)
}

fn form() -> impl Strategy<Value = Form> {
    let base = proptest::sample::select(vec![true, false]);
    (base, proptest::collection::vec(parameter(), 0..6)).prop_map(|(base, parameters)| {
        let mut form = Form::new();
        if base {
            let limits = FormLimits::default();
            form = Form::parse(Ask::new().query().as_bytes(), &limits).unwrap();
        }
        for (name, value) in parameters {
            form = form.without(&[name.as_str()]).with(name, value);
        }
        form
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever is asked, a response goes to a registered redirect URI or nowhere, and says whose it is.
    #[test]
    fn responses_go_to_registered_redirect_uris_only(form in form(), signed_in: bool) {
        let world = World::new();
        if signed_in {
            world.code(&Ask::new());
        }
        if let Outcome::Respond(answer) = world.get(&form.to_urlencoded()) {
            let response = answer.response;
            let target = match response.status() {
                StatusCode::SEE_OTHER => response.headers()[header::LOCATION].to_str().unwrap().to_owned(),
                StatusCode::OK => {
                    let html = String::from_utf8(response.body().clone()).unwrap();
                    html.split("action=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
                }
                status => return Err(TestCaseError::fail(format!("status {status}"))),
            };
            let registered = ["https://rp.example/cb", "https://rp.example/other", "http://127.0.0.1", "com.example.app:/cb"];
            prop_assert!(registered.iter().any(|uri| target.starts_with(uri)), "{target}");
            let whole = format!("{target}{}", String::from_utf8_lossy(response.body()));
            prop_assert!(whole.contains("iss=https%3A%2F%2Fop.example") || whole.contains("value=\"https://op.example\""), "{whole}");
        }
    }

    /// Whatever is posted, the token endpoint answers with an error of its own, and stores no token: nobody has a code.
    #[test]
    fn the_token_endpoint_answers_anything(form in form(), authorization in proptest::option::of(any::<Vec<u8>>())) {
        let world = World::new();
        let mut request = Request::post("/token").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(Ok(value)) = authorization.map(|octets| header::HeaderValue::from_bytes(&octets)) {
            request = request.header(header::AUTHORIZATION, value);
        }
        let failure = world.token(&request.body(form.to_urlencoded().into_bytes()).unwrap()).unwrap_err();
        prop_assert!([400, 401].contains(&failure.told().0), "{:?}", failure.told());
        prop_assert!(!failure.told().1.is_empty());
        prop_assert_eq!(world.memory().token_counts(), (0, 0));
    }
}
