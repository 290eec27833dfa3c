mod error;
mod headers;

use zeroize::Zeroizing;

use super::agreement::Parties;
use super::content::ContentCipher;
use super::header::HeaderError;
use super::parameters::HeaderParameters;
use crate::algorithm::ContentEncryption;
use crate::base64url;
use crate::crypto::SecureRandom;
use crate::key::{EncryptionKey, Fresh};

pub use error::EncryptError;

/// Encrypts to one recipient and gives the token in compact form
/// ([RFC 7516 §7.1](https://www.rfc-editor.org/rfc/rfc7516#section-7.1)).
///
/// The ciphertext is as long as the plaintext, or the next whole number of blocks: whoever sees it knows how much is in it.
///
/// ```
/// use avouch_jose::{ContentEncryption, EncryptionKey, Jwk, JweAlgorithm, Limits, jwe};
///
/// let crypto = avouch_jose_aws_lc::provider();
/// let jwk = Jwk::from_json(
///     br#"{"kty":"OKP","crv":"X25519","use":"enc","kid":"Bob","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}"#,
///     &Limits::default(),
/// )?;
/// let key = EncryptionKey::prepare(&jwk, JweAlgorithm::ECDH_ES_A128KW, &crypto)?;
/// let token = jwe::encrypt_compact(
///     &jwe::HeaderParameters::new(),
///     b"for Bob",
///     &key,
///     ContentEncryption::A256GCM,
///     &avouch_jose_aws_lc::SystemRandom::new(),
/// )?;
/// assert_eq!(token.split('.').count(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`EncryptError`] for a header that must not be, for a direct key with another content encryption, and from randomness and
/// the backend.
pub fn encrypt_compact(
    parameters: &HeaderParameters,
    plaintext: &[u8],
    key: &EncryptionKey,
    encryption: ContentEncryption,
    random: &dyn SecureRandom,
) -> Result<String, EncryptError> {
    compact(parameters, plaintext, key, encryption, random, false)
}

pub(super) fn compact(
    parameters: &HeaderParameters,
    plaintext: &[u8],
    key: &EncryptionKey,
    encryption: ContentEncryption,
    random: &dyn SecureRandom,
    compressed: bool,
) -> Result<String, EncryptError> {
    let none = HeaderParameters::new();
    let plan = Plan {
        encryption,
        protected: parameters,
        shared: &none,
        aad: None,
        recipients: &[(key.clone(), HeaderParameters::new())],
        compressed,
    };
    let sealed = plan.seal(plaintext, random)?;
    let encrypted_key = sealed.recipients.first().map(|(_, encrypted_key)| encrypted_key.as_str());
    let segments =
        [&sealed.protected, encrypted_key.unwrap_or_default(), &sealed.iv, &sealed.ciphertext, &sealed.tag];
    Ok(segments.join("."))
}

/// What is to be encrypted, to whom and how.
pub(super) struct Plan<'p> {
    pub(super) encryption: ContentEncryption,
    pub(super) protected: &'p HeaderParameters,
    pub(super) shared: &'p HeaderParameters,
    /// Encoded.
    pub(super) aad: Option<&'p str>,
    pub(super) recipients: &'p [(EncryptionKey, HeaderParameters)],
    /// Whether the plaintext is compressed already.
    pub(super) compressed: bool,
}

/// The members of a JWE, encoded; headers as JSON.
#[derive(Clone)]
pub(super) struct Sealed {
    pub(super) protected: String,
    pub(super) shared: Option<String>,
    /// Header and encrypted key.
    pub(super) recipients: Vec<(Option<String>, String)>,
    pub(super) iv: String,
    pub(super) ciphertext: String,
    pub(super) tag: String,
}

