use serde_json::{Map, Value};

mod critical;
mod error;
mod management;

use crate::algorithm::{ContentEncryption, JweAlgorithm};
use crate::certificates::{ChainError, check_chain};
use crate::jwk::{PRIVATE_MEMBERS, wipe};
use crate::jws::same_media_type;

pub(super) use critical::check_promised;
pub use error::HeaderError;
pub(crate) use management::Management;

/// Registered parameters that are strings.
const STRINGS: [&str; 12] =
    ["alg", "enc", "zip", "kid", "typ", "cty", "jku", "x5u", "x5t", "x5t#S256", "iss", "sub"];

/// Parameters that mean something only where they are protected
/// ([RFC 7516 §4.1.3](https://www.rfc-editor.org/rfc/rfc7516#section-4.1.3),
/// [§4.1.13](https://www.rfc-editor.org/rfc/rfc7516#section-4.1.13)).
const ONLY_PROTECTED: [&str; 2] = ["zip", "crit"];

/// The one compression that is defined ([RFC 7516 §4.1.3](https://www.rfc-editor.org/rfc/rfc7516#section-4.1.3)).
const DEFLATE: &str = "DEF";

/// The header of a JWE for one recipient, read strictly: what is protected, what is shared by all recipients, and the
/// recipient's own.
///
/// Registered parameters have the right types, and no name stands in two of the parts. Everything in it is the sender's
/// word, and what is not [protected](Self::is_protected) anybody's: `kid` is only ever compared, and `jwk`, `jku`, `x5u`,
/// `x5c` never supply a key.
///
/// ```
/// use avouch_jose::{Limits, jwe::UnverifiedJwe};
///
/// // {"alg":"dir","enc":"A128GCM","kid":"7"}
/// let token = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIiwia2lkIjoiNyJ9..AAAAAAAAAAAAAAAA..AAAAAAAAAAAAAAAAAAAAAA";
/// let jwe = UnverifiedJwe::parse(token, &Limits::default())?;
/// assert_eq!((jwe.header().alg(), jwe.header().enc()), ("dir", "A128GCM"));
/// assert_eq!(jwe.header().kid(), Some("7"));
/// # Ok::<(), avouch_jose::jwe::JweError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Header {
    parameters: Map<String, Value>,
    /// What is asked for most, again: to find it costs more than to compare it.
    alg: String,
    enc: String,
    kid: Option<String>,
    /// The names of those that are not protected.
    unprotected: Vec<String>,
    encryption: Option<ContentEncryption>,
    /// Nothing if what the algorithm needs is malformed: see [`check_management`](Self::check_management).
    management: Option<Management>,
}

/// The parts of which a header is put together.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) protected: Map<String, Value>,
    pub(super) shared: Map<String, Value>,
    pub(super) recipient: Map<String, Value>,
}

/// Overwrites private keys that should not be there. They came by mistake, and are worth as much as others.
pub(super) fn wipe_private_keys<'p>(
    parts: impl IntoIterator<Item = &'p mut Map<String, Value>>,
) -> Result<(), HeaderError> {
    let mut disclosed = None;
    for part in parts {
        for name in ["jwk", "epk"] {
            let Some(key) = part.get_mut(name) else { continue };
            let Some(members) = key.as_object() else { continue };
            if PRIVATE_MEMBERS.iter().any(|private| members.contains_key(*private)) {
                wipe(key);
                disclosed = disclosed.or(Some(name));
            }
        }
    }
    disclosed.map_or(Ok(()), |name| Err(HeaderError::PrivateKey { name }))
}

impl Header {
    /// Puts the parts together and checks whatever can be checked without a key, but for what
    /// [`check_management`](Self::check_management) does.
    pub(super) fn join(mut parts: Parts) -> Result<Self, HeaderError> {
        // first, so that no other mistake leaves a private key behind
        wipe_private_keys([&mut parts.protected, &mut parts.shared, &mut parts.recipient])?;
        let Parts { protected: mut parameters, mut shared, mut recipient } = parts;
        critical::check(&parameters)?;
        let unprotected: Vec<String> = shared.keys().chain(recipient.keys()).cloned().collect();
        for name in ONLY_PROTECTED {
            if unprotected.iter().any(|unprotected| unprotected == name) {
                return Err(HeaderError::Unprotected { name });
            }
        }
        let twice =
            shared.keys().find(|name| parameters.contains_key(*name) || recipient.contains_key(*name));
        if let Some(name) = twice.or_else(|| recipient.keys().find(|name| parameters.contains_key(*name))) {
            return Err(HeaderError::InSeveralHeaders(name.clone()));
        }
        parameters.append(&mut shared);
        parameters.append(&mut recipient);
        check_types(&parameters)?;
        let string = |name| parameters.get(name).and_then(Value::as_str).ok_or(HeaderError::Missing { name });
        let (alg, enc) = (string("alg")?, string("enc")?);
        if let Some(zip) = parameters.get("zip").and_then(Value::as_str).filter(|zip| *zip != DEFLATE) {
            return Err(HeaderError::UnknownCompression(zip.to_owned()));
        }
        let encryption = ContentEncryption::from_name(enc);
        let management = Management::read(JweAlgorithm::from_name(alg), &parameters).ok();
        let (alg, enc) = (alg.to_owned(), enc.to_owned());
        let kid = string("kid").ok().map(str::to_owned);
        Ok(Self { alg, enc, kid, encryption, management, parameters, unprotected })
    }

