//! JSON Web Keys and sets of them ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)).

mod curve;
mod equation;
mod error;
mod material;
mod members;
mod name;
mod parse;
mod print;
mod private;
mod publish;
mod secret;
mod set;
mod thumbprint;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::algorithm::JwsAlgorithm;
use crate::certificates::CertificateChain;
use crate::limits::Limits;
use crate::name::open_name;

pub use curve::{EcCurve, KeyType, OkpCurve};
pub use error::JwkError;
use members::Members;
use private::Received;
pub(crate) use private::{PRIVATE_MEMBERS, wipe};

pub use material::{AkpKey, EcKey, KeyMaterial, OkpKey, RsaCrt, RsaKey, RsaPrivate};
pub use publish::PublicationError;
pub use secret::SecretOctets;
pub(crate) use secret::same_secret;
pub use set::{JwkSet, JwkSetError, SkippedKey};
pub use thumbprint::{ThumbprintUri, ThumbprintUriError};

open_name! {
    /// What a key is for: `use` ([RFC 7517 §4.2](https://www.rfc-editor.org/rfc/rfc7517#section-4.2)).
    KeyUse {
        /// `sig`: signatures and MACs.
        SIGNATURE = "sig",
        /// `enc`: encryption, key wrapping and key agreement.
        ENCRYPTION = "enc",
    }
}

open_name! {
    /// One operation of `key_ops` ([RFC 7517 §4.3](https://www.rfc-editor.org/rfc/rfc7517#section-4.3)).
    KeyOp {
        /// Compute a signature or MAC.
        SIGN = "sign",
        /// Verify a signature or MAC.
        VERIFY = "verify",
        /// Encrypt content.
        ENCRYPT = "encrypt",
        /// Decrypt content.
        DECRYPT = "decrypt",
        /// Encrypt a key.
        WRAP_KEY = "wrapKey",
        /// Decrypt a key.
        UNWRAP_KEY = "unwrapKey",
        /// Derive a key.
        DERIVE_KEY = "deriveKey",
        /// Derive bits that are no key.
        DERIVE_BITS = "deriveBits",
    }
}

/// A JSON Web Key, public or private, whose octets have been decoded and whose widths have been checked.
///
/// Reading is strict: canonical base64url, integers without leading zeros, coordinates exactly as wide as their curve.
/// Whether the key suits an algorithm is asked when it is prepared ([`VerifyingKey`](crate::VerifyingKey),
/// [`SigningKey`](crate::SigningKey)). [`Debug`](fmt::Debug) and [`Serialize`](serde::Serialize) show the public half
/// only; the one way to write the private half is [`to_private_json`](Self::to_private_json).
///
/// ```
/// use avouch_jose::{HashAlgorithm, Jwk, Limits};
///
/// let jwk = Jwk::from_json(br#"{
///     "kty":"OKP", "crv":"Ed25519", "kid":"2026-08", "use":"sig",
///     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
///     "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
/// }"#, &Limits::default())?;
/// assert!(jwk.is_private());
/// assert_eq!(jwk.kid(), Some("2026-08"));
/// assert_eq!(
///     jwk.thumbprint(HashAlgorithm::Sha256, &avouch_jose_ring::provider()),
///     "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
/// );
/// let public = jwk.public().ok_or("an oct key has no public half")?;
/// assert!(!public.is_private());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Jwk {
    material: KeyMaterial,
    kid: Option<Arc<str>>,
    key_use: Option<KeyUse>,
    key_ops: Option<Vec<KeyOp>>,
    alg: Option<Cow<'static, str>>,
    extra: Map<String, Value>,
}

impl Jwk {
    /// A key of this material with no other member. `AKP` alone has an `alg`, which is part of the key.
    pub fn new(material: KeyMaterial) -> Self {
        let alg = material.algorithm_name().map(Cow::Borrowed);
        Self { material, kid: None, key_use: None, key_ops: None, alg, extra: Map::new() }
    }

