//! What a person types, normalised ([Discovery §2.1]).
//!
//! [Discovery §2.1]: https://openid.net/specs/openid-connect-discovery-1_0.html#IdentifierNormalization

use avouch_types::{Issuer, MAX_URI_BYTES, UriError};
use std::fmt;

/// What a person gave to be recognised by, as the two values that a query needs ([Discovery §2.1]).
///
/// Nothing is repaired: white space around it is for the form to remove, a domain name with letters beyond ASCII for the
/// host to convert. Where the specification leaves something open, this is done:
///
/// - `example.com:8080` and `localhost:8080` are host and port, although `example.com:` and `localhost:` could be schemes.
/// - A host without anything else gets the slash that the specification's example has (`https://example.com:8080/`);
///   `joe@example.com:8080` is left without, as its rule says.
/// - The host to ask is host and port, without the name before it.
/// - An `acct:` URI that was typed may have a port, and its host begins after the last at-sign.
///
/// ```
/// use avouch_discovery::webfinger::{Identifier, IdentifierError};
///
/// let joe = Identifier::parse("joe@example.com")?;
/// assert_eq!((joe.resource(), joe.host()), ("acct:joe@example.com", "example.com"));
///
/// let page = Identifier::parse("example.com/joe#top")?;
/// assert_eq!((page.resource(), page.host()), ("https://example.com/joe", "example.com"));
///
/// assert_eq!(Identifier::parse("=joe"), Err(IdentifierError::Reserved { symbol: '=' }));
/// # Ok::<(), IdentifierError>(())
/// ```
///
/// [Discovery §2.1]: https://openid.net/specs/openid-connect-discovery-1_0.html#IdentifierNormalization
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Identifier {
    resource: String,
    host: String,
}

/// Why a text is no identifier. Offsets count bytes of it.
///
/// ```
/// use avouch_discovery::webfinger::{Identifier, IdentifierError};
/// let refused = Identifier::parse("joe smith@example.com");
/// assert_eq!(refused, Err(IdentifierError::ForbiddenCharacter { offset: 3 }));
/// assert_eq!(IdentifierError::NoHost.section(), "OpenID Connect Discovery 1.0, 2.1");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentifierError {
    /// It begins with a sign that is reserved for XRIs ([Discovery §2.1.1]).
    ///
    /// [Discovery §2.1.1]: https://openid.net/specs/openid-connect-discovery-1_0.html#IdentifierType
    #[error("identifiers that begin with {symbol} are reserved and not supported")]
    Reserved {
        /// The sign: `=`, `@` or `!`.
        symbol: char,
    },
    /// It is longer than [`MAX_URI_BYTES`].
    #[error("the identifier has {length} bytes, more than {MAX_URI_BYTES}")]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// A character that no URI has: white space, a control character, a letter beyond ASCII ([RFC 3986 §2]).
    ///
    /// [RFC 3986 §2]: https://www.rfc-editor.org/rfc/rfc3986#section-2
    #[error("the identifier has a character that is not allowed, at byte {offset}")]
    ForbiddenCharacter {
        /// Where it stands.
        offset: usize,
    },
    /// A percent sign that two hexadecimal digits do not follow ([RFC 3986 §2.1]).
    ///
    /// [RFC 3986 §2.1]: https://www.rfc-editor.org/rfc/rfc3986#section-2.1
    #[error("the identifier has a malformed percent-encoding at byte {offset}")]
    MalformedPercentEncoding {
        /// Where it stands.
        offset: usize,
    },
    /// No scheme where an absolute URI is needed ([RFC 3986 §4.3](https://www.rfc-editor.org/rfc/rfc3986#section-4.3)).
    #[error("the resource is no absolute URI")]
    NoScheme,
    /// No host can be asked: it is missing, or stands in a URI of a scheme that has none (`mailto:`, `tel:`). An identifier
    /// includes the authority component ([Discovery §2.1]).
    ///
    /// [Discovery §2.1]: https://openid.net/specs/openid-connect-discovery-1_0.html#IdentifierNormalization
    #[error("the identifier has no host")]
    NoHost,
    /// The name before the host of an `acct:` URI is empty ([RFC 7565 §7](https://www.rfc-editor.org/rfc/rfc7565#section-7)).
    #[error("the identifier has no user before the at-sign")]
    NoUser,
    /// A password before the host ([RFC 3986 §3.2.1]): it would go to that host, within the resource.
    ///
    /// [RFC 3986 §3.2.1]: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
    #[error("the identifier has a password before its host")]
    Password,
    /// A second at-sign in a URL, where it would have to be percent-encoded ([RFC 3986 §3.2.1]).
    ///
    /// [RFC 3986 §3.2.1]: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
    #[error("the identifier has an at-sign in its user information")]
    AtSignInUserInfo,
    /// The host or port is malformed.
    #[error("the identifier's host is malformed")]
    Host(#[source] UriError),
}

