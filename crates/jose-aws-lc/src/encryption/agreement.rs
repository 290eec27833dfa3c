use std::sync::Arc;

use avouch_jose::crypto::{EncryptionPrimitive, KeyAgreement, KeyOperationError};
use avouch_jose::{AgreementCurve, EcCurve, KeyError, KeyMaterial, OkpCurve, OkpKey, SecretOctets};
use aws_lc_rs::agreement::{
    Algorithm, ECDH_P256, ECDH_P384, ECDH_P521, ParsedPublicKey, PrivateKey, UnparsedPublicKey, X25519, agree,
};

use crate::ec;

const NOT_AGREED_WITH: KeyError = KeyError::Rejected { reason: "the public key is not to be agreed with" };

struct Agreement {
    curve: AgreementCurve,
    private: PrivateKey,
}

pub(super) fn algorithm(curve: AgreementCurve) -> Option<&'static Algorithm> {
    match curve {
        AgreementCurve::P256 => Some(&ECDH_P256),
        AgreementCurve::P384 => Some(&ECDH_P384),
        AgreementCurve::P521 => Some(&ECDH_P521),
        AgreementCurve::X25519 => Some(&X25519),
        _ => None,
    }
}

pub(super) fn prepare(
    curve: AgreementCurve,
    private: &SecretOctets,
) -> Result<Arc<dyn KeyAgreement>, KeyError> {
    let algorithm = algorithm(curve).ok_or(lacking(curve))?;
    let private = PrivateKey::from_private_key(algorithm, private.expose())
        .map_err(|_| KeyError::Rejected { reason: "it is no scalar of the curve" })?;
    Ok(Arc::new(Agreement { curve, private }))
}

pub(super) fn check_public(curve: AgreementCurve, public: &KeyMaterial) -> Result<(), KeyError> {
    let algorithm = algorithm(curve).ok_or(lacking(curve))?;
    match public {
        _ if AgreementCurve::of(public) != Some(curve) => Err(NOT_AGREED_WITH),
        KeyMaterial::Ec(key) => ParsedPublicKey::try_from(UnparsedPublicKey::new(algorithm, key.point()))
            .map(|_| ())
            .map_err(|_| NOT_AGREED_WITH),
        _ => {
            // as the trait does by default, where it says why any scalar will do
            let any = SecretOctets::new(vec![1; curve.key_len()]);
            prepare(curve, &any)?.agree(public).map(|_| ()).map_err(|_| NOT_AGREED_WITH)
        }
    }
}

fn lacking(curve: AgreementCurve) -> KeyError {
    KeyError::Lacking(EncryptionPrimitive::Agreement(curve))
}

impl KeyAgreement for Agreement {
    fn public(&self) -> Result<KeyMaterial, KeyError> {
        let public = self.private.compute_public_key().map_err(|_| NOT_AGREED_WITH)?;
        match self.curve {
            AgreementCurve::P256 => ec::material(EcCurve::P256, public.as_ref(), None),
            AgreementCurve::P384 => ec::material(EcCurve::P384, public.as_ref(), None),
            AgreementCurve::P521 => ec::material(EcCurve::P521, public.as_ref(), None),
            _ => OkpKey::new(OkpCurve::X25519, public.as_ref().to_vec(), None)
                .map(KeyMaterial::Okp)
                .map_err(|_| NOT_AGREED_WITH),
        }
    }

    fn agree(&self, peer: &KeyMaterial) -> Result<SecretOctets, KeyOperationError> {
        if AgreementCurve::of(peer) != Some(self.curve) {
            return Err(KeyOperationError::Failed);
        }
        let with = |peer: &[u8]| {
            let peer = UnparsedPublicKey::new(self.private.algorithm(), peer);
            // refuses points off the curve, and secrets of zeros on X25519
            agree(&self.private, peer, KeyOperationError::Failed, |secret| {
                Ok(SecretOctets::new(secret.to_vec()))
            })
        };
        match peer {
            KeyMaterial::Ec(key) => with(key.point()),
            KeyMaterial::Okp(key) => with(key.x()),
            _ => Err(KeyOperationError::Failed),
        }
    }
}
