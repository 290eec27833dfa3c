//! The small provider.

use avouch_client::{
    AuthorizedCode, CallbackParams, Client, ClientCredentials, ClientError, ClientRegistration, IdTokenError,
    PendingSignIn, SignedIn, TokensAwaitingKeys,
};
use avouch_discovery::ProviderMetadata;
use avouch_jose::{JwkSet, JwsAlgorithm, NumericDate, SigningKey, VerifyingKeys, base64url};
use avouch_jose_ring::SystemRandom;
use avouch_types::{ClientId, ClientSecret, Form, FormLimits, Issuer, RedirectUri};
use http::{Request, Response};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://op.example";
pub(crate) const CLIENT_ID: &str = "the client";
/// Long enough for HS256, and with the characters that Basic has to encode.
pub(crate) const SECRET: &str = "a:secret with 100% of the+octets";
pub(crate) const REDIRECT_URI: &str = "https://rp.example/callback?tenant=1";
pub(crate) const SUB: &str = "248289761001";
pub(crate) const CODE: &str = "SplxlOBeZQQYbYS6WxSbIA";
const NOW: i64 = 1_700_000_000;

pub(crate) fn now() -> NumericDate {
    at(0)
}

/// So many seconds after [`now`].
pub(crate) fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(NOW + seconds).unwrap()
}

pub(crate) fn rng() -> SystemRandom {
    SystemRandom::new()
}

/// The provider's key.
pub(crate) fn key() -> SigningKey {
    rsa(include_bytes!("../data/rsa-a.p8"), "a")
}

/// Another key, which is the provider's only where a test says so.
pub(crate) fn other_key() -> SigningKey {
    rsa(include_bytes!("../data/rsa-b.p8"), "b")
}

fn rsa(der: &[u8], kid: &str) -> SigningKey {
    SigningKey::from_pkcs8(der, JwsAlgorithm::RS256, Some(kid), &avouch_jose_ring::provider()).unwrap()
}

pub(crate) fn jwk(key: &SigningKey) -> Value {
    serde_json::to_value(key.public_jwk().unwrap()).unwrap()
}

pub(crate) fn jwks(keys: &[Value]) -> JwkSet {
    serde_json::from_value(json!({ "keys": keys })).unwrap()
}

pub(crate) fn metadata() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://op.example/authorize?tenant=1",
        "token_endpoint": "https://op.example/token",
        "userinfo_endpoint": "https://op.example/userinfo",
        "jwks_uri": "https://op.example/jwks",
        "response_types_supported": ["code", "id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "authorization_response_iss_parameter_supported": true,
    })
}

/// The metadata with other or, where `null`, without members.
pub(crate) fn metadata_with(changes: Value) -> Value {
    edited(metadata(), |document| change(document, changes))
}

pub(crate) fn edited(mut value: Value, edit: impl FnOnce(&mut Value)) -> Value {
    edit(&mut value);
    value
}

/// Sets members; `null` removes one.
pub(crate) fn change(object: &mut Value, changes: Value) {
    let Value::Object(changes) = changes else { panic!("changes are members") };
    for (name, value) in changes {
        if value.is_null() {
            object.as_object_mut().unwrap().remove(&name);
        } else {
            object[name] = value;
        }
    }
}

pub(crate) fn secret_basic() -> ClientCredentials {
    ClientCredentials::SecretBasic(ClientSecret::new(SECRET))
}

pub(crate) fn registration(credentials: ClientCredentials) -> ClientRegistration {
    ClientRegistration::new(
        ClientId::parse(CLIENT_ID).unwrap(),
        credentials,
        RedirectUri::parse(REDIRECT_URI).unwrap(),
    )
}

pub(crate) fn build(metadata: &Value, registration: ClientRegistration) -> Result<Client, ClientError> {
    let issuer = Issuer::parse(metadata["issuer"].as_str().unwrap()).unwrap();
    let metadata = ProviderMetadata::parse(metadata.to_string().as_bytes(), &issuer).unwrap();
    Client::new(metadata, registration, avouch_jose_ring::provider())
}