    /// Whether what the algorithm needs is there and in order. If not, that is for this recipient alone.
    pub(super) fn check_management(&self) -> Result<(), HeaderError> {
        match self.management {
            Some(_) => Ok(()),
            // read again, since an error cannot be kept and given away as well
            None => Management::read(JweAlgorithm::from_name(&self.alg), &self.parameters).map(drop),
        }
    }

    /// Whether all that must be understood is, and the content is not compressed unless that is accepted.
    pub(super) fn check_understood(&self, understood: &[String], inflating: bool) -> Result<(), HeaderError> {
        if let Some(name) =
            critical::names(&self.parameters).find(|name| !understood.iter().any(|u| u == name))
        {
            return Err(HeaderError::CriticalNotUnderstood(name.to_owned()));
        }
        if self.is_compressed() && !inflating {
            return Err(HeaderError::Compressed);
        }
        Ok(())
    }

    /// `alg`: how the content encryption key comes to the recipient. It chooses among allowed algorithms and never adds
    /// one.
    pub fn alg(&self) -> &str {
        &self.alg
    }

    /// `enc`: how the content is encrypted.
    pub fn enc(&self) -> &str {
        &self.enc
    }

    /// `kid`: a hint which key to use.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// `typ`, if it is protected: what the whole object is.
    pub fn typ(&self) -> Option<&str> {
        self.protected_string("typ")
    }

    /// `cty`, if it is protected: what the plaintext is.
    pub fn cty(&self) -> Option<&str> {
        self.protected_string("cty")
    }

    /// Whether `typ` is there, protected, and names this media type; see [`same_media_type`].
    pub fn has_type(&self, media_type: &str) -> bool {
        self.typ().is_some_and(|typ| same_media_type(typ, media_type))
    }

    /// Whether `cty` is there, protected, and names this media type.
    pub fn has_content_type(&self, media_type: &str) -> bool {
        self.cty().is_some_and(|cty| same_media_type(cty, media_type))
    }

    /// Whether the plaintext was compressed before it was encrypted (`zip`).
    pub fn is_compressed(&self) -> bool {
        self.parameters.contains_key("zip")
    }

    /// Any parameter, as JSON.
    pub fn parameter(&self, name: &str) -> Option<&Value> {
        self.parameters.get(name)
    }

    /// All parameters.
    pub fn parameters(&self) -> &Map<String, Value> {
        &self.parameters
    }

    /// Whether a parameter is there and cannot have been changed on the way.
    pub fn is_protected(&self, name: &str) -> bool {
        self.parameters.contains_key(name) && !self.unprotected.iter().any(|unprotected| unprotected == name)
    }

    /// `enc`, if the registry has it.
    pub(super) fn encryption(&self) -> Option<ContentEncryption> {
        self.encryption
    }

    pub(crate) fn management(&self) -> Option<&Management> {
        self.management.as_ref()
    }

    fn protected_string(&self, name: &str) -> Option<&str> {
        self.string(name).filter(|_| self.is_protected(name))
    }

    fn string(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).and_then(Value::as_str)
    }
}

fn check_types(parameters: &Map<String, Value>) -> Result<(), HeaderError> {
    for name in STRINGS {
        if parameters.get(name).is_some_and(|value| !value.is_string()) {
            return Err(HeaderError::WrongType { name });
        }
    }
    if parameters.get("jwk").is_some_and(|jwk| !jwk.is_object()) {
        return Err(HeaderError::WrongType { name: "jwk" });
    }
    let is_audience =
        |aud: &Value| aud.is_string() || aud.as_array().is_some_and(|aud| aud.iter().all(Value::is_string));
    if parameters.get("aud").is_some_and(|aud| !is_audience(aud)) {
        return Err(HeaderError::WrongType { name: "aud" });
    }
    let Some(chain) = parameters.get("x5c") else { return Ok(()) };
    check_chain(chain).map_err(|error| match error {
        ChainError::WrongType => HeaderError::WrongType { name: "x5c" },
        ChainError::Encoding(_) => HeaderError::Encoding { name: "x5c" },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves HDR-04. Private keys are wiped wherever they stand, not only the first that is found.
    #[test]
    fn private_keys_are_wiped_from_every_part() {
        let part = || {
            Map::from_iter([("jwk", "k"), ("epk", "d")].map(|(name, member)| {
                (name.to_owned(), serde_json::json!({"kty": "secret", member: ["secret"]}))
            }))
        };
        let mut parts = [part(), part(), part()];
        assert!(matches!(wipe_private_keys(&mut parts), Err(HeaderError::PrivateKey { name: "jwk" })));
        for part in parts {
            assert_eq!(part.len(), 2);
            assert!(!Value::from(part).to_string().contains("secret"));
        }
        let mut public = part();
        for key in public.values_mut() {
            *key = serde_json::json!({"kty": "public"});
        }
        assert!(wipe_private_keys([&mut public]).is_ok());
        assert_eq!(public["epk"]["kty"], "public");
    }
}
