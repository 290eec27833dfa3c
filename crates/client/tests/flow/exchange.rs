//! The token request and its answer.

use crate::op::*;
use avouch_client::{
    AssertionAudience, Client, ClientCredentials, ClientRegistration, ExchangeError, FetchPolicy,
    FetchPurpose, RedirectUri, Redirects, TokenEndpointError, TokenRequestError, UserInfoError,
};
use avouch_jose::crypto::{RandomError, SecureRandom, SignFailed, Signer};
use avouch_jose::{JwsAlgorithm, SigningKey, VerifyingKey, VerifyingKeys};
use avouch_messages::client_auth::parse_basic;
use avouch_tokens::{ClientAssertion, ClientAssertionVerifier};
use avouch_types::{ClientId, ClientSecret, ErrorCode, Scopes};
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

fn token_request(credentials: ClientCredentials) -> Request<Vec<u8>> {
    request_of(&build(&metadata(), registration(credentials)).unwrap())
}

fn request_of(client: &Client) -> Request<Vec<u8>> {
    let (code, _) = authorized(client);
    client.exchange(code, now(), &rng()).unwrap().request()
}

/// Proves CORE-3.1.3.1-01.
#[test]
fn the_request_is_a_form_with_the_code_and_the_redirect_uri() {
    let request = token_request(secret_basic());
    assert_eq!(request.method(), Method::POST);
    assert_eq!(request.uri(), "https://op.example/token");
    assert_eq!(request.headers()["content-type"], "application/x-www-form-urlencoded");
    let body = body(&request);
    assert_eq!(body.get("grant_type"), Some("authorization_code"));
    assert_eq!(body.get("code"), Some(CODE));
    assert_eq!(body.get("redirect_uri"), Some(REDIRECT_URI));
}

/// Proves CORE-3.1.3.1-02, CORE-9-02, CORE-9-03, AUT-01 and AUT-02
/// (conformance module oidcc-client-test-client-secret-basic).
#[test]
fn client_secret_basic() {
    let request = token_request(secret_basic());
    let authorization = &request.headers()["authorization"];
    assert!(authorization.is_sensitive());
    let (client_id, secret) = parse_basic(authorization.to_str().unwrap()).unwrap();
    assert_eq!((client_id.as_str(), secret.expose()), (CLIENT_ID, SECRET));
    // printed once by hand: "the+client:a%3Asecret+with+100%25+of+the%2Boctets"
    assert_eq!(authorization, "Basic dGhlK2NsaWVudDphJTNBc2VjcmV0K3dpdGgrMTAwJTI1K29mK3RoZSUyQm9jdGV0cw==");
    let body = body(&request);
    for name in ["client_id", "client_secret", "client_assertion"] {
        assert_eq!(body.get(name), None, "{name}");
    }
}

/// Proves CORE-3.1.3.1-02, CORE-9-03 and AUT-01.
#[test]
fn client_secret_post() {
    let request = token_request(ClientCredentials::SecretPost(ClientSecret::new(SECRET)));
    assert!(!request.headers().contains_key("authorization"));
    let body = body(&request);
    assert_eq!((body.get("client_id"), body.get("client_secret")), (Some(CLIENT_ID), Some(SECRET)));
}

/// Proves CORE-3.1.3.1-03 and COD-05.
#[test]
fn a_public_client_names_itself() {
    let request = token_request(ClientCredentials::None);
    assert!(!request.headers().contains_key("authorization"));
    let body = body(&request);
    assert_eq!((body.get("client_id"), body.get("client_secret")), (Some(CLIENT_ID), None));
    assert!(body.get("code_verifier").is_some());
}

/// Proves CORE-3.1.3.1-02, CORE-9-05, CORE-9-06 and CORE-9-09; of CORE-9-04 the half about private_key_jwt.
#[test]
fn private_key_jwt() {
    for (audience, expected) in
        [(AssertionAudience::Issuer, ISSUER), (AssertionAudience::TokenEndpoint, "https://op.example/token")]
    {
        let registration =
            registration(ClientCredentials::PrivateKeyJwt(other_key())).assertion_audience(audience);
        let client = build(&metadata(), registration).unwrap();
        let (first, second) = (body(&request_of(&client)), body(&request_of(&client)));
        assert_eq!(
            first.get("client_assertion_type"),
            Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        );
        assert_eq!(first.get("client_secret"), None);
        let assertion = verified_assertion(first.get("client_assertion").unwrap());
        assert_eq!(assertion.aud.sole(), Some(expected));
        assert_eq!((assertion.iss.as_str(), assertion.sub.as_str()), (CLIENT_ID, CLIENT_ID));
        assert!(assertion.exp > now() && assertion.exp <= at(60));
        let other = verified_assertion(second.get("client_assertion").unwrap());
        assert_ne!(assertion.jti, other.jti, "each is good for one use");
    }
}

