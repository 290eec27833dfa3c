//! What a token's header says about its kind.

use avouch_jose::jws::{Header, same_media_type};

/// Whether the header leaves open, or says no more than, that this is a JWT (RFC 8725, 3.11 and 3.12).
///
/// # Errors
///
/// The `typ` that says it is another kind of token: `at+jwt`, `logout+jwt`, `dpop+jwt`, ...
pub(crate) fn names_jwt(header: &Header) -> Result<(), String> {
    match header.typ() {
        Some(typ) if !same_media_type(typ, "JWT") => Err(typ.to_owned()),
        _ => Ok(()),
    }
}
