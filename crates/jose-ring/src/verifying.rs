use std::fmt;
use std::sync::Arc;

use avouch_jose::crypto::{CryptoProvider, SignatureBackend, Signer, Verifier};
use avouch_jose::{JwsAlgorithm, KeyError, KeyMaterial, SignatureScheme};

use crate::signatures::{supports, unsupported};
use crate::{ec, hash, hmac, okp, rsa};

/// Prepares keys of one family. Named by nothing but the method that asks for the family, so that a linker leaves out
/// what nobody asked for.
type Prepare = fn(JwsAlgorithm, &KeyMaterial) -> Result<Arc<dyn Verifier>, KeyError>;

/// What verifies and does nothing else, with the families of algorithms that are asked for; at first with none.
///
/// [`provider`](crate::provider) signs and encrypts as well, and a program contains all that its provider can do. One that
/// verifies signatures of one family is a third smaller with this.
///
/// ```
/// use avouch_jose::JwsAlgorithm;
/// use avouch_jose_ring::VerifyOnly;
///
/// let crypto = VerifyOnly::new().rsa().provider();
/// assert!(crypto.signatures.supports(JwsAlgorithm::RS256));
/// assert!(!crypto.signatures.supports(JwsAlgorithm::ES256));
/// assert!(crypto.signatures.generate(JwsAlgorithm::RS256).is_err());
/// ```
#[derive(Clone, Copy, Default)]
#[must_use]
pub struct VerifyOnly {
    rsa: Option<Prepare>,
    ecdsa: Option<Prepare>,
    ed25519: Option<Prepare>,
    hmac: Option<Prepare>,
}

impl VerifyOnly {
    pub(crate) const ALL: Self = Self::new().rsa().ecdsa().ed25519().hmac();

    /// No algorithm.
    pub const fn new() -> Self {
        Self { rsa: None, ecdsa: None, ed25519: None, hmac: None }
    }

    /// And RS256, RS384, RS512, PS256, PS384, PS512.
    pub const fn rsa(self) -> Self {
        fn prepare(algorithm: JwsAlgorithm, key: &KeyMaterial) -> Result<Arc<dyn Verifier>, KeyError> {
            match key {
                KeyMaterial::Rsa(key) => rsa::verifier(algorithm, key),
                _ => Err(unsupported(algorithm, "the key type")),
            }
        }
        Self { rsa: Some(prepare), ..self }
    }

    /// And ES256, ES384.
    pub const fn ecdsa(self) -> Self {
        fn prepare(algorithm: JwsAlgorithm, key: &KeyMaterial) -> Result<Arc<dyn Verifier>, KeyError> {
            match key {
                KeyMaterial::Ec(key) => ec::verifier(algorithm, key),
                _ => Err(unsupported(algorithm, "the key type")),
            }
        }
        Self { ecdsa: Some(prepare), ..self }
    }

    /// And EdDSA with Ed25519.
    pub const fn ed25519(self) -> Self {
        fn prepare(algorithm: JwsAlgorithm, key: &KeyMaterial) -> Result<Arc<dyn Verifier>, KeyError> {
            match key {
                KeyMaterial::Okp(key) => okp::verifier(algorithm, key),
                _ => Err(unsupported(algorithm, "the key type")),
            }
        }
        Self { ed25519: Some(prepare), ..self }
    }

    /// And HS256, HS384, HS512.
    pub const fn hmac(self) -> Self {
        fn prepare(algorithm: JwsAlgorithm, key: &KeyMaterial) -> Result<Arc<dyn Verifier>, KeyError> {
            match (algorithm.scheme(), key) {
                (SignatureScheme::Hmac(hash), KeyMaterial::Oct(secret)) => {
                    Ok(Arc::new(hmac::key(algorithm, hash, secret)?))
                }
                _ => Err(unsupported(algorithm, "the key type")),
            }
        }
        Self { hmac: Some(prepare), ..self }
    }

    /// A provider of these, and of the hash functions.
    #[must_use]
    pub fn provider(self) -> CryptoProvider {
        CryptoProvider::new(Arc::new(self), Arc::new(hash::Ring))
    }

    /// The algorithm decides, not the key: a secret under the name of a signature would make a MAC pass for one.
    fn family(&self, algorithm: JwsAlgorithm) -> Option<Prepare> {
        match algorithm.scheme() {
            SignatureScheme::RsaPkcs1(_) | SignatureScheme::RsaPss(_) => self.rsa,
            SignatureScheme::Ecdsa(..) => self.ecdsa,
            SignatureScheme::Ed25519 => self.ed25519,
            SignatureScheme::Hmac(_) => self.hmac,
            _ => None,
        }
    }
}

impl SignatureBackend for VerifyOnly {
    fn supports(&self, algorithm: JwsAlgorithm) -> bool {
        self.family(algorithm).is_some() && supports(algorithm)
    }

    fn prepare_verifier(
        &self,
        algorithm: JwsAlgorithm,
        key: &KeyMaterial,
    ) -> Result<Arc<dyn Verifier>, KeyError> {
        let prepare = self.family(algorithm).ok_or_else(|| unsupported(algorithm, "the key type"))?;
        prepare(algorithm, key)
    }

    fn prepare_signer(&self, algorithm: JwsAlgorithm, _: &KeyMaterial) -> Result<Arc<dyn Signer>, KeyError> {
        Err(unsupported(algorithm, "signing"))
    }

    fn prepare_signer_pkcs8(
        &self,
        algorithm: JwsAlgorithm,
        _: &[u8],
    ) -> Result<(Arc<dyn Signer>, KeyMaterial), KeyError> {
        Err(unsupported(algorithm, "signing"))
    }

    fn generate(&self, algorithm: JwsAlgorithm) -> Result<KeyMaterial, KeyError> {
        Err(unsupported(algorithm, "making keys"))
    }
}

impl fmt::Debug for VerifyOnly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyOnly")
            .field("rsa", &self.rsa.is_some())
            .field("ecdsa", &self.ecdsa.is_some())
            .field("ed25519", &self.ed25519.is_some())
            .field("hmac", &self.hmac.is_some())
            .finish()
    }
}
