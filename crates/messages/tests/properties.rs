//! What is printed is read back; and any text gets an answer.
#![allow(clippy::unwrap_used)]

use avouch_claims::{ClaimRequest, ClaimsRequest};
use avouch_json::Limits;
use avouch_messages::bearer::{BearerChallenge, BearerRequest, Challenge, extract};
use avouch_messages::client_auth::{basic_header, parse_basic};
use avouch_messages::{
    AuthorizationCodeResponse, AuthorizationError, AuthorizationRequest, AuthorizationResponse,
    CodeChallenge, Delivery, ErrorResponse, Grant, PresentedCredentials, RequestEnvelope, TokenRequest,
    TokenResponse, UserInfoResponse,
};
use avouch_types::{
    AccessToken, AuthorizationCode, ClientId, ClientSecret, CodeVerifier, ErrorCode, Form, FormLimits,
    LanguageTag, Nonce, RedirectUri, RefreshToken, ResponseMode, ResponseType, Scopes, Secret, State,
    TokenType,
};
use proptest::prelude::*;

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
const JSON: Option<&str> = Some("application/json");

fn vschars() -> impl Strategy<Value = String> {
    "[ -~]{1,20}"
}

fn authorization_request() -> impl Strategy<Value = AuthorizationRequest> {
    let required =
        ("[ -~]{1,12}", "(https://rp\\.example|app:)/[a-z]{0,5}(\\?[a-z]=[a-z])?", "( [a-z:]{1,6}){0,3}");
    let optional = (
        prop::option::of(vschars()),
        prop::option::of(any::<String>().prop_filter("a value", |text| !text.is_empty())),
        prop::option::of("(query|fragment|form_post)"),
        prop_oneof!["none", "(login|consent|select_account)( more)?", ""],
        prop::option::of(any::<u64>()),
        prop::collection::vec("(en|de-CH|ja-Kana-JP)", 0..3),
        prop::option::of(vschars()),
        prop::bool::ANY,
        prop::option::of("[A-Za-z0-9._~-]{43,128}"),
        prop::collection::btree_map("x_[a-z]{1,5}", any::<String>(), 0..3),
    );
    (required, optional).prop_map(|((client_id, redirect_uri, scope), optional)| {
        let (state, nonce, mode, prompt, max_age, locales, hint, claims, challenge, extra) = optional;
        let mut request = AuthorizationRequest::new(
            ClientId::parse(&client_id).unwrap(),
            RedirectUri::parse(&redirect_uri).unwrap(),
            ResponseType::CODE,
            Scopes::parse(&format!("openid{scope}")).unwrap(),
        );
        request.state = state.map(State::new);
        request.nonce = nonce.map(Nonce::new);
        request.response_mode = mode.map(|mode| ResponseMode::parse(&mode).unwrap());
        request.prompt = prompt.parse().unwrap();
        request.max_age = max_age;
        request.ui_locales = locales.iter().map(|tag| LanguageTag::parse(tag).unwrap()).collect();
        request.id_token_hint = hint.clone().map(Secret::new);
        request.login_hint = hint;
        request.claims =
            claims.then(|| ClaimsRequest::new().with_userinfo("name", ClaimRequest::essential()));
        request.code_challenge = challenge.map(|value| CodeChallenge::parse(&value, None).unwrap());
        request.extra = extra.into_iter().fold(Form::new(), |form, (name, value)| form.with(name, value));
        request
    })
}

fn grant() -> impl Strategy<Value = Grant> {
    prop_oneof![
        (vschars(), prop::option::of(Just("https://rp.example/cb")), prop::option::of("[a-z]{43}")).prop_map(
            |(code, redirect_uri, verifier)| Grant::AuthorizationCode {
                code: AuthorizationCode::new(code),
                redirect_uri: redirect_uri.map(|uri| RedirectUri::parse(uri).unwrap()),
                code_verifier: verifier.map(CodeVerifier::new),
            }
        ),
        (vschars(), prop::option::of("[a-z]{1,5}( [a-z]{6,8})?")).prop_map(|(token, scope)| {
            Grant::RefreshToken {
                refresh_token: RefreshToken::new(token),
                scope: scope.map(|scope| Scopes::parse(&scope).unwrap()),
            }
        }),
    ]
}

fn credentials() -> impl Strategy<Value = PresentedCredentials> {
    let client_id = vschars().prop_map(|id| ClientId::parse(&id).unwrap()).boxed();
    let secret = "\\PC{1,20}";
    prop_oneof![
        client_id.clone().prop_map(|client_id| PresentedCredentials::None { client_id }),
        (client_id.clone(), secret).prop_map(|(client_id, secret)| PresentedCredentials::Basic {
            client_id,
            client_secret: ClientSecret::new(secret)
        }),
        (client_id.clone(), secret).prop_map(|(client_id, secret)| PresentedCredentials::Post {
            client_id,
            client_secret: ClientSecret::new(secret)
        }),
        (prop::option::of(client_id), vschars(), vschars()).prop_map(
            |(client_id, assertion_type, assertion)| {
                PresentedCredentials::Assertion {
                    client_id,
                    assertion_type,
                    assertion: Secret::new(assertion),
                }
            }
        ),
    ]
}

