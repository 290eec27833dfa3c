use std::fmt;
use std::sync::Arc;

use super::error::KeyError;
use super::rules;
use crate::algorithm::JwsAlgorithm;
use crate::certificates;
use crate::crypto::{CryptoProvider, SignFailed, Signer};
use crate::hash::HashAlgorithm;
use crate::jwk::{Jwk, KeyMaterial, KeyOp, KeyUse};

/// A key prepared to sign with one algorithm, and no other. Cloning is cheap.
///
/// A key that is elsewhere, in a KMS or an HSM, comes in by [`with_signer`](Self::with_signer), which waits for its answers;
/// where nobody may wait, [`jws::SigningInput`](crate::jws::SigningInput) gives out what is to be signed and takes the
/// signature later. `examples/remote_signer.rs` does both, with a key on another thread.
///
/// ```
/// use avouch_jose::{JwkSet, JwsAlgorithm, SigningKey};
///
/// let crypto = avouch_jose_ring::provider();
/// let (key, private) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// let to_publish: JwkSet = key.public_jwk().cloned().into_iter().collect();
/// let to_keep_safe = private.to_private_json();
/// assert_eq!(key.kid(), private.kid());
/// # Ok::<(), avouch_jose::KeyError>(())
/// ```
#[derive(Clone)]
pub struct SigningKey {
    algorithm: JwsAlgorithm,
    kid: Option<String>,
    public: Option<Jwk>,
    signer: Arc<dyn Signer>,
}

impl SigningKey {
    /// Checks a private or symmetric key against an algorithm and prepares it.
    ///
    /// # Errors
    ///
    /// [`KeyError`] names the rule the key breaks.
    pub fn prepare(jwk: &Jwk, algorithm: JwsAlgorithm, crypto: &CryptoProvider) -> Result<Self, KeyError> {
        rules::check(jwk, algorithm, &KeyOp::SIGN)?;
        if !jwk.is_private() {
            return Err(KeyError::NotPrivate);
        }
        certificates::check(jwk, crypto)?;
        let signer = crypto.signatures.prepare_signer(algorithm, jwk.material())?;
        Ok(Self { algorithm, kid: jwk.kid().map(str::to_owned), public: jwk.public(), signer })
    }

    /// Prepares a private key in PKCS#8 DER. Without a `kid`, the key's SHA-256 thumbprint becomes it.
    ///
    /// # Errors
    ///
    /// [`KeyError`] names the rule the key breaks.
    pub fn from_pkcs8(
        der: &[u8],
        algorithm: JwsAlgorithm,
        kid: Option<&str>,
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        let (signer, public) = crypto.signatures.prepare_signer_pkcs8(algorithm, der)?;
        rules::material(&public, algorithm)?;
        let public = describe(public, algorithm, kid, crypto);
        Ok(Self { algorithm, kid: public.kid().map(str::to_owned), public: Some(public), signer })
    }

    /// Makes a new key with the backend's randomness and tells its private JWK, for keeping. Without a `kid`, an
    /// asymmetric key's SHA-256 thumbprint becomes it.
    ///
    /// # Errors
    ///
    /// [`KeyError::Unsupported`] where the backend cannot make keys for the algorithm.
    pub fn generate(
        algorithm: JwsAlgorithm,
        kid: Option<&str>,
        crypto: &CryptoProvider,
    ) -> Result<(Self, Jwk), KeyError> {
        let jwk = describe(crypto.signatures.generate(algorithm)?, algorithm, kid, crypto);
        Ok((Self::prepare(&jwk, algorithm, crypto)?, jwk))
    }

    /// Prepares a shared secret for a MAC; see [`VerifyingKey::hmac_secret`](crate::VerifyingKey::hmac_secret).
    ///
    /// # Errors
    ///
    /// [`KeyError::SecretTooShort`], or [`KeyError::KeyType`] if the algorithm is no MAC.
    pub fn hmac_secret(
        secret: &[u8],
        algorithm: JwsAlgorithm,
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        let material = rules::shared_secret(secret, algorithm)?;
        let signer = crypto.signatures.prepare_signer(algorithm, &material)?;
        Ok(Self { algorithm, kid: None, public: None, signer })
    }

    /// A key that somebody else holds: a KMS, an HSM, another process. The signer answers for the key rules.
    pub fn with_signer(algorithm: JwsAlgorithm, kid: Option<&str>, signer: Arc<dyn Signer>) -> Self {
        Self { algorithm, kid: kid.map(str::to_owned), public: None, signer }
    }

    /// Tells the public half of a key that somebody else holds, so that it can be published under the key's `kid`.
    ///
    /// # Errors
    ///
    /// [`KeyError`] names the rule the public key breaks; that it belongs to the signer nobody can tell.
    pub fn with_public_jwk(mut self, public: &Jwk) -> Result<Self, KeyError> {
        rules::check(public, self.algorithm, &KeyOp::VERIFY)?;
        certificates::check_key(public)?;
        self.public = match &self.kid {
            Some(kid) => public.public().map(|public| public.with_kid(kid)),
            None => public.public(),
        };
        Ok(self)
    }

    /// The one algorithm it signs with.
    pub fn algorithm(&self) -> JwsAlgorithm {
        self.algorithm
    }

    /// The `kid` that goes into headers.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The public half, to be published; `None` for a secret and for a key that somebody else holds.
    pub fn public_jwk(&self) -> Option<&Jwk> {
        self.public.as_ref()
    }

    /// Signs octets.
    ///
    /// # Errors
    ///
    /// [`SignFailed`] from the signer.
    pub fn sign(&self, input: &[u8]) -> Result<Vec<u8>, SignFailed> {
        self.signer.sign(input)
    }
}

fn describe(
    material: KeyMaterial,
    algorithm: JwsAlgorithm,
    kid: Option<&str>,
    crypto: &CryptoProvider,
) -> Jwk {
    let jwk = Jwk::new(material).with_use(KeyUse::SIGNATURE).with_algorithm(algorithm);
    match kid {
        Some(kid) => jwk.with_kid(kid),
        // the thumbprint of a secret would help to guess it
        None if algorithm.is_symmetric() => jwk,
        None => {
            let kid = jwk.thumbprint(HashAlgorithm::Sha256, crypto);
            jwk.with_kid(kid)
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
