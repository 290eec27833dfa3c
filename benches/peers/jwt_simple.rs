//! jwt-simple, on pure Rust. It takes its options by value, so they are cloned for each token.

use std::collections::HashSet;
use std::hint::black_box;

use jwt_simple::prelude::*;

use crate::claims::{CLIENT_ID, EXPIRES, ISSUED_AT, ISSUER, NONCE, Rest};
use crate::job::{Contender, Job, Raw, Signature, Work};
use crate::material::{Material, RSA_PKCS8, SECRET};

pub(super) const NAME: &str = "jwt-simple";

pub(super) fn contender(job: Job, material: &Material) -> Option<Contender> {
    let over = if job == Job::DecryptAgreement { Raw::AwsLc } else { Raw::Ring };
    Some(Contender { name: NAME, over, work: work(job, material)? })
}

fn work(job: Job, material: &Material) -> Option<Work> {
    let secret = || HS256Key::from_bytes(SECRET.as_bytes());
    let (n, e) = material.public_octets(Signature::Rs256)?;
    match job {
        Job::Verify(signature) => {
            let token = material.token(signature);
            Some(match signature {
                Signature::Hs256 => mac(token, true),
                Signature::Rs256 => {
                    let key = RS256PublicKey::from_components(&n, &e).unwrap();
                    verify(token, true, move |token, options| key.verify_token::<Rest>(token, Some(options)))
                }
                Signature::Ps256 => {
                    let key = PS256PublicKey::from_components(&n, &e).unwrap();
                    verify(token, true, move |token, options| key.verify_token::<Rest>(token, Some(options)))
                }
                Signature::Es256 => {
                    let key = ES256PublicKey::from_bytes(&material.public_octets(signature)?.0).unwrap();
                    verify(token, true, move |token, options| key.verify_token::<Rest>(token, Some(options)))
                }
                Signature::EdDsa => {
                    let key = Ed25519PublicKey::from_bytes(&material.public_octets(signature)?.0).unwrap();
                    verify(token, true, move |token, options| key.verify_token::<Rest>(token, Some(options)))
                }
            })
        }
        Job::Long => Some(mac(material.long_token(), true)),
        Job::WrongMac => Some(mac(material.forged_token(), false)),
        Job::Dots => Some(mac(material.dots(), false)),
        Job::Garbage => Some(mac(material.garbage(), false)),
        Job::Sign(Signature::Hs256) => {
            let (key, claims) = (secret(), claims());
            Some(Box::new(move || key.authenticate(black_box(&claims).clone()).is_ok()))
        }
        Job::Sign(_) => {
            let (key, claims) = (RS256KeyPair::from_der(RSA_PKCS8).unwrap().with_key_id("bench"), claims());
            Some(Box::new(move || key.sign(black_box(&claims).clone()).is_ok()))
        }
        Job::DecryptAgreement => {
            let token = material.encrypted(job)?;
            let key = EcdhEsA256KWDecryptionKey::from_jwk(&material.decryption_json(job)?).ok()?;
            Some(Box::new(move || {
                let options =
                    DecryptionOptions { claim_options: Some(options()), ..DecryptionOptions::default() };
                key.decrypt_token::<Rest>(black_box(&token), Some(options)).is_ok()
            }))
        }
        _ => None,
    }
}

/// It takes claims by value, too.
fn claims() -> JWTClaims<Rest> {
    let mut claims = Claims::with_custom_claims(Rest::example(), Duration::from_secs(60))
        .with_issuer(ISSUER)
        .with_subject("248289761001-5f3c")
        .with_audience(CLIENT_ID)
        .with_nonce(NONCE);
    claims.issued_at = Some(Duration::from_secs(ISSUED_AT.unsigned_abs()));
    claims.expires_at = Some(Duration::from_secs(EXPIRES.unsigned_abs()));
    claims.invalid_before = None;
    claims
}

fn mac(token: String, accepted: bool) -> Work {
    let key = HS256Key::from_bytes(SECRET.as_bytes());
    verify(token, accepted, move |token, options| key.verify_token::<Rest>(token, Some(options)))
}

fn verify(
    token: String,
    accepted: bool,
    check: impl Fn(&str, VerificationOptions) -> Result<JWTClaims<Rest>, jwt_simple::Error> + 'static,
) -> Work {
    let options = options();
    Box::new(move || check(black_box(&token), options.clone()).is_ok() == accepted)
}

fn options() -> VerificationOptions {
    VerificationOptions {
        allowed_issuers: Some(HashSet::from([ISSUER.to_owned()])),
        allowed_audiences: Some(HashSet::from([CLIENT_ID.to_owned()])),
        required_nonce: Some(NONCE.to_owned()),
        // the token may have been issued after the clock of this machine
        artificial_time: Some(Duration::from_secs(ISSUED_AT.unsigned_abs() + 10)),
        ..VerificationOptions::default()
    }
}
