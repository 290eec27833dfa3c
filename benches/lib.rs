//! What the benches measure with: one ID Token of 20 claims per algorithm, and its keys in each contender's form.

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{Jwk, JwkSet, JwsAlgorithm, KeyMaterial, NumericDate, SigningKey, VerifyingKeys, jws};
use serde_json::{Value, json};

/// A 2048-bit RSA key made for these measurements and for nothing else.
const RSA_PKCS8: &[u8] = include_bytes!("keys/rsa-2048.pk8");
/// The shared secret of the HS256 token.
pub const SECRET: &str = "a shared secret of forty-eight octets, no fewer!";
/// The issuer of the token.
pub const ISSUER: &str = "https://op.example.com";
/// The client that the token is for.
pub const CLIENT_ID: &str = "s6BhdRkqt3";
/// The nonce in the token.
pub const NONCE: &str = "n-0S6_WzA2Mj-8fTq0Vb2mQ";
/// When the token was issued, in seconds since the epoch; it expires in the year 2100, since a peer reads the clock.
pub const ISSUED_AT: i64 = 1_790_000_000;

/// The algorithms that are measured.
pub const ALGORITHMS: [JwsAlgorithm; 4] =
    [JwsAlgorithm::RS256, JwsAlgorithm::ES256, JwsAlgorithm::EDDSA, JwsAlgorithm::HS256];

/// A token under one algorithm.
#[derive(Debug)]
pub struct Fixture {
    /// The algorithm.
    pub algorithm: JwsAlgorithm,
    /// The compact token.
    pub token: String,
    /// Our prepared keys.
    pub keys: VerifyingKeys,
    /// The public key; of HS256 none.
    pub public: Option<Jwk>,
}

/// The 20 claims.
#[must_use]
pub fn claims() -> Value {
    json!({
        "iss": ISSUER, "sub": "248289761001-5f3c", "aud": CLIENT_ID, "exp": 4_102_444_800_i64, "iat": ISSUED_AT,
        "auth_time": ISSUED_AT - 60, "nonce": NONCE, "acr": "urn:mace:incommon:iap:silver", "amr": ["pwd", "otp"],
        "sid": "08a5019c-17e1-4977-8f42-65a12843ea02", "name": "Jane Doe", "given_name": "Jane", "family_name": "Doe",
        "preferred_username": "j.doe", "email": "janedoe@example.com", "email_verified": true,
        "picture": "https://example.com/janedoe/me.jpg", "locale": "en-US", "zoneinfo": "Europe/Zurich",
        "updated_at": ISSUED_AT - 86_400,
    })
}

/// Signs the claims under an algorithm and prepares the keys.
///
/// # Errors
///
/// Where the backend refuses the key; it does not.
pub fn fixture(
    algorithm: JwsAlgorithm,
    crypto: &CryptoProvider,
) -> Result<Fixture, Box<dyn std::error::Error>> {
    let kid = Some("bench");
    let (key, keys) = if algorithm.is_symmetric() {
        let jwk = avouch_jose::VerifyingKey::hmac_secret(SECRET.as_bytes(), algorithm, crypto)?;
        (SigningKey::hmac_secret(SECRET.as_bytes(), algorithm, crypto)?, VerifyingKeys::single(jwk))
    } else {
        let key = if algorithm == JwsAlgorithm::RS256 {
            SigningKey::from_pkcs8(RSA_PKCS8, algorithm, kid, crypto)?
        } else {
            SigningKey::generate(algorithm, kid, crypto)?.0
        };
        let jwks = JwkSet::new(key.public_jwk().cloned().into_iter().collect());
        let keys = VerifyingKeys::prepare(&jwks, &[algorithm], crypto)?;
        (key, keys)
    };
    let header = jws::HeaderParameters::new().typ("JWT");
    let token = jws::sign_compact(&header, &serde_json::to_vec(&claims())?, &key)?;
    Ok(Fixture { algorithm, token, keys, public: key.public_jwk().cloned() })
}

/// Ten seconds after the token was issued.
///
/// # Errors
///
/// Never: the number is a date.
pub fn now() -> Result<NumericDate, avouch_jose::NumericDateError> {
    NumericDate::from_seconds(ISSUED_AT + 10)
}

/// The public key in the octets that ring takes: SEC 1 point, raw Ed25519 key, or modulus and exponent.
#[must_use]
pub fn raw_public_key(jwk: &Jwk) -> (Vec<u8>, Vec<u8>) {
    match jwk.material() {
        KeyMaterial::Rsa(key) => (key.n().to_vec(), key.e().to_vec()),
        KeyMaterial::Ec(key) => ([&[4], key.x(), key.y()].concat(), Vec::new()),
        KeyMaterial::Okp(key) => (key.x().to_vec(), Vec::new()),
        _ => (Vec::new(), Vec::new()),
    }
}
