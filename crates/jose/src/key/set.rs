use std::collections::BTreeMap;

use super::error::KeyError;
use super::verifying::VerifyingKey;
use crate::algorithm::JwsAlgorithm;
use crate::crypto::CryptoProvider;
use crate::jwk::{Jwk, JwkSet};
use crate::jws::Header;

/// The keys one issuer signs with, prepared for the algorithms that are allowed.
///
/// A header's `alg` and `kid` select among them. By default one key must result: several are an error unless
/// [`with_trial_limit`](Self::with_trial_limit) allows to try them, and a `kid` that no key has selects nothing.
///
/// ```
/// use avouch_jose::{JwkSet, JwsAlgorithm, SigningKey, VerifyingKeys};
///
/// let crypto = avouch_jose_ring::provider();
/// let (key, _) = SigningKey::generate(JwsAlgorithm::ES256, Some("1"), &crypto)?;
/// let published: JwkSet = key.public_jwk().cloned().into_iter().collect();
/// let keys = VerifyingKeys::prepare(&published, &[JwsAlgorithm::ES256], &crypto)?;
/// assert_eq!(keys.keys().len(), 1);
/// assert!(keys.rejected().is_empty());
/// # Ok::<(), avouch_jose::KeyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct VerifyingKeys {
    allowed: Vec<JwsAlgorithm>,
    keys: Vec<VerifyingKey>,
    /// Places in `keys`, by `kid`.
    by_kid: BTreeMap<String, Vec<usize>>,
    rejected: Vec<RejectedKey>,
    trial_limit: usize,
    /// How many keys the set had before they were prepared, also those that could not be read.
    sources: usize,
    lone_key_needs_no_kid: bool,
}

/// A key of a set that fits none of the allowed algorithms.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RejectedKey {
    /// Its place in [`JwkSet::keys`].
    pub index: usize,
    /// Its `kid`.
    pub kid: Option<String>,
    /// For each algorithm it was tried with, the rule it breaks.
    pub reasons: Vec<(JwsAlgorithm, KeyError)>,
}

