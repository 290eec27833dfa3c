//! openid-client signs in at our provider.

use crate::node::{run, script};
use crate::reference::{EMAIL, NAME, OurProvider, PASSWORD, USERNAME};
use avouch_jose::{JwsAlgorithm, SigningKey};
use std::process::Command;

/// Nothing listens there. It has no query, because openid-client repeats it to the token endpoint without one.
const REDIRECT_URI: &str = "http://127.0.0.1:1/callback";
/// Everything that `application/x-www-form-urlencoded` changes, and the colon that Basic divides by.
const SECRET: &str = "another secret: with +, % and / in it";

/// The script's steps, which include what the provider must refuse; each is a line of its output.
fn signs_in(
    provider: &OurProvider,
    client_id: &str,
    id_token_alg: &str,
    authenticates: impl FnOnce(&mut Command),
) {
    let mut peer = script("openid-client-signs-in.mjs");
    peer.env("ISSUER", &provider.issuer)
        .env("CLIENT_ID", client_id)
        .env("ID_TOKEN_ALG", id_token_alg)
        .env("REDIRECT_URI", REDIRECT_URI)
        .env("USERNAME", USERNAME)
        .env("PASSWORD", PASSWORD)
        .env("EXPECT_NAME", NAME)
        .env("EXPECT_EMAIL", EMAIL);
    authenticates(&mut peer);
    let told = run(&mut peer);
    assert_eq!(told.lines().last(), Some("PASS"), "{told}");
}

fn by_secret(id_token_alg: &str) {
    let provider = OurProvider::start();
    let client_id = "a client: with a colon";
    provider.register(client_id, REDIRECT_URI, |client| {
        client.args(["--auth-method", "client_secret_basic", "--client-secret", SECRET]);
        client.args(["--id-token-alg", id_token_alg]);
    });
    signs_in(&provider, client_id, id_token_alg, |peer| {
        peer.env("AUTH_METHOD", "client_secret_basic").env("CLIENT_SECRET", SECRET);
    });
}

/// The key is made by our crates and read by the peer's.
fn by_key(algorithm: JwsAlgorithm, id_token_alg: &str) {
    let provider = OurProvider::start();
    let (_, jwk) = SigningKey::generate(algorithm, Some("k1"), &avouch_jose_ring::provider()).unwrap();
    let public = serde_json::to_string(&jwk.public().unwrap()).unwrap();
    let public = provider.scratch.write("public.jwk", &public);
    let private = provider.scratch.write("private.jwk", &jwk.to_private_json());
    provider.register("jwt-client", REDIRECT_URI, |client| {
        client
            .args(["--auth-method", "private_key_jwt", "--id-token-alg", id_token_alg, "--jwks"])
            .arg(public);
    });
    signs_in(&provider, "jwt-client", id_token_alg, |peer| {
        peer.env("AUTH_METHOD", "private_key_jwt").env("CLIENT_JWK_FILE", private);
    });
}

#[test]
fn client_secret_basic_and_rs256() {
    by_secret("RS256");
}

#[test]
fn client_secret_basic_and_es256() {
    by_secret("ES256");
}

#[test]
fn client_secret_basic_and_eddsa() {
    by_secret("EdDSA");
}

#[test]
fn private_key_jwt_by_es256() {
    by_key(JwsAlgorithm::ES256, "RS256");
}

/// openid-client calls the algorithm by its name of RFC 9864.
#[test]
fn private_key_jwt_by_ed25519() {
    by_key(JwsAlgorithm::ED25519, "EdDSA");
}
