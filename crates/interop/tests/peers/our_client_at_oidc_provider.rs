//! Our client crate signs in at oidc-provider.

use crate::node::{Server, script};
use crate::relying_party::{
    Browser, REDIRECT_URI, RelyingParty, Stopped, assert_all_kept, discover, now, refusal,
};
use avouch_client::{
    AssertionAudience, CallbackError, ClientCredentials, ClientRegistration, ExchangeError, IdTokenError,
    IdTokenRule, RefreshAnswerError, SignInMemory, UserInfoError, Verdict,
};
use avouch_discovery::{MetadataError, MetadataFetchError};
use avouch_jose::{Jwk, JwsAlgorithm, SigningKey};
use avouch_types::{ClientId, ClientSecret, ErrorCode, Prompt, RedirectUri, Scopes};
use http::StatusCode;

/// Everything that `application/x-www-form-urlencoded` changes, and the colon that Basic divides by.
const SECRET: &str = "a secret: with +, % and / in it";

/// As `provider.mjs` knows her.
const ADA: Browser<'_> = Browser { username: "ada", password: "correct horse", decision: "allow" };

/// An oidc-provider that signs ID Tokens by `id_token_alg`, and knows a client with this public key.
fn provider(id_token_alg: JwsAlgorithm, jwt_client: Option<&Jwk>) -> (Server, String) {
    let mut command = script("provider.mjs");
    command
        .env("REDIRECT_URI", REDIRECT_URI)
        .env("BASIC_CLIENT_SECRET", SECRET)
        .env("ID_TOKEN_ALG", id_token_alg.name())
        .env("USERNAME", ADA.username)
        .env("PASSWORD", ADA.password);
    if let Some(jwk) = jwt_client {
        command.env("JWT_CLIENT_JWK", serde_json::to_string(jwk).unwrap());
    }
    let server = Server::start(&mut command);
    let issuer = server.announced("LISTENING");
    (server, issuer)
}

fn key(algorithm: JwsAlgorithm) -> SigningKey {
    SigningKey::generate(algorithm, Some("the client's"), &avouch_jose_ring::provider()).unwrap().0
}

fn registration(client_id: &str, credentials: ClientCredentials) -> ClientRegistration {
    ClientRegistration::new(
        ClientId::parse(client_id).unwrap(),
        credentials,
        RedirectUri::parse(REDIRECT_URI).unwrap(),
    )
}

fn basic(secret: &str) -> ClientRegistration {
    registration("basic-client", ClientCredentials::SecretBasic(ClientSecret::new(secret)))
}

fn jwt(key: SigningKey) -> ClientRegistration {
    registration("jwt-client", ClientCredentials::PrivateKeyJwt(key))
}

fn scopes() -> Scopes {
    Scopes::parse("openid profile email offline_access").unwrap()
}

fn walk(rp: &RelyingParty, browser: &Browser<'_>) -> avouch_client::CallbackParams {
    browser.walk(&rp.start(rp.client.sign_in().scope(scopes()).max_age(3600)))
}

/// Discovery, sign-in, UserInfo, refresh; then what must be refused.
fn signs_in(issuer: &str, registration: ClientRegistration, algorithm: JwsAlgorithm) {
    let metadata = discover(issuer).unwrap();
    assert!(metadata.supports_authorization_response_iss(), "iss will be demanded of the callback");
    let rp = RelyingParty::new(metadata, registration.id_token_algorithm(algorithm));

    let params = walk(&rp, &ADA);
    let (signed_in, report) = rp.finish(&params).unwrap();
    assert_all_kept(&report);
    for rule in [IdTokenRule::Signature, IdTokenRule::Nonce, IdTokenRule::AuthTime] {
        assert!(
            report.iter().any(|line| line.rule == rule && line.verdict == Verdict::Passed),
            "{rule} was decided"
        );
    }
    let id_token = &signed_in.id_token;
    assert_eq!(id_token.iss, issuer);
    assert_eq!(id_token.sub.as_str(), "user-ada");
    assert!(now().seconds() - id_token.auth_time.unwrap().seconds() < 60);
    assert!(signed_in.expires_at.unwrap() > now());

    let memory = signed_in.remember();
    let claims = rp.userinfo(&memory).unwrap();
    assert_eq!(claims.name.as_deref(), Some("Ada Lovelace"));
    assert_eq!(claims.email.as_deref(), Some("ada@example.org"));
    assert_eq!(claims.email_verified, Some(true));

    let refreshed = rp.refresh(&memory).unwrap();
    let new = refreshed.id_token.unwrap();
    assert_eq!(new.sub, id_token.sub);
    assert_eq!(new.auth_time, id_token.auth_time);
    assert_ne!(refreshed.memory.refresh_token, memory.refresh_token, "the refresh token was rotated");
    assert_ne!(refreshed.memory.access_token, memory.access_token);
    assert_eq!(rp.userinfo(&refreshed.memory).unwrap().name.as_deref(), Some("Ada Lovelace"));
    assert_eq!(rp.key_sets_fetched(), 1, "the keys were asked for once");

    // The old refresh token is spent, and its reuse ends the new one and the access token.
    for spent in [&memory, &refreshed.memory] {
        let refused = rp.refresh(spent).unwrap_err();
        let RefreshAnswerError::TokenEndpoint(error) = refused else { panic!("{refused:?}") };
        assert_eq!(refusal(&error), (StatusCode::BAD_REQUEST, ErrorCode::INVALID_GRANT));
    }
    assert_token_ended(&rp, &refreshed.memory);
}

