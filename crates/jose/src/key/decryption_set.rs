use super::certificate::CertificateHint;
use super::decrypting::DecryptionKey;
use super::error::KeyError;
use crate::algorithm::{ContentEncryption, JweAlgorithm, KeyManagement};
use crate::crypto::CryptoProvider;
use crate::jwe::Header;
use crate::jwe::content::check_supported;
use crate::jwk::JwkSet;

/// The keys a recipient decrypts with, and the content encryptions it accepts.
///
/// A header's `alg`, `enc` and `kid`, or the thumbprint of a certificate, select among them. By default one key must
/// result: several are an error unless
/// [`with_trial_limit`](Self::with_trial_limit) allows to try them, and a `kid` that no key has selects nothing.
///
/// ```
/// use avouch_jose::{ContentEncryption, DecryptionKey, DecryptionKeys, Jwk, JweAlgorithm, Limits, jwe::UnverifiedJwe};
///
/// let crypto = avouch_jose_aws_lc::provider();
/// let jwk = Jwk::from_json(br#"{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}"#, &Limits::default())?;
/// let key = DecryptionKey::prepare(&jwk, JweAlgorithm::A128KW, &crypto)?;
/// let keys = DecryptionKeys::single(key, &[ContentEncryption::A128CBC_HS256])?;
/// // RFC 7516, appendix A.3
/// let token = "eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.\
///     6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ.\
///     AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.U0m_YmjN04DJvceFICbCVQ";
/// let content = UnverifiedJwe::parse(token, &Limits::default())?.decrypt(&keys)?;
/// assert_eq!(content.plaintext(), b"Live long and prosper.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct DecryptionKeys {
    algorithms: Vec<JweAlgorithm>,
    encryptions: Vec<ContentEncryption>,
    keys: Vec<DecryptionKey>,
    rejected: Vec<RejectedDecryptionKey>,
    trial_limit: usize,
    /// How many keys the set had before they were prepared, also those that could not be read.
    sources: usize,
    lone_key_needs_no_kid: bool,
}

/// A key of a set that fits none of the algorithms.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RejectedDecryptionKey {
    /// Its place in [`JwkSet::keys`].
    pub index: usize,
    /// Its `kid`.
    pub kid: Option<String>,
    /// For each algorithm it was tried with, the rule it breaks.
    pub reasons: Vec<(JweAlgorithm, KeyError)>,
}

impl DecryptionKeys {
    /// One key that the caller named. If it has no `kid` itself, a `kid` in the header does not matter.
    ///
    /// # Errors
    ///
    /// As [`from_keys`](Self::from_keys).
    pub fn single(key: DecryptionKey, encryptions: &[ContentEncryption]) -> Result<Self, KeyError> {
        Ok(Self { lone_key_needs_no_kid: true, ..Self::from_keys(vec![key], encryptions)? })
    }

    /// Keys that were prepared one by one, and the content encryptions that are allowed; the algorithms allowed are those
    /// of the keys.
    ///
    /// # Errors
    ///
    /// [`KeyError::NoAlgorithms`] if there is no key or no content encryption; [`KeyError::EncryptionNotAllowed`] for a
    /// direct key whose encryption is not among them; [`KeyError::Unsupported`] for an encryption that a key's backend
    /// lacks; [`KeyError::RsaPaddingsMixed`].
    pub fn from_keys(keys: Vec<DecryptionKey>, encryptions: &[ContentEncryption]) -> Result<Self, KeyError> {
        let algorithms = distinct(keys.iter().map(DecryptionKey::algorithm));
        let sources = keys.len();
        Self::new(algorithms, encryptions, keys, Vec::new(), sources)
    }

    /// Prepares each key of a private set for each allowed algorithm it fits. Keys that fit none do not disturb:
    /// [`rejected`](Self::rejected) tells why.
    ///
    /// # Errors
    ///
    /// As [`from_keys`](Self::from_keys), but for a set without suitable keys; [`KeyError::OtherConstructor`] if `dir` or
    /// a PBES2 algorithm is allowed, whose keys are named one by one.
    pub fn prepare(
        set: &JwkSet,
        algorithms: &[JweAlgorithm],
        encryptions: &[ContentEncryption],
        crypto: &CryptoProvider,
    ) -> Result<Self, KeyError> {
        // what is named twice is allowed once, or each key would be there twice and in doubt with itself
        let algorithms = distinct(algorithms.iter().copied());
        for algorithm in &algorithms {
            let constructor = match algorithm.scheme() {
                KeyManagement::Direct => "direct",
                KeyManagement::Password(..) => "password",
                _ => continue,
            };
            return Err(KeyError::OtherConstructor { algorithm: (*algorithm).into(), constructor });
        }
        let mut keys = Vec::with_capacity(set.keys().len());
        let mut rejected = Vec::new();
        for (index, jwk) in set.keys().iter().enumerate() {
            let before = keys.len();
            let mut reasons = Vec::new();
            for &algorithm in &algorithms {
                match DecryptionKey::prepare(jwk, algorithm, crypto) {
                    Ok(key) => keys.push(key),
                    Err(reason) => reasons.push((algorithm, reason)),
                }
            }
            if keys.len() == before {
                rejected.push(RejectedDecryptionKey { index, kid: jwk.kid().map(str::to_owned), reasons });
            }
        }
        let sources = set.keys().len() + set.skipped().len();
        Self::new(algorithms, encryptions, keys, rejected, sources)
    }