pub(crate) fn client() -> Client {
    build(&metadata(), registration(secret_basic())).unwrap()
}

/// The parameters of an authorization request, and what to remember.
pub(crate) fn start(client: &Client) -> (Form, PendingSignIn) {
    let (url, pending) = client.sign_in().start(now(), &rng()).unwrap().into_parts();
    (query(&url), pending)
}

pub(crate) fn query(url: &str) -> Form {
    let (_, query) = url.split_once('?').unwrap();
    Form::parse(query.as_bytes(), &FormLimits::default()).unwrap()
}

pub(crate) fn body(request: &Request<Vec<u8>>) -> Form {
    Form::parse(request.body(), &FormLimits::default()).unwrap()
}

/// The success response to an authorization request.
pub(crate) fn answer(request: &Form) -> Form {
    Form::new().with("code", CODE).with("state", request.get("state").unwrap()).with("iss", ISSUER)
}

pub(crate) fn params(form: &Form) -> CallbackParams {
    CallbackParams::parse(&form.to_urlencoded()).unwrap()
}

/// A code, and the nonce of its request.
pub(crate) fn authorized(client: &Client) -> (AuthorizedCode, String) {
    let (request, pending) = start(client);
    let code = client.callback(pending, &params(&answer(&request)), now()).unwrap();
    (code, request.get("nonce").unwrap().to_owned())
}

pub(crate) fn claims(nonce: &str) -> Value {
    json!({ "iss": ISSUER, "sub": SUB, "aud": CLIENT_ID, "exp": NOW + 600, "iat": NOW, "nonce": nonce })
}

/// Signs whatever is said, by whatever header.
pub(crate) fn sign(header: &Value, claims: &Value, key: &SigningKey) -> String {
    let encode = |value: &Value| base64url::encode(value.to_string().as_bytes());
    let input = format!("{}.{}", encode(header), encode(claims));
    let signature = key.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", base64url::encode(&signature))
}

pub(crate) fn header() -> Value {
    json!({ "alg": "RS256", "kid": "a" })
}

pub(crate) fn token_response(id_token: &str) -> Value {
    json!({
        "access_token": "SlAV32hkKG",
        "token_type": "Bearer",
        "expires_in": 3600,
        "refresh_token": "8xLOxBtZp8",
        "id_token": id_token,
    })
}

pub(crate) fn http(status: u16, content_type: &str, body: &str) -> Response<Vec<u8>> {
    Response::builder()
        .status(status)
        .header("content-type", content_type)
        .body(body.as_bytes().to_vec())
        .unwrap()
}

pub(crate) fn ok(body: &Value) -> Response<Vec<u8>> {
    http(200, "application/json", &body.to_string())
}

/// Tokens whose ID Token `id_token` makes of the nonce.
pub(crate) fn awaiting(client: &Client, id_token: impl FnOnce(&str) -> String) -> TokensAwaitingKeys<'_> {
    let (code, nonce) = authorized(client);
    let exchange = client.exchange(code, now(), &rng()).unwrap();
    exchange.complete(&ok(&token_response(&id_token(&nonce)))).unwrap()
}

/// The provider's keys as this client takes them.
pub(crate) fn keys(client: &Client) -> VerifyingKeys {
    client.verifying_keys(&jwks(&[jwk(&key())])).unwrap()
}

/// Signs in with an ID Token whose claims were edited.
pub(crate) fn sign_in_with(client: &Client, edit: impl FnOnce(&mut Value)) -> Result<SignedIn, IdTokenError> {
    let tokens = awaiting(client, |nonce| sign(&header(), &edited(claims(nonce), edit), &key()));
    tokens.verify(&keys(client), now())
}

pub(crate) fn signed_in(client: &Client) -> SignedIn {
    sign_in_with(client, |_| {}).unwrap()
}
