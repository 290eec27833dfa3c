//! One token per algorithm, and the keys in the forms that the contenders take.

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{
    ContentEncryption, EncryptionKey, JweAlgorithm, Jwk, KeyMaterial, Limits, SigningKey, base64url, jwe, jwt,
};
use serde_json::{Value, json};

use crate::claims::Claims;
use crate::job::{Job, Signature};

/// The shared secret of the HS256 tokens.
pub const SECRET: &str = "a shared secret of forty-eight octets, no fewer!";
/// Bytes of the long token: as many as our limits let through by default.
pub const LONG_TOKEN: usize = 64 * 1024;

const KEY_SET: usize = 50;
// made for these measurements and for nothing else
const RSA: &str = include_str!("keys/rsa-2048.jwk");
const P256: &str = include_str!("keys/p256.jwk");
const ED25519: &str = include_str!("keys/ed25519.jwk");
/// The RSA key again, as most crates take private keys.
pub(crate) const RSA_PKCS8: &[u8] = include_bytes!("keys/rsa-2048.pk8");

/// The inputs of all contenders.
#[derive(Debug)]
pub struct Material {
    claims: Claims,
    crypto: CryptoProvider,
}

impl Material {
    /// Makes the claims and checks that they are what the table says.
    #[must_use]
    pub fn new() -> Self {
        let claims = Claims::example();
        let json = claims.to_json();
        assert_eq!(json.len(), 567, "the table speaks of 567 bytes of claims");
        assert_eq!(serde_json::from_slice::<Value>(&json).unwrap().as_object().unwrap().len(), 20);
        Self { claims, crypto: avouch_jose_ring::provider() }
    }

