use std::error::Error;
use std::fmt;

use serde_json::{Map, Value};

use crate::base64url;
use crate::hash::HashAlgorithm;
use crate::jwk::{Jwk, JwkError, JwkSet, KeyMaterial};

/// `cnf`: the key whose possession the presenter of a token has to prove ([RFC 7800 §3.1]), or a hash of it ([RFC 9449 §6.1],
/// [RFC 8705 §3.1]).
///
/// It is data: what the issuer says. Whether the presenter has the key is for the protocol to find out. Members that are
/// not known are left out; a claim that has none that is known confirms nothing, and [`is_empty`](Self::is_empty).
///
/// ```
/// use avouch_jose::jwt::{Carrier, Confirmation};
///
/// let claims = serde_json::json!({
///     "iss": "https://server.example.com",
///     "cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"},
/// });
/// let claims = claims.as_object().ok_or("no object")?;
/// let confirmation = Confirmation::from_claims(claims, Carrier::Signed)?.ok_or("not bound to a key")?;
/// assert_eq!(confirmation.jkt(), Some("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
/// assert_eq!(confirmation.to_value(Carrier::Signed)?, claims["cnf"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7800 §3.1]: https://www.rfc-editor.org/rfc/rfc7800#section-3.1
/// [RFC 8705 §3.1]: https://www.rfc-editor.org/rfc/rfc8705#section-3.1
/// [RFC 9449 §6.1]: https://www.rfc-editor.org/rfc/rfc9449#section-6.1
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confirmation {
    key: Option<ProofKey>,
    kid: Option<String>,
    jkt: Option<String>,
    x5t_s256: Option<String>,
}

/// The one proof key of a [`Confirmation`], where it is told and not only named.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofKey {
    /// `jwk`: a public key, or in an encrypted token a secret
    /// ([RFC 7800 §3.2](https://www.rfc-editor.org/rfc/rfc7800#section-3.2)).
    Jwk(Box<Jwk>),
    /// `jwe`: a secret, encrypted to the recipient, in compact form
    /// ([RFC 7800 §3.3](https://www.rfc-editor.org/rfc/rfc7800#section-3.3)).
    Jwe(String),
    /// `jku`: where the key stands in a JWK Set, an `https` URL
    /// ([RFC 7800 §3.5](https://www.rfc-editor.org/rfc/rfc7800#section-3.5)).
    /// To fetch it is the caller's decision, and [`choose`](Confirmation::choose) takes the key from what came.
    Jku(String),
}

/// A JWE is a token, and is not shown.
impl fmt::Debug for ProofKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jwk(jwk) => f.debug_tuple("Jwk").field(jwk).finish(),
            Self::Jwe(_) => f.debug_tuple("Jwe").finish_non_exhaustive(),
            Self::Jku(url) => f.debug_tuple("Jku").field(url).finish(),
        }
    }
}

/// What protects the claims on their way, which decides whether a secret may stand among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A signed token: whoever sees it reads the claims.
    Signed,
    /// A token that is encrypted, signed inside or not.
    Encrypted,
}

impl Confirmation {
    /// By this key: a public one, or a secret, which goes into encrypted tokens only.
    pub fn jwk(jwk: Jwk) -> Self {
        Self { key: Some(ProofKey::Jwk(Box::new(jwk))), ..Self::default() }
    }

    /// By the secret that is encrypted in this JWE.
    pub fn jwe(jwe: impl Into<String>) -> Self {
        Self { key: Some(ProofKey::Jwe(jwe.into())), ..Self::default() }
    }

    /// By the key at this `https` URL.
    pub fn jku(url: impl Into<String>) -> Self {
        Self { key: Some(ProofKey::Jku(url.into())), ..Self::default() }
    }

    /// By the key of this name, which the recipient knows.
    pub fn kid(kid: impl Into<String>) -> Self {
        Self::default().with_kid(kid)
    }

    /// By the key with this SHA-256 thumbprint ([`Jwk::thumbprint`]), as DPoP has it.
    pub fn thumbprint(jkt: impl Into<String>) -> Self {
        Self { jkt: Some(jkt.into()), ..Self::default() }
    }

