//! The client with the key source of avouch-discovery: the modules of the conformance plan "config".

use crate::op::*;
use avouch_client::{Client, IdTokenError, KeyNeed, SignedIn, TokensAwaitingKeys};
use avouch_discovery::{
    KeyPlan, KeySource, KeySourcePolicy, MetadataError, MetadataFetchError, ProviderMetadata,
};
use avouch_jose::NumericDate;
use avouch_types::Issuer;
use serde_json::{Value, json};

/// What a host does: plan, fetch, prepare, verify; and once more when the keys do not fit.
fn verify(
    tokens: &TokensAwaitingKeys<'_>,
    client: &Client,
    source: &mut KeySource,
    published: &[Value],
    now: NumericDate,
) -> Option<Result<SignedIn, IdTokenError>> {
    let KeyNeed::Jwks { kid, .. } = tokens.needs() else { panic!("RS256 needs published keys") };
    if let KeyPlan::Fetch(fetch) = source.plan(kid, now) {
        assert_eq!(fetch.request().uri(), "https://op.example/jwks");
        source.accept(&ok(&json!({ "keys": published })), now).unwrap();
    }
    let KeyPlan::Ready(_) = source.plan(kid, now) else { return None };
    let keys = source.verifying_keys(&[client.id_token_algorithm()], &avouch_jose_ring::provider()).unwrap();
    Some(tokens.verify(&keys, now))
}

fn signed_by(kid: &str) -> impl Fn(&str) -> String {
    let key = if kid == "a" { key() } else { other_key() };
    let header = json!({ "alg": "RS256", "kid": kid });
    move |nonce| sign(&header, &claims(nonce), &key)
}

/// Proves DISC-4.2-01 through the client (conformance modules oidcc-client-test-discovery-openid-config and
/// oidcc-client-test-discovery-jwks-uri-keys).
#[test]
fn discovery_openid_config_and_jwks_uri_keys() {
    let issuer = Issuer::parse(ISSUER).unwrap();
    let metadata = ProviderMetadata::fetch(&issuer).complete(&ok(&metadata())).unwrap();
    let mut source = KeySource::new(metadata.jwks_uri.clone(), KeySourcePolicy::default());
    let client = Client::new(metadata, registration(secret_basic()), avouch_jose_ring::provider()).unwrap();
    let tokens = awaiting(&client, signed_by("a"));
    let published = [jwk(&key()), jwk(&other_key())];
    assert!(verify(&tokens, &client, &mut source, &published, now()).unwrap().is_ok());
}

/// Proves DISC-4.3-02 (conformance module oidcc-client-test-discovery-issuer-mismatch).
#[test]
fn discovery_issuer_mismatch() {
    let issuer = Issuer::parse(ISSUER).unwrap();
    let served = metadata_with(json!({ "issuer": "https://other.example" }));
    let refused = ProviderMetadata::fetch(&issuer).complete(&ok(&served));
    assert!(matches!(refused, Err(MetadataFetchError::Metadata(MetadataError::IssuerMismatch { .. }))));
}

/// Proves CORE-10.1.1-01 (conformance modules oidcc-client-test-signing-key-rotation and
/// oidcc-client-test-signing-key-rotation-just-before-signing).
#[test]
fn signing_key_rotation() {
    let client = client();
    let mut source = KeySource::new(client.metadata().jwks_uri.clone(), KeySourcePolicy::default());
    let first = awaiting(&client, signed_by("a"));
    assert!(verify(&first, &client, &mut source, &[jwk(&key())], now()).unwrap().is_ok());

    // a minute later the provider has rotated, and signed with the new key at once
    let second = awaiting(&client, signed_by("b"));
    let rotated = [jwk(&other_key())];
    assert!(verify(&second, &client, &mut source, &rotated, at(60)).unwrap().is_ok());

    // a key that nobody published is asked for once, and then not again for a while
    let forged = awaiting(&client, |nonce| {
        sign(&json!({ "alg": "RS256", "kid": "forged" }), &claims(nonce), &other_key())
    });
    for seconds in [100, 101, 102] {
        assert!(verify(&forged, &client, &mut source, &rotated, at(seconds)).is_none());
    }
    assert_eq!(source.generation(), 3);
}
