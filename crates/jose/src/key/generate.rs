use zeroize::Zeroizing;

use super::error::KeyError;
use crate::algorithm::AgreementCurve;
use crate::crypto::{CryptoProvider, RandomError, SecureRandom, new_agreement};
use crate::jwk::{EcKey, Jwk, KeyMaterial, KeyUse, OkpKey};

/// New keys to encrypt with.
impl Jwk {
    /// A new symmetric key of so many octets, for `use` `enc`: 16, 24 or 32 for the key wraps, for `dir` as many as
    /// [`ContentEncryption::key_len`](crate::ContentEncryption::key_len) says.
    ///
    /// # Errors
    ///
    /// [`RandomError`] from the source.
    pub fn generate_secret(octets: usize, random: &dyn SecureRandom) -> Result<Self, RandomError> {
        let mut secret = Zeroizing::new(vec![0; octets]);
        random.fill(&mut secret)?;
        Ok(Self::new(KeyMaterial::Oct(secret.into())).with_use(KeyUse::ENCRYPTION))
    }

    /// A new private key to agree with, for `use` `enc`.
    ///
    /// ```
    /// use avouch_jose::{AgreementCurve, DecryptionKey, Jwk, JweAlgorithm};
    ///
    /// let crypto = avouch_jose_aws_lc::provider();
    /// let jwk = Jwk::generate_agreement(AgreementCurve::P256, &avouch_jose_aws_lc::SystemRandom::new(), &crypto)?.with_kid("1");
    /// let key = DecryptionKey::prepare(&jwk, JweAlgorithm::ECDH_ES_A256KW, &crypto)?;
    /// let published = jwk.public();
    /// # assert!(published.is_some());
    /// # Ok::<(), avouch_jose::KeyError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`KeyError::Lacking`] if the backend does not keep keys on that curve, [`KeyError::Random`] from the source.
    pub fn generate_agreement(
        curve: AgreementCurve,
        random: &dyn SecureRandom,
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        let (agreement, private) = new_agreement(&*crypto.encryption, curve, random)?;
        let material = match agreement.public()? {
            KeyMaterial::Ec(key) => {
                EcKey::new(key.curve(), key.x().to_vec(), key.y().to_vec(), Some(private))
                    .map(KeyMaterial::Ec)
            }
            KeyMaterial::Okp(key) => {
                OkpKey::new(key.curve(), key.x().to_vec(), Some(private)).map(KeyMaterial::Okp)
            }
            other => Ok(other),
        };
        let material =
            material.map_err(|_| KeyError::Rejected { reason: "the private key has the wrong width" })?;
        Ok(Self::new(material).with_use(KeyUse::ENCRYPTION))
    }
}
