//! The client with the key source of avouch-discovery: the modules of the conformance plan "config".

use crate::op::*;
use avouch_client::{
    Client, IdTokenError, KeySource, KeySourcePolicy, ProviderMetadata, SignedIn, TokensAwaitingKeys,
    VerificationStep,
};
use avouch_discovery::{MetadataError, MetadataFetchError};
use avouch_jose::{JwsAlgorithm, NumericDate, SigningKey};
use avouch_types::Issuer;
use http::Response;
use serde_json::{Value, json};

/// What a host does. `None` stands for keys that cannot be had; `published` is asked for each answer.
fn verify(
    tokens: &TokensAwaitingKeys<'_>,
    source: &mut KeySource,
    mut published: impl FnMut() -> Option<Response<Vec<u8>>>,
    now: NumericDate,
) -> Option<Result<SignedIn, IdTokenError>> {
    let mut verification = tokens.verification();
    for _ in 0..10 {
        match verification.step(source, now) {
            Ok(VerificationStep::Done(signed_in)) => return Some(Ok(signed_in)),
            Ok(VerificationStep::Fetch(fetch)) => {
                assert_eq!(fetch.request().unwrap().uri(), "https://op.example/jwks");
                source.report(published().as_ref(), now);
            }
            Ok(VerificationStep::InFlight { .. } | VerificationStep::Wait { .. }) => return None,
            Err(refused) => return Some(Err(refused)),
        }
    }
    panic!("the steps have no end");
}

fn set(keys: &[Value]) -> Option<Response<Vec<u8>>> {
    Some(ok(&json!({ "keys": keys })))
}

fn source(client: &Client) -> KeySource {
    KeySource::new(client.metadata().jwks_uri.clone(), KeySourcePolicy::default())
}

fn signed_by(kid: &str) -> impl Fn(&str) -> String {
    let key = if kid == "a" { key() } else { other_key() };
    let header = json!({ "alg": "RS256", "kid": kid });
    move |nonce| sign(&header, &claims(nonce), &key)
}

/// Conformance modules oidcc-client-test-discovery-openid-config and oidcc-client-test-discovery-jwks-uri-keys.
#[test]
fn discovery_openid_config_and_jwks_uri_keys() {
    let issuer = Issuer::parse(ISSUER).unwrap();
    let metadata = ProviderMetadata::fetch(&issuer).complete(&ok(&metadata())).unwrap();
    let mut source = KeySource::new(metadata.jwks_uri.clone(), KeySourcePolicy::default());
    let client = Client::new(metadata, registration(secret_basic()), avouch_jose_ring::provider()).unwrap();
    let tokens = awaiting(&client, signed_by("a"));
    let published = [jwk(&key()), jwk(&other_key())];
    assert!(verify(&tokens, &mut source, || set(&published), now()).unwrap().is_ok());
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
    assert!(verify(&first, &mut source, || set(&[jwk(&key())]), now()).unwrap().is_ok());

    // a minute later the provider has rotated, and signed with the new key at once
    let second = awaiting(&client, signed_by("b"));
    let rotated = [jwk(&other_key())];
    assert!(verify(&second, &mut source, || set(&rotated), at(60)).unwrap().is_ok());

    // a key that nobody published is asked for once, and then not again for a while
    let forged = awaiting(&client, |nonce| {
        sign(&json!({ "alg": "RS256", "kid": "forged" }), &claims(nonce), &other_key())
    });
    let mut asked = 0;
    for seconds in [100, 101, 102] {
        let published = || {
            asked += 1;
            set(&rotated)
        };
        assert!(verify(&forged, &mut source, published, at(seconds)).is_none());
    }
    assert_eq!((asked, source.generation()), (1, 2));
}

fn nameless(key: &SigningKey) -> Value {
    edited(jwk(key), |jwk| change(jwk, json!({ "kid": null })))
}

