//! biscuit, on ring. It has no EdDSA.

use std::hint::black_box;
use std::sync::Arc;

use biscuit::jwa::{ContentEncryptionAlgorithm, KeyManagementAlgorithm, SignatureAlgorithm};
use biscuit::jwe;
use biscuit::jwk::{AlgorithmParameters, JWK, JWKSet};
use biscuit::jws::{Compact, RegisteredHeader, Secret};
use biscuit::{ClaimsSet, Empty, JWT, Validation, ValidationOptions};
use ring::signature::RsaKeyPair;

use crate::claims::{CLIENT_ID, ISSUER, Rest};
use crate::job::{Contender, Job, Raw, Signature, Work};
use crate::material::{Material, RSA_PKCS8, SECRET};

pub(super) const NAME: &str = "biscuit";

/// Its registered claims have no nonce.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
struct Private {
    nonce: String,
    #[serde(flatten)]
    rest: Rest,
}

pub(super) fn contender(job: Job, material: &Material) -> Option<Contender> {
    let over = match job {
        Job::KeySet => Raw::Value,
        Job::DecryptDirect => Raw::AwsLc,
        _ => Raw::Ring,
    };
    Some(Contender { name: NAME, over, work: work(job, material)? })
}

fn work(job: Job, material: &Material) -> Option<Work> {
    let secret = || Secret::bytes_from_str(SECRET);
    let hs256 = SignatureAlgorithm::HS256;
    match job {
        Job::Verify(signature) => {
            let (algorithm, key) = match signature {
                Signature::Rs256 => (SignatureAlgorithm::RS256, public(signature, material)?),
                Signature::Ps256 => (SignatureAlgorithm::PS256, public(signature, material)?),
                Signature::Es256 => (SignatureAlgorithm::ES256, public(signature, material)?),
                Signature::Hs256 => (hs256, secret()),
                Signature::EdDsa => return None,
            };
            Some(verify(material.token(signature), true, algorithm, key))
        }
        Job::Long => Some(verify(material.long_token(), true, hs256, secret())),
        Job::WrongMac => Some(verify(material.forged_token(), false, hs256, secret())),
        Job::Dots => Some(verify(material.dots(), false, hs256, secret())),
        Job::Garbage => Some(verify(material.garbage(), false, hs256, secret())),
        Job::Sign(signature) => {
            let (algorithm, key, key_id) = match signature {
                Signature::Hs256 => (hs256, secret(), None),
                _ => {
                    let key = Arc::new(RsaKeyPair::from_pkcs8(RSA_PKCS8).unwrap());
                    (SignatureAlgorithm::RS256, Secret::RsaKeyPair(key), Some("bench".to_owned()))
                }
            };
            let claims: ClaimsSet<Private> = serde_json::from_slice(&material.claims().to_json()).unwrap();
            let header = RegisteredHeader { algorithm, key_id, ..RegisteredHeader::default() };
            let decoded = JWT::<Private, Empty>::new_decoded(header.into(), claims);
            Some(Box::new(move || black_box(&decoded).encode(&key).is_ok()))
        }
        Job::KeySet => {
            let json = material.key_set_json();
            Some(Box::new(move || {
                let set: JWKSet<Empty> = serde_json::from_slice(black_box(&json)).unwrap();
                set.keys.iter().filter_map(prepared).count() == 25
            }))
        }
        Job::DecryptDirect => {
            let token = material.encrypted(job)?;
            let key: JWK<Empty> = JWK::new_octet_key(material.shared_key(), Empty {});
            let (alg, enc) =
                (KeyManagementAlgorithm::DirectSymmetricKey, ContentEncryptionAlgorithm::A256GCM);
            Some(Box::new(move || {
                let token: jwe::Compact<ClaimsSet<Private>, Empty> =
                    jwe::Compact::new_encrypted(black_box(&token));
                token.decrypt(&key, alg, enc).is_ok()
            }))
        }
        _ => None,
    }
}

fn prepared(jwk: &JWK<Empty>) -> Option<Secret> {
    match &jwk.algorithm {
        AlgorithmParameters::RSA(key) => Some(key.jws_public_key_secret()),
        // it gives no secret of an EC key: its own look-up makes one per token
        _ => None,
    }
}

fn public(signature: Signature, material: &Material) -> Option<Secret> {
    if signature == Signature::Es256 {
        return Some(Secret::PublicKey(material.public_octets(signature)?.0));
    }
    prepared(&serde_json::from_str(&material.public_json(signature)?).unwrap())
}

fn verify(token: String, accepted: bool, algorithm: SignatureAlgorithm, key: Secret) -> Work {
    let options = ValidationOptions {
        issuer: Validation::Validate(ISSUER.to_owned()),
        audience: Validation::Validate(CLIENT_ID.to_owned()),
        // it reads the clock of this machine, which may be behind the token
        issued_at: Validation::Ignored,
        ..ValidationOptions::default()
    };
    Box::new(move || {
        let decoded = Compact::<ClaimsSet<Private>, Empty>::new_encoded(black_box(&token))
            .into_decoded(&key, algorithm);
        decoded.is_ok_and(|decoded| decoded.validate(options.clone()).is_ok()) == accepted
    })
}
