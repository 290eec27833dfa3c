//! josekit, on the system's OpenSSL. Its claims are a JSON object; it types none.

use std::hint::black_box;
use std::time::{Duration, SystemTime};

use josekit::jwe::{self, Dir, ECDH_ES_A256KW, JweDecrypter, RSA_OAEP_256};
use josekit::jwk::{Jwk, JwkSet};
use josekit::jws::{ES256, EdDSA, HS256, JwsHeader, JwsSigner, JwsVerifier, PS256, RS256};
use josekit::jwt::{self, JwtPayload, JwtPayloadValidator};

use crate::claims::{CLIENT_ID, ISSUED_AT, ISSUER, NONCE};
use crate::job::{Contender, Job, Raw, Signature, Work};
use crate::material::{Material, RSA_PKCS8, SECRET};

pub(super) const NAME: &str = "josekit";

pub(super) fn contender(job: Job, material: &Material) -> Option<Contender> {
    let over = match job {
        Job::KeySet => Raw::Value,
        Job::DecryptDirect | Job::DecryptAgreement | Job::DecryptRsa => Raw::AwsLc,
        _ => Raw::Ring,
    };
    Some(Contender { name: NAME, over, work: work(job, material)? })
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
            let mut header = JwsHeader::new();
            header.set_token_type("JWT");
            let signer: Box<dyn JwsSigner> = match signature {
                Signature::Hs256 => Box::new(HS256.signer_from_bytes(SECRET).unwrap()),
                _ => {
                    header.set_key_id("bench");
                    Box::new(RS256.signer_from_der(RSA_PKCS8).unwrap())
                }
            };
            let claims =
                serde_json::from_slice::<serde_json::Map<_, _>>(&material.claims().to_json()).unwrap();
            let payload = JwtPayload::from_map(claims).unwrap();
            Some(Box::new(move || jwt::encode_with_signer(black_box(&payload), &header, &*signer).is_ok()))
        }
        Job::KeySet => {
            let json = material.key_set_json();
            Some(Box::new(move || {
                let set = JwkSet::from_bytes(black_box(&json)).unwrap();
                let keys: Vec<_> = set.keys().into_iter().map(verifier).collect();
                keys.len() == 50
            }))
        }
        Job::DecryptDirect | Job::DecryptAgreement | Job::DecryptRsa => {
            let token = material.encrypted(job)?;
            let jwk = Jwk::from_bytes(material.decryption_json(job)?).unwrap();
            let decrypter: Box<dyn JweDecrypter> = match job {
                Job::DecryptAgreement => Box::new(ECDH_ES_A256KW.decrypter_from_jwk(&jwk).unwrap()),
                Job::DecryptRsa => Box::new(RSA_OAEP_256.decrypter_from_jwk(&jwk).unwrap()),
                _ => Box::new(Dir.decrypter_from_jwk(&jwk).unwrap()),
            };
            Some(Box::new(move || {
                jwe::deserialize_compact(black_box(&token), &*decrypter)
                    .is_ok_and(|(plaintext, _)| plaintext.len() == 567)
            }))
        }
        Job::VerifyBorrowed(_) => None,
    }
}

fn verifier(jwk: &Jwk) -> Box<dyn JwsVerifier> {
    match jwk.algorithm() {
        Some("RS256") => Box::new(RS256.verifier_from_jwk(jwk).unwrap()),
        Some("PS256") => Box::new(PS256.verifier_from_jwk(jwk).unwrap()),
        Some("ES256") => Box::new(ES256.verifier_from_jwk(jwk).unwrap()),
        _ => Box::new(EdDSA.verifier_from_jwk(jwk).unwrap()),
    }
}

fn verify(signature: Signature, token: String, accepted: bool, material: &Material) -> Work {
    let verifier = match material.public_json(signature) {
        None => Box::new(HS256.verifier_from_bytes(SECRET).unwrap()) as Box<dyn JwsVerifier>,
        Some(json) => verifier(&Jwk::from_bytes(json).unwrap()),
    };
    let mut validator = JwtPayloadValidator::new();
    validator.set_issuer(ISSUER);
    validator.set_audience(CLIENT_ID);
    validator.set_base_time(SystemTime::UNIX_EPOCH + Duration::from_secs(ISSUED_AT.unsigned_abs() + 10));
    Box::new(move || match jwt::decode_with_verifier(black_box(&token), &*verifier) {
        Ok((payload, _)) => {
            accepted
                && validator.validate(&payload).is_ok()
                && payload.claim("nonce").and_then(|nonce| nonce.as_str()) == Some(NONCE)
        }
        Err(_) => !accepted,
    })
}
