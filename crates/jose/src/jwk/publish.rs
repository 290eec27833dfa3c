use std::error::Error;
use std::fmt;

use super::{Jwk, JwkSet, KeyOp, KeyUse, OkpCurve};
use crate::algorithm::{JweAlgorithm, JwsAlgorithm};
use crate::jwk::KeyMaterial;
use crate::name::Quoted;

impl JwkSet {
    /// The public halves of these keys as a set that others can choose from: each `kid` is there once for a type of key
    /// ([RFC 7517 §4.5]), and where some keys are for signatures and some for encryption, each says by `use` what it is for
    /// ([RFC 8414 §2]).
    ///
    /// ```
    /// use avouch_jose::{JwkSet, JwsAlgorithm, PublicationError, SigningKey};
    ///
    /// let crypto = avouch_jose_ring::provider();
    /// let (_, now) = SigningKey::generate(JwsAlgorithm::ES256, Some("2026-11"), &crypto)?;
    /// let (_, next) = SigningKey::generate(JwsAlgorithm::ES256, Some("2026-12"), &crypto)?;
    /// let set = JwkSet::to_publish([&now, &next])?;
    /// assert!(set.keys().iter().all(|key| !key.is_private()));
    ///
    /// let twice = JwkSet::to_publish([&now, &now]);
    /// assert!(matches!(twice, Err(PublicationError::DuplicateKid { .. })));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`PublicationError`] names the rule and the key.
    ///
    /// [RFC 7517 §4.5]: https://www.rfc-editor.org/rfc/rfc7517#section-4.5
    /// [RFC 8414 §2]: https://www.rfc-editor.org/rfc/rfc8414#section-2
    pub fn to_publish<'k>(keys: impl IntoIterator<Item = &'k Jwk>) -> Result<Self, PublicationError> {
        let mut public: Vec<Jwk> = Vec::new();
        for (index, key) in keys.into_iter().enumerate() {
            let key = key.public().ok_or(PublicationError::Symmetric { index })?;
            let same = |other: &&Jwk| other.kid() == key.kid() && other.key_type() == key.key_type();
            if let Some(kid) = key.kid().filter(|_| public.iter().any(|other| same(&other))) {
                return Err(PublicationError::DuplicateKid { index, kid: kid.to_owned() });
            }
            public.push(key);
        }
        let purposes: Vec<_> = public.iter().filter_map(purpose).collect();
        let is_mixed = [KeyUse::SIGNATURE, KeyUse::ENCRYPTION].iter().all(|each| purposes.contains(each));
        match public.iter().position(|key| key.key_use().is_none()) {
            Some(index) if is_mixed => return Err(PublicationError::UseMissing { index }),
            _ => {}
        }
        Ok(public.into_iter().collect())
    }
}

/// What a key is for, as far as it can be told.
fn purpose(key: &Jwk) -> Option<KeyUse> {
    if let Some(key_use) = key.key_use() {
        return Some(key_use.clone());
    }
    if let Some(op) = key.key_ops().and_then(<[KeyOp]>::first) {
        let is_signature = *op == KeyOp::SIGN || *op == KeyOp::VERIFY;
        return Some(if is_signature { KeyUse::SIGNATURE } else { KeyUse::ENCRYPTION });
    }
    match (key.alg(), key.material()) {
        (Some(alg), _) if JwsAlgorithm::from_name(alg).is_some() => Some(KeyUse::SIGNATURE),
        (Some(alg), _) if JweAlgorithm::from_name(alg).is_some() => Some(KeyUse::ENCRYPTION),
        (_, KeyMaterial::Okp(key)) => Some(match key.curve() {
            OkpCurve::Ed25519 | OkpCurve::Ed448 => KeyUse::SIGNATURE,
            OkpCurve::X25519 | OkpCurve::X448 => KeyUse::ENCRYPTION,
        }),
        _ => None,
    }
}

/// Why keys cannot be published as one set. Places count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicationError {
    /// A symmetric key has no public half.
    Symmetric {
        /// The place of the key.
        index: usize,
    },
    /// Another key of the same type has the same `kid`.
    DuplicateKid {
        /// The place of the second of them.
        index: usize,
        /// The name.
        kid: String,
    },
    /// The set has keys for signatures and keys for encryption, and this one does not say what it is for.
    UseMissing {
        /// The place of the key.
        index: usize,
    },
}

impl fmt::Display for PublicationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Symmetric { index } => write!(f, "key {index} is symmetric and cannot be published"),
            Self::DuplicateKid { index, kid } => {
                write!(f, "key {index} has the kid {} of another key", Quoted(kid))
            }
            Self::UseMissing { index } => {
                write!(f, "key {index} lacks \"use\" in a set for signatures and encryption")
            }
        }
    }
}

impl Error for PublicationError {}