proptest! {
    #[test]
    fn authorization_requests_are_read_back(request in authorization_request()) {
        let query = request.to_form().to_urlencoded();
        let form = Form::parse_noting_repeats(query.as_bytes(), &FormLimits::default()).unwrap();
        let envelope = RequestEnvelope::read(form);
        prop_assert_eq!(envelope.client_id().unwrap(), &request.client_id);
        prop_assert_eq!(envelope.redirect_uri().unwrap(), &request.redirect_uri);
        prop_assert_eq!(envelope.state(), request.state.clone());
        prop_assert_eq!(envelope.parse().unwrap(), request);
    }

    #[test]
    fn token_requests_are_read_back(credentials in credentials(), grant in grant(), extra in prop::option::of(vschars())) {
        let mut request = TokenRequest::new(credentials, grant);
        request.extra = Form::new().with_some("x_extra", extra);
        let body = request.to_form().to_urlencoded();
        let authorization = request.authorization();
        let read = TokenRequest::parse(authorization.as_deref(), FORM, body.as_bytes(), &FormLimits::default());
        prop_assert_eq!(read.unwrap(), request);
    }

    /// Proves AUT-02, CORE-9-02.
    #[test]
    fn basic_credentials_are_read_back(id in vschars(), secret in "\\PC{1,40}") {
        let client_id = ClientId::parse(&id).unwrap();
        let secret = ClientSecret::new(secret);
        prop_assert_eq!(parse_basic(&basic_header(&client_id, &secret)).unwrap(), (client_id, secret));
    }

    /// Proves END-04, CORE-3.1.2.5-01: whatever the redirect URI's query holds, the client reads this response and no other.
    #[test]
    fn a_delivered_response_is_read_as_it_was_sent(
        own in prop::collection::vec("(code|error|iss|state|c%6fde|%65rror|error_uri|x|y)=[a-z]{0,3}", 0..6),
        code in vschars(), state in vschars(), refused in any::<bool>(),
    ) {
        let redirect_uri = RedirectUri::parse(&format!("https://rp.example/cb?{}", own.join("&"))).unwrap();
        let state = Some(State::new(state));
        let response = if refused {
            AuthorizationResponse::Error(
                AuthorizationError::new(ErrorCode::ACCESS_DENIED).state(state).iss("https://op.example"))
        } else {
            AuthorizationResponse::Code(
                AuthorizationCodeResponse::new(AuthorizationCode::new(code)).state(state).iss("https://op.example"))
        };
        let delivery = Delivery::new(&redirect_uri, &ResponseMode::QUERY, response.to_form()).unwrap();
        let Delivery::Redirect(url) = delivery else { unreachable!() };
        let (_, query) = url.split_once('?').unwrap();
        // x and y may be in the client's own query as often as it likes
        let form = Form::parse_allowing_repeats(query.as_bytes(), &FormLimits::default(), &["x", "y"]).unwrap();
        let mut read = AuthorizationResponse::parse(&form.without(&["x", "y"])).unwrap();
        if let AuthorizationResponse::Code(read) = &mut read {
            read.extra = Form::new();
        }
        prop_assert_eq!(read, response);
    }

    #[test]
    fn token_responses_are_read_back(
        access_token in vschars(), refresh in prop::option::of(vschars()), expires_in in prop::option::of(any::<u64>()),
        scope in prop::option::of("[a-z]{1,5}( [a-z]{6,8})?"), id_token in prop::option::of(any::<String>()),
        extra in prop::collection::btree_map("x[a-z]{1,5}", any::<i64>(), 0..3),
    ) {
        let mut response = TokenResponse::new(AccessToken::new(access_token), TokenType::BEARER);
        response.refresh_token = refresh.map(RefreshToken::new);
        response.expires_in = expires_in;
        response.scope = scope.map(|scope| Scopes::parse(&scope).unwrap());
        response.id_token = id_token.map(Secret::new);
        response.extra = extra.into_iter().map(|(name, value)| (name, value.into())).collect();
        let read = TokenResponse::parse(JSON, response.to_json().as_bytes(), &Limits::default()).unwrap();
        prop_assert_eq!(read, response);
    }

    #[test]
    fn challenges_are_read_back(realm in "[ -~]{0,20}", description in any::<String>(), code in "[a-z_]{1,12}") {
        let challenge =
            BearerChallenge::new(realm).error(ErrorCode::parse(&code).unwrap()).description(&format!("x{description}"));
        let header = challenge.to_header();
        prop_assert_eq!(Challenge::parse_all(&header).unwrap().len(), 1);
        prop_assert_eq!(BearerChallenge::find([header.as_str()]), Some(challenge));
    }

    #[test]
    fn any_text_gets_an_answer(text in any::<String>(), octets in prop::collection::vec(any::<u8>(), 0..60)) {
        let limits = FormLimits::default();
        let _ = Challenge::parse_all(&text);
        let _ = parse_basic(&text);
        let _ = TokenRequest::parse(Some(&text), FORM, &octets, &limits);
        let _ = TokenResponse::parse(JSON, &octets, &Limits::default());
        let _ = ErrorResponse::parse(JSON, &octets, &Limits::default());
        let _ = UserInfoResponse::parse(Some(&text), &octets, &Limits::default());
        let request = BearerRequest {
            method: "POST", authorization: &[&text], content_type: FORM, query: Some(&text), body: &octets };
        let _ = extract(&request, &limits);
        if let Ok(form) = Form::parse_noting_repeats(&octets, &limits) {
            prop_assert!(RequestEnvelope::read(form).parse().is_err());
        }
    }

    #[test]
    fn near_challenges_get_an_answer(field in "([a-zA-Z]{1,4}|[ ,=\"\\\\]|=\"[a-z\\\\\"]{0,3}\"|==){0,14}") {
        for challenge in Challenge::parse_all(&field).into_iter().flatten() {
            prop_assert!(!challenge.scheme.is_empty());
            prop_assert!(challenge.token68.is_none() || challenge.parameters.is_empty());
        }
    }
}
