//! The provider's signing keys.

use std::collections::BTreeSet;

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{Jwk, JwkSet, JwsAlgorithm, KeyError, KeyUse, SigningKey, VerifyingKeys};

/// The keys that sign ID Tokens, and everything that is published in the JWK Set.
///
/// A new key is published before it signs, and an old one as long as what it signed is of use: so the set
/// can hold more keys than sign.
///
/// ```
/// use avouch_jose::{JwsAlgorithm, SigningKey};
/// use avouch_provider::ProviderKeys;
///
/// let crypto = avouch_jose_ring::provider();
/// # let der = include_bytes!("../tests/data/rsa-2048.pk8");
/// let signs = SigningKey::from_pkcs8(der, JwsAlgorithm::RS256, None, &crypto)?;
/// let (comes_next, _) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// let published = comes_next.public_jwk().cloned().into_iter().collect();
/// let keys = ProviderKeys::new(vec![signs], published, &crypto)?;
/// assert_eq!(keys.published().keys().len(), 2);
/// assert!(keys.signer(JwsAlgorithm::ES256).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct ProviderKeys {
    signing: Vec<SigningKey>,
    published: JwkSet,
    verifying: VerifyingKeys,
}

/// Why keys cannot be a provider's.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderKeysError {
    /// None signs RS256, which every provider must support ([Core §15.1]).
    ///
    /// [Core §15.1]: https://openid.net/specs/openid-connect-core-1_0.html#ServerMTI
    #[error("no key signs RS256")]
    NoRs256,
    /// A MAC needs the client's secret, which is not kept.
    #[error("{0} is symmetric")]
    Symmetric(JwsAlgorithm),
    /// A key cannot be told from the others.
    #[error("a key has no kid")]
    NoKid,
    /// Two keys cannot be told apart.
    #[error("two keys have the kid {0:?}")]
    SameKid(String),
    /// The public half of a signing key is not among the published keys, and the key does not know it.
    #[error("the public half of the key {0:?} is not known")]
    NotPublic(String),
    /// A published key is not an asymmetric key.
    #[error("a published key is not an asymmetric key")]
    NotAsymmetric,
    /// The published keys cannot be used to verify.
    #[error("the published keys are of no use")]
    Key(#[from] KeyError),
}

impl ProviderKeys {
    /// Keys that sign, in order of preference for each algorithm, and further keys to publish: coming and
    /// retired ones, and the public halves of keys in a KMS, under the `kid` that these sign with.
    ///
    /// # Errors
    /// [`ProviderKeysError`] names the rule that is broken.
    pub fn new(
        signing: Vec<SigningKey>,
        further: Vec<Jwk>,
        crypto: &CryptoProvider,
    ) -> Result<Self, ProviderKeysError> {
        let mut published = Vec::new();
        for key in &signing {
            let algorithm = key.algorithm();
            if algorithm.is_symmetric() {
                return Err(ProviderKeysError::Symmetric(algorithm));
            }
            let kid = key.kid().ok_or(ProviderKeysError::NoKid)?;
            if let Some(public) = key.public_jwk() {
                let public = public.clone().with_kid(kid).with_algorithm(algorithm);
                published.push(public.with_use(KeyUse::SIGNATURE));
            } else if !further.iter().any(|jwk| jwk.kid() == Some(kid)) {
                return Err(ProviderKeysError::NotPublic(kid.to_owned()));
            }
        }
        for jwk in further {
            published.push(jwk.public().ok_or(ProviderKeysError::NotAsymmetric)?);
        }
        let mut kids = BTreeSet::new();
        for jwk in &published {
            let kid = jwk.kid().ok_or(ProviderKeysError::NoKid)?;
            if !kids.insert(kid) {
                return Err(ProviderKeysError::SameKid(kid.to_owned()));
            }
        }
        if !signing.iter().any(|key| key.algorithm() == JwsAlgorithm::RS256) {
            return Err(ProviderKeysError::NoRs256);
        }
        let asymmetric: Vec<_> = JwsAlgorithm::ALL
            .iter()
            .copied()
            .filter(|algorithm| !algorithm.is_symmetric() && crypto.signatures.supports(*algorithm))
            .collect();
        let published = JwkSet::new(published);
        let verifying = VerifyingKeys::prepare(&published, &asymmetric, crypto)?;
        Ok(Self { signing, published, verifying })
    }

    /// The key that signs with this algorithm.
    #[must_use]
    pub fn signer(&self, algorithm: JwsAlgorithm) -> Option<&SigningKey> {
        self.signing.iter().find(|key| key.algorithm() == algorithm)
    }

    /// The algorithms that ID Tokens can be signed with.
    pub fn algorithms(&self) -> impl Iterator<Item = JwsAlgorithm> {
        let mut seen = Vec::new();
        self.signing.iter().map(SigningKey::algorithm).filter(move |algorithm| {
            let new = !seen.contains(algorithm);
            seen.push(*algorithm);
            new
        })
    }

    /// What the JWK Set document holds: public keys only.
    #[must_use]
    pub fn published(&self) -> &JwkSet {
        &self.published
    }

    /// The published keys, to verify what was signed here.
    #[must_use]
    pub fn verifying(&self) -> &VerifyingKeys {
        &self.verifying
    }
}
