//! ID Token verification beside the bare signature check in ring and beside `jsonwebtoken`, in one run.
//!
//! `cargo bench -p avouch-benches`; with `-- --quick` for a first look.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench, not a library")]

use std::hint::black_box;

use avouch_benches::{ALGORITHMS, CLIENT_ID, Fixture, ISSUER, NONCE, SECRET, fixture, now, raw_public_key};
use avouch_jose::{JwsAlgorithm, base64url};
use avouch_tokens::{IdTokenExpectations, IdTokenVerifier};
use avouch_types::Nonce;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use ring::{hmac, signature};
use serde::Deserialize;

/// The same claims, typed for the peer.
#[derive(Deserialize)]
#[allow(dead_code, reason = "read by the peer, not by us")]
struct PeerClaims {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    iat: i64,
    auth_time: i64,
    nonce: String,
    acr: String,
    amr: Vec<String>,
    sid: String,
    name: String,
    given_name: String,
    family_name: String,
    preferred_username: String,
    email: String,
    email_verified: bool,
    picture: String,
    locale: String,
    zoneinfo: String,
    updated_at: i64,
}

/// The bare check: the signature over the signing input, with a key that is already parsed.
fn raw(fixture: &Fixture) -> Box<dyn Fn() -> bool> {
    let (input, encoded) = fixture.token.rsplit_once('.').unwrap();
    let (input, signed) = (input.as_bytes().to_vec(), base64url::decode(encoded).unwrap());
    let Some(jwk) = &fixture.public else {
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        return Box::new(move || hmac::verify(&key, black_box(&input), &signed).is_ok());
    };
    let (key, exponent) = raw_public_key(jwk);
    if fixture.algorithm == JwsAlgorithm::RS256 {
        return Box::new(move || {
            signature::RsaPublicKeyComponents { n: &key, e: &exponent }
                .verify(&signature::RSA_PKCS1_2048_8192_SHA256, black_box(&input), &signed)
                .is_ok()
        });
    }
    let algorithm: &'static dyn signature::VerificationAlgorithm = if fixture.algorithm == JwsAlgorithm::ES256
    {
        &signature::ECDSA_P256_SHA256_FIXED
    } else {
        &signature::ED25519
    };
    let key = signature::UnparsedPublicKey::new(algorithm, key);
    Box::new(move || key.verify(black_box(&input), &signed).is_ok())
}

fn avouch(fixture: Fixture) -> Box<dyn Fn() -> bool> {
    let crypto = avouch_jose_ring::provider();
    let verifier = IdTokenVerifier::new(ISSUER.parse().unwrap(), CLIENT_ID.parse().unwrap())
        .algorithm(fixture.algorithm);
    let (nonce, now) = (Nonce::new(NONCE), now().unwrap());
    Box::new(move || {
        let expectations = IdTokenExpectations::for_nonce(&nonce);
        verifier.verify(black_box(&fixture.token), &fixture.keys, &expectations, now, &crypto).is_ok()
    })
}

fn peer(fixture: &Fixture) -> Box<dyn Fn() -> bool> {
    let algorithm = match fixture.algorithm.name() {
        "RS256" => Algorithm::RS256,
        "ES256" => Algorithm::ES256,
        "EdDSA" => Algorithm::EdDSA,
        _ => Algorithm::HS256,
    };
    let key = match &fixture.public {
        None => DecodingKey::from_secret(SECRET.as_bytes()),
        Some(jwk) => {
            let jwk = serde_json::from_value(serde_json::to_value(jwk).unwrap()).unwrap();
            DecodingKey::from_jwk(&jwk).unwrap()
        }
    };
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[CLIENT_ID]);
    let token = fixture.token.clone();
    Box::new(move || {
        jsonwebtoken::decode::<PeerClaims>(black_box(&token), &key, &validation)
            .is_ok_and(|decoded| decoded.claims.nonce == NONCE)
    })
}

fn verify(criterion: &mut Criterion) {
    let crypto = avouch_jose_ring::provider();
    let mut group = criterion.benchmark_group("verify an ID Token");
    for algorithm in ALGORITHMS {
        let fixture = fixture(algorithm, &crypto).unwrap();
        let contenders = [
            ("raw ring", raw(&fixture)),
            ("jsonwebtoken on aws-lc-rs", peer(&fixture)),
            ("avouch on ring", avouch(fixture)),
        ];
        for (name, contender) in &contenders {
            assert!(contender(), "{name} refuses the {algorithm:?} token");
            group.bench_function(BenchmarkId::new(*name, algorithm.name()), |bench| bench.iter(contender));
        }
    }
    group.finish();
}

criterion_group!(benches, verify);
criterion_main!(benches);