fn verified_assertion(assertion: &str) -> ClientAssertion {
    let crypto = avouch_jose_ring::provider();
    let public = other_key().public_jwk().unwrap().clone();
    let keys = VerifyingKeys::single(VerifyingKey::prepare(&public, JwsAlgorithm::RS256, &crypto).unwrap());
    let jws = avouch_jose::jws::UnverifiedJws::parse(assertion, &avouch_jose::Limits::default()).unwrap();
    let content = jws.verify(&keys).unwrap();
    let claims: Value = serde_json::from_slice(content.payload()).unwrap();
    assert!(claims["aud"].is_string(), "one string, not an array");
    let Value::Object(members) = claims else { panic!("claims are an object") };
    ClientAssertion::from_members(members).unwrap()
}

#[test]
fn a_key_that_does_not_sign_makes_no_request() {
    struct Sealed;
    impl Signer for Sealed {
        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, SignFailed> {
            Err(SignFailed::new("sealed"))
        }
    }
    struct Broken;
    impl SecureRandom for Broken {
        fn fill(&self, _: &mut [u8]) -> Result<(), RandomError> {
            Err(RandomError)
        }
    }
    let sealed = SigningKey::with_signer(JwsAlgorithm::RS256, None, Arc::new(Sealed));
    let client = build(&metadata(), registration(ClientCredentials::PrivateKeyJwt(sealed))).unwrap();
    let refused = client.exchange(authorized(&client).0, now(), &rng());
    assert!(matches!(refused, Err(TokenRequestError::Sign(_))), "{refused:?}");
    let refused = client.exchange(authorized(&client).0, now(), &Broken);
    assert!(matches!(refused, Err(TokenRequestError::Random(_))), "{refused:?}");
}

fn completed(status: u16, content_type: &str, body: &Value) -> Result<(), ExchangeError> {
    let client = client();
    let exchange = client.exchange(authorized(&client).0, now(), &rng()).unwrap();
    exchange.complete(&http(status, content_type, &body.to_string())).map(|_| ())
}

/// The token response, with an ID Token in it that could be verified.
fn response(changes: Value) -> Value {
    let id_token = sign(&header(), &claims("any"), &key());
    edited(token_response(&id_token), |response| change(response, changes))
}

/// Proves CORE-3.1.3.5-01 and TOK-02: what RFC 6749 5.1 demands, and an ID Token.
#[test]
fn a_token_response_has_its_members() {
    let json = "application/json";
    assert!(completed(200, json, &response(json!({}))).is_ok());
    assert!(completed(200, "application/json; charset=UTF-8", &response(json!({ "x": 1 }))).is_ok());

    for id_token in [json!(null), json!({})] {
        let changed = edited(response(json!({})), |response| response["id_token"] = id_token);
        let refused = completed(200, json, &changed);
        assert!(matches!(refused, Err(ExchangeError::IdTokenMissing)), "{refused:?}");
    }
    for changes in
        [json!({ "access_token": null }), json!({ "token_type": null }), json!({ "access_token": 1 })]
    {
        let refused = completed(200, json, &response(changes.clone()));
        assert!(
            matches!(refused, Err(ExchangeError::TokenEndpoint(TokenEndpointError::Malformed(_)))),
            "{changes}: {refused:?}"
        );
    }
    let refused = completed(200, "text/html", &response(json!({})));
    assert!(
        matches!(refused, Err(ExchangeError::TokenEndpoint(TokenEndpointError::Malformed(_)))),
        "{refused:?}"
    );
    let refused = completed(200, json, &response(json!({ "id_token": "a.b" })));
    assert!(matches!(refused, Err(ExchangeError::IdTokenMalformed(_))), "{refused:?}");
}

