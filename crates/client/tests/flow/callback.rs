//! The authorization response.

use crate::op::*;
use avouch_client::{
    AuthorizedCode, CallbackError, CallbackParams, Client, ClientRegistration, PendingSignIn,
};
use avouch_types::{ClientId, ErrorCode, Form, FormError, RedirectUri, dangerous};
use proptest::prelude::*;
use serde_json::json;

fn callback(answer: impl FnOnce(Form, &Form) -> Form) -> Result<AuthorizedCode, CallbackError> {
    callback_at(&client(), answer)
}

/// Edits the success response (and shows the request), then gives it to the client.
fn callback_at(
    client: &Client,
    edit: impl FnOnce(Form, &Form) -> Form,
) -> Result<AuthorizedCode, CallbackError> {
    let (request, pending) = start(client);
    let answer = edit(answer(&request), &request);
    client.callback(pending, &params(&answer), now())
}

/// Proves CORE-3.1.2.7-01 and END-20: unknown parameters are ignored.
#[test]
fn the_right_answer_continues() {
    assert!(callback(|answer, _| answer).is_ok());
    assert!(callback(|answer, _| answer.with("session_state", "x").with("scope", "openid")).is_ok());
}

/// Proves CORE-3.1.2.7-01, END-19 and END-20.
#[test]
fn state_must_be_there_and_be_the_one_that_was_sent() {
    let refused = callback(|answer, _| answer.without(&["state"]));
    assert!(matches!(refused, Err(CallbackError::StateMissing)), "{refused:?}");
    let refused = callback(|answer, _| answer.without(&["state"]).with("state", ""));
    assert!(matches!(refused, Err(CallbackError::StateMissing)), "{refused:?}");
    let another = start(&client()).0;
    let refused =
        callback(|answer, _| answer.without(&["state"]).with("state", another.get("state").unwrap()));
    assert!(matches!(refused, Err(CallbackError::StateMismatch)), "{refused:?}");
    let refused = callback(|answer, request| {
        answer.without(&["state"]).with("state", request.get("state").unwrap().to_lowercase())
    });
    assert!(matches!(refused, Err(CallbackError::StateMismatch)), "{refused:?}");
}

/// Proves CORE-3.1.2.7-01: `code` is there exactly once.
#[test]
fn code_must_be_there() {
    for answer in [
        callback(|answer, _| answer.without(&["code"])),
        callback(|answer, _| answer.without(&["code"]).with("code", "")),
    ] {
        assert!(matches!(answer, Err(CallbackError::Malformed(_))), "{answer:?}");
    }
}

/// Proves END-04 and CORE-3.1.2.7-01.
#[test]
fn no_parameter_stands_twice() {
    for query in ["code=a&code=b&state=x", "code=a&state=x&state=x", "code=a&state=x&iss=y&iss=y", "a=1&a=1"]
    {
        let refused = CallbackParams::parse(query).unwrap_err();
        assert!(matches!(refused, FormError::DuplicateParameter { .. }), "{query}: {refused:?}");
    }
}

/// Proves RFC9207-2.4-01, RFC9207-2.4-02 and ISS-02.
#[test]
fn iss_must_be_the_provider_the_user_was_sent_to() {
    for found in ["https://evil.example", "https://op.example/", "https://OP.example", "op.example"] {
        let refused = callback(|answer, _| answer.without(&["iss"]).with("iss", found));
        match refused {
            Err(CallbackError::IssuerMismatch { expected, found: told }) => {
                assert_eq!((expected.as_str(), told.as_str()), (ISSUER, found));
            }
            other => panic!("{found}: {other:?}"),
        }
    }
}

/// Proves RFC9207-2.4-03 and ISS-02: an error of somebody else is not taken as the provider's.
#[test]
fn iss_is_compared_in_error_responses_too() {
    let refused = callback(|_, request| {
        Form::new()
            .with("error", "access_denied")
            .with("state", request.get("state").unwrap())
            .with("iss", "https://evil.example")
    });
    assert!(matches!(refused, Err(CallbackError::IssuerMismatch { .. })), "{refused:?}");
    let refused = callback(|_, request| {
        Form::new().with("error", "access_denied").with("state", request.get("state").unwrap())
    });
    assert!(matches!(refused, Err(CallbackError::IssuerMissing)), "{refused:?}");
}