fn assert_token_ended(rp: &RelyingParty, memory: &SignInMemory) {
    let refused = rp.userinfo(memory).unwrap_err();
    let UserInfoError::Status { status, error } = refused else { panic!("{refused:?}") };
    assert_eq!((status, error), (StatusCode::UNAUTHORIZED, Some(ErrorCode::INVALID_TOKEN)));
}

fn token_refusal(rp: &RelyingParty, params: &avouch_client::CallbackParams) -> (StatusCode, ErrorCode) {
    let refused = rp.answered(params).unwrap_err();
    let Stopped::Exchange(ExchangeError::TokenEndpoint(error)) = refused else { panic!("{refused:?}") };
    refusal(&error)
}

#[test]
fn client_secret_basic_and_rs256() {
    let (_server, issuer) = provider(JwsAlgorithm::RS256, None);
    signs_in(&issuer, basic(SECRET), JwsAlgorithm::RS256);
}

#[test]
fn client_secret_basic_and_es256() {
    let (_server, issuer) = provider(JwsAlgorithm::ES256, None);
    signs_in(&issuer, basic(SECRET), JwsAlgorithm::ES256);
}

#[test]
fn client_secret_basic_and_eddsa() {
    let (_server, issuer) = provider(JwsAlgorithm::EDDSA, None);
    signs_in(&issuer, basic(SECRET), JwsAlgorithm::EDDSA);
}

#[test]
fn private_key_jwt_by_es256() {
    let key = key(JwsAlgorithm::ES256);
    let (_server, issuer) = provider(JwsAlgorithm::ES256, key.public_jwk());
    signs_in(&issuer, jwt(key), JwsAlgorithm::ES256);
}

#[test]
fn private_key_jwt_by_eddsa() {
    let key = key(JwsAlgorithm::EDDSA);
    let (_server, issuer) = provider(JwsAlgorithm::RS256, key.public_jwk());
    signs_in(&issuer, jwt(key), JwsAlgorithm::RS256);
}

/// The name of RFC 9864 for the same algorithm, and the audience that older providers ask for.
#[test]
fn private_key_jwt_by_ed25519_for_the_token_endpoint() {
    let key = key(JwsAlgorithm::ED25519);
    let (_server, issuer) = provider(JwsAlgorithm::EDDSA, key.public_jwk());
    let registration = jwt(key).assertion_audience(AssertionAudience::TokenEndpoint);
    signs_in(&issuer, registration, JwsAlgorithm::EDDSA);
}