/// The code is spent for this answer: a fault in what is optional does not waste it.
#[test]
fn a_malformed_optional_member_wastes_no_code() {
    let changes =
        json!({ "expires_in": 3599.0, "scope": ["openid"], "refresh_token": 7, "other_token": "x" });
    let client = client();
    let (code, nonce) = authorized(&client);
    let exchange = client.exchange(code, now(), &rng()).unwrap();
    let body =
        edited(token_response(&sign(&header(), &claims(&nonce), &key())), |body| change(body, changes));
    let signed_in = exchange.complete(&ok(&body)).unwrap().verify(&keys(&client), now()).unwrap();
    assert_eq!((signed_in.expires_at, signed_in.refresh_token.is_none()), (None, true));
    assert_eq!(signed_in.scope.to_string(), "openid");
    assert_eq!(signed_in.malformed.keys().collect::<Vec<_>>(), ["expires_in", "refresh_token", "scope"]);
    assert_eq!(signed_in.extra["other_token"], "x");
}

/// What was sent in the authorization request is sent again, also if the registration has changed since.
#[test]
fn the_redirect_uri_is_that_of_the_authorization_request() {
    let (request, pending) = start(&client());
    let moved = ClientRegistration::new(
        ClientId::parse(CLIENT_ID).unwrap(),
        secret_basic(),
        RedirectUri::parse("https://rp.example/moved").unwrap(),
    );
    let moved = build(&metadata(), moved).unwrap();
    let code = moved.callback(pending, &params(&answer(&request)), now()).unwrap();
    let request = moved.exchange(code, now(), &rng()).unwrap().request();
    assert_eq!(body(&request).get("redirect_uri"), Some(REDIRECT_URI));
}

/// A host can keep to the limits before an answer is in memory; they are the caller's, and hold for the answer too.
#[test]
fn each_step_tells_how_to_send_it() {
    let limits = avouch_json::Limits::default().with_bytes(100);
    let client = build(&metadata(), registration(secret_basic()).answer_limits(limits)).unwrap();
    let exchange = client.exchange(authorized(&client).0, now(), &rng()).unwrap();
    assert_eq!(exchange.policy(), FetchPolicy::new(FetchPurpose::Tokens, 100));
    assert_eq!(exchange.policy().redirects, Redirects::Never);
    let refused = exchange.complete(&ok(&response(json!({}))));
    assert!(
        matches!(refused, Err(ExchangeError::TokenEndpoint(TokenEndpointError::Malformed(_)))),
        "{refused:?}"
    );
    let memory = signed_in(&self::client()).remember();
    let userinfo = client.userinfo(&memory).unwrap();
    assert_eq!(userinfo.policy(), FetchPolicy::new(FetchPurpose::UserInfo, 100));
    let long = json!({ "sub": SUB, "name": "x".repeat(100) });
    assert!(matches!(userinfo.complete(&ok(&long)), Err(UserInfoError::Malformed(_))));
    let refresh = client.refresh(&memory, now(), &rng()).unwrap();
    assert_eq!(refresh.policy(), FetchPolicy::new(FetchPurpose::Tokens, 100));
}

/// Proves CORE-3.1.3.3-02 and TOK-02.
#[test]
fn a_token_of_an_unknown_type_is_not_used() {
    for token_type in ["Bearer", "bearer", "BEARER"] {
        assert!(completed(200, "application/json", &response(json!({ "token_type": token_type }))).is_ok());
    }
    for token_type in ["DPoP", "mac", "Bearer2"] {
        let refused = completed(200, "application/json", &response(json!({ "token_type": token_type })));
        assert!(
            matches!(&refused, Err(ExchangeError::TokenEndpoint(TokenEndpointError::TokenType { token_type: told }))
                if told.as_str() == token_type),
            "{refused:?}"
        );
    }
}

#[test]
fn an_error_is_told_and_never_half_read() {
    let error = response(json!({ "error": "invalid_grant", "error_description": "used" }));
    for status in [400, 401] {
        match completed(status, "application/json", &error) {
            Err(ExchangeError::TokenEndpoint(TokenEndpointError::Refused { status: told, response })) => {
                assert_eq!((told.as_u16(), response.error), (status, ErrorCode::INVALID_GRANT));
            }
            other => panic!("{other:?}"),
        }
    }
    // a response with tokens under another status is none; redirects are not followed
    for status in [201, 204, 302, 307, 400, 500] {
        let refused = completed(status, "application/json", &response(json!({})));
        let expected = StatusCode::from_u16(status).unwrap();
        assert!(
            matches!(refused, Err(ExchangeError::TokenEndpoint(TokenEndpointError::Status { status })) if status == expected),
            "{refused:?}"
        );
    }
}