    /// The claims of the tokens.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The private JWK of a signature; `None` for the MAC.
    #[must_use]
    pub fn private_json(&self, signature: Signature) -> Option<&'static str> {
        match signature {
            Signature::Rs256 | Signature::Ps256 => Some(RSA),
            Signature::Es256 => Some(P256),
            Signature::EdDsa => Some(ED25519),
            Signature::Hs256 => None,
        }
    }

    /// Our form of the private key.
    #[must_use]
    pub fn private(&self, signature: Signature) -> Option<Jwk> {
        let json = self.private_json(signature)?;
        Some(Jwk::from_json(json.as_bytes(), &Limits::default()).unwrap().with_kid("bench"))
    }

    /// The public JWK, as a provider publishes it.
    #[must_use]
    pub fn public(&self, signature: Signature) -> Option<Jwk> {
        self.private(signature)?.public().map(|jwk| jwk.with_algorithm(signature.algorithm()))
    }

    /// The public JWK as text.
    #[must_use]
    pub fn public_json(&self, signature: Signature) -> Option<String> {
        self.public(signature).map(|jwk| serde_json::to_string(&jwk).unwrap())
    }

    /// The public key in the octets that ring and aws-lc-rs take: SEC 1 point or raw Ed25519 key; modulus and exponent.
    #[must_use]
    pub fn public_octets(&self, signature: Signature) -> Option<(Vec<u8>, Vec<u8>)> {
        Some(match self.public(signature)?.material() {
            KeyMaterial::Rsa(key) => (key.n().to_vec(), key.e().to_vec()),
            KeyMaterial::Ec(key) => ([&[4], key.x(), key.y()].concat(), Vec::new()),
            KeyMaterial::Okp(key) => (key.x().to_vec(), Vec::new()),
            _ => return None,
        })
    }

    /// Our prepared key.
    #[must_use]
    pub fn signing_key(&self, signature: Signature, crypto: &CryptoProvider) -> SigningKey {
        let algorithm = signature.algorithm();
        match self.private(signature) {
            Some(jwk) => SigningKey::prepare(&jwk, algorithm, crypto).unwrap(),
            None => SigningKey::hmac_secret(SECRET.as_bytes(), algorithm, crypto).unwrap(),
        }
    }

    /// The token.
    #[must_use]
    pub fn token(&self, signature: Signature) -> String {
        jwt::sign_claims(&self.signing_key(signature, &self.crypto), Some("JWT"), &self.claims).unwrap()
    }

    /// The HS256 token of [`LONG_TOKEN`] bytes: one claim is very long.
    #[must_use]
    pub fn long_token(&self) -> String {
        let key = self.signing_key(Signature::Hs256, &self.crypto);
        let mut claims = self.claims.clone();
        let sign = |claims: &Claims| jwt::sign_claims(&key, Some("JWT"), claims).unwrap();
        while sign(&claims).len() < LONG_TOKEN {
            let missing = LONG_TOKEN - sign(&claims).len();
            claims.name.push_str(&"x".repeat((missing * 3 / 4).max(1)));
        }
        let token = sign(&claims);
        assert_eq!(token.len(), LONG_TOKEN);
        token
    }

    /// The HS256 token with a bit of its MAC changed.
    #[must_use]
    pub fn forged_token(&self) -> String {
        let token = self.token(Signature::Hs256);
        let (input, mac) = token.rsplit_once('.').unwrap();
        let mut mac = base64url::decode(mac).unwrap();
        mac.iter_mut().take(1).for_each(|octet| *octet ^= 1);
        format!("{input}.{}", base64url::encode(mac))
    }

    /// The shared key of `dir`.
    #[must_use]
    pub fn shared_key(&self) -> &'static [u8] {
        SECRET.as_bytes().first_chunk::<32>().unwrap()
    }

    /// The key that decrypts in a row, as JWK.
    #[must_use]
    pub fn decryption_json(&self, job: Job) -> Option<String> {
        match job {
            Job::DecryptDirect => {
                Some(json!({ "kty": "oct", "k": base64url::encode(self.shared_key()) }).to_string())
            }
            Job::DecryptAgreement => Some(P256.to_owned()),
            Job::DecryptRsa => Some(RSA.to_owned()),
            _ => None,
        }
    }

    /// The claims, encrypted as a row has it.
    #[must_use]
    pub fn encrypted(&self, job: Job) -> Option<String> {
        let (crypto, enc) = (avouch_jose_aws_lc::provider(), ContentEncryption::A256GCM);
        let jwk = Jwk::from_json(self.decryption_json(job)?.as_bytes(), &Limits::default()).unwrap();
        let key = match job {
            Job::DecryptAgreement => EncryptionKey::prepare(&jwk, JweAlgorithm::ECDH_ES_A256KW, &crypto),
            Job::DecryptRsa => EncryptionKey::prepare(&jwk, JweAlgorithm::RSA_OAEP_256, &crypto),
            _ => EncryptionKey::direct(&jwk, enc, &crypto),
        };
        let (parameters, random) = (jwe::HeaderParameters::new(), avouch_jose_aws_lc::SystemRandom::new());
        let token = jwe::encrypt_compact(&parameters, &self.claims.to_json(), &key.unwrap(), enc, &random);
        Some(token.unwrap())
    }

    /// 1 MiB of periods.
    #[must_use]
    pub fn dots(&self) -> String {
        ".".repeat(1 << 20)
    }

    /// 1 MiB that looks like a token: header, payload and signature of base64url.
    #[must_use]
    pub fn garbage(&self) -> String {
        let third = "Zm9vYmFy".repeat((1 << 20) / 24);
        format!("{third}.{third}.{third}")
    }

    /// A JWK Set as a large provider might publish it, every other key RSA.
    #[must_use]
    pub fn key_set_json(&self) -> Vec<u8> {
        let keys: Vec<Value> = (0..KEY_SET)
            .map(|place| {
                let signature = if place % 2 == 0 { Signature::Rs256 } else { Signature::Es256 };
                let jwk = self.public(signature).unwrap().with_kid(format!("key-{place:04}"));
                let mut value = serde_json::to_value(&jwk).unwrap();
                value.as_object_mut().unwrap().insert("use".into(), "sig".into());
                value
            })
            .collect();
        serde_json::to_vec(&json!({ "keys": keys })).unwrap()
    }
}

impl Default for Material {
    fn default() -> Self {
        Self::new()
    }
}