    /// By the certificate with this thumbprint ([`certificate_thumbprint`](crate::certificate_thumbprint)), as mutual TLS
    /// has it.
    pub fn certificate(x5t_s256: impl Into<String>) -> Self {
        Self { x5t_s256: Some(x5t_s256.into()), ..Self::default() }
    }

    /// Names the key as well.
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<String>) -> Self {
        self.kid = Some(kid.into());
        self
    }

    /// Reads the claim `cnf` among the claims of a token; `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`ConfirmationError`] names the rule that the claim, or the token around it, breaks.
    pub fn from_claims(
        claims: &Map<String, Value>,
        carrier: Carrier,
    ) -> Result<Option<Self>, ConfirmationError> {
        let Some(cnf) = claims.get("cnf") else { return Ok(None) };
        if !claims.contains_key("iss") && !claims.contains_key("sub") {
            return Err(ConfirmationError::PresenterUnnamed);
        }
        let members = cnf.as_object().ok_or(ConfirmationError::WrongType { name: "cnf" })?;
        let text = |name: &'static str| match members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(ConfirmationError::WrongType { name }),
        };
        let jwk = match members.get("jwk") {
            None => None,
            Some(jwk) => Some(Jwk::from_value(jwk.clone()).map_err(ConfirmationError::Jwk)?),
        };
        let key = match (jwk, text("jwe")?, text("jku")?) {
            (Some(jwk), None, None) => Some(ProofKey::Jwk(Box::new(jwk))),
            (None, Some(jwe), None) => Some(ProofKey::Jwe(jwe)),
            (None, None, Some(url)) => Some(ProofKey::Jku(url)),
            (None, None, None) => None,
            _ => return Err(ConfirmationError::SeveralKeys),
        };
        let read = Self { key, kid: text("kid")?, jkt: text("jkt")?, x5t_s256: text("x5t#S256")? };
        read.check(carrier)?;
        Ok(Some(read))
    }

    /// The value of the claim `cnf`. In an encrypted token it may hold a secret in clear: keep it no longer than needed.
    ///
    /// # Errors
    ///
    /// [`ConfirmationError`] for what would be refused where it is read.
    pub fn to_value(&self, carrier: Carrier) -> Result<Value, ConfirmationError> {
        self.check(carrier)?;
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        match &self.key {
            Some(ProofKey::Jwk(jwk)) => put("jwk", proof_jwk(jwk)),
            Some(ProofKey::Jwe(jwe)) => put("jwe", jwe.as_str().into()),
            Some(ProofKey::Jku(url)) => put("jku", url.as_str().into()),
            None => None,
        };
        for (name, text) in [("kid", &self.kid), ("jkt", &self.jkt), ("x5t#S256", &self.x5t_s256)] {
            if let Some(text) = text {
                put(name, text.as_str().into());
            }
        }
        Ok(Value::Object(members))
    }

    fn check(&self, carrier: Carrier) -> Result<(), ConfirmationError> {
        match &self.key {
            Some(ProofKey::Jwk(jwk)) => match (jwk.material(), carrier) {
                (KeyMaterial::Oct(_), Carrier::Signed) => return Err(ConfirmationError::SecretDisclosed),
                (KeyMaterial::Oct(_), Carrier::Encrypted) => {}
                _ if jwk.is_private() => return Err(ConfirmationError::PrivateKey),
                _ => {}
            },
            Some(ProofKey::Jku(url)) if !is_https(url) => return Err(ConfirmationError::NotHttps),
            Some(ProofKey::Jku(_) | ProofKey::Jwe(_)) | None => {}
        }
        for (name, hash) in [("jkt", &self.jkt), ("x5t#S256", &self.x5t_s256)] {
            let expected = HashAlgorithm::Sha256.output_len();
            if hash
                .as_ref()
                .is_some_and(|hash| base64url::decode(hash).map(|octets| octets.len()) != Ok(expected))
            {
                return Err(ConfirmationError::NotAHash { name });
            }
        }
        Ok(())
    }

    /// The proof key, where it is told.
    pub fn key(&self) -> Option<&ProofKey> {
        self.key.as_ref()
    }

    /// `kid`: how the key is called.
    pub fn key_id(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// `jkt`: the SHA-256 thumbprint of the key.
    pub fn jkt(&self) -> Option<&str> {
        self.jkt.as_deref()
    }

    /// `x5t#S256`: the SHA-256 thumbprint of the presenter's certificate.
    pub fn x5t_s256(&self) -> Option<&str> {
        self.x5t_s256.as_deref()
    }

    /// True if it names no key in any way that is known here.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The proof key among those that were fetched from `jku`, or that the recipient knows: the one of that `kid`; without a
    /// `kid`, the only one.
    ///
    /// # Errors
    ///
    /// [`ConfirmationError::KidMissing`] if there are several entries and no `kid`, [`ConfirmationError::NoSuchKey`] unless
    /// exactly one key has the `kid`.
    pub fn choose<'s>(&self, set: &'s JwkSet) -> Result<&'s Jwk, ConfirmationError> {
        if self.kid.is_none() && set.keys().len() + set.skipped().len() > 1 {
            return Err(ConfirmationError::KidMissing);
        }
        let mut keys = set.keys().iter().filter(|key| self.kid.is_none() || key.kid() == self.key_id());
        match (keys.next(), keys.next()) {
            (Some(key), None) => Ok(key),
            _ => Err(ConfirmationError::NoSuchKey),
        }
    }
}