/// Proves RFC9207-2.4-04 and ISS-03.
#[test]
fn an_announced_iss_may_not_be_missing() {
    for answer in [
        callback(|answer, _| answer.without(&["iss"])),
        callback(|answer, _| answer.without(&["iss"]).with("iss", "")),
    ] {
        assert!(matches!(answer, Err(CallbackError::IssuerMissing)), "{answer:?}");
    }
    let silent = metadata_with(json!({ "authorization_response_iss_parameter_supported": null }));
    let silent = build(&silent, registration(secret_basic())).unwrap();
    assert!(callback_at(&silent, |answer, _| answer.without(&["iss"])).is_ok());
}

/// Proves RFC9207-2.4-05 and ISS-04.
#[test]
fn an_iss_that_is_not_announced_is_refused_unless_that_is_accepted() {
    let silent = metadata_with(json!({ "authorization_response_iss_parameter_supported": false }));
    let strict = build(&silent, registration(secret_basic())).unwrap();
    let refused = callback_at(&strict, |answer, _| answer);
    assert!(matches!(refused, Err(CallbackError::IssuerNotAdvertised)), "{refused:?}");

    let lenient = build(&silent, registration(secret_basic()).accept_unadvertised_iss()).unwrap();
    assert!(callback_at(&lenient, |answer, _| answer).is_ok());
    let refused =
        callback_at(&lenient, |answer, _| answer.without(&["iss"]).with("iss", "https://evil.example"));
    assert!(matches!(refused, Err(CallbackError::IssuerMismatch { .. })), "{refused:?}");
}

#[test]
fn an_error_response_is_told() {
    let refused = callback(|answer, _| {
        answer.without(&["code"]).with("error", "access_denied").with("error_description", "the user said no")
    });
    match refused {
        Err(CallbackError::Refused(error)) => {
            assert_eq!(error.error, ErrorCode::ACCESS_DENIED);
            assert_eq!(error.error_description.unwrap().as_str(), "the user said no");
        }
        other => panic!("{other:?}"),
    }
}

/// An error without the right state says nothing about this sign-in.
#[test]
fn an_error_response_needs_its_state() {
    let refused = callback(|answer, _| answer.without(&["code", "state"]).with("error", "access_denied"));
    assert!(matches!(refused, Err(CallbackError::StateMissing)), "{refused:?}");
}

#[test]
fn code_and_error_together_are_refused() {
    let refused = callback(|answer, _| answer.with("error", "access_denied"));
    assert!(matches!(refused, Err(CallbackError::Malformed(_))), "{refused:?}");
}

#[test]
fn a_sign_in_expires() {
    let client =
        build(&metadata(), registration(secret_basic()).sign_in_lifetime(std::time::Duration::from_secs(60)))
            .unwrap();
    for (seconds, continues) in [(59, true), (60, false)] {
        let (request, pending) = start(&client);
        let outcome = client.callback(pending, &params(&answer(&request)), at(seconds));
        assert_eq!(outcome.is_ok(), continues, "{outcome:?}");
        if let Err(error) = outcome {
            assert!(matches!(error, CallbackError::Expired { .. }), "{error:?}");
        }
    }
}

/// A sign-in that began at one provider does not end at another, nor at another client there.
#[test]
fn a_sign_in_ends_where_it_began() {
    let (request, pending) = start(&client());
    let other = metadata_with(json!({ "issuer": "https://other.example" }));
    let other = build(&other, registration(secret_basic())).unwrap();
    let answer = answer(&request).without(&["iss"]).with("iss", "https://other.example");
    let refused = other.callback(pending, &params(&answer), now());
    assert!(matches!(refused, Err(CallbackError::OtherClient)), "{refused:?}");

    let (request, pending) = start(&client());
    let redirect_uri = RedirectUri::parse(REDIRECT_URI).unwrap();
    let other_id = ClientId::parse("another client").unwrap();
    let other = ClientRegistration::new(other_id, secret_basic(), redirect_uri);
    let other = build(&metadata(), other).unwrap();
    let refused = other.callback(pending, &params(&super::op::answer(&request)), now());
    assert!(matches!(refused, Err(CallbackError::OtherClient)), "{refused:?}");
}

