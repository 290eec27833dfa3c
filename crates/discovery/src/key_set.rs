//! A published JWK Set judged: what a publisher should mend before it is served, and what a crawler tells of others'
//! ([Discovery §3]).
//!
//! [Discovery §3]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata

use avouch_jose::{
    CertificateError, JweAlgorithm, Jwk, JwkError, JwkSet, JwsAlgorithm, KeyMaterial, KeyOp, KeyUse, OkpCurve,
};
use std::sync::Arc;

/// What is wrong with a published JWK Set. Places count all entries from 0.
///
/// None of it makes a [`KeySource`](crate::KeySource) refuse the set: it drops what is private, and keys that cannot be used
/// are passed over when they meet an algorithm.
///
/// ```
/// use avouch_discovery::key_set_findings;
/// use avouch_jose::{JwkSet, Limits};
///
/// let set = JwkSet::from_json(br#"{"keys":[
///     {"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
///     {"kty":"OKP","crv":"X25519","kid":"b","use":"enc","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}
/// ]}"#, &Limits::default())?;
/// let findings = key_set_findings(&set);
/// assert_eq!(findings[0].path(), "keys[0].use");
/// assert_eq!(findings[0].section(), "OpenID Connect Discovery 1.0, 3");
/// assert_eq!(findings.len(), 1);
/// # Ok::<(), avouch_jose::JwkSetError>(())
/// ```
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum KeySetFinding {
    /// A private key is there for everybody to read.
    #[error("keys[{index}] is a private key")]
    Private {
        /// The place of the key.
        index: usize,
    },
    /// A symmetric key is there for everybody to read.
    #[error("keys[{index}] is a symmetric key")]
    Symmetric {
        /// The place of the key.
        index: usize,
    },
    /// The set has keys for signatures and keys for encryption, and this one does not say what it is for.
    #[error("keys[{index}] has no use, in a set for signatures and encryption")]
    UseMissing {
        /// The place of the key.
        index: usize,
    },
    /// The key's `use` says one thing, and another of its members the other.
    #[error("keys[{index}].{member} contradicts what else the key says it is for")]
    UseContradicted {
        /// The place of the key.
        index: usize,
        /// `key_ops`, `alg` or `crv`.
        member: &'static str,
    },
    /// One key is there for signatures and for encryption.
    #[error("keys[{index}] is keys[{first}], for the other use")]
    BothUses {
        /// The place of the key.
        index: usize,
        /// Where it stands before.
        first: usize,
    },
    /// Another key of the same type has the same `kid`.
    #[error("keys[{index}].kid is that of keys[{first}]")]
    KidRepeated {
        /// The place of the key.
        index: usize,
        /// Where the name stands before.
        first: usize,
    },
    /// Of several keys that can have signed, no token can name this one.
    #[error("keys[{index}] has no kid, and is not the only key")]
    KidMissing {
        /// The place of the key.
        index: usize,
    },
    /// The first certificate of `x5c` is of another key.
    #[error("keys[{index}].x5c is a certificate of another key")]
    CertificateOfAnotherKey {
        /// The place of the key.
        index: usize,
    },
    /// The first certificate of `x5c` cannot be read.
    #[error("keys[{index}].x5c cannot be read")]
    Certificate {
        /// The place of the key.
        index: usize,
        /// What is wrong with it.
        source: CertificateError,
    },
    /// The entry is no key that can be read: a member is missing (also where `x5c` has what it says) or malformed, or the
    /// type is not known here.
    #[error("keys[{index}] is no key that can be read")]
    Unreadable {
        /// The place of the entry.
        index: usize,
        /// Why.
        source: Arc<JwkError>,
    },
    /// There is no public key at all.
    #[error("keys has no public key")]
    NoKey,
}

