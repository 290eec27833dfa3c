//! jsonwebtoken. Its back end is one for the whole process, so the one that is installed here asks each time which of its
//! two is meant: an atomic load, nothing beside what either does.

use std::hint::black_box;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use jsonwebtoken::crypto::{CryptoProvider, aws_lc, rust_crypto};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};

use crate::claims::{CLIENT_ID, Claims, ISSUER, NONCE};
use crate::job::{Contender, Job, Raw, Signature, Work};
use crate::material::{Material, RSA_PKCS8, SECRET};

pub(super) const ON_AWS_LC: &str = "jsonwebtoken (aws_lc_rs)";
pub(super) const ON_RUST_CRYPTO: &str = "jsonwebtoken (rust_crypto)";

static RUST_CRYPTO: AtomicBool = AtomicBool::new(false);
static INSTALL: Once = Once::new();
static EITHER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| (current().signer_factory)(algorithm, key),
    verifier_factory: |algorithm, key| (current().verifier_factory)(algorithm, key),
    // only to make JWKs out of private keys
    key_utils: jsonwebtoken::crypto::KeyUtils::new_unimplemented(),
};

fn current() -> &'static CryptoProvider {
    if RUST_CRYPTO.load(Ordering::Relaxed) {
        &rust_crypto::DEFAULT_PROVIDER
    } else {
        &aws_lc::DEFAULT_PROVIDER
    }
}

pub(super) fn on_aws_lc(job: Job, material: &Material) -> Option<Contender> {
    contender(ON_AWS_LC, Raw::AwsLc, false, job, material)
}

pub(super) fn on_rust_crypto(job: Job, material: &Material) -> Option<Contender> {
    contender(ON_RUST_CRYPTO, Raw::Ring, true, job, material)
}

fn contender(
    name: &'static str,
    over: Raw,
    on_rust_crypto: bool,
    job: Job,
    material: &Material,
) -> Option<Contender> {
    INSTALL.call_once(|| EITHER.install_default().unwrap());
    let mut work = work(job, material)?;
    Some(Contender {
        name,
        over: if job == Job::KeySet { Raw::Value } else { over },
        work: Box::new(move || {
            RUST_CRYPTO.store(on_rust_crypto, Ordering::Relaxed);
            work()
        }),
    })
}

fn algorithm(signature: Signature) -> Algorithm {
    match signature {
        Signature::Rs256 => Algorithm::RS256,
        Signature::Ps256 => Algorithm::PS256,
        Signature::Es256 => Algorithm::ES256,
        Signature::EdDsa => Algorithm::EdDSA,
        Signature::Hs256 => Algorithm::HS256,
    }
}

fn work(job: Job, material: &Material) -> Option<Work> {
    let hs256 = Signature::Hs256;
    match job {
        Job::Verify(signature) => Some(verify(signature, material.token(signature), true, material)),
        Job::Long => Some(verify(hs256, material.long_token(), true, material)),
        Job::WrongMac => Some(verify(hs256, material.forged_token(), false, material)),
        Job::Dots => Some(verify(hs256, material.dots(), false, material)),
        Job::Garbage => Some(verify(hs256, material.garbage(), false, material)),
        Job::Sign(signature) => {
            let (key, header) = match signature {
                Signature::Hs256 => {
                    (EncodingKey::from_secret(SECRET.as_bytes()), Header::new(Algorithm::HS256))
                }
                _ => {
                    let key = EncodingKey::from_rsa_pem(super::pem(RSA_PKCS8).as_bytes()).unwrap();
                    (key, Header { kid: Some("bench".into()), ..Header::new(algorithm(signature)) })
                }
            };
            let claims = material.claims().clone();
            Some(Box::new(move || encode(&header, black_box(&claims), &key).is_ok()))
        }
        Job::KeySet => {
            let json = material.key_set_json();
            Some(Box::new(move || {
                let set: JwkSet = serde_json::from_slice(black_box(&json)).unwrap();
                let keys: Vec<_> = set.keys.iter().map(|key| DecodingKey::from_jwk(key).unwrap()).collect();
                keys.len() == 50
            }))
        }
        _ => None,
    }
}

fn verify(signature: Signature, token: String, accepted: bool, material: &Material) -> Work {
    let key = match material.public_json(signature) {
        None => DecodingKey::from_secret(SECRET.as_bytes()),
        Some(jwk) => DecodingKey::from_jwk(&serde_json::from_str(&jwk).unwrap()).unwrap(),
    };
    let mut validation = Validation::new(algorithm(signature));
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[CLIENT_ID]);
    Box::new(move || match decode::<Claims>(black_box(&token), &key, &validation) {
        Ok(decoded) => accepted && decoded.claims.nonce == NONCE,
        Err(_) => !accepted,
    })
}
