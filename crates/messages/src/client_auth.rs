//! `client_secret_basic` on the wire ([RFC 6749 §2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).

use avouch_types::{ClientId, ClientSecret, FormError, WordError, form};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// `client_assertion_type` of a JWT ([RFC 7523 §2.2](https://www.rfc-editor.org/rfc/rfc7523#section-2.2)).
pub const JWT_BEARER_ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The greatest length of an `Authorization` value that is read, in bytes.
const MAX_HEADER_BYTES: usize = 8 * 1024;

/// Why an `Authorization: Basic` value was refused. No variant holds a piece of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BasicError {
    /// Longer than 8 KiB.
    #[error("Authorization value of {len} bytes is too long")]
    TooLong {
        /// Its length.
        len: usize,
    },
    /// Another scheme than Basic.
    #[error("Authorization scheme is not Basic")]
    NotBasic,
    /// What follows the scheme is not one base64 text with padding.
    #[error("Basic credentials are not base64")]
    NotBase64,
    /// The decoded credentials hold a control character or are no text.
    #[error("Basic credentials hold a control character or are not UTF-8")]
    ForbiddenByte,
    /// No colon between client_id and secret.
    #[error("Basic credentials have no colon")]
    NoColon,
    /// client_id or secret is not form-encoded.
    #[error("Basic credentials are not form-encoded")]
    NotFormEncoded(#[source] FormError),
    /// The decoded client_id or secret is malformed.
    #[error("Basic credentials are malformed")]
    MalformedWord(#[source] WordError),
}

/// The `Authorization` value: both halves form-encoded, joined by a colon, base64.
///
/// ```
/// use avouch_messages::client_auth::{basic_header, parse_basic};
/// use avouch_types::{ClientId, ClientSecret};
///
/// let header = basic_header(&ClientId::parse("my:client")?, &ClientSecret::new("a+b%c d"));
/// assert_eq!(header, "Basic bXklM0FjbGllbnQ6YSUyQmIlMjVjK2Q=");
/// let (client_id, secret) = parse_basic(&header)?;
/// assert_eq!((client_id.as_str(), secret.expose()), ("my:client", "a+b%c d"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn basic_header(client_id: &ClientId, client_secret: &ClientSecret) -> String {
    let pair = format!("{}:{}", form::encode(client_id.as_str()), form::encode(client_secret.expose()));
    format!("Basic {}", STANDARD.encode(pair))
}

/// Reads an `Authorization` value of the scheme Basic (in any casing). Both halves are form-decoded, as the specification
/// says; a client that skips the encoding is misunderstood exactly where its secret has `%` or `+`.
///
/// # Errors
/// A [`BasicError`] that names the broken rule.
pub fn parse_basic(authorization: &str) -> Result<(ClientId, ClientSecret), BasicError> {
    if authorization.len() > MAX_HEADER_BYTES {
        return Err(BasicError::TooLong { len: authorization.len() });
    }
    let (scheme, encoded) = authorization.split_once(' ').ok_or(BasicError::NotBasic)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(BasicError::NotBasic);
    }
    let decoded = STANDARD.decode(encoded.trim_matches(' ')).map_err(|_| BasicError::NotBase64)?;
    let pair = String::from_utf8(decoded).map_err(|_| BasicError::ForbiddenByte)?;
    // RFC 7617 §2: no control characters in either half
    if pair.chars().any(char::is_control) {
        return Err(BasicError::ForbiddenByte);
    }
    let (client_id, secret) = pair.split_once(':').ok_or(BasicError::NoColon)?;
    let client_id = form::decode(client_id).map_err(BasicError::NotFormEncoded)?;
    let secret = form::decode(secret).map_err(BasicError::NotFormEncoded)?;
    if secret.chars().any(char::is_control) {
        return Err(BasicError::ForbiddenByte);
    }
    Ok((
        ClientId::parse(&client_id).map_err(BasicError::MalformedWord)?,
        ClientSecret::parse(&secret).map_err(BasicError::MalformedWord)?,
    ))
}
