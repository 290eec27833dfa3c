use serde_json::{Map, Value};

mod critical;
mod error;

use super::reader::Rules;
use crate::certificates::{ChainError, check_chain};
use crate::jwk::{PRIVATE_MEMBERS, wipe};

pub(super) use critical::{B64, check_name as check_critical_name};
pub use error::HeaderError;

/// Registered parameters that are strings, with their names as they go into errors.
const STRINGS: [&str; 8] = ["alg", "kid", "typ", "cty", "jku", "x5u", "x5t", "x5t#S256"];

/// Parameters that mean something only where they are protected.
const ONLY_PROTECTED: [&str; 2] = ["crit", B64];

/// The header of a JWS, read strictly: the protected parameters, and in the JSON serialisations the unprotected ones.
///
/// Registered parameters have the right types, and no name is in both parts. What is protected is the sender's word, what
/// is not anybody's: only [`alg`](Self::alg) and [`kid`](Self::kid), which choose among trusted keys, are looked for in
/// both. `kid` is only ever compared, and `jwk`, `jku`, `x5u`, `x5c` never supply a key.
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
    protected: Map<String, Value>,
    unprotected: Map<String, Value>,
    /// `alg` and `kid`, of whichever part: they are looked at several times for each token.
    alg: String,
    kid: Option<String>,
    unencoded: bool,
}

impl Header {
    /// Puts the two parts together. Whatever is wrong with them in themselves is an error; whether a reader accepts them
    /// is for [`accepted_by`](Self::accepted_by).
    pub(super) fn join(
        mut protected: Map<String, Value>,
        mut unprotected: Map<String, Value>,
    ) -> Result<Self, HeaderError> {
        // first, so that no other mistake leaves a private key behind
        wipe_private_jwks([&mut protected, &mut unprotected])?;
        let unencoded = critical::check(&protected)?;
        if let Some(name) = ONLY_PROTECTED.into_iter().find(|name| unprotected.contains_key(*name)) {
            return Err(HeaderError::Unprotected { name });
        }
        check_disjoint(&protected, &unprotected)?;
        check(&protected)?;
        check(&unprotected)?;
        let anywhere = |name: &str| {
            let value = protected.get(name).or_else(|| unprotected.get(name));
            value.and_then(Value::as_str).map(str::to_owned)
        };
        let (alg, kid) = (anywhere("alg").ok_or(HeaderError::AlgorithmMissing)?, anywhere("kid"));
        let header = Self { protected, unprotected, alg, kid, unencoded };
        if header.unencoded && header.typ().is_some_and(names_a_jwt) {
            return Err(HeaderError::UnencodedJwt);
        }
        Ok(header)
    }

    /// Whether a reader understands all that must be understood.
    pub(super) fn accepted_by(&self, rules: &Rules) -> Result<(), HeaderError> {
        if let Some(name) = critical::names(&self.protected).find(|name| !rules.understands(name)) {
            return Err(HeaderError::CriticalNotUnderstood(name.to_owned()));
        }
        if !self.protected.contains_key("alg") && !rules.takes_unprotected_algorithm() {
            return Err(HeaderError::AlgorithmUnprotected);
        }
        Ok(())
    }

    /// `alg`: what the sender says it used. It chooses among allowed algorithms and never adds one.
    pub fn alg(&self) -> &str {
        &self.alg
    }

    /// `kid`: a hint which key to use.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// `typ`: what the whole object is.
    pub fn typ(&self) -> Option<&str> {
        self.parameter("typ").and_then(Value::as_str)
    }

    /// `cty`: what the payload is.
    pub fn cty(&self) -> Option<&str> {
        self.parameter("cty").and_then(Value::as_str)
    }

    /// Any protected parameter, as JSON.
    pub fn parameter(&self, name: &str) -> Option<&Value> {
        self.protected.get(name)
    }

    /// All protected parameters.
    pub fn parameters(&self) -> &Map<String, Value> {
        &self.protected
    }

    /// The parameters that anybody can have put there; only the JSON serialisations have any.
    pub fn unprotected(&self) -> &Map<String, Value> {
        &self.unprotected
    }