impl IdentifierError {
    /// The rule that is broken.
    #[must_use]
    pub fn section(&self) -> &'static str {
        match self {
            Self::Reserved { .. } => "OpenID Connect Discovery 1.0, 2.1.1",
            Self::TooLong { .. } | Self::NoHost => "OpenID Connect Discovery 1.0, 2.1",
            Self::ForbiddenCharacter { .. } => "RFC 3986, 2",
            Self::MalformedPercentEncoding { .. } => "RFC 3986, 2.1",
            Self::NoScheme => "RFC 3986, 4.3",
            Self::NoUser => "RFC 7565, 7",
            Self::AtSignInUserInfo | Self::Password => "RFC 3986, 3.2.1",
            Self::Host(_) => "RFC 3986, 3.2",
        }
    }
}

/// Whom it names is nobody's business but the host's.
impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identifier").field("host", &self.host).finish_non_exhaustive()
    }
}

/// What nobody means as the name of a host when digits follow.
const SCHEMES: [&str; 5] = ["acct", "http", "https", "mailto", "tel"];

impl Identifier {
    /// Reads what a person typed.
    ///
    /// # Errors
    /// [`IdentifierError`] names the broken rule.
    pub fn parse(input: &str) -> Result<Self, IdentifierError> {
        if let Some(symbol) = input.chars().next().filter(|first| ['=', '@', '!'].contains(first)) {
            return Err(IdentifierError::Reserved { symbol });
        }
        if input.len() > MAX_URI_BYTES {
            return Err(IdentifierError::TooLong { length: input.len() });
        }
        check_characters(input)?;
        let (uri, has_fragment) = match input.split_once('#') {
            Some((uri, _)) => (uri, true),
            None => (input, false),
        };
        let identifier = match scheme_of(uri) {
            Some((scheme, rest)) => Self::with_scheme(uri, scheme, rest),
            None => Self::without_scheme(uri, has_fragment),
        }?;
        check_brackets(uri, &identifier.host)?;
        Ok(identifier)
    }

    /// A resource that says nothing of the host to ask, or whose host is known to be asked elsewhere
    /// ([RFC 7033 §4](https://www.rfc-editor.org/rfc/rfc7033#section-4)): any absolute URI, as it is written.
    ///
    /// # Errors
    /// [`IdentifierError`]: `resource` is no absolute URI, or `host` no host with an optional port.
    pub fn at(resource: &str, host: &str) -> Result<Self, IdentifierError> {
        check_resource(resource)?;
        Ok(Self { resource: resource.to_owned(), host: checked_host(host)?.to_owned() })
    }

    /// The URI that is asked about: the parameter `resource`.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// Who is asked: a host, and its port where that is not 443.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Rule 4: what was typed as a URI is left as it is.
    fn with_scheme(uri: &str, scheme: &str, rest: &str) -> Result<Self, IdentifierError> {
        let host = if let Some(rest) = rest.strip_prefix("//") {
            let authority = rest.split(['/', '?']).next().unwrap_or_default();
            host_of(authority)?
        } else if scheme.eq_ignore_ascii_case("acct") {
            let (user, host) = rest.rsplit_once('@').ok_or(IdentifierError::NoHost)?;
            if user.is_empty() {
                return Err(IdentifierError::NoUser);
            }
            check_user(user)?;
            checked_host(host)?
        } else {
            return Err(IdentifierError::NoHost);
        };
        Ok(Self { resource: uri.to_owned(), host: host.to_owned() })
    }