/// Proves TOK-03: absent means unknown. The time counts from the request, so that it never ends too late.
#[test]
fn the_lifetime_of_the_access_token_counts_from_the_request() {
    for (expires_in, expected) in
        [(json!(3600), Some(at(3600))), (json!("60"), Some(at(60))), (json!(null), None)]
    {
        let client = client();
        let (code, nonce) = authorized(&client);
        let exchange = client.exchange(code, now(), &rng()).unwrap();
        let id_token = sign(&header(), &claims(&nonce), &key());
        let body =
            edited(token_response(&id_token), |body| change(body, json!({ "expires_in": expires_in })));
        let tokens = exchange.complete(&ok(&body)).unwrap();
        let signed_in = tokens.verify(&keys(&client), at(30)).unwrap();
        assert_eq!(signed_in.expires_at, expected);
    }
}

/// A scope that is not named is the one that was asked for.
#[test]
fn the_granted_scope_is_the_requested_one_unless_it_is_named() {
    for (scope, expected) in [(json!(null), "openid email"), (json!("openid"), "openid")] {
        let client = client();
        let started = client.sign_in().scope(Scopes::parse("email").unwrap()).start(now(), &rng()).unwrap();
        let (url, pending) = started.into_parts();
        let request = query(&url);
        let code = client.callback(pending, &params(&answer(&request)), now()).unwrap();
        let exchange = client.exchange(code, now(), &rng()).unwrap();
        let id_token = sign(&header(), &claims(request.get("nonce").unwrap()), &key());
        let body = edited(token_response(&id_token), |body| change(body, json!({ "scope": scope })));
        let signed_in = exchange.complete(&ok(&body)).unwrap().verify(&keys(&client), now()).unwrap();
        assert_eq!(signed_in.scope.to_string(), expected);
    }
}

/// No secret shows when a step is printed for debugging.
#[test]
fn no_step_shows_a_secret() {
    let client =
        build(&metadata(), registration(ClientCredentials::SecretPost(ClientSecret::new(SECRET)))).unwrap();
    let started = client.sign_in().start(now(), &rng()).unwrap();
    let state = started.pending().state().expose().to_owned();
    let mut shown = format!("{client:?}{started:?}");
    let (url, pending) = started.into_parts();
    let (request, callback) = (query(&url), params(&answer(&query(&url))));
    shown += &format!("{callback:?}");
    let code = client.callback(pending, &callback, now()).unwrap();
    shown += &format!("{code:?}");
    let exchange = client.exchange(code, now(), &rng()).unwrap();
    shown += &format!("{exchange:?}");
    let verifier = body(&exchange.request()).get("code_verifier").unwrap().to_owned();
    let id_token = sign(&header(), &claims(request.get("nonce").unwrap()), &key());
    let tokens = exchange.complete(&ok(&token_response(&id_token))).unwrap();
    shown += &format!("{tokens:?}");
    let signed_in = tokens.verify(&keys(&client), now()).unwrap();
    let memory = signed_in.remember();
    let refresh = client.refresh(&memory, now(), &rng()).unwrap();
    shown += &format!("{signed_in:?}{memory:?}{refresh:?}{:?}", client.userinfo(&memory).unwrap());

    let nonce = request.get("nonce").unwrap();
    for secret in [SECRET, &state, nonce, CODE, &verifier, &id_token, "SlAV32hkKG", "8xLOxBtZp8"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
        // a body prints as a list of octets
        let octets = format!("{:?}", secret.as_bytes());
        assert!(!shown.contains(octets.trim_matches(['[', ']'])), "{secret} in {shown}");
    }
}

/// The assertion is one that our own verifier takes.
#[test]
fn the_assertion_is_what_a_provider_asks_for() {
    let client = build(&metadata(), registration(ClientCredentials::PrivateKeyJwt(other_key()))).unwrap();
    let body = body(&request_of(&client));
    let keys = client.verifying_keys(&jwks(&[jwk(&other_key())])).unwrap();
    let client_id = ClientId::parse(CLIENT_ID).unwrap();
    let verifier =
        ClientAssertionVerifier::new(client_id, avouch_tokens::AssertionAudience::issuer(client.issuer()));
    let assertion = body.get("client_assertion").unwrap();
    assert!(verifier.verify(assertion, &keys, now()).is_ok());
}
