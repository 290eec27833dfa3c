use avouch_jose::crypto::{EncryptionPrimitive, RandomError};
use avouch_jose::{AgreementCurve, EcCurve, KeyError, KeyMaterial, OkpCurve, OkpKey, SecretOctets};
use ring::agreement::{
    Algorithm, ECDH_P256, ECDH_P384, EphemeralPrivateKey, UnparsedPublicKey, X25519, agree_ephemeral,
};
use ring::rand::SystemRandom;

use crate::ec;

const NOT_AGREED_WITH: KeyError = KeyError::Rejected { reason: "the public key is not to be agreed with" };

pub(super) fn algorithm(curve: AgreementCurve) -> Option<&'static Algorithm> {
    match curve {
        AgreementCurve::P256 => Some(&ECDH_P256),
        AgreementCurve::P384 => Some(&ECDH_P384),
        AgreementCurve::X25519 => Some(&X25519),
        _ => None,
    }
}

/// The public half of a key that is made for this, and the secret that it agrees on with the peer.
pub(super) fn ephemeral(
    curve: AgreementCurve,
    peer: &KeyMaterial,
) -> Result<(KeyMaterial, SecretOctets), KeyError> {
    let lacking = KeyError::Lacking(EncryptionPrimitive::EphemeralAgreement(curve));
    let algorithm = algorithm(curve).ok_or(lacking)?;
    let peer = match peer {
        _ if AgreementCurve::of(peer) != Some(curve) => return Err(NOT_AGREED_WITH),
        KeyMaterial::Ec(key) => key.point(),
        KeyMaterial::Okp(key) => key.x(),
        _ => return Err(NOT_AGREED_WITH),
    };
    let private = EphemeralPrivateKey::generate(algorithm, &SystemRandom::new()).map_err(|_| RandomError)?;
    let public = private.compute_public_key().map_err(|_| RandomError)?;
    let public = material(curve, public.as_ref())?;
    // refuses points off the curve, and secrets of zeros
    let secret = agree_ephemeral(private, &UnparsedPublicKey::new(algorithm, peer), |secret| {
        SecretOctets::new(secret.to_vec())
    });
    Ok((public, secret.map_err(|_| NOT_AGREED_WITH)?))
}

pub(super) fn check_public(curve: AgreementCurve, public: &KeyMaterial) -> Result<(), KeyError> {
    match public {
        // ring would find this out by agreeing, which takes far longer
        KeyMaterial::Ec(key) if algorithm(curve).is_some() && AgreementCurve::of(public) == Some(curve) => {
            if key.is_on_curve() {
                Ok(())
            } else {
                Err(NOT_AGREED_WITH)
            }
        }
        _ => ephemeral(curve, public).map(|_| ()),
    }
}

fn material(curve: AgreementCurve, public: &[u8]) -> Result<KeyMaterial, KeyError> {
    match curve {
        AgreementCurve::P256 => ec::material(EcCurve::P256, public, None),
        AgreementCurve::P384 => ec::material(EcCurve::P384, public, None),
        _ => OkpKey::new(OkpCurve::X25519, public.to_vec(), None)
            .map(KeyMaterial::Okp)
            .map_err(|_| NOT_AGREED_WITH),
    }
}
