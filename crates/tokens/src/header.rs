//! What a token's header says about its kind.

use avouch_jose::jws::{Header, same_media_type};

/// Whether the header leaves open, or says no more than, that this is a JWT (RFC 8725, 3.11 and 3.12).
///
/// # Errors
///
/// The `typ` that says it is another kind of token: `at+jwt`, `logout+jwt`, `dpop+jwt`, ...
pub(crate) fn names_jwt(header: &Header) -> Result<(), String> {
    names_jwt_or(header, "JWT")
}

/// As [`names_jwt`], for a kind of token that has a media type of its own.
///
/// # Errors
///
/// The `typ` that says it is another kind of token.
pub(crate) fn names_jwt_or(header: &Header, own: &str) -> Result<(), String> {
    match header.typ() {
        Some(typ) if !same_media_type(typ, "JWT") && !same_media_type(typ, own) => Err(typ.to_owned()),
        _ => Ok(()),
    }
}
