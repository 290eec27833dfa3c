//! The same key in the hands of the three.

use std::sync::LazyLock;

use avouch_jose::jws::{JwsError, UnverifiedJws};
use avouch_jose::{Jwk, JwsAlgorithm, Limits, SigningKey, VerifyingKey, VerifyingKeys};
use josekit::jws::JwsVerifier;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};

/// Made for measurements; here, so that a crash can be played again.
const RSA: &str = include_str!("../../../benches/keys/rsa-2048.jwk");
const P256: &str = include_str!("../../../benches/keys/p256.jwk");
const SECRET: &[u8] = b"a shared secret of forty-eight octets, no fewer!";

pub(crate) static PARTIES: LazyLock<Vec<Party>> = LazyLock::new(|| {
    vec![
        Party::new(JwsAlgorithm::HS256, None),
        Party::new(JwsAlgorithm::ES256, Some(P256)),
        Party::new(JwsAlgorithm::RS256, Some(RSA)),
    ]
});

/// One algorithm, with one key.
pub(crate) struct Party {
    signing: SigningKey,
    ours: VerifyingKeys,
    josekit: Box<dyn JwsVerifier>,
    jsonwebtoken: (DecodingKey, Validation),
}

impl Party {
    fn new(algorithm: JwsAlgorithm, private: Option<&str>) -> Self {
        let crypto = avouch_jose_aws_lc::provider();
        let Some(private) = private else {
            let key = VerifyingKey::hmac_secret(SECRET, algorithm, &crypto).unwrap();
            return Self {
                signing: SigningKey::hmac_secret(SECRET, algorithm, &crypto).unwrap(),
                ours: VerifyingKeys::single(key),
                josekit: Box::new(josekit::jws::HS256.verifier_from_bytes(SECRET).unwrap()),
                jsonwebtoken: (DecodingKey::from_secret(SECRET), validation(Algorithm::HS256)),
            };
        };
        let private = Jwk::from_json(private.as_bytes(), &Limits::default()).unwrap();
        let public = private.public().unwrap();
        let json = serde_json::to_string(&public).unwrap();
        let jwk = josekit::jwk::Jwk::from_bytes(&json).unwrap();
        let (josekit, theirs): (Box<dyn JwsVerifier>, _) = if algorithm == JwsAlgorithm::ES256 {
            (Box::new(josekit::jws::ES256.verifier_from_jwk(&jwk).unwrap()), Algorithm::ES256)
        } else {
            (Box::new(josekit::jws::RS256.verifier_from_jwk(&jwk).unwrap()), Algorithm::RS256)
        };
        let decoding = DecodingKey::from_jwk(&serde_json::from_str(&json).unwrap()).unwrap();
        Self {
            signing: SigningKey::prepare(&private, algorithm, &crypto).unwrap(),
            ours: VerifyingKeys::single(VerifyingKey::prepare(&public, algorithm, &crypto).unwrap()),
            josekit,
            jsonwebtoken: (decoding, validation(theirs)),
        }
    }

    pub(crate) fn sign(&self, input: &[u8]) -> Vec<u8> {
        self.signing.sign(input).unwrap()
    }

    pub(crate) fn ours(&self, token: &str) -> Result<Vec<u8>, JwsError> {
        let content = UnverifiedJws::parse(token, &Limits::default())?.verify(&self.ours)?;
        Ok(content.payload().to_vec())
    }

    pub(crate) fn josekit(&self, token: &str) -> Result<Vec<u8>, josekit::JoseError> {
        josekit::jws::deserialize_compact(token, &*self.josekit).map(|(payload, _)| payload)
    }

    /// It reads nothing but claims.
    pub(crate) fn jsonwebtoken(&self, token: &str) -> Result<serde_json::Value, jsonwebtoken::errors::Error> {
        let (key, validation) = &self.jsonwebtoken;
        jsonwebtoken::decode(token, key, validation).map(|decoded| decoded.claims)
    }
}

/// The signature alone: claims are compared elsewhere.
fn validation(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}
