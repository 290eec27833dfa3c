use std::fmt;
use std::sync::Arc;

use super::error::KeyError;
use super::rules;
use crate::algorithm::JwsAlgorithm;
use crate::certificates;
use crate::crypto::{CryptoProvider, SignatureInvalid, Verifier};
use crate::jwk::{Jwk, KeyMaterial, KeyOp};

/// A key prepared to verify signatures of one algorithm, and no other. Cloning is cheap.
///
/// ```
/// use avouch_jose::{Jwk, JwsAlgorithm, Limits, VerifyingKey};
///
/// let crypto = avouch_jose_ring::provider();
/// let jwk = Jwk::from_json(
///     br#"{"kty":"OKP","crv":"Ed25519","use":"sig","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
///     &Limits::default(),
/// )?;
/// let key = VerifyingKey::prepare(&jwk, JwsAlgorithm::ED25519, &crypto)?;
/// assert_eq!(key.algorithm(), JwsAlgorithm::ED25519);
/// assert!(VerifyingKey::prepare(&jwk, JwsAlgorithm::ES256, &crypto).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct VerifyingKey {
    algorithm: JwsAlgorithm,
    kid: Option<Arc<str>>,
    x5t_s256: Option<Arc<str>>,
    x5t: Option<Arc<str>>,
    verifier: Arc<dyn Verifier>,
    /// What makes it this key and no other: neither the algorithm nor what it is called. Never a private half, but of a
    /// MAC the secret.
    identity: KeyMaterial,
}

impl VerifyingKey {
    /// Checks a key against an algorithm and prepares it. Of a private key the public half is used.
    ///
    /// # Errors
    ///
    /// [`KeyError`] names the rule the key breaks.
    pub fn prepare(jwk: &Jwk, algorithm: JwsAlgorithm, crypto: &CryptoProvider) -> Result<Self, KeyError> {
        rules::check(jwk, algorithm, &KeyOp::VERIFY)?;
        let x5t_s256 = certificates::check(jwk, crypto)?.map(Arc::from);
        let verifier = crypto.signatures.prepare_verifier(algorithm, jwk.material())?;
        Ok(Self {
            algorithm,
            kid: jwk.shared_kid(),
            x5t_s256,
            x5t: jwk.x5t().map(Arc::from),
            verifier,
            identity: identity(jwk.material()),
        })
    }

    /// Prepares a shared secret for a MAC: the octets themselves, at least as many as the hash puts out
    /// ([RFC 7518 §3.2](https://www.rfc-editor.org/rfc/rfc7518#section-3.2)).
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
        let verifier = crypto.signatures.prepare_verifier(algorithm, &material)?;
        Ok(Self { algorithm, kid: None, x5t_s256: None, x5t: None, verifier, identity: material })
    }

    /// The one algorithm it verifies.
    pub fn algorithm(&self) -> JwsAlgorithm {
        self.algorithm
    }

    /// The `kid` of the key.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The SHA-256 thumbprint of the key's certificate: its `x5t#S256`, or computed from its `x5c`. A header may name the
    /// key by it ([RFC 7515 §4.1.8](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.8)).
    pub fn x5t_s256(&self) -> Option<&str> {
        self.x5t_s256.as_deref()
    }

    /// The key's `x5t`, as it was told.
    pub fn x5t(&self) -> Option<&str> {
        self.x5t.as_deref()
    }

    /// The same for all that were prepared from one key.
    pub(crate) fn identity(&self) -> &KeyMaterial {
        &self.identity
    }

    /// Checks a signature over octets.
    ///
    /// # Errors
    ///
    /// [`SignatureInvalid`], whatever is wrong.
    pub fn verify(&self, input: &[u8], signature: &[u8]) -> Result<(), SignatureInvalid> {
        // a DER-encoded or stripped ECDSA signature must not reach the curve
        if !self.algorithm.signature_len().contains(&signature.len()) {
            return Err(SignatureInvalid);
        }
        self.verifier.verify(input, signature)
    }
}

fn identity(material: &KeyMaterial) -> KeyMaterial {
    material.public().unwrap_or_else(|| material.clone())
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