fn is_https(url: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(scheme, rest)| scheme.eq_ignore_ascii_case("https") && !rest.is_empty())
}

/// A public key, or the secret that [`Confirmation::check`] let pass.
fn proof_jwk(jwk: &Jwk) -> Value {
    serde_json::from_str(&jwk.to_private_json()).unwrap_or_default()
}

/// Why a `cnf` is not acceptable. No variant holds a key.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConfirmationError {
    /// The token names neither its issuer nor its subject, so nobody knows who presents it.
    PresenterUnnamed,
    /// The claim or one of its members has another JSON type than it must have.
    WrongType {
        /// Which.
        name: &'static str,
    },
    /// More than one of `jwk`, `jwe` and `jku`.
    SeveralKeys,
    /// `jwk` is not a key that can be read.
    Jwk(JwkError),
    /// `jwk` is a secret, and the token is not encrypted.
    SecretDisclosed,
    /// `jwk` is a private key, which only its owner may have.
    PrivateKey,
    /// `jku` is no `https` URL.
    NotHttps,
    /// A member is not base64url of a SHA-256 hash.
    NotAHash {
        /// Which.
        name: &'static str,
    },
    /// There are several keys at `jku`, and no `kid` tells them apart.
    KidMissing,
    /// None of the keys is the named one, or more than one is.
    NoSuchKey,
}

impl fmt::Display for ConfirmationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PresenterUnnamed => f.write_str("a token with \"cnf\" has neither \"iss\" nor \"sub\""),
            Self::WrongType { name } => write!(f, "{name:?} has the wrong JSON type"),
            Self::SeveralKeys => f.write_str("\"cnf\" has more than one of \"jwk\", \"jwe\" and \"jku\""),
            Self::Jwk(_) => f.write_str("the proof key cannot be read"),
            Self::SecretDisclosed => {
                f.write_str("the proof key is a secret in a token that is not encrypted")
            }
            Self::PrivateKey => f.write_str("the proof key is a private key"),
            Self::NotHttps => f.write_str("\"jku\" is not an https URL"),
            Self::NotAHash { name } => write!(f, "{name:?} is not base64url of a SHA-256 hash"),
            Self::KidMissing => f.write_str("several keys at \"jku\" and no \"kid\" in \"cnf\""),
            Self::NoSuchKey => f.write_str("no key is the one that \"cnf\" names"),
        }
    }
}

impl Error for ConfirmationError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Jwk(source) => Some(source),
            _ => None,
        }
    }
}