    fn new(
        algorithms: Vec<JweAlgorithm>,
        encryptions: &[ContentEncryption],
        keys: Vec<DecryptionKey>,
        rejected: Vec<RejectedDecryptionKey>,
        sources: usize,
    ) -> Result<Self, KeyError> {
        if algorithms.is_empty() || encryptions.is_empty() {
            return Err(KeyError::NoAlgorithms);
        }
        for (place, key) in keys.iter().enumerate() {
            match key.encryption() {
                Some(encryption) if !encryptions.contains(&encryption) => {
                    return Err(KeyError::EncryptionNotAllowed(encryption.into()));
                }
                Some(_) => {}
                None => {
                    let backend = &*key.crypto().encryption;
                    encryptions.iter().try_for_each(|encryption| check_supported(*encryption, backend))?;
                }
            }
            if keys.iter().skip(place + 1).any(|other| key.mixes_paddings_with(other)) {
                return Err(KeyError::RsaPaddingsMixed);
            }
        }
        let encryptions = encryptions.to_vec();
        let (trial_limit, lone_key_needs_no_kid) = (1, false);
        Ok(Self { algorithms, encryptions, keys, rejected, trial_limit, sources, lone_key_needs_no_kid })
    }

    /// Tries up to so many keys where a header does not tell them apart; 1 by default. Each trial costs a decryption.
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

    /// The key management algorithms that are allowed.
    pub fn algorithms(&self) -> &[JweAlgorithm] {
        &self.algorithms
    }

    /// The content encryptions that are allowed.
    pub fn encryptions(&self) -> &[ContentEncryption] {
        &self.encryptions
    }

    /// The prepared keys: a JWK that fits two allowed algorithms is here twice.
    pub fn keys(&self) -> &[DecryptionKey] {
        &self.keys
    }

    /// The keys of the set that fit no allowed algorithm.
    pub fn rejected(&self) -> &[RejectedDecryptionKey] {
        &self.rejected
    }

    /// How many keys may be tried where a header does not tell them apart.
    pub fn trial_limit(&self) -> usize {
        self.trial_limit
    }

    /// The keys that a header selects, in the order of the set: those of its `alg`, for `dir` of its `enc`, and if it has
    /// a `kid`, of that `kid`.
    ///
    /// Without `kid`, a thumbprint of a certificate (`x5t#S256`, else `x5t`) selects the keys whose certificate it is. If
    /// there are none, no key that has a thumbprint, and so another certificate, is selected.
    pub fn select<'k>(&'k self, header: &'k Header) -> impl Iterator<Item = &'k DecryptionKey> {
        let any_kid = header.kid().is_none() || self.has_lone_key_without_kid();
        let fits = move |key: &DecryptionKey| {
            key.algorithm().name() == header.alg()
                && key.encryption().is_none_or(|encryption| encryption.name() == header.enc())
                && (any_kid || key.kid() == header.kid())
        };
        // where no key has a certificate, none is told by it: most direct keys have neither that nor a name
        let has_certificate = |key: &DecryptionKey| key.x5t_s256().or(key.x5t()).is_some();
        let hint = match header.kid() {
            None if self.keys.iter().any(has_certificate) => {
                CertificateHint::read(|name| header.parameter(name))
            }
            _ => None,
        };
        let has = |key: &DecryptionKey, hint: &CertificateHint<'_>, thumbprint| {
            hint.comparable(key.x5t_s256(), key.x5t()) == thumbprint
        };
        let wanted = hint.as_ref().map(CertificateHint::thumbprint);
        let is_known =
            hint.as_ref().is_some_and(|hint| self.keys.iter().any(|key| fits(key) && has(key, hint, wanted)));
        let wanted = wanted.filter(|_| is_known);
        self.keys
            .iter()
            .filter(move |key| fits(key) && hint.as_ref().is_none_or(|hint| has(key, hint, wanted)))
    }

    fn has_lone_key_without_kid(&self) -> bool {
        self.lone_key_needs_no_kid && self.sources == 1 && self.keys.iter().all(|key| key.kid().is_none())
    }
}

fn distinct(algorithms: impl Iterator<Item = JweAlgorithm>) -> Vec<JweAlgorithm> {
    algorithms.fold(Vec::new(), |mut distinct, algorithm| {
        if !distinct.contains(&algorithm) {
            distinct.push(algorithm);
        }
        distinct
    })
}