/// Which keys a header selects.
#[derive(Clone, Debug)]
pub enum Selection<'a> {
    /// None: the issuer may have new keys, or the token is not for these keys.
    None,
    /// Exactly one.
    One(&'a VerifyingKey),
    /// Several that the header does not tell apart, in the order of the set.
    Several(Vec<&'a VerifyingKey>),
}

impl VerifyingKeys {
    /// Prepares each public key of a set for each allowed algorithm it fits. Keys that fit none do not disturb:
    /// [`rejected`](Self::rejected) tells why. So does a private or symmetric key, which has no business in the set.
    ///
    /// # Errors
    ///
    /// [`KeyError::NoAlgorithms`] if nothing is allowed, [`KeyError::SymmetricAlgorithm`] if a symmetric algorithm is.
    pub fn prepare(
        set: &JwkSet,
        allowed: &[JwsAlgorithm],
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        if allowed.is_empty() {
            return Err(KeyError::NoAlgorithms);
        }
        if let Some(symmetric) = allowed.iter().find(|algorithm| algorithm.is_symmetric()) {
            return Err(KeyError::SymmetricAlgorithm((*symmetric).into()));
        }
        let mut keys = Vec::with_capacity(set.keys().len());
        let mut rejected = Vec::new();
        for (index, jwk) in set.keys().iter().enumerate() {
            let before = keys.len();
            let mut reasons = Vec::new();
            for &algorithm in allowed {
                match prepare_public(jwk, algorithm, crypto) {
                    Ok(key) => keys.push(key),
                    Err(reason) => reasons.push((algorithm, reason)),
                }
            }
            if keys.len() == before {
                rejected.push(RejectedKey { index, kid: jwk.kid().map(str::to_owned), reasons });
            }
        }
        let sources = set.keys().len() + set.skipped().len();
        Ok(Self::new(allowed.to_vec(), keys, rejected, sources))
    }

    /// One key that the caller named: a shared secret, a pinned key. Its algorithm is the only one allowed. If it has
    /// no `kid` itself, a `kid` in the header does not matter.
    pub fn single(key: VerifyingKey) -> Self {
        Self { lone_key_needs_no_kid: true, ..Self::new(vec![key.algorithm()], vec![key], Vec::new(), 1) }
    }

    /// Keys that were prepared one by one; their algorithms are the ones allowed.
    ///
    /// # Errors
    ///
    /// [`KeyError::NoAlgorithms`] if there is no key, [`KeyError::SymmetryMixed`] if some keys are symmetric and some
    /// are not: whoever may verify with the former could sign in the name of the latter.
    pub fn from_keys(keys: Vec<VerifyingKey>) -> Result<Self, KeyError> {
        let mut allowed = Vec::new();
        for key in &keys {
            if !allowed.contains(&key.algorithm()) {
                allowed.push(key.algorithm());
            }
        }
        if allowed.is_empty() {
            return Err(KeyError::NoAlgorithms);
        }
        let symmetric = allowed.iter().filter(|algorithm| algorithm.is_symmetric()).count();
        if symmetric != 0 && symmetric != allowed.len() {
            return Err(KeyError::SymmetryMixed);
        }
        let sources = keys.len();
        Ok(Self::new(allowed, keys, Vec::new(), sources))
    }

    fn new(
        allowed: Vec<JwsAlgorithm>,
        keys: Vec<VerifyingKey>,
        rejected: Vec<RejectedKey>,
        sources: usize,
    ) -> Self {
        let mut by_kid = BTreeMap::<String, Vec<usize>>::new();
        for (place, key) in keys.iter().enumerate() {
            if let Some(kid) = key.kid() {
                by_kid.entry(kid.to_owned()).or_default().push(place);
            }
        }
        Self { allowed, keys, by_kid, rejected, trial_limit: 1, sources, lone_key_needs_no_kid: false }
    }

    /// Tries up to so many keys where a header does not tell them apart; 1 by default. Each trial costs a signature
    /// verification.
    #[must_use]
    pub fn with_trial_limit(mut self, keys: usize) -> Self {
        self.trial_limit = keys;
        self
    }

    /// Lets the only key of the set, if it has no `kid`, stand for whatever `kid` a header names. A set with a second
    /// entry has no only key, whatever became of that entry.
    #[must_use]
    pub fn allowing_lone_key_without_kid(mut self) -> Self {
        self.lone_key_needs_no_kid = true;
        self
    }

    /// The algorithms that are allowed.
    pub fn allowed(&self) -> &[JwsAlgorithm] {
        &self.allowed
    }

    /// The prepared keys: a JWK that fits two allowed algorithms is here twice.
    pub fn keys(&self) -> &[VerifyingKey] {
        &self.keys
    }

    /// The keys of the set that fit no allowed algorithm.
    pub fn rejected(&self) -> &[RejectedKey] {
        &self.rejected
    }

    /// How many keys may be tried for one token.
    pub fn trial_limit(&self) -> usize {
        self.trial_limit
    }

    /// The keys that a header selects: those of its `alg`, and if it has a `kid`, of that `kid`.
    pub fn select(&self, header: &Header) -> Selection<'_> {
        let fits = |key: &&VerifyingKey| key.algorithm().name() == header.alg();
        let mut selected: Vec<&VerifyingKey> = match header.kid() {
            None => self.keys.iter().filter(fits).collect(),
            Some(kid) => match self.by_kid.get(kid) {
                Some(places) => {
                    places.iter().filter_map(|&place| self.keys.get(place)).filter(fits).collect()
                }
                None if self.has_lone_key_without_kid() => self.keys.iter().filter(fits).collect(),
                None => Vec::new(),
            },
        };
        match selected.len() {
            0 => Selection::None,
            1 => selected.pop().map_or(Selection::None, Selection::One),
            _ => Selection::Several(selected),
        }
    }

    fn has_lone_key_without_kid(&self) -> bool {
        self.lone_key_needs_no_kid && self.sources == 1 && self.by_kid.is_empty()
    }
}

fn prepare_public(
    jwk: &Jwk,
    algorithm: JwsAlgorithm,
    crypto: &CryptoProvider,
) -> Result<VerifyingKey, KeyError> {
    if jwk.is_private() {
        return Err(KeyError::SecretInPublicSet);
    }
    VerifyingKey::prepare(jwk, algorithm, crypto)
}