/// Proves CORE-10.1.1-01 for providers that name no keys, or give a new key the old name: the bad signature is the only
/// sign of a rotation. Newer keys are asked for once, and within the cool-down not at all.
#[test]
fn a_rotation_without_a_new_name_is_found() {
    let client = client();
    let same_name = |key: &SigningKey| edited(jwk(key), |jwk| jwk["kid"] = json!("a"));
    for (header, published) in
        [(json!({ "alg": "RS256" }), nameless as fn(&SigningKey) -> Value), (header(), same_name)]
    {
        let mut source = source(&client);
        let first = awaiting(&client, |nonce| sign(&header, &claims(nonce), &key()));
        assert!(verify(&first, &mut source, || set(&[published(&key())]), now()).unwrap().is_ok());
        let second = awaiting(&client, |nonce| sign(&header, &claims(nonce), &other_key()));
        let verified = verify(&second, &mut source, || set(&[published(&other_key())]), at(60));
        assert!(verified.unwrap().is_ok(), "{header}");
        assert_eq!(source.generation(), 2);

        let forged = first;
        for seconds in [61, 62] {
            let refused = verify(&forged, &mut source, || panic!("asked a moment ago"), at(seconds));
            assert!(matches!(refused, Some(Err(IdTokenError::Signature(_)))), "{refused:?}");
        }
        let mut asked = 0;
        let refused = verify(
            &forged,
            &mut source,
            || {
                asked += 1;
                set(&[published(&other_key())])
            },
            at(100),
        );
        assert!(matches!(refused, Some(Err(IdTokenError::Signature(_)))), "{refused:?}");
        assert_eq!(asked, 1);
    }
}

/// While the provider fails, whoever is signed by a key that is known still gets in.
#[test]
fn old_keys_serve_while_the_provider_fails() {
    let client = client();
    let broken = || http(500, "text/html", "");
    for answer in [None, Some(broken()), set(&[]), Some(ok(&json!([])))] {
        let mut source = source(&client);
        let tokens = awaiting(&client, |nonce| {
            let claims = edited(claims(nonce), |claims| claims["exp"] = json!(at(200_000).seconds()));
            sign(&header(), &claims, &key())
        });
        assert!(verify(&tokens, &mut source, || set(&[jwk(&key())]), now()).unwrap().is_ok());
        let day = at(24 * 60 * 60);
        assert!(verify(&tokens, &mut source, || answer.clone(), day).unwrap().is_ok(), "{answer:?}");
        assert_eq!(source.fault().is_some(), answer.is_some());
    }
    // and without any keys the host is told that there are none, not that the token is bad
    let tokens = awaiting(&client, signed_by("a"));
    assert!(verify(&tokens, &mut source(&client), || None, now()).is_none());
}

/// Of two users at a cold start one fetches, and the other is told to come back in a moment.
#[test]
fn the_second_user_waits_for_the_first_ones_fetch() {
    let client = client();
    let mut source = source(&client);
    let (first, second) = (awaiting(&client, signed_by("a")), awaiting(&client, signed_by("a")));
    let (mut first, mut second) = (first.verification(), second.verification());
    assert!(matches!(first.step(&mut source, now()), Ok(VerificationStep::Fetch(_))));
    assert!(matches!(second.step(&mut source, now()), Ok(VerificationStep::InFlight { .. })));
    source.report(set(&[jwk(&key())]).as_ref(), at(1));
    assert!(matches!(first.step(&mut source, at(1)), Ok(VerificationStep::Done(_))));
    assert!(matches!(second.step(&mut source, at(1)), Ok(VerificationStep::Done(_))));
    assert!(!second.report().is_empty());
}