    /// Sets `kid`.
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<String>) -> Self {
        self.kid = Some(kid.into().into());
        self
    }

    /// Sets `use`.
    #[must_use]
    pub fn with_use(mut self, key_use: KeyUse) -> Self {
        self.key_use = Some(key_use);
        self
    }

    /// Sets `key_ops`: one operation, or the two that belong together ([RFC 7517 §4.3]).
    ///
    /// # Errors
    ///
    /// [`JwkError::UnrelatedKeyOps`] for operations that do not belong together, [`JwkError::DuplicateKeyOp`].
    ///
    /// [RFC 7517 §4.3]: https://www.rfc-editor.org/rfc/rfc7517#section-4.3
    pub fn with_key_ops(mut self, ops: &[KeyOp]) -> Result<Self, JwkError> {
        for (place, op) in ops.iter().enumerate() {
            let before = ops.get(..place).unwrap_or_default();
            if before.contains(op) {
                return Err(JwkError::DuplicateKeyOp(op.as_str().to_owned()));
            }
            if let Some(first) = before.first().filter(|first| !belong_together(first, op)) {
                let [first, other] = [first, op].map(|op| op.as_str().to_owned());
                return Err(JwkError::UnrelatedKeyOps { first, other });
            }
        }
        self.key_ops = Some(ops.to_vec());
        Ok(self)
    }

    /// Sets `alg`; that of an `AKP` key stays what it is.
    #[must_use]
    pub fn with_algorithm(mut self, algorithm: JwsAlgorithm) -> Self {
        self.alg = Some(Cow::Borrowed(self.material.algorithm_name().unwrap_or(algorithm.name())));
        self
    }

    /// Reads a key.
    ///
    /// # Errors
    ///
    /// [`JwkError`] names the member and the rule it breaks.
    pub fn from_json(json: &[u8], limits: &Limits) -> Result<Self, JwkError> {
        let document = avouch_json::ObjectView::read(json, &limits.json)?;
        parse::jwk(&mut Members::of_texts(document.members()))
    }

    /// Reads a key that is a member of a document which has already been read strictly (`cnf`, a header, metadata).
    ///
    /// # Errors
    ///
    /// [`JwkError`] names the member and the rule it breaks.
    pub fn from_value(mut value: Value) -> Result<Self, JwkError> {
        let received = Received(&mut value);
        let members = received.0.as_object().ok_or(JwkError::NotAnObject)?;
        parse::jwk(&mut Members::of_values(members))
    }

    /// The key itself.
    pub fn material(&self) -> &KeyMaterial {
        &self.material
    }

    /// `kty`.
    pub fn key_type(&self) -> KeyType {
        self.material.key_type()
    }

    /// `kid`, an opaque text that is only ever compared ([RFC 7517 §4.5](https://www.rfc-editor.org/rfc/rfc7517#section-4.5)).
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The same, to be shared.
    pub(crate) fn shared_kid(&self) -> Option<Arc<str>> {
        self.kid.clone()
    }

    /// `use`.
    pub fn key_use(&self) -> Option<&KeyUse> {
        self.key_use.as_ref()
    }

    /// `key_ops`.
    pub fn key_ops(&self) -> Option<&[KeyOp]> {
        self.key_ops.as_deref()
    }

    /// `alg`, whether this crate knows it or not. That of an `AKP` key is part of the key.
    pub fn alg(&self) -> Option<&str> {
        self.alg.as_deref()
    }

    /// `x5c`: the certificates beside the key, which must be the key's own when it is prepared and never make it trusted
    /// ([RFC 7517 §4.7](https://www.rfc-editor.org/rfc/rfc7517#section-4.7)).
    pub fn certificates(&self) -> Option<CertificateChain> {
        self.extra.get("x5c").and_then(CertificateChain::from_value)
    }

    /// `x5t#S256`: the SHA-256 thumbprint of the key's certificate
    /// ([RFC 7517 §4.9](https://www.rfc-editor.org/rfc/rfc7517#section-4.9)), which is only ever compared.
    pub fn x5t_s256(&self) -> Option<&str> {
        self.extra.get("x5t#S256").and_then(Value::as_str)
    }

    /// `x5t`: the SHA-1 thumbprint of the key's certificate
    /// ([RFC 7517 §4.8](https://www.rfc-editor.org/rfc/rfc7517#section-4.8)), a hint that is compared and never computed.
    pub fn x5t(&self) -> Option<&str> {
        self.extra.get("x5t").and_then(Value::as_str)
    }

    /// Every other member: `x5c` and its kin, and what nobody registered.
    pub fn extra(&self) -> &Map<String, Value> {
        &self.extra
    }

    /// True if it holds a private key or is itself a secret (`oct`).
    pub fn is_private(&self) -> bool {
        self.material.is_private()
    }

    /// The public half; `None` for `oct`, which has none. `key_ops` turn into what others do with it: `sign` into
    /// `verify`, `decrypt` into `encrypt`, `unwrapKey` into `wrapKey`.
    pub fn public(&self) -> Option<Self> {
        let key_ops = self.key_ops.as_ref().map(|ops| {
            let mut public = Vec::with_capacity(ops.len());
            for op in ops.iter().map(public_op) {
                if !public.contains(&op) {
                    public.push(op);
                }
            }
            public
        });
        Some(Self { material: self.material.public()?, key_ops, ..self.clone() })
    }
}

fn belong_together(a: &KeyOp, b: &KeyOp) -> bool {
    [[KeyOp::SIGN, KeyOp::VERIFY], [KeyOp::ENCRYPT, KeyOp::DECRYPT], [KeyOp::WRAP_KEY, KeyOp::UNWRAP_KEY]]
        .iter()
        .any(|pair| pair.contains(a) && pair.contains(b))
}

fn public_op(op: &KeyOp) -> KeyOp {
    match op {
        op if *op == KeyOp::SIGN => KeyOp::VERIFY,
        op if *op == KeyOp::DECRYPT => KeyOp::ENCRYPT,
        op if *op == KeyOp::UNWRAP_KEY => KeyOp::WRAP_KEY,
        op => op.clone(),
    }
}

impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwk")
            .field("kid", &self.kid)
            .field("use", &self.key_use)
            .field("key_ops", &self.key_ops)
            .field("alg", &self.alg)
            .field("material", &self.material)
            // an unregistered member may be as secret as a registered one
            .field("extra", &self.extra.keys().collect::<Vec<_>>())
            .finish()
    }
}