/// The same provider under another name of this machine: its document names the issuer it was started with.
#[test]
fn a_document_of_another_issuer_is_refused() {
    let (_server, issuer) = provider(JwsAlgorithm::RS256, None);
    let refused = discover(&issuer.replace("127.0.0.1", "localhost")).unwrap_err();
    let MetadataFetchError::Metadata(MetadataError::IssuerMismatch { found, .. }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(found, issuer);
}

#[test]
fn a_refused_consent_is_access_denied() {
    let (_server, issuer) = provider(JwsAlgorithm::RS256, None);
    let rp = RelyingParty::new(discover(&issuer).unwrap(), basic(SECRET));
    let params = walk(&rp, &Browser { decision: "deny", ..ADA });
    let refused = rp.answered(&params).unwrap_err();
    let Stopped::Callback(CallbackError::Refused(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error.error, ErrorCode::ACCESS_DENIED);
    assert_eq!(error.iss, Some(issuer));
}

#[test]
fn prompt_none_without_a_session_is_login_required() {
    let (_server, issuer) = provider(JwsAlgorithm::RS256, None);
    let rp = RelyingParty::new(discover(&issuer).unwrap(), basic(SECRET));
    let params = ADA.walk(&rp.start(rp.client.sign_in().prompt(Prompt::NONE)));
    let refused = rp.answered(&params).unwrap_err();
    let Stopped::Callback(CallbackError::Refused(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error.error, ErrorCode::LOGIN_REQUIRED);
}

#[test]
fn a_wrong_secret_is_invalid_client() {
    let (_server, issuer) = provider(JwsAlgorithm::RS256, None);
    let rp = RelyingParty::new(discover(&issuer).unwrap(), basic(&SECRET.replace('+', " ")));
    let params = walk(&rp, &ADA);
    assert_eq!(token_refusal(&rp, &params), (StatusCode::UNAUTHORIZED, ErrorCode::INVALID_CLIENT));
}

#[test]
fn an_assertion_by_another_key_is_invalid_client() {
    let registered = key(JwsAlgorithm::ES256);
    let (_server, issuer) = provider(JwsAlgorithm::RS256, registered.public_jwk());
    let rp = RelyingParty::new(discover(&issuer).unwrap(), jwt(key(JwsAlgorithm::ES256)));
    let params = walk(&rp, &ADA);
    assert_eq!(token_refusal(&rp, &params), (StatusCode::UNAUTHORIZED, ErrorCode::INVALID_CLIENT));
}

/// And what it gave at first has ended.
#[test]
fn a_used_code_is_invalid_grant() {
    let (_server, issuer) = provider(JwsAlgorithm::RS256, None);
    let rp = RelyingParty::new(discover(&issuer).unwrap(), basic(SECRET));
    let params = walk(&rp, &ADA);
    let (signed_in, _) = rp.finish(&params).unwrap();
    assert_eq!(token_refusal(&rp, &params), (StatusCode::BAD_REQUEST, ErrorCode::INVALID_GRANT));
    assert_token_ended(&rp, &signed_in.remember());
}

/// The provider holds the code against the challenge that it was asked with.
#[test]
fn another_verifier_is_invalid_grant() {
    let (_server, issuer) = provider(JwsAlgorithm::RS256, None);
    let rp = RelyingParty::new(discover(&issuer).unwrap(), basic(SECRET));
    let params = walk(&rp, &ADA);
    rp.tamper(&params, "code_verifier", &"v".repeat(43));
    assert_eq!(token_refusal(&rp, &params), (StatusCode::BAD_REQUEST, ErrorCode::INVALID_GRANT));
}

#[test]
fn another_nonce_is_refused() {
    let (_server, issuer) = provider(JwsAlgorithm::RS256, None);
    let rp = RelyingParty::new(discover(&issuer).unwrap(), basic(SECRET));
    let params = walk(&rp, &ADA);
    rp.tamper(&params, "nonce", "of another sign-in");
    let refused = rp.finish(&params).unwrap_err();
    assert!(matches!(refused, Stopped::IdToken(IdTokenError::NonceMismatch)), "{refused:?}");
}

/// Registered for RS256 at the provider, for ES256 at the client: the token is good, but not what was agreed.
#[test]
fn an_id_token_by_another_algorithm_than_agreed_is_refused() {
    let (_server, issuer) = provider(JwsAlgorithm::RS256, None);
    let registration = basic(SECRET).id_token_algorithm(JwsAlgorithm::ES256);
    let rp = RelyingParty::new(discover(&issuer).unwrap(), registration);
    let params = walk(&rp, &ADA);
    let refused = rp.finish(&params).unwrap_err();
    let Stopped::IdToken(IdTokenError::Algorithm { expected, found }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!((expected, found.as_str()), (JwsAlgorithm::ES256, "RS256"));
}
