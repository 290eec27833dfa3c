//! X25519, kept keys and nothing else: that new keys are made, and that points are looked at, follows by itself.

use std::sync::Arc;

use avouch_jose::crypto::{EncryptionPrimitive, KeyAgreement, KeyOperationError};
use avouch_jose::{AgreementCurve, KeyError, KeyMaterial, OkpCurve, OkpKey, SecretOctets};
use curve25519_dalek::MontgomeryPoint;

struct Private([u8; 32]);

pub(crate) fn prepare(
    curve: AgreementCurve,
    private: &SecretOctets,
) -> Result<Arc<dyn KeyAgreement>, KeyError> {
    if curve != AgreementCurve::X25519 {
        return Err(KeyError::Lacking(EncryptionPrimitive::Agreement(curve)));
    }
    Ok(Arc::new(Private(private.expose().try_into().unwrap())))
}

impl KeyAgreement for Private {
    fn public(&self) -> Result<KeyMaterial, KeyError> {
        let point = MontgomeryPoint::mul_base_clamped(self.0).to_bytes();
        Ok(KeyMaterial::Okp(OkpKey::new(OkpCurve::X25519, point.to_vec(), None).unwrap()))
    }

    fn agree(&self, peer: &KeyMaterial) -> Result<SecretOctets, KeyOperationError> {
        let KeyMaterial::Okp(peer) = peer else { return Err(KeyOperationError::Failed) };
        let point: [u8; 32] = peer.x().try_into().map_err(|_| KeyOperationError::Failed)?;
        match MontgomeryPoint(point).mul_clamped(self.0).to_bytes() {
            // what a point of small order gives
            [0, rest @ ..] if rest == [0; 31] => Err(KeyOperationError::Failed),
            secret => Ok(SecretOctets::new(secret.to_vec())),
        }
    }
}
