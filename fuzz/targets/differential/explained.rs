//! Every disagreement that is meant, by the rule it comes from (`docs/requirements/jose.md`). What is not here is a crash.

/// They accept what we refuse: which of our refusals they do not share.
pub(crate) mod they_accept {
    use avouch_jose::jws::{HeaderError, JwsError};
    use avouch_json::JsonError;

    pub(crate) fn josekit(error: &JwsError) -> bool {
        budgets(error) || strict_json(error) || header(error)
    }

    pub(crate) fn jsonwebtoken(error: &JwsError) -> bool {
        budgets(error) || strict_json(error) || header(error)
    }

    /// JSN, LIM: how much is read.
    fn budgets(error: &JwsError) -> bool {
        matches!(error, JwsError::TokenTooLong { .. } | JwsError::HeaderTooLong { .. })
    }

    /// What JSON must be beyond its grammar.
    fn strict_json(error: &JwsError) -> bool {
        matches!(
            error,
            JwsError::HeaderJson(
                JsonError::DuplicateMember { .. }
                    | JsonError::TooDeep { .. }
                    | JsonError::TooManyMembers { .. }
                    | JsonError::TooManyValues { .. }
            )
        )
    }

    /// Rules about header parameters.
    fn header(error: &JwsError) -> bool {
        let JwsError::Header(error) = error else { return false };
        matches!(
            error,
            // HDR-15
            HeaderError::WrongType { .. }
                // B64-06
                | HeaderError::CertificateEncoding
                // HDR-04
                | HeaderError::PrivateJwk
                // CRT-01, CRT-04, CRT-05
                | HeaderError::CriticalEmpty
                | HeaderError::CriticalDuplicate(_)
                | HeaderError::CriticalRegistered(_)
                | HeaderError::CriticalAbsent(_)
                | HeaderError::CriticalNotUnderstood(_)
                // UNP
                | HeaderError::B64NotCritical
                // JWS-25
                | HeaderError::Encryption
        )
    }
}

/// They refuse what we accept: what they find in it.
pub(crate) mod they_refuse {
    use avouch_jose::base64url;
    use serde_json::Value;

    /// It checks the types, and of some the encoding, of parameters that nobody asked it to use; we ignore what we do not
    /// use (JWS-08).
    pub(crate) fn josekit(token: &str) -> bool {
        let Some(header) = header(token) else { return true };
        has_other_type(&header, "url", Value::is_string)
            || ["nonce", "x5t", "x5t#S256"].iter().any(|name| {
                has_other_type(&header, name, |value| {
                    value.as_str().is_some_and(|text| base64url::decode(text).is_ok())
                })
            })
            || header.get("jwk").is_some()
    }

    /// It types all of RFC 7515 and some of RFC 7516 and RFC 8555, and what it reads is always a JWT (JWS-27: a payload is
    /// any octets; claims are read in a second step of ours).
    pub(crate) fn jsonwebtoken(token: &str, payload: &[u8]) -> bool {
        let Some(header) = header(token) else { return true };
        ["url", "nonce", "zip"].iter().any(|name| has_other_type(&header, name, Value::is_string))
            || header.get("jwk").is_some()
            || header.get("x5c").is_some()
            || avouch_json::object(payload, &avouch_json::Limits::default()).is_err()
    }

    fn has_other_type(header: &Value, name: &str, is_right: impl Fn(&Value) -> bool) -> bool {
        header.get(name).is_some_and(|value| !is_right(value))
    }

    /// `None` where serde_json, which both of them read with, cannot read it: a number beyond `f64` is JSON all the same.
    fn header(token: &str) -> Option<Value> {
        let (header, _) = token.split_once('.')?;
        match serde_json::from_slice(&base64url::decode(header).ok()?) {
            Ok(header) => Some(header),
            Err(error) => {
                assert!(error.to_string().contains("number out of range"), "{error}");
                None
            }
        }
    }
}
