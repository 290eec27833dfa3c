//! openidconnect, on RustCrypto. It only verifies: ID Tokens are signed by providers.

use std::hint::black_box;
use std::str::FromStr as _;

use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm};
use openidconnect::{ClientId, ClientSecret, IssuerUrl, Nonce};
use serde_json::json;

use crate::claims::{CLIENT_ID, ISSUER, NONCE};
use crate::job::{Contender, Job, Raw, Signature, Work};
use crate::material::{Material, SECRET};

pub(super) const NAME: &str = "openidconnect";

pub(super) fn contender(job: Job, material: &Material) -> Option<Contender> {
    let over = if job == Job::KeySet { Raw::Value } else { Raw::Ring };
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
        Job::KeySet => {
            let json = material.key_set_json();
            Some(Box::new(move || {
                // it prepares nothing: keys are parsed again for each token
                let set: CoreJsonWebKeySet = serde_json::from_slice(black_box(&json)).unwrap();
                set.keys().len() == 50
            }))
        }
        _ => None,
    }
}

fn verify(signature: Signature, token: String, accepted: bool, material: &Material) -> Work {
    let keys: Vec<serde_json::Value> =
        material.public_json(signature).iter().map(|json| serde_json::from_str(json).unwrap()).collect();
    let keys: CoreJsonWebKeySet = serde_json::from_value(json!({ "keys": keys })).unwrap();
    let algorithm = match signature {
        Signature::Rs256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        Signature::Ps256 => CoreJwsSigningAlgorithm::RsaSsaPssSha256,
        Signature::Es256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        Signature::EdDsa => CoreJwsSigningAlgorithm::EdDsa,
        Signature::Hs256 => CoreJwsSigningAlgorithm::HmacSha256,
    };
    let (client, issuer) = (ClientId::new(CLIENT_ID.into()), IssuerUrl::new(ISSUER.into()).unwrap());
    let verifier =
        CoreIdTokenVerifier::new_confidential_client(client, ClientSecret::new(SECRET.into()), issuer, keys)
            .set_allowed_algs([algorithm]);
    let nonce = Nonce::new(NONCE.to_owned());
    Box::new(move || {
        CoreIdToken::from_str(black_box(&token)).is_ok_and(|token| token.claims(&verifier, &nonce).is_ok())
            == accepted
    })
}