    /// Rules 1 to 3: `[userinfo@]host[:port]path[?query][#fragment]`.
    fn without_scheme(uri: &str, has_fragment: bool) -> Result<Self, IdentifierError> {
        let authority = uri.split(['/', '?']).next().unwrap_or_default();
        let is_alone = authority.len() == uri.len();
        if let Some((user, host)) = authority.rsplit_once('@')
            && is_alone
            && !has_fragment
            && !has_port(host)
        {
            let host = checked_host(host)?;
            check_user(user)?;
            let resource = format!("acct:{}@{host}", user.replace('@', "%40"));
            return Ok(Self { resource, host: host.to_owned() });
        }
        let host = host_of(authority)?;
        let slash = if is_alone && host.len() == authority.len() { "/" } else { "" };
        Ok(Self { resource: format!("https://{uri}{slash}"), host: host.to_owned() })
    }
}

/// The scheme of an absolute URI, and what follows its colon.
///
/// `example.com:8080` is one by the letter of RFC 3986, and host with port by the examples of Discovery §2.1.2: only digits
/// follow the colon, up to the path. Nobody's scheme of that kind has an authority component anyway.
fn scheme_of(uri: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = uri.split_once(':')?;
    let port = rest.split(['/', '?']).next().unwrap_or_default();
    let is_host = port.bytes().all(|byte| byte.is_ascii_digit())
        && !rest.starts_with("//")
        && !SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme));
    (is_scheme(scheme) && !is_host).then_some((scheme, rest))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// The part of an authority that is connected to.
fn host_of(authority: &str) -> Result<&str, IdentifierError> {
    match authority.rsplit_once('@') {
        Some((user, _)) if user.contains('@') => Err(IdentifierError::AtSignInUserInfo),
        Some((user, host)) => check_user(user).and_then(|()| checked_host(host)),
        None => checked_host(authority),
    }
}

/// What a colon parts from the name is a password.
fn check_user(user: &str) -> Result<(), IdentifierError> {
    if user.contains(':') { Err(IdentifierError::Password) } else { Ok(()) }
}

/// A host with an optional port is what can be the host of an issuer.
fn checked_host(host: &str) -> Result<&str, IdentifierError> {
    if host.is_empty() || host.starts_with(':') {
        return Err(IdentifierError::NoHost);
    }
    if host.contains(['/', '?', '#']) {
        return Err(IdentifierError::Host(UriError::MalformedHost));
    }
    Issuer::parse(&format!("https://{host}")).map_err(IdentifierError::Host)?;
    Ok(host)
}

fn has_port(host: &str) -> bool {
    host.rsplit(']').next().is_some_and(|after_address| after_address.contains(':'))
}

/// Square brackets stand around the address of a host and nowhere else (RFC 3986 §3.2.2).
fn check_brackets(uri: &str, host: &str) -> Result<(), IdentifierError> {
    let allowed = host.matches(['[', ']']).count();
    match uri.match_indices(['[', ']']).nth(allowed) {
        Some((offset, _)) => Err(IdentifierError::ForbiddenCharacter { offset }),
        None => Ok(()),
    }
}

/// An absolute URI, which is what can be asked about (RFC 7033 §4).
pub(super) fn check_resource(resource: &str) -> Result<(), IdentifierError> {
    if resource.len() > MAX_URI_BYTES {
        return Err(IdentifierError::TooLong { length: resource.len() });
    }
    check_characters(resource)?;
    let is_absolute =
        resource.split_once(':').is_some_and(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty());
    if is_absolute { Ok(()) } else { Err(IdentifierError::NoScheme) }
}

/// What RFC 3986 §2 allows somewhere in a URI.
fn check_characters(uri: &str) -> Result<(), IdentifierError> {
    for (offset, byte) in uri.bytes().enumerate() {
        match byte {
            b'%' => {
                let digits = uri.as_bytes().get(offset + 1..offset + 3);
                if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
                    return Err(IdentifierError::MalformedPercentEncoding { offset });
                }
            }
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                return Err(IdentifierError::ForbiddenCharacter { offset });
            }
            0x21..=0x7E => {}
            _ => return Err(IdentifierError::ForbiddenCharacter { offset }),
        }
    }
    Ok(())
}
