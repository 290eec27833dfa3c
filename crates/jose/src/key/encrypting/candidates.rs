use super::EncryptionKey;
use crate::algorithm::{JweAlgorithm, KeyManagement};
use crate::crypto::CryptoProvider;
use crate::jwk::JwkSet;
use crate::key::error::KeyError;

/// What came of a recipient's published set; see [`EncryptionKey::candidates`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EncryptionCandidates {
    /// The keys that can be encrypted to, in the order of the set.
    pub keys: Vec<EncryptionKey>,
    /// The others, each with the rule it breaks.
    pub rejected: Vec<RejectedEncryptionKey>,
}

/// A key of a recipient's set that cannot be encrypted to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RejectedEncryptionKey {
    /// Its place in [`JwkSet::keys`].
    pub index: usize,
    /// Its `kid`.
    pub kid: Option<String>,
    /// The rule it breaks.
    pub reason: KeyError,
}

impl EncryptionKey {
    /// The keys of a recipient's published set that can be encrypted to with this algorithm: those for `use` `enc` or
    /// without one. Their order means nothing; a set should have one
    /// ([RFC 7515, appendix D](https://www.rfc-editor.org/rfc/rfc7515#appendix-D)). A private or symmetric key has no business
    /// in the set, and is none of them.
    ///
    /// ```
    /// use avouch_jose::{EncryptionKey, JwkSet, JweAlgorithm, Limits};
    ///
    /// let set = JwkSet::from_json(br#"{"keys":[
    ///     {"kty":"OKP","crv":"Ed25519","use":"sig","kid":"1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
    ///     {"kty":"OKP","crv":"X25519","use":"enc","kid":"2","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}
    /// ]}"#, &Limits::default())?;
    /// let candidates =
    ///     EncryptionKey::candidates(&set, JweAlgorithm::ECDH_ES_A128KW, &avouch_jose_aws_lc::provider())?;
    /// assert_eq!(candidates.keys[0].kid(), Some("2"));
    /// assert_eq!(candidates.rejected[0].index, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`KeyError::SymmetricAlgorithm`] for an algorithm whose keys are not public.
    pub fn candidates(
        set: &JwkSet,
        algorithm: JweAlgorithm,
        crypto: &CryptoProvider,
    ) -> Result<EncryptionCandidates, KeyError> {
        match algorithm.scheme() {
            KeyManagement::Rsa(_) | KeyManagement::Agreement | KeyManagement::AgreementWithKeyWrap(_) => {}
            _ => return Err(KeyError::SymmetricAlgorithm(algorithm.into())),
        }
        let mut candidates = EncryptionCandidates { keys: Vec::new(), rejected: Vec::new() };
        for (index, jwk) in set.keys().iter().enumerate() {
            let key = match jwk.is_private() {
                true => Err(KeyError::SecretInPublicSet),
                false => Self::prepare(jwk, algorithm, crypto),
            };
            match key {
                Ok(key) => candidates.keys.push(key),
                Err(reason) => {
                    let kid = jwk.kid().map(str::to_owned);
                    candidates.rejected.push(RejectedEncryptionKey { index, kid, reason });
                }
            }
        }
        Ok(candidates)
    }
}