/// Judges a JWK Set that is published, or is to be ([`JwkSet::to_publish`] refuses the worst of it beforehand). All findings
/// are told, in the order of the keys.
#[must_use]
pub fn key_set_findings(set: &JwkSet) -> Vec<KeySetFinding> {
    let keys: Vec<_> = places(set).into_iter().map(Placed::new).collect();
    let mut findings: Vec<_> = set.skipped().iter().map(unreadable).collect();
    if !set.keys().iter().any(|key| !key.is_private()) {
        findings.push(KeySetFinding::NoKey);
    }
    let is_there = |purpose| keys.iter().any(|at| purposes(at.key).any(|(_, found)| found == purpose));
    let is_mixed = is_there(Purpose::Signature) && is_there(Purpose::Encryption);
    let signers = keys.iter().filter(|at| at.purpose != Some(Purpose::Encryption)).count();
    for (position, at) in keys.iter().enumerate() {
        let earlier = keys.get(..position).unwrap_or_default();
        let (index, key) = (at.index, at.key);
        findings.extend(of_key(index, key));
        findings.extend(at.beside(earlier));
        if is_mixed && key.key_use().is_none() {
            findings.push(KeySetFinding::UseMissing { index });
        }
        if signers > 1 && key.kid().is_none() && at.purpose != Some(Purpose::Encryption) {
            findings.push(KeySetFinding::KidMissing { index });
        }
    }
    findings.sort_by_key(KeySetFinding::index);
    findings
}

/// What a key says of itself.
fn of_key(index: usize, key: &Jwk) -> impl Iterator<Item = KeySetFinding> {
    let private = key.is_private().then(|| match key.public() {
        Some(_) => KeySetFinding::Private { index },
        None => KeySetFinding::Symmetric { index },
    });
    let mut said = purposes(key);
    let first = said.next();
    let other = said.find(|(_, purpose)| first.is_some_and(|(_, first)| first != *purpose));
    let contradicted = other.map(|(member, _)| KeySetFinding::UseContradicted { index, member });
    let certificate = key.certificates().and_then(|chain| match chain.leaf_matches(key) {
        Ok(true) => None,
        Ok(false) => Some(KeySetFinding::CertificateOfAnotherKey { index }),
        Err(source) => Some(KeySetFinding::Certificate { index, source }),
    });
    [private, contradicted, certificate].into_iter().flatten()
}

/// A key, its place among all entries, and what it is compared by: looked up once, as each is compared with all others.
struct Placed<'s> {
    index: usize,
    key: &'s Jwk,
    public: Option<KeyMaterial>,
    purpose: Option<Purpose>,
}

