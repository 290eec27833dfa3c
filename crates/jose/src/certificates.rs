//! `x5c`, which headers and keys have in common. The certificates are never a source of keys; only their form is looked at.

use serde_json::Value;

use crate::base64url::{self, DecodeError};

/// What is wrong with a chain.
pub(crate) enum ChainError {
    /// It is not an array of one or more strings.
    WrongType,
    /// One of the strings is not base64 with padding.
    Encoding(DecodeError),
}

/// Checks the form of a chain ([RFC 7515 §4.1.6](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.6)).
pub(crate) fn check_chain(chain: &Value) -> Result<(), ChainError> {
    let chain = chain.as_array().filter(|chain| !chain.is_empty()).ok_or(ChainError::WrongType)?;
    chain.iter().try_for_each(|certificate| {
        let text = certificate.as_str().ok_or(ChainError::WrongType)?;
        base64url::decode_standard(text).map(drop).map_err(ChainError::Encoding)
    })
}
