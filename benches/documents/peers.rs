//! Authorization requests, written and read by the other crates.

use std::borrow::Cow;
use std::hint::black_box;
use std::time::Duration;

use avouch_benches::Work;
use oauth2::basic::BasicClient;
use openidconnect::core::{CoreAuthPrompt, CoreClient, CoreJsonWebKeySet, CoreResponseType};
use openidconnect::{
    AuthUrl, AuthenticationFlow, CsrfToken, IssuerUrl, LanguageTag, LoginHint, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope,
};
use url::{Url, form_urlencoded};

use super::requests::{ENDPOINT, PARAMETERS, query, url_len, value};

/// The `claims` parameter of the rows that have one.
const CLAIMS: &str = r#"{"id_token":{"acr":{"values":["urn:mace:incommon:iap:silver"]},"auth_time":{"essential":true}},"userinfo":{"email":{"essential":true},"given_name":{"essential":true},"picture":null}}"#;

fn challenge() -> PkceCodeChallenge {
    let verifier = PkceCodeVerifier::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned());
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    assert_eq!(challenge.as_str(), value("code_challenge"));
    challenge
}

/// `url`: the values are texts already, but for `claims`, which is printed from a `serde_json::Value`.
pub(crate) fn url_writes(claims: bool) -> Work {
    let (endpoint, len) = (Url::parse(ENDPOINT).unwrap(), url_len(claims));
    let claims: Option<serde_json::Value> = claims.then(|| serde_json::from_str(CLAIMS).unwrap());
    Box::new(move || {
        let mut url = endpoint.clone();
        {
            let mut pairs = url.query_pairs_mut();
            for (name, value) in black_box(&PARAMETERS) {
                pairs.append_pair(name, value);
            }
            if let Some(claims) = &claims {
                pairs.append_pair("claims", &black_box(claims).to_string());
            }
        }
        black_box(String::from(url)).len() == len
    })
}

/// `openidconnect`, by its builder; it takes all values over.
pub(crate) fn openidconnect_puts_together() -> Work {
    let client = CoreClient::new(
        openidconnect::ClientId::new(value("client_id").to_owned()),
        IssuerUrl::new("https://op.example/realms/staff".to_owned()).unwrap(),
        CoreJsonWebKeySet::default(),
    )
    .set_auth_uri(AuthUrl::new(ENDPOINT.to_owned()).unwrap())
    .set_redirect_uri(RedirectUrl::new(value("redirect_uri").to_owned()).unwrap());
    let scopes: Vec<Scope> =
        ["profile", "email", "offline_access"].map(|scope| Scope::new(scope.to_owned())).to_vec();
    let locales: Vec<LanguageTag> =
        value("ui_locales").split(' ').map(|tag| LanguageTag::new(tag.to_owned())).collect();
    let (hint, challenge) = (LoginHint::new(value("login_hint").to_owned()), challenge());
    let len = url_len(false);
    Box::new(move || {
        let mut request = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || CsrfToken::new(black_box(value("state")).to_owned()),
                || Nonce::new(black_box(value("nonce")).to_owned()),
            )
            .add_scopes(black_box(&scopes).iter().cloned())
            .add_prompt(CoreAuthPrompt::Login)
            .add_prompt(CoreAuthPrompt::Consent)
            .set_max_age(Duration::from_secs(3600))
            .set_login_hint(hint.clone())
            .set_pkce_challenge(challenge.clone());
        for locale in &locales {
            request = request.add_ui_locale(locale.clone());
        }
        let (url, state, nonce) = request.url();
        let (url, _, _) = black_box((String::from(url), state, nonce));
        url.len() == len
    })
}

/// `oauth2`, by its builder; what it does not know are extra parameters, their texts at hand.
pub(crate) fn oauth2_puts_together() -> Work {
    let client = BasicClient::new(oauth2::ClientId::new(value("client_id").to_owned()))
        .set_auth_uri(AuthUrl::new(ENDPOINT.to_owned()).unwrap())
        .set_redirect_uri(RedirectUrl::new(value("redirect_uri").to_owned()).unwrap());
    let scopes: Vec<Scope> = value("scope").split(' ').map(|scope| Scope::new(scope.to_owned())).collect();
    let (challenge, len) = (challenge(), url_len(false));
    Box::new(move || {
        let mut request = client
            .authorize_url(|| CsrfToken::new(black_box(value("state")).to_owned()))
            .add_scopes(black_box(&scopes).iter().cloned())
            .set_pkce_challenge(challenge.clone());
        for name in ["nonce", "prompt", "max_age", "ui_locales", "login_hint"] {
            request = request.add_extra_param(name, value(name));
        }
        let (url, state) = request.url();
        let (url, _) = black_box((String::from(url), state));
        url.len() == len
    })
}