impl Plan<'_> {
    /// Draws from `random` first what each recipient needs, in their order, then the content key, then the initialization
    /// vector of the content.
    pub(super) fn seal(&self, plaintext: &[u8], random: &dyn SecureRandom) -> Result<Sealed, EncryptError> {
        self.check()?;
        let parties: Vec<Parties> =
            self.recipients.iter().map(|(_, own)| self.parties(own)).collect::<Result<_, _>>()?;
        let drawn: Vec<Fresh> =
            self.recipients.iter().map(|(key, _)| key.draw(random)).collect::<Result<_, _>>()?;
        let (content_key, cipher) = self.content_key(&drawn, &parties, random)?;
        let mut managed = Vec::with_capacity(self.recipients.len());
        for (((key, _), fresh), parties) in self.recipients.iter().zip(&drawn).zip(&parties) {
            managed.push(key.encrypt_key(fresh, parties, &content_key)?);
        }
        let (protected, shared, own) = self.headers(managed.iter().map(|(management, _)| management))?;
        let protected = protected.map(base64url::encode).unwrap_or_default();

        let mut iv = vec![0; self.encryption.iv_len()];
        random.fill(&mut iv)?;
        let aad = match self.aad {
            None => protected.clone(),
            Some(aad) => [&protected, ".", aad].concat(),
        };
        let (ciphertext, tag) = cipher.encrypt(&iv, aad.as_bytes(), plaintext)?;
        let encrypted_keys = managed.iter().map(|(_, encrypted_key)| base64url::encode(encrypted_key));
        Ok(Sealed {
            protected,
            shared,
            recipients: own.into_iter().zip(encrypted_keys).collect(),
            iv: base64url::encode(iv),
            ciphertext: base64url::encode(ciphertext),
            tag: base64url::encode(tag),
        })
    }

    /// What can be refused before any randomness is spent.
    fn check(&self) -> Result<(), EncryptError> {
        self.protected.check()?;
        self.shared.check()?;
        for (key, own) in self.recipients {
            own.check()?;
            if self.recipients.len() > 1 && key.sends_no_key() {
                return Err(EncryptError::SeveralRecipients(key.algorithm()));
            }
            super::content::check_supported(self.encryption, &*key.crypto().encryption)?;
            let decided = [
                ("alg", Some(key.algorithm().name())),
                ("enc", Some(self.encryption.name())),
                ("kid", key.kid()),
            ];
            for (name, value) in decided {
                let set = [self.protected, self.shared, own].into_iter().find_map(|part| part.get(name));
                if let (Some(set), Some(value)) = (set, value)
                    && set.as_str() != Some(value)
                {
                    return Err(EncryptError::Contradiction { name });
                }
            }
        }
        Ok(())
    }

    fn parties(&self, own: &HeaderParameters) -> Result<Parties, EncryptError> {
        let octets = |name| {
            let set = [self.protected, self.shared, own].into_iter().find_map(|part| part.get(name));
            let Some(set) = set else { return Ok(None) };
            let text = set.as_str().ok_or(HeaderError::WrongType { name })?;
            base64url::decode(text).map(Some).map_err(|_| HeaderError::Encoding { name })
        };
        match (octets("apu")?, octets("apv")?) {
            (Some(u), Some(v)) if u == v => Err(EncryptError::PartiesEqual),
            (u, v) => Ok(Parties { u: u.unwrap_or_default(), v: v.unwrap_or_default() }),
        }
    }

    /// The key that is sent to the recipients, if one is, and the cipher.
    fn content_key(
        &self,
        drawn: &[Fresh],
        parties: &[Parties],
        random: &dyn SecureRandom,
    ) -> Result<(Zeroizing<Vec<u8>>, ContentCipher), EncryptError> {
        let (Some((first, _)), Some(fresh), Some(parties)) =
            (self.recipients.first(), drawn.first(), parties.first())
        else {
            return Err(EncryptError::NoRecipient);
        };
        if first.sends_no_key() {
            return Ok((Zeroizing::default(), first.own_cipher(fresh, parties, self.encryption)?));
        }
        let mut key = Zeroizing::new(vec![0; self.encryption.key_len()]);
        random.fill(&mut key)?;
        let cipher = ContentCipher::prepare(self.encryption, &key, &first.crypto().encryption)?;
        Ok((key, cipher))
    }
}
