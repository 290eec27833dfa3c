use std::error::Error;
use std::fmt;

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::agreement::Parties;
use super::content::ContentCipher;
use super::header::{Header, HeaderError, Parts};
use super::parameters::{HeaderParameters, HeaderText};
use crate::algorithm::{ContentEncryption, JweAlgorithm};
use crate::base64url;
use crate::crypto::{EncryptionFailed, RandomError, SecureRandom};
use crate::jwk::{EcKey, KeyMaterial, OkpKey};
use crate::key::{EncryptionKey, Fresh, KeyError, NewManagement};

/// Why something could not be encrypted.
#[derive(Debug)]
#[non_exhaustive]
pub enum EncryptError {
    /// A header parameter was set that is not the caller's to set.
    ReservedParameter {
        /// Its name.
        name: &'static str,
    },
    /// `alg`, `enc` or `kid` was set to another value than it has.
    Contradiction {
        /// Its name.
        name: &'static str,
    },
    /// `apu` and `apv` are equal ([RFC 7518 §4.6.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.6.2)).
    PartiesEqual,
    /// A header as a whole breaks a rule by which it would be refused where it is read.
    Header(HeaderError),
    /// A header could not be read again.
    HeaderJson(avouch_json::JsonError),
    /// There is no recipient.
    NoRecipient,
    /// With this algorithm there is one recipient and no other: what encrypts the content is the recipient's own key.
    SeveralRecipients(JweAlgorithm),
    /// The flattened form has one recipient.
    NotFlattened {
        /// How many there are.
        recipients: usize,
    },
    /// The key cannot be used so: a direct key with another content encryption, or a backend that lacks something.
    Key(KeyError),
    /// There is no randomness.
    Random(RandomError),
    /// The backend failed.
    Backend(EncryptionFailed),
}

impl fmt::Display for EncryptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReservedParameter { name } => write!(f, "header parameter {name:?} cannot be set"),
            Self::Contradiction { name } => {
                write!(f, "header parameter {name:?} is set to another value than it has")
            }
            Self::PartiesEqual => f.write_str("\"apu\" and \"apv\" are equal"),
            Self::Header(_) => f.write_str("the header would not be acceptable"),
            Self::HeaderJson(_) => f.write_str("the header would not be readable"),
            Self::NoRecipient => f.write_str("there is no recipient"),
            Self::SeveralRecipients(algorithm) => {
                write!(f, "with {algorithm} there is one recipient and no other")
            }
            Self::NotFlattened { recipients } => {
                write!(f, "the flattened form is for one recipient, not for {recipients}")
            }
            Self::Key(_) => f.write_str("the key cannot be used so"),
            Self::Random(_) => f.write_str("there is nothing to make keys from"),
            Self::Backend(failed) => failed.fmt(f),
        }
    }
}

impl Error for EncryptError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Header(source) => Some(source),
            Self::HeaderJson(source) => Some(source),
            Self::Key(source) => Some(source),
            Self::Random(source) => Some(source),
            _ => None,
        }
    }
}

impl From<KeyError> for EncryptError {
    fn from(source: KeyError) -> Self {
        match source {
            KeyError::Random(source) => Self::Random(source),
            source => Self::Key(source),
        }
    }
}

impl From<RandomError> for EncryptError {
    fn from(source: RandomError) -> Self {
        Self::Random(source)
    }
}

impl From<EncryptionFailed> for EncryptError {
    fn from(source: EncryptionFailed) -> Self {
        Self::Backend(source)
    }
}

impl From<HeaderError> for EncryptError {
    fn from(source: HeaderError) -> Self {
        Self::Header(source)
    }
}

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
        if self.recipients.is_empty() {
            return Err(EncryptError::NoRecipient);
        }
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

    /// The protected header, the shared one and the recipients', as JSON, read again as any reader does.
    #[allow(clippy::type_complexity, reason = "three headers, each of which may be absent")]
    fn headers<'m>(
        &self,
        managed: impl Iterator<Item = &'m NewManagement>,
    ) -> Result<(Option<String>, Option<String>, Vec<Option<String>>), EncryptError> {
        let is_lone = self.recipients.len() == 1;
        let (mut protected, mut shared) = (HeaderText::new(), HeaderText::new());
        let mut own = Vec::with_capacity(self.recipients.len());
        for ((key, parameters), management) in self.recipients.iter().zip(managed) {
            let mut text = HeaderText::new();
            let is_set = |name| {
                [self.protected, self.shared, parameters].into_iter().any(|part| part.get(name).is_some())
            };
            // what belongs to a key is protected if there is one key, or stands where `alg` was set
            let place = if !is_lone || parameters.get("alg").is_some() {
                &mut text
            } else if self.shared.get("alg").is_some() {
                &mut shared
            } else {
                &mut protected
            };
            if !is_set("alg") {
                place.push("alg", &key.algorithm().name().into());
            }
            if let Some(kid) = key.kid().filter(|_| !is_set("kid")) {
                place.push("kid", &kid.into());
            }
            write_management(management, place);
            parameters.write_onto(&mut text);
            own.push(text.finish());
        }
        self.protected.write_onto(&mut protected);
        self.shared.write_onto(&mut shared);
        let is_enc_set = |part: &HeaderParameters| part.get("enc").is_some();
        let mut parts = [self.protected, self.shared].into_iter();
        if !parts.any(is_enc_set) && !self.recipients.iter().any(|(_, own)| is_enc_set(own)) {
            protected.push("enc", &self.encryption.name().into());
        }
        if self.compressed {
            protected.push("zip", &"DEF".into());
        }
        let (protected, shared) = (protected.finish(), shared.finish());
        for own in &own {
            let [protected, shared, recipient] =
                [&protected, &shared, own].map(|part| parse(part.as_deref()));
            Header::join(Parts { protected: protected?, shared: shared?, recipient: recipient? })?;
        }
        Ok((protected, shared, own))
    }
}

fn write_management(management: &NewManagement, header: &mut HeaderText) {
    match management {
        NewManagement::Plain => {}
        NewManagement::Agreement { ephemeral } => header.push_json("epk", &public_jwk(ephemeral)),
        NewManagement::GcmKeyWrap { iv, tag } => {
            header.push_encoded("tag", tag);
            header.push_encoded("iv", iv);
        }
        NewManagement::Password { salt, iterations } => {
            header.push_encoded("p2s", salt);
            header.push("p2c", &iterations.get().into());
        }
    }
}

/// An ephemeral key, with its members in the order that RFC 7518 and RFC 8037 show.
fn public_jwk(key: &KeyMaterial) -> String {
    let mut jwk = HeaderText::new();
    jwk.push("kty", &key.key_type().name().into());
    if let Some(curve) = key.curve_name() {
        jwk.push("crv", &curve.into());
    }
    let (x, y) = match key {
        KeyMaterial::Ec(key) => (Some(EcKey::x(key)), Some(EcKey::y(key))),
        KeyMaterial::Okp(key) => (Some(OkpKey::x(key)), None),
        _ => (None, None),
    };
    for (name, octets) in [("x", x), ("y", y)] {
        octets.into_iter().for_each(|octets| jwk.push_encoded(name, octets));
    }
    jwk.finish().unwrap_or_default()
}

fn parse(header: Option<&str>) -> Result<Map<String, Value>, EncryptError> {
    match header {
        None => Ok(Map::new()),
        Some(json) => avouch_json::object(json.as_bytes(), &avouch_json::Limits::default())
            .map_err(EncryptError::HeaderJson),
    }
}
