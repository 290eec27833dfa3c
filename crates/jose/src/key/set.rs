use std::cmp::Ordering;

use super::certificate::CertificateHint;
use super::error::KeyError;
use super::verifying::VerifyingKey;
use crate::algorithm::JwsAlgorithm;
use crate::crypto::CryptoProvider;
use crate::jwk::{Jwk, JwkSet};
use crate::jws::Header;

/// The keys one issuer signs with, prepared for the algorithms that are allowed.
///
/// A header's `alg` and `kid`, or the thumbprint of a certificate, select among them. By default one key must result:
/// several are an error unless
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
    /// Places in `keys` of those that have a `kid`, in the order of `kid` and then of `keys`.
    by_kid: Vec<usize>,
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
        // what is named twice is allowed once, or each key would be there twice and in doubt with itself
        let mut distinct = Vec::with_capacity(allowed.len());
        for algorithm in allowed {
            if !distinct.contains(algorithm) {
                distinct.push(*algorithm);
            }
        }
        let allowed = distinct;
        let mut keys = Vec::with_capacity(set.keys().len());
        let mut rejected = Vec::new();
        for (index, jwk) in set.keys().iter().enumerate() {
            let before = keys.len();
            keys.extend(allowed.iter().filter_map(|&algorithm| prepare_public(jwk, algorithm, crypto).ok()));
            if keys.len() == before {
                // asked for once more, since most keys fit one algorithm and nobody wants to know why not the others
                let reason = |&algorithm| Some((algorithm, prepare_public(jwk, algorithm, crypto).err()?));
                let reasons = allowed.iter().filter_map(reason).collect();
                rejected.push(RejectedKey { index, kid: jwk.kid().map(str::to_owned), reasons });
            }
        }
        let sources = set.keys().len() + set.skipped().len();
        Ok(Self::new(allowed, keys, rejected, sources))
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
        let mut by_kid: Vec<(Option<&str>, usize)> =
            keys.iter().enumerate().map(|(place, key)| (key.kid(), place)).collect();
        by_kid.retain(|(kid, _)| kid.is_some());
        by_kid.sort_unstable();
        let by_kid = by_kid.into_iter().map(|(_, place)| place).collect();
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
    ///
    /// Without `kid`, a thumbprint of a certificate (`x5t#S256`, else `x5t`) selects the keys whose certificate it is. If
    /// there are none, no key that has a thumbprint, and so another certificate, is selected.
    pub fn select(&self, header: &Header) -> Selection<'_> {
        let alg = header.alg();
        let fits = |key: &&VerifyingKey| key.algorithm().name() == alg;
        let Some(kid) = header.kid() else {
            let keys = self.keys.iter().filter(fits);
            let Some(hint) = CertificateHint::read(|name| header.parameter(name)) else {
                return Selection::of(keys);
            };
            let has = |key: &VerifyingKey, thumbprint: Option<&str>| {
                hint.comparable(key.x5t_s256(), key.x5t()) == thumbprint
            };
            return match Selection::of(keys.clone().filter(|key| has(key, Some(hint.thumbprint())))) {
                Selection::None => Selection::of(keys.filter(|key| has(key, None))),
                some => some,
            };
        };
        match self.named(kid) {
            [] if self.has_lone_key_without_kid() => Selection::of(self.keys.iter().filter(fits)),
            places => Selection::of(places.iter().filter_map(|&place| self.keys.get(place)).filter(fits)),
        }
    }

    /// The places of the keys with this `kid`.
    fn named(&self, kid: &str) -> &[usize] {
        run_of_equals(&self.by_kid, |&place| self.keys.get(place).and_then(VerifyingKey::kid).cmp(&Some(kid)))
    }

    fn has_lone_key_without_kid(&self) -> bool {
        self.lone_key_needs_no_kid && self.sources == 1 && self.by_kid.is_empty()
    }
}

impl<'a> Selection<'a> {
    /// Allocates only where there are several.
    fn of(mut keys: impl Iterator<Item = &'a VerifyingKey>) -> Self {
        match (keys.next(), keys.next()) {
            (None, _) => Self::None,
            (Some(key), None) => Self::One(key),
            (Some(first), Some(second)) => Self::Several([first, second].into_iter().chain(keys).collect()),
        }
    }
}

/// Those that compare equal, in a slice that is sorted by the comparison.
fn run_of_equals<T>(sorted: &[T], mut compare: impl FnMut(&T) -> Ordering) -> &[T] {
    let from = sorted.partition_point(|item| compare(item).is_lt());
    let rest = sorted.get(from..).unwrap_or_default();
    let count = rest.iter().take_while(|item| compare(item).is_eq()).count();
    rest.get(..count).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::run_of_equals;

    /// A set of 1000 keys selects at the cost of a few comparisons, whichever key it is.
    #[test]
    fn a_name_is_found_in_few_comparisons() {
        let sorted: Vec<u32> = (0..1000).flat_map(|n| if n == 500 { vec![n; 3] } else { vec![n] }).collect();
        for wanted in 0..=1000 {
            let mut comparisons = 0;
            let found = run_of_equals(&sorted, |item| {
                comparisons += 1;
                item.cmp(&wanted)
            });
            let expected = match wanted {
                500 => 3,
                1000 => 0,
                _ => 1,
            };
            assert_eq!(found, vec![wanted; expected]);
            assert!(comparisons <= 12 + expected, "{comparisons} to find {wanted}");
        }
    }
}
