//! Authorization requests, written and read by us; and what everybody writes and reads.

use std::hint::black_box;

use avouch_benches::Work;
use avouch_claims::{ClaimRequest, ClaimsRequest};
use avouch_messages::{AuthorizationRequest, CodeChallenge};
use avouch_types::{
    ClientId, EndpointUrl, Form, FormLimits, LanguageTag, Nonce, Prompts, RedirectUri, ResponseType, Scopes,
    State,
};

pub(crate) const ENDPOINT: &str = "https://op.example/realms/staff/protocol/openid-connect/auth";

/// The parameters that every contender sends.
pub(crate) const PARAMETERS: [(&str, &str); 12] = [
    ("response_type", "code"),
    ("client_id", "s6BhdRkqt3"),
    ("redirect_uri", "https://rp.example/accounts/callback?provider=staff"),
    ("scope", "openid profile email offline_access"),
    ("state", "jS3XfT5l6cW0cMDg0Zxq6S2F1m1kqV9wYHkU0oS3a8E"),
    ("nonce", "Wf1tNLqTgRTmlSRH3t3QvTCJ1q8IIF3j9nUUFnLFmkw"),
    ("prompt", "login consent"),
    ("max_age", "3600"),
    ("ui_locales", "de-CH fr-CH en"),
    ("login_hint", "jane.doe@example.com"),
    ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
    ("code_challenge_method", "S256"),
];

pub(crate) fn value(name: &str) -> &'static str {
    PARAMETERS.iter().find(|(own, _)| *own == name).unwrap().1
}

fn request(claims: bool) -> AuthorizationRequest {
    let mut request = AuthorizationRequest::new(
        ClientId::parse(value("client_id")).unwrap(),
        RedirectUri::parse(value("redirect_uri")).unwrap(),
        ResponseType::CODE,
        Scopes::parse(value("scope")).unwrap(),
    );
    request.state = Some(State::new(value("state")));
    request.nonce = Some(Nonce::new(value("nonce")));
    request.prompt = Prompts::parse(value("prompt")).unwrap();
    request.max_age = Some(3600);
    request.ui_locales = value("ui_locales").split(' ').map(|tag| LanguageTag::parse(tag).unwrap()).collect();
    request.login_hint = Some(value("login_hint").to_owned());
    request.code_challenge = Some(CodeChallenge::parse(value("code_challenge"), Some("S256")).unwrap());
    request.claims = claims.then(|| {
        ClaimsRequest::new()
            .with_id_token("acr", ClaimRequest::voluntary().with_values(["urn:mace:incommon:iap:silver"]))
            .with_id_token("auth_time", ClaimRequest::essential())
            .with_userinfo("email", ClaimRequest::essential())
            .with_userinfo("given_name", ClaimRequest::essential())
            .with_userinfo("picture", ClaimRequest::voluntary())
    });
    request
}

/// The query that is read, and how long the URL is that is written.
pub(crate) fn query(claims: bool) -> String {
    request(claims).to_form().to_urlencoded()
}

pub(crate) fn url_len(claims: bool) -> usize {
    ENDPOINT.len() + 1 + query(claims).len()
}

/// Writes a request that is at hand.
pub(crate) fn avouch_writes(claims: bool) -> Work {
    let (request, endpoint, len) = (request(claims), EndpointUrl::parse(ENDPOINT).unwrap(), url_len(claims));
    Box::new(move || black_box(endpoint.with_query(&black_box(&request).to_form())).len() == len)
}

/// As `avouch_writes`, but the request is put together and checked each time.
pub(crate) fn avouch_puts_together() -> Work {
    let (ready, endpoint, len) = (request(false), EndpointUrl::parse(ENDPOINT).unwrap(), url_len(false));
    Box::new(move || {
        let ready = black_box(&ready);
        let mut request = AuthorizationRequest::new(
            ready.client_id.clone(),
            ready.redirect_uri.clone(),
            ready.response_type.clone(),
            ready.scope.clone(),
        );
        request.state = ready.state.clone();
        request.nonce = ready.nonce.clone();
        request.prompt = ready.prompt.clone();
        request.max_age = ready.max_age;
        request.ui_locales = ready.ui_locales.clone();
        request.login_hint = ready.login_hint.clone();
        request.code_challenge = ready.code_challenge.clone();
        request.check().is_ok() && black_box(endpoint.with_query(&request.to_form())).len() == len
    })
}

/// Reads the URL that a request came by into a typed request; every rule of the request is checked.
pub(crate) fn avouch_reads(claims: bool) -> Work {
    let (url, limits) = (format!("{ENDPOINT}?{}", query(claims)), FormLimits::default());
    let read = move |url: &str| {
        let (_, query) = url.split_once('?').unwrap();
        let form = Form::parse_noting_repeats(query.as_bytes(), &limits).unwrap();
        AuthorizationRequest::parse(&form).unwrap()
    };
    assert_eq!(read(&url), request(claims));
    Box::new(move || black_box(read(black_box(&url))).max_age == Some(3600))
}