/// After a rotation that no `kid` tells of, one fetches for both: the second waits however often it asks meanwhile, and is
/// verified by the new keys. If they do not verify it either, that is final.
#[test]
fn the_second_user_waits_for_the_first_ones_newer_keys() {
    let client = client();
    for (published, is_verified) in [(other_key(), true), (key(), false)] {
        let mut source = source(&client);
        source.report(set(&[nameless(&key())]).as_ref(), now());
        let (first, second) = (awaiting(&client, signed_by("b")), awaiting(&client, signed_by("b")));
        let (mut first, mut second) = (first.verification(), second.verification());
        assert!(matches!(first.step(&mut source, at(60)), Ok(VerificationStep::Fetch(_))));
        for moment in 60..63 {
            let waits = second.step(&mut source, at(moment));
            assert!(matches!(waits, Ok(VerificationStep::InFlight { .. })), "{moment}: {waits:?}");
        }
        source.report(set(&[nameless(&published)]).as_ref(), at(63));
        for verification in [&mut first, &mut second] {
            match verification.step(&mut source, at(63)) {
                Ok(VerificationStep::Done(_)) => assert!(is_verified),
                Err(IdTokenError::Signature(_)) => assert!(!is_verified),
                other => panic!("{other:?}"),
            }
        }
    }
}

/// A lone key without a name serves a token that names one: there is nothing to confuse it with.
#[test]
fn a_lone_key_without_kid_serves() {
    let client = client();
    let tokens = awaiting(&client, signed_by("a"));
    assert!(verify(&tokens, &mut source(&client), || set(&[nameless(&key())]), now()).unwrap().is_ok());
    let keys = client.verifying_keys(&jwks(&[nameless(&key())])).unwrap();
    assert!(tokens.verify(&keys, now()).is_ok());
}

/// HS256 and refreshes go by the same steps, and ask for no published key that they do not need.
#[test]
fn the_steps_know_what_each_answer_needs() {
    let crypto = avouch_jose_ring::provider();
    let registration = registration(secret_basic()).id_token_algorithm(JwsAlgorithm::HS256);
    let hs256 = build(&metadata(), registration).unwrap();
    let mac = SigningKey::hmac_secret(SECRET.as_bytes(), JwsAlgorithm::HS256, &crypto).unwrap();
    let tokens = awaiting(&hs256, |nonce| sign(&json!({ "alg": "HS256" }), &claims(nonce), &mac));
    let never = || -> Option<Response<Vec<u8>>> { panic!("no published key is needed") };
    assert!(verify(&tokens, &mut source(&hs256), never, now()).unwrap().is_ok());

    let client = client();
    let refresh = client.refresh(&signed_in(&client).remember(), now(), &rng()).unwrap();
    let mut keys = source(&client);
    let bare = edited(token_response(""), |body| change(body, json!({ "id_token": null })));
    let tokens = refresh.complete(&ok(&bare)).unwrap();
    assert!(matches!(tokens.verification().step(&mut keys, now()), Ok(VerificationStep::Done(_))));
    let id_token = sign(&header(), &edited(claims("x"), |c| change(c, json!({ "nonce": null }))), &key());
    let tokens = refresh.complete(&ok(&token_response(&id_token))).unwrap();
    let mut verification = tokens.verification();
    assert!(matches!(verification.step(&mut keys, now()), Ok(VerificationStep::Fetch(_))));
    keys.report(set(&[jwk(&key())]).as_ref(), now());
    assert!(matches!(verification.step(&mut keys, now()), Ok(VerificationStep::Done(_))));
}

/// However much time passes between the steps, newer keys are asked for once; then the verdict is final.
#[test]
fn newer_keys_are_asked_for_once() {
    let client = client();
    let mut source = source(&client);
    source.report(set(&[jwk(&key())]).as_ref(), now());
    let forged = awaiting(&client, |nonce| sign(&header(), &claims(nonce), &other_key()));
    let mut verification = forged.verification();
    assert!(matches!(verification.step(&mut source, at(60)), Ok(VerificationStep::Fetch(_))));
    source.report(None, at(60));
    let a_day_later = verification.step(&mut source, at(25 * 60 * 60));
    assert!(matches!(a_day_later, Err(IdTokenError::Signature(_))), "{a_day_later:?}");
}
