//! The back end's share: the same octets, with keys parsed beforehand where the back end has a form for that.

mod decrypt;

use std::hint::black_box;

use avouch_jose::base64url;
use aws_lc_rs as aws;
use ring::rand::SystemRandom;

use crate::job::{Job, Raw, Signature, Work};
use crate::material::{Material, RSA_PKCS8, SECRET};

/// The work of a back end in a row, if it has one.
#[must_use]
pub fn work(raw: Raw, job: Job, material: &Material) -> Option<Work> {
    match (raw, job) {
        (Raw::Value, Job::KeySet) => {
            let json = material.key_set_json();
            Some(Box::new(move || serde_json::from_slice::<serde_json::Value>(black_box(&json)).is_ok()))
        }
        (Raw::Value, _) => None,
        (Raw::Ring, Job::Verify(signature)) => ring_verify(signature, &material.token(signature), material),
        (Raw::AwsLc, Job::Verify(signature)) => aws_verify(signature, &material.token(signature), material),
        (_, Job::VerifyBorrowed(signature)) => work(raw, Job::Verify(signature), material),
        (_, Job::WrongMac) => work(raw, Job::Verify(Signature::Hs256), material),
        (Raw::Ring, Job::Long) => ring_verify(Signature::Hs256, &material.long_token(), material),
        (Raw::AwsLc, Job::Long) => aws_verify(Signature::Hs256, &material.long_token(), material),
        (Raw::Ring, Job::Sign(signature)) => ring_sign(signature, material),
        (Raw::AwsLc, Job::Sign(signature)) => aws_sign(signature, material),
        (Raw::AwsLc, job) => decrypt::work(job, material),
        _ => None,
    }
}

/// What is signed, and the signature.
fn split(token: &str) -> (Vec<u8>, Vec<u8>) {
    let (input, signature) = token.rsplit_once('.').unwrap();
    (input.as_bytes().to_vec(), base64url::decode(signature).unwrap())
}

fn ring_verify(signature: Signature, token: &str, material: &Material) -> Option<Work> {
    use ring::{hmac, signature as sig};
    let (input, signed) = split(token);
    if signature == Signature::Hs256 {
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        return Some(Box::new(move || hmac::verify(&key, black_box(&input), &signed).is_ok()));
    }
    let (key, e) = material.public_octets(signature)?;
    let rsa = match signature {
        Signature::Rs256 => Some(&sig::RSA_PKCS1_2048_8192_SHA256),
        Signature::Ps256 => Some(&sig::RSA_PSS_2048_8192_SHA256),
        _ => None,
    };
    if let Some(parameters) = rsa {
        return Some(Box::new(move || {
            sig::RsaPublicKeyComponents { n: &key, e: &e }
                .verify(parameters, black_box(&input), &signed)
                .is_ok()
        }));
    }
    let algorithm: &'static dyn sig::VerificationAlgorithm =
        if signature == Signature::Es256 { &sig::ECDSA_P256_SHA256_FIXED } else { &sig::ED25519 };
    let key = sig::UnparsedPublicKey::new(algorithm, key);
    Some(Box::new(move || key.verify(black_box(&input), &signed).is_ok()))
}

fn aws_verify(signature: Signature, token: &str, material: &Material) -> Option<Work> {
    use aws::{hmac, signature as sig};
    let (input, signed) = split(token);
    if signature == Signature::Hs256 {
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        return Some(Box::new(move || hmac::verify(&key, black_box(&input), &signed).is_ok()));
    }
    let (octets, _) = material.public_octets(signature)?;
    let (algorithm, octets): (&'static dyn sig::VerificationAlgorithm, _) = match signature {
        Signature::Rs256 => (&sig::RSA_PKCS1_2048_8192_SHA256, rsa_public_der()),
        Signature::Ps256 => (&sig::RSA_PSS_2048_8192_SHA256, rsa_public_der()),
        Signature::Es256 => (&sig::ECDSA_P256_SHA256_FIXED, octets),
        _ => (&sig::ED25519, octets),
    };
    let key = sig::ParsedPublicKey::new(algorithm, octets).unwrap();
    Some(Box::new(move || key.verify_sig(black_box(&input), &signed).is_ok()))
}

/// The public half of the RSA key, in the form that can be parsed once.
fn rsa_public_der() -> Vec<u8> {
    use aws::signature::KeyPair as _;
    aws::signature::RsaKeyPair::from_pkcs8(RSA_PKCS8).unwrap().public_key().as_ref().to_vec()
}

fn ring_sign(signature: Signature, material: &Material) -> Option<Work> {
    use ring::{hmac, signature as sig};
    let (input, _) = split(&material.token(signature));
    match signature {
        Signature::Hs256 => {
            let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
            Some(Box::new(move || !black_box(hmac::sign(&key, black_box(&input))).as_ref().is_empty()))
        }
        Signature::Rs256 => {
            let key = sig::RsaKeyPair::from_pkcs8(RSA_PKCS8).unwrap();
            let mut signed = vec![0; key.public().modulus_len()];
            let random = SystemRandom::new();
            Some(Box::new(move || {
                key.sign(&sig::RSA_PKCS1_SHA256, &random, black_box(&input), &mut signed).is_ok()
            }))
        }
        _ => None,
    }
}

fn aws_sign(signature: Signature, material: &Material) -> Option<Work> {
    use aws::{hmac, signature as sig};
    let (input, _) = split(&material.token(signature));
    match signature {
        Signature::Hs256 => {
            let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
            Some(Box::new(move || !black_box(hmac::sign(&key, black_box(&input))).as_ref().is_empty()))
        }
        Signature::Rs256 => {
            let key = sig::RsaKeyPair::from_pkcs8(RSA_PKCS8).unwrap();
            let mut signed = vec![0; key.public_modulus_len()];
            let random = aws::rand::SystemRandom::new();
            Some(Box::new(move || {
                key.sign(&sig::RSA_PKCS1_SHA256, &random, black_box(&input), &mut signed).is_ok()
            }))
        }
        _ => None,
    }
}