impl<'s> Placed<'s> {
    fn new((index, key): (usize, &'s Jwk)) -> Self {
        let public = key.public().map(|key| key.material().clone());
        Self { index, key, public, purpose: purposes(key).next().map(|(_, purpose)| purpose) }
    }

    /// What is wrong with it beside those before it.
    fn beside(&self, earlier: &[Self]) -> impl Iterator<Item = KeySetFinding> {
        let index = self.index;
        let first = |is: &dyn Fn(&Self) -> bool| earlier.iter().find(|at| is(at)).map(|at| at.index);
        let kid = self.key.kid();
        let same_kid = |at: &Self| at.key.kid() == kid && at.key.key_type() == self.key.key_type();
        let repeated = kid.and_then(|_| first(&same_kid));
        let other_use = |at: &Self| {
            self.purpose.zip(at.purpose).is_some_and(|(own, other)| own != other)
                && self.public.is_some()
                && at.public == self.public
        };
        let both = first(&other_use).map(|first| KeySetFinding::BothUses { index, first });
        repeated.map(|first| KeySetFinding::KidRepeated { index, first }).into_iter().chain(both)
    }
}

fn unreadable(entry: &avouch_jose::SkippedKey) -> KeySetFinding {
    KeySetFinding::Unreadable { index: entry.index, source: Arc::clone(&entry.reason) }
}

/// The keys with their places among all entries.
pub(crate) fn places(set: &JwkSet) -> Vec<(usize, &Jwk)> {
    let is_skipped = |index: &usize| set.skipped().iter().any(|entry| entry.index == *index);
    (0..).filter(|index| !is_skipped(index)).zip(set.keys()).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Signature,
    Encryption,
}

/// What each member says the key is for; the first counts.
fn purposes(key: &Jwk) -> impl Iterator<Item = (&'static str, Purpose)> {
    let key_use = key.key_use().and_then(|key_use| match key_use {
        _ if *key_use == KeyUse::SIGNATURE => Some(Purpose::Signature),
        _ if *key_use == KeyUse::ENCRYPTION => Some(Purpose::Encryption),
        _ => None,
    });
    let ops = key.key_ops().unwrap_or_default().iter().map(|op| match op {
        _ if *op == KeyOp::SIGN || *op == KeyOp::VERIFY => Purpose::Signature,
        _ => Purpose::Encryption,
    });
    let alg = key.alg().and_then(|alg| match alg {
        _ if JwsAlgorithm::from_name(alg).is_some() => Some(Purpose::Signature),
        _ if JweAlgorithm::from_name(alg).is_some() => Some(Purpose::Encryption),
        _ => None,
    });
    let curve = match key.material() {
        KeyMaterial::Okp(key) => match key.curve() {
            OkpCurve::Ed25519 | OkpCurve::Ed448 => Some(Purpose::Signature),
            OkpCurve::X25519 | OkpCurve::X448 => Some(Purpose::Encryption),
            _ => None,
        },
        _ => None,
    };
    let ops = ops.map(|purpose| ("key_ops", purpose)).collect::<Vec<_>>();
    let named = |member, purpose: Option<Purpose>| purpose.map(|purpose| (member, purpose)).into_iter();
    named("use", key_use).chain(ops).chain(named("alg", alg)).chain(named("crv", curve))
}

impl KeySetFinding {
    /// The member at fault: `keys[2].use`.
    #[must_use]
    pub fn path(&self) -> String {
        let member = match self {
            Self::UseMissing { .. } | Self::BothUses { .. } => ".use",
            Self::UseContradicted { member: "key_ops", .. } => ".key_ops",
            Self::UseContradicted { member: "crv", .. } => ".crv",
            Self::UseContradicted { .. } => ".alg",
            Self::KidRepeated { .. } | Self::KidMissing { .. } => ".kid",
            Self::CertificateOfAnotherKey { .. } | Self::Certificate { .. } => ".x5c",
            Self::Private { .. } | Self::Symmetric { .. } | Self::Unreadable { .. } | Self::NoKey => "",
        };
        self.index().map_or("keys".to_owned(), |index| format!("keys[{index}]{member}"))
    }

    /// The rule that says otherwise.
    #[must_use]
    pub fn section(&self) -> &'static str {
        match self {
            Self::Private { .. }
            | Self::Symmetric { .. }
            | Self::UseMissing { .. }
            | Self::BothUses { .. }
            | Self::NoKey
            | Self::CertificateOfAnotherKey { .. } => "OpenID Connect Discovery 1.0, 3",
            Self::KidMissing { .. } => "OpenID Connect Core 1.0, 10.1",
            Self::UseContradicted { .. } => "RFC 7517, 4.3",
            Self::KidRepeated { .. } => "RFC 7517, 4.5",
            Self::Certificate { .. } => "RFC 7517, 4.7",
            Self::Unreadable { .. } => "RFC 7517, 5",
        }
    }

    /// The place of the key; `None` for the set as a whole.
    #[must_use]
    pub fn index(&self) -> Option<usize> {
        match self {
            Self::Private { index }
            | Self::Symmetric { index }
            | Self::UseMissing { index }
            | Self::UseContradicted { index, .. }
            | Self::BothUses { index, .. }
            | Self::KidRepeated { index, .. }
            | Self::KidMissing { index }
            | Self::CertificateOfAnotherKey { index }
            | Self::Certificate { index, .. }
            | Self::Unreadable { index, .. } => Some(*index),
            Self::NoKey => None,
        }
    }
}
