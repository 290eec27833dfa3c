//! The list of parameters that must be understood ([RFC 7516 §4.1.13]).
//!
//! [RFC 7516 §4.1.13]: https://www.rfc-editor.org/rfc/rfc7516#section-4.1.13

use serde_json::{Map, Value};

use super::HeaderError;

/// Names that the list must not have because RFC 7515, 7516 and 7518 define them.
const NEVER_CRITICAL: [&str; 20] = [
    "alg", "enc", "zip", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "epk",
    "apu", "apv", "iv", "tag", "p2s", "p2c",
];

/// What the list of a protected header must look like, whoever understands what is on it.
pub(super) fn check(protected: &Map<String, Value>) -> Result<(), HeaderError> {
    let Some(critical) = protected.get("crit") else { return Ok(()) };
    let wrong_type = || HeaderError::WrongType { name: "crit" };
    let list = critical.as_array().ok_or_else(wrong_type)?;
    let mut seen = Vec::with_capacity(list.len());
    for name in list {
        let name = name.as_str().filter(|name| !name.is_empty()).ok_or_else(wrong_type)?;
        check_name(name)?;
        if !protected.contains_key(name) {
            return Err(HeaderError::CriticalAbsent(name.to_owned()));
        }
        seen.push(name);
    }
    if seen.is_empty() {
        return Err(HeaderError::CriticalEmpty);
    }
    // sorted, since the sender decides how many there are
    seen.sort_unstable();
    match seen.windows(2).find_map(|pair| pair.first().filter(|first| pair.last() == Some(first))) {
        Some(name) => Err(HeaderError::CriticalDuplicate((*name).to_owned())),
        None => Ok(()),
    }
}

/// Whether a name may be on the list.
fn check_name(name: &str) -> Result<(), HeaderError> {
    if NEVER_CRITICAL.contains(&name) {
        return Err(HeaderError::CriticalRegistered(name.to_owned()));
    }
    Ok(())
}

/// Whether a caller can promise to process the parameter. `b64` says how a JWS is signed, and nothing of a JWE
/// ([RFC 7797 §3](https://www.rfc-editor.org/rfc/rfc7797#section-3)).
pub(in crate::jwe) fn check_promised(name: &str) -> Result<(), HeaderError> {
    if name == "b64" {
        return Err(HeaderError::CriticalRegistered(name.to_owned()));
    }
    check_name(name)
}

/// What is on the list of a header that has been checked.
pub(super) fn names(parameters: &Map<String, Value>) -> impl Iterator<Item = &str> {
    parameters.get("crit").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