    /// Whether the signature is over the payload itself instead of its encoding: `b64` is false
    /// ([RFC 7797 §3](https://www.rfc-editor.org/rfc/rfc7797#section-3)).
    pub fn is_unencoded(&self) -> bool {
        self.unencoded
    }

    /// Whether `typ` is there and names this media type; see [`same_media_type`].
    pub fn has_type(&self, media_type: &str) -> bool {
        self.typ().is_some_and(|typ| same_media_type(typ, media_type))
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
        // white space may stand before parameters, nowhere else
        let name = if parameters.is_empty() { name } else { name.trim_end_matches([' ', '\t']) };
        (short(name, value), parameters)
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
    // most often they are spelt alike
    if a == b {
        return true;
    }
    let ((a_name, a_parameters), (b_name, b_parameters)) = (parts(a), parts(b));
    a_name.eq_ignore_ascii_case(b_name) && a_parameters == b_parameters
}

/// Whether the value of `typ` says that this is a JWT of some kind.
pub(super) fn names_a_jwt(typ: &str) -> bool {
    // generous: whatever could pass for a JWT somewhere
    let name = typ.split(';').next().unwrap_or_default().trim_end();
    same_media_type(name, "JWT")
        || name.rsplit('+').next().is_some_and(|suffix| suffix.eq_ignore_ascii_case("jwt"))
}

/// The types of registered parameters, and what must not be in them, wherever they come from.
pub(super) fn check(parameters: &Map<String, Value>) -> Result<(), HeaderError> {
    check_jwk(parameters)?;
    for name in STRINGS {
        if parameters.get(name).is_some_and(|value| !value.is_string()) {
            return Err(HeaderError::WrongType { name });
        }
    }
    if parameters.contains_key("enc") {
        return Err(HeaderError::Encryption);
    }
    check_certificates(parameters)
}

/// One name must not be in both parts, whatever the values
/// ([RFC 7515 §5.2](https://www.rfc-editor.org/rfc/rfc7515#section-5.2)).
pub(super) fn check_disjoint(
    protected: &Map<String, Value>,
    unprotected: &Map<String, Value>,
) -> Result<(), HeaderError> {
    match unprotected.keys().find(|name| protected.contains_key(*name)) {
        Some(name) => Err(HeaderError::InBothHeaders(name.clone())),
        None => Ok(()),
    }
}

/// Overwrites private keys that should not be there, in both headers, whatever is wrong with the first.
fn wipe_private_jwks(headers: [&mut Map<String, Value>; 2]) -> Result<(), HeaderError> {
    headers.map(wipe_private_jwk).into_iter().collect()
}

/// A private key is not only refused but overwritten: it came by mistake, and is worth as much as one that did not.
fn wipe_private_jwk(parameters: &mut Map<String, Value>) -> Result<(), HeaderError> {
    let refused = check_jwk(parameters);
    if let (Err(HeaderError::PrivateJwk), Some(jwk)) = (&refused, parameters.get_mut("jwk")) {
        wipe(jwk);
    }
    refused
}

fn check_jwk(parameters: &Map<String, Value>) -> Result<(), HeaderError> {
    let Some(jwk) = parameters.get("jwk") else { return Ok(()) };
    let members = jwk.as_object().ok_or(HeaderError::WrongType { name: "jwk" })?;
    if PRIVATE_MEMBERS.iter().any(|name| members.contains_key(*name)) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves HDR-04. A private key is wiped from either header, also behind one that is malformed.
    #[test]
    fn private_keys_are_wiped_from_both_headers() {
        let header = |jwk: Value| Map::from_iter([("jwk".to_owned(), jwk)]);
        let private = || header(serde_json::json!({"kty": "secret", "d": ["secret"]}));
        for first in [private(), header(Value::Null), Map::new()] {
            let mut headers = [first, private()];
            let [first, second] = &mut headers;
            assert!(wipe_private_jwks([first, second]).is_err());
            let text = headers.map(Value::from).map(|header| header.to_string()).concat();
            assert!(text.contains("jwk") && !text.contains("secret"), "{text}");
        }
    }
}
