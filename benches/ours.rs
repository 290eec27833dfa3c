//! Our share: what an application calls, with what it prepares once prepared.

use std::hint::black_box;

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::{HeaderParameters, PreparedHeader};
use avouch_jose::{
    ContentEncryption, DecryptionKey, DecryptionKeys, JweAlgorithm, Jwk, JwkSet, JwsAlgorithm, Limits,
    NumericDate, VerifyingKey, VerifyingKeys, jwe,
};
use avouch_tokens::{IdTokenExpectations, IdTokenVerifier};
use avouch_types::Nonce;

use crate::claims::{CLIENT_ID, ISSUED_AT, ISSUER, NONCE};
use crate::job::{Contender, Job, Raw, Signature, Work};
use crate::material::{Material, SECRET};

/// Our work in a row, on each back end.
#[must_use]
pub fn contenders(job: Job, material: &Material) -> Vec<Contender> {
    let on_ring = ("avouch on ring", Raw::Ring, avouch_jose_ring::provider());
    let on_aws_lc = ("avouch on aws-lc", Raw::AwsLc, avouch_jose_aws_lc::provider());
    [on_ring, on_aws_lc]
        .into_iter()
        .filter_map(|(name, over, crypto)| {
            let over = if job == Job::KeySet { Raw::Value } else { over };
            Some(Contender { name, over, work: work(job, material, &crypto)? })
        })
        .collect()
}

/// Our work in a row on a back end, if there is such.
#[must_use]
pub fn work(job: Job, material: &Material, crypto: &CryptoProvider) -> Option<Work> {
    let hs256 = Signature::Hs256;
    match job {
        Job::Verify(signature) => Some(verify(signature, material.token(signature), true, material, crypto)),
        Job::Long => Some(verify(hs256, material.long_token(), true, material, crypto)),
        Job::WrongMac => Some(verify(hs256, material.forged_token(), false, material, crypto)),
        Job::Dots => Some(verify(hs256, material.dots(), false, material, crypto)),
        Job::Garbage => Some(verify(hs256, material.garbage(), false, material, crypto)),
        Job::VerifyBorrowed(signature) => Some(verify_borrowed(signature, material, crypto)),
        Job::Sign(signature) => {
            let (key, claims) = (material.signing_key(signature, crypto), material.claims().clone());
            let header = PreparedHeader::new(&HeaderParameters::new().typ("JWT"), &key).unwrap();
            Some(Box::new(move || header.sign_claims(black_box(&claims)).is_ok()))
        }
        Job::DecryptDirect | Job::DecryptAgreement | Job::DecryptRsa => decrypt(job, material, crypto),
        Job::KeySet => {
            let (json, crypto) = (material.key_set_json(), crypto.clone());
            let allowed = [JwsAlgorithm::RS256, JwsAlgorithm::ES256];
            Some(Box::new(move || {
                let set = JwkSet::from_json(black_box(&json), &Limits::default()).unwrap();
                VerifyingKeys::prepare(&set, &allowed, &crypto).is_ok_and(|keys| keys.keys().len() == 50)
            }))
        }
    }
}

/// What an application keeps beside its provider's keys.
struct Prepared {
    verifier: IdTokenVerifier,
    keys: VerifyingKeys,
    nonce: Nonce,
    now: NumericDate,
    crypto: CryptoProvider,
}

impl Prepared {
    fn new(signature: Signature, material: &Material, crypto: &CryptoProvider) -> Self {
        let algorithm = signature.algorithm();
        let keys = match material.public(signature) {
            Some(jwk) => VerifyingKeys::prepare(&JwkSet::new(vec![jwk]), &[algorithm], crypto),
            None => {
                VerifyingKey::hmac_secret(SECRET.as_bytes(), algorithm, crypto).map(VerifyingKeys::single)
            }
        };
        Self {
            verifier: IdTokenVerifier::new(ISSUER.parse().unwrap(), CLIENT_ID.parse().unwrap())
                .algorithm(algorithm),
            keys: keys.unwrap(),
            nonce: Nonce::new(NONCE),
            now: NumericDate::from_seconds(ISSUED_AT + 10).unwrap(),
            crypto: crypto.clone(),
        }
    }
}

fn verify(
    signature: Signature,
    token: String,
    accepted: bool,
    material: &Material,
    crypto: &CryptoProvider,
) -> Work {
    let prepared = Prepared::new(signature, material, crypto);
    Box::new(move || {
        let Prepared { verifier, keys, nonce, now, crypto } = &prepared;
        let expectations = IdTokenExpectations::for_nonce(nonce);
        verifier.verify(black_box(&token), keys, &expectations, *now, crypto).is_ok() == accepted
    })
}

fn verify_borrowed(signature: Signature, material: &Material, crypto: &CryptoProvider) -> Work {
    let (token, prepared) = (material.token(signature), Prepared::new(signature, material, crypto));
    let mut buffer = Vec::new();
    Box::new(move || {
        let Prepared { verifier, keys, nonce, now, crypto } = &prepared;
        let expectations = IdTokenExpectations::for_nonce(nonce);
        verifier
            .verify_into(black_box(&token), keys, &expectations, *now, crypto, &mut buffer)
            .is_ok_and(|view| view.nonce() == Some(NONCE))
    })
}

fn decrypt(job: Job, material: &Material, crypto: &CryptoProvider) -> Option<Work> {
    let enc = ContentEncryption::A256GCM;
    let jwk = Jwk::from_json(material.decryption_json(job)?.as_bytes(), &Limits::default()).unwrap();
    let key = match job {
        Job::DecryptAgreement => DecryptionKey::prepare(&jwk, JweAlgorithm::ECDH_ES_A256KW, crypto),
        Job::DecryptRsa => DecryptionKey::prepare(&jwk, JweAlgorithm::RSA_OAEP_256, crypto),
        _ => DecryptionKey::direct(&jwk, enc, crypto),
    };
    // what the back end has not, it has not
    let keys = DecryptionKeys::single(key.ok()?, &[enc]).unwrap();
    let (token, reader) = (material.encrypted(job)?, jwe::Reader::new(Limits::default()));
    Some(Box::new(move || {
        let jwe = reader.compact(black_box(&token)).unwrap();
        jwe.decrypt(&keys).is_ok_and(|content| content.plaintext().len() == 567)
    }))
}
