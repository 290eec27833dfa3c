use serde_json::{Map, Value};

use super::error::HeaderError;
use crate::certificates::{ChainError, check_chain};
use crate::jwk::{PRIVATE_MEMBERS, wipe};

/// Names that `crit` must not list because RFC 7515, 7516 and 7518 define them
/// ([RFC 7515 §4.1.11](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11)).
const NEVER_CRITICAL: [&str; 20] = [
    "alg", "enc", "zip", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "epk",
    "apu", "apv", "iv", "tag", "p2s", "p2c",
];

/// Registered parameters that are strings, with their names as they go into errors.
const STRINGS: [&str; 8] = ["alg", "kid", "typ", "cty", "jku", "x5u", "x5t", "x5t#S256"];

/// The protected header of a JWS, read strictly.
///
/// Registered parameters have the right types; `crit` names nothing. Everything in it is the sender's word: `kid` is
/// only ever compared, and `jwk`, `jku`, `x5u`, `x5c` never supply a key.
///
/// ```
/// # use avouch_jose::{Limits, jws::UnverifiedJws};
/// // {"alg":"ES256","kid":"7","typ":"at+JWT"}
/// let token = "eyJhbGciOiJFUzI1NiIsImtpZCI6IjciLCJ0eXAiOiJhdCtKV1QifQ.e30.AA";
/// let jws = UnverifiedJws::parse(token, &Limits::default())?;
/// assert_eq!(jws.header().kid(), Some("7"));
/// assert!(jws.header().has_type("application/at+jwt"));
/// # Ok::<(), avouch_jose::jws::JwsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    parameters: Map<String, Value>,
}

impl Header {
    pub(super) fn from_parameters(mut parameters: Map<String, Value>) -> Result<Self, HeaderError> {
        // first, so that no other mistake leaves a private key behind
        check_jwk(&mut parameters)?;
        for name in STRINGS {
            if parameters.get(name).is_some_and(|value| !value.is_string()) {
                return Err(HeaderError::WrongType { name });
            }
        }
        if !parameters.contains_key("alg") {
            return Err(HeaderError::AlgorithmMissing);
        }
        if parameters.contains_key("enc") {
            return Err(HeaderError::Encryption);
        }
        check_certificates(&parameters)?;
        check_critical(&parameters)?;
        Ok(Self { parameters })
    }

    /// `alg`: what the sender says it used. It chooses among allowed algorithms and never adds one.
    pub fn alg(&self) -> &str {
        self.string("alg").unwrap_or_default()
    }

    /// `kid`: a hint which key to use.
    pub fn kid(&self) -> Option<&str> {
        self.string("kid")
    }

    /// `typ`: what the whole object is.
    pub fn typ(&self) -> Option<&str> {
        self.string("typ")
    }

    /// `cty`: what the payload is.
    pub fn cty(&self) -> Option<&str> {
        self.string("cty")
    }

    /// Any parameter, as JSON.
    pub fn parameter(&self, name: &str) -> Option<&Value> {
        self.parameters.get(name)
    }

    /// All parameters.
    pub fn parameters(&self) -> &Map<String, Value> {
        &self.parameters
    }

    /// Whether `typ` is there and names this media type; see [`same_media_type`].
    pub fn has_type(&self, media_type: &str) -> bool {
        self.typ().is_some_and(|typ| same_media_type(typ, media_type))
    }

    pub(super) fn to_json(&self) -> String {
        // a map of strings and values: nothing in it can fail to be written
        serde_json::to_string(&self.parameters).unwrap_or_default()
    }

    fn string(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).and_then(Value::as_str)
    }
}

/// Whether two values of `typ` or `cty` name the same media type ([RFC 7515 §4.1.9]): a name without `/` is read with
/// `application/` before it, names compare without case, parameters exactly.
///
/// ```
/// use avouch_jose::jws::same_media_type;
///
/// assert!(same_media_type("AT+JWT", "application/at+jwt"));
/// assert!(!same_media_type("JWT", "at+jwt"));
/// ```
///
/// [RFC 7515 §4.1.9]: https://www.rfc-editor.org/rfc/rfc7515#section-4.1.9
pub fn same_media_type(a: &str, b: &str) -> bool {
    fn parts(value: &str) -> (&str, &str) {
        let end = value.find(';').unwrap_or(value.len());
        let (name, parameters) = value.split_at(end);
        (short(name.trim_end(), value), parameters)
    }
    /// Takes `application/` off, where the sender could have omitted it.
    fn short<'a>(name: &'a str, value: &str) -> &'a str {
        const PREFIX: &str = "application/";
        match name.split_at_checked(PREFIX.len()) {
            Some((prefix, rest))
                if prefix.eq_ignore_ascii_case(PREFIX) && value.matches('/').count() == 1 =>
            {
                rest
            }
            _ => name,
        }
    }
    let ((a_name, a_parameters), (b_name, b_parameters)) = (parts(a), parts(b));
    a_name.eq_ignore_ascii_case(b_name) && a_parameters == b_parameters
}

/// A private key is not only refused but overwritten: it came by mistake, and is worth as much as one that did not.
fn check_jwk(parameters: &mut Map<String, Value>) -> Result<(), HeaderError> {
    let Some(jwk) = parameters.get_mut("jwk") else { return Ok(()) };
    let members = jwk.as_object().ok_or(HeaderError::WrongType { name: "jwk" })?;
    if PRIVATE_MEMBERS.iter().any(|name| members.contains_key(*name)) {
        wipe(jwk);
        return Err(HeaderError::PrivateJwk);
    }
    Ok(())
}

fn check_certificates(parameters: &Map<String, Value>) -> Result<(), HeaderError> {
    let Some(chain) = parameters.get("x5c") else { return Ok(()) };
    check_chain(chain).map_err(|error| match error {
        ChainError::WrongType => HeaderError::WrongType { name: "x5c" },
        ChainError::Encoding(_) => HeaderError::CertificateEncoding,
    })
}

/// What the list must look like, then whether everything on it is understood: nothing is, as yet.
fn check_critical(parameters: &Map<String, Value>) -> Result<(), HeaderError> {
    if parameters.get("b64").is_some_and(|value| !value.is_boolean()) {
        return Err(HeaderError::WrongType { name: "b64" });
    }
    let Some(critical) = parameters.get("crit") else {
        return if parameters.contains_key("b64") { Err(HeaderError::B64NotCritical) } else { Ok(()) };
    };
    let wrong_type = HeaderError::WrongType { name: "crit" };
    let Some(names) = critical.as_array() else { return Err(wrong_type) };
    let mut seen = Vec::with_capacity(names.len().min(NEVER_CRITICAL.len()));
    for name in names {
        let Some(name) = name.as_str().filter(|name| !name.is_empty()) else { return Err(wrong_type) };
        if NEVER_CRITICAL.contains(&name) {
            return Err(HeaderError::CriticalRegistered(name.to_owned()));
        }
        if seen.contains(&name) {
            return Err(HeaderError::CriticalDuplicate(name.to_owned()));
        }
        if !parameters.contains_key(name) {
            return Err(HeaderError::CriticalAbsent(name.to_owned()));
        }
        seen.push(name);
    }
    if parameters.contains_key("b64") && !seen.contains(&"b64") {
        return Err(HeaderError::B64NotCritical);
    }
    match seen.first() {
        None => Err(HeaderError::CriticalEmpty),
        Some(name) => Err(HeaderError::CriticalNotUnderstood((*name).to_owned())),
    }
}
