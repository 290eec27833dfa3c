//! compact_jwt, on RustCrypto: RS256, ES256 and HS256. It checks neither issuer nor audience nor nonce.

use std::hint::black_box;
use std::str::FromStr as _;

use compact_jwt::compact::{Jwk, JwkKeySet};
use compact_jwt::crypto::{JwsEs256Verifier, JwsHs256Signer, JwsRs256Signer, JwsRs256Verifier};
use compact_jwt::oidc::{OidcExpUnverified, OidcToken, OidcUnverified};
use compact_jwt::{JwsSigner as _, JwsVerifier};

use crate::claims::ISSUED_AT;
use crate::job::{Contender, Job, Raw, Signature, Work};
use crate::material::{Material, RSA_PKCS8, SECRET};

pub(super) const NAME: &str = "compact_jwt";

pub(super) fn contender(job: Job, material: &Material) -> Option<Contender> {
    let over = if job == Job::KeySet { Raw::Value } else { Raw::Ring };
    Some(Contender { name: NAME, over, work: work(job, material)? })
}

fn work(job: Job, material: &Material) -> Option<Work> {
    let secret = || JwsHs256Signer::try_from(SECRET.as_bytes()).unwrap();
    let jwk = |signature| -> Option<Jwk> { serde_json::from_str(&material.public_json(signature)?).ok() };
    match job {
        Job::Verify(signature) => {
            let token = material.token(signature);
            match signature {
                Signature::Hs256 => Some(verify(token, true, secret())),
                Signature::Rs256 => {
                    Some(verify(token, true, JwsRs256Verifier::try_from(&jwk(signature)?).ok()?))
                }
                Signature::Es256 => {
                    Some(verify(token, true, JwsEs256Verifier::try_from(&jwk(signature)?).ok()?))
                }
                _ => None,
            }
        }
        Job::Long => Some(verify(material.long_token(), true, secret())),
        Job::WrongMac => Some(verify(material.forged_token(), false, secret())),
        Job::Dots => Some(verify(material.dots(), false, secret())),
        Job::Garbage => Some(verify(material.garbage(), false, secret())),
        Job::Sign(signature) => {
            let claims: OidcToken = serde_json::from_slice(&material.claims().to_json()).unwrap();
            if signature == Signature::Hs256 {
                let key = secret().set_sign_option_embed_kid(false);
                return Some(Box::new(move || {
                    key.sign(black_box(&claims)).is_ok_and(|signed| !signed.to_string().is_empty())
                }));
            }
            let key = JwsRs256Signer::from_rs256_der(RSA_PKCS8).ok()?;
            Some(Box::new(move || {
                key.sign(black_box(&claims)).is_ok_and(|signed| !signed.to_string().is_empty())
            }))
        }
        Job::KeySet => {
            let json = material.key_set_json();
            let prepare = |jwk: &Jwk| match jwk {
                Jwk::RSA { .. } => JwsRs256Verifier::try_from(jwk).is_ok(),
                _ => JwsEs256Verifier::try_from(jwk).is_ok(),
            };
            Some(Box::new(move || {
                let set: JwkKeySet = serde_json::from_slice(black_box(&json)).unwrap();
                set.keys.iter().filter(|jwk| prepare(jwk)).count() == 50
            }))
        }
        _ => None,
    }
}

fn verify(token: String, accepted: bool, key: impl JwsVerifier + 'static) -> Work {
    Box::new(move || {
        let verified: Result<OidcExpUnverified, _> =
            OidcUnverified::from_str(black_box(&token)).and_then(|token| key.verify(&token));
        verified.and_then(|token| token.verify_exp(ISSUED_AT + 10)).is_ok() == accepted
    })
}