/// Proves END-21 for providers that announce no `iss`: with a redirect URI for each, a response to one is not taken as
/// the answer of the other that forwarded the browser there.
#[test]
fn a_response_arrives_where_it_was_to_go() {
    let silent = metadata_with(json!({ "authorization_response_iss_parameter_supported": null }));
    let arriving = |at: &str, tenant: &str| {
        let client = build(&silent, registration(secret_basic())).unwrap();
        let (request, pending) = start(&client);
        let answer = answer(&request).without(&["iss"]).with("tenant", tenant);
        client.callback(pending, &params(&answer).arrived_at(at), now())
    };
    for at in ["https://rp.example/callback", "https://rp.example/callback?tenant=1&code=a"] {
        assert!(arriving(at, "1").is_ok(), "{at}");
    }
    for (at, tenant) in [
        ("https://rp.example/callback", "2"),
        ("https://rp.example/callback/", "1"),
        ("https://rp.example/callback2?tenant=1", "1"),
        ("https://other.example/callback", "1"),
        ("", "1"),
    ] {
        let refused = arriving(at, tenant);
        assert!(matches!(refused, Err(CallbackError::ArrivedElsewhere { .. })), "{at}: {refused:?}");
    }

    // parameters of the redirect URI that cannot be compared are not taken for none
    let twice = RedirectUri::parse("https://rp.example/callback?tenant=1&tenant=2").unwrap();
    let twice = ClientRegistration::new(ClientId::parse(CLIENT_ID).unwrap(), secret_basic(), twice);
    let client = build(&silent, twice).unwrap();
    let (request, pending) = start(&client);
    let answer = answer(&request).without(&["iss", "tenant"]);
    let refused = client.callback(pending, &params(&answer).arrived_at("https://rp.example/callback"), now());
    assert!(matches!(refused, Err(CallbackError::ArrivedElsewhere { .. })), "{refused:?}");
}

/// The explanation is for people: whatever it is written in, the error is told.
#[test]
fn an_explanation_in_another_encoding_hides_no_error() {
    let (request, pending) = start(&client());
    let state = request.get("state").unwrap();
    let query =
        format!("error=access_denied&error_description=caf%E9+ferm%C3%A9%2&state={state}&iss={ISSUER}");
    let refused = client().callback(pending, &CallbackParams::parse(&query).unwrap(), now());
    let Err(CallbackError::Refused(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error.error, ErrorCode::ACCESS_DENIED);
    assert_eq!(error.error_description.unwrap().as_str(), "caf%E9 ferm%C3%A9%2");
    assert!(CallbackParams::parse("code=caf%E9&state=x").is_err(), "only the explanation");
    assert!(CallbackParams::parse("error_description=%E9&error_description=%E9").is_err());
}

/// Two tabs: the look-up key finds the right sign-in, the other one stays pending.
#[test]
fn state_is_the_key_to_look_up() {
    let client = client();
    let tabs: Vec<(Form, PendingSignIn)> = vec![start(&client), start(&client)];
    let params = CallbackParams::parse(&format!("?{}", answer(&tabs[1].0).to_urlencoded())).unwrap();
    let state = params.state().unwrap();
    let (found, rest): (Vec<_>, Vec<_>) =
        tabs.into_iter().map(|(_, pending)| pending).partition(|pending| *pending.state() == state);
    assert_eq!((found.len(), rest.len()), (1, 1));
    assert!(client.callback(found.into_iter().next().unwrap(), &params, now()).is_ok());
}

/// A provider on plain http that came through the named door survives the session store.
#[test]
fn a_loopback_provider_is_remembered() {
    let issuer = "http://127.0.0.1:8080";
    let metadata = metadata().to_string().replace(ISSUER, issuer);
    let issuer = dangerous::loopback_http_issuer(issuer).unwrap();
    let metadata = avouch_discovery::ProviderMetadata::parse(metadata.as_bytes(), &issuer).unwrap();
    let client = Client::new(metadata, registration(secret_basic()), avouch_jose_ring::provider()).unwrap();
    let (request, pending) = start(&client);
    let pending = serde_json::from_str(&serde_json::to_string(&pending).unwrap()).unwrap();
    let answer = answer(&request).without(&["iss"]).with("iss", issuer.as_str());
    assert!(client.callback(pending, &params(&answer), now()).is_ok());
}

proptest! {
    #[test]
    fn no_query_panics_and_none_is_accepted_by_chance(query in "[ -~]{0,80}|(code|state|iss|error)=[a-z%0-9&=]{0,40}") {
        let client = client();
        let (_, pending) = start(&client);
        if let Ok(params) = CallbackParams::parse(&query) {
            prop_assert!(client.callback(pending, &params, now()).is_err());
        }
    }
}