/// What a reader without our types would have: an owned text per parameter, the lists cut, the number read. `U` is what
/// becomes of the redirect URI.
struct Read<U> {
    response_type: Option<String>,
    client_id: Option<String>,
    redirect_uri: Option<U>,
    scope: Vec<String>,
    state: Option<String>,
    nonce: Option<String>,
    prompt: Vec<String>,
    max_age: Option<u64>,
    ui_locales: Vec<String>,
    login_hint: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    claims: Option<serde_json::Value>,
    extra: Vec<(String, String)>,
}

impl<U> Read<U> {
    /// `None` for a parameter that stands twice, a number that is none, a required parameter that is absent.
    fn collect<'a>(
        pairs: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
        uri: impl Fn(Cow<'a, str>) -> Option<U>,
    ) -> Option<Self> {
        let mut read = Self {
            response_type: None,
            client_id: None,
            redirect_uri: None,
            scope: Vec::new(),
            state: None,
            nonce: None,
            prompt: Vec::new(),
            max_age: None,
            ui_locales: Vec::new(),
            login_hint: None,
            code_challenge: None,
            code_challenge_method: None,
            claims: None,
            extra: Vec::new(),
        };
        for (name, value) in pairs {
            let twice = match name.as_ref() {
                "response_type" => read.response_type.replace(value.into_owned()).is_some(),
                "client_id" => read.client_id.replace(value.into_owned()).is_some(),
                "redirect_uri" => read.redirect_uri.replace(uri(value)?).is_some(),
                "scope" => !std::mem::replace(&mut read.scope, words(&value)).is_empty(),
                "state" => read.state.replace(value.into_owned()).is_some(),
                "nonce" => read.nonce.replace(value.into_owned()).is_some(),
                "prompt" => !std::mem::replace(&mut read.prompt, words(&value)).is_empty(),
                "max_age" => read.max_age.replace(value.parse().ok()?).is_some(),
                "ui_locales" => !std::mem::replace(&mut read.ui_locales, words(&value)).is_empty(),
                "login_hint" => read.login_hint.replace(value.into_owned()).is_some(),
                "code_challenge" => read.code_challenge.replace(value.into_owned()).is_some(),
                "code_challenge_method" => read.code_challenge_method.replace(value.into_owned()).is_some(),
                "claims" => read.claims.replace(serde_json::from_str(&value).ok()?).is_some(),
                _ => {
                    let twice = read.extra.iter().any(|(own, _)| *own == name);
                    read.extra.push((name.into_owned(), value.into_owned()));
                    twice
                }
            };
            if twice {
                return None;
            }
        }
        let complete =
            read.response_type.is_some() && read.client_id.is_some() && read.redirect_uri.is_some();
        Some(read).filter(|_| complete)
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// `form_urlencoded`, on the query alone; the redirect URI stays a text.
pub(crate) fn form_urlencoded_reads(claims: bool) -> Work {
    let query = query(claims);
    Box::new(move || {
        let pairs = form_urlencoded::parse(black_box(&query).as_bytes());
        let read = Read::collect(pairs, |uri| Some(uri.into_owned()));
        black_box(read).is_some_and(|read| read.max_age == Some(3600))
    })
}

/// `Url::parse` of the URL that the request came by, then its pairs; the redirect URI is a `Url` without fragment.
pub(crate) fn url_reads(claims: bool) -> Work {
    let url = format!("{ENDPOINT}?{}", query(claims));
    Box::new(move || {
        let url = Url::parse(black_box(&url)).unwrap();
        let redirect = |uri: Cow<'_, str>| Url::parse(&uri).ok().filter(|uri| uri.fragment().is_none());
        let read = Read::collect(url.query_pairs(), redirect);
        black_box(read).is_some_and(|read| read.max_age == Some(3600))
    })
}
