//! The list of parameters that must be understood ([RFC 7515 §4.1.11]), and `b64`, which must be on it ([RFC 7797 §6]).
//!
//! [RFC 7515 §4.1.11]: https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11
//! [RFC 7797 §6]: https://www.rfc-editor.org/rfc/rfc7797#section-6

use serde_json::{Map, Value};

use super::HeaderError;

/// The parameter that says whether the payload is encoded.
pub(in crate::jws) const B64: &str = "b64";

/// Names that the list must not have because RFC 7515, 7516 and 7518 define them.
const NEVER_CRITICAL: [&str; 20] = [
    "alg", "enc", "zip", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "epk",
    "apu", "apv", "iv", "tag", "p2s", "p2c",
];

/// What the list of a protected header must look like, whoever understands what is on it. Tells whether the payload is
/// unencoded.
pub(super) fn check(protected: &Map<String, Value>) -> Result<bool, HeaderError> {
    let unencoded = match protected.get(B64) {
        None | Some(Value::Bool(true)) => false,
        Some(Value::Bool(false)) => true,
        Some(_) => return Err(HeaderError::WrongType { name: B64 }),
    };
    let Some(critical) = protected.get("crit") else {
        return if protected.contains_key(B64) { Err(HeaderError::B64NotCritical) } else { Ok(unencoded) };
    };
    let wrong_type = || HeaderError::WrongType { name: "crit" };
    let list = critical.as_array().ok_or_else(wrong_type)?;
    let mut seen = Vec::with_capacity(list.len());
    for name in list {
        let name = name.as_str().ok_or_else(wrong_type)?;
        check_name(name)?;
        if !protected.contains_key(name) {
            return Err(HeaderError::CriticalAbsent(name.to_owned()));
        }
        seen.push(name);
    }
    if seen.is_empty() {
        return Err(HeaderError::CriticalEmpty);
    }
    if protected.contains_key(B64) && !seen.contains(&B64) {
        return Err(HeaderError::B64NotCritical);
    }
    // sorted, since the sender decides how many there are
    seen.sort_unstable();
    match seen.windows(2).find_map(|pair| pair.first().filter(|first| pair.last() == Some(first))) {
        Some(name) => Err(HeaderError::CriticalDuplicate((*name).to_owned())),
        None => Ok(unencoded),
    }
}

/// Whether a name may be on the list at all.
pub(in crate::jws) fn check_name(name: &str) -> Result<(), HeaderError> {
    if name.is_empty() {
        return Err(HeaderError::WrongType { name: "crit" });
    }
    if NEVER_CRITICAL.contains(&name) {
        return Err(HeaderError::CriticalRegistered(name.to_owned()));
    }
    Ok(())
}

/// What is on the list of a header that has been checked.
pub(super) fn names(parameters: &Map<String, Value>) -> impl Iterator<Item = &str> {
    parameters.get("crit").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
