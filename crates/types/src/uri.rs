//! The syntax check that all URIs here go through, and their error. Written by hand instead of with the crate `url`: that
//! one follows browsers and repairs what it reads (backslashes, whitespace, `127.1`), while here the text is compared
//! exactly, so that whatever two parsers could read differently has to be refused.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::word::{cut, pieces};

mod endpoint;
mod issuer;
mod query;
mod redirect;

pub use endpoint::EndpointUrl;
pub use issuer::Issuer;
pub use query::{with_fragment, with_query};
pub use redirect::RedirectUri;

/// The longest URI that is read, in bytes.
pub const MAX_URI_BYTES: usize = 2048;

/// Why a text is not an acceptable URI. Offsets count bytes.
///
/// ```
/// use avouch_types::{Issuer, UriError};
/// assert_eq!(Issuer::parse("http://op.example"), Err(UriError::NotHttps));
/// assert_eq!(Issuer::parse("https://op.example?tenant=1"), Err(UriError::HasQuery));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UriError {
    /// Longer than [`MAX_URI_BYTES`].
    TooLong {
        /// Length of the text.
        len: usize,
    },
    /// Does not begin with a scheme and a colon: not absolute.
    NoScheme,
    /// The scheme is not `https` where only that is allowed.
    NotHttps,
    /// Plain http to a host other than `127.0.0.1`, `[::1]` and `localhost`, where only loopback is allowed.
    NotLoopbackHttp,
    /// A scheme that makes the browser run or show the URI itself (`javascript`, `data`, ...).
    DangerousScheme,
    /// A character that RFC 3986 allows nowhere: whitespace, control, backslash, quote, non-ASCII, ...
    ForbiddenCharacter {
        /// Where it stands.
        offset: usize,
    },
    /// A percent sign that two hexadecimal digits do not follow.
    MalformedPercentEncoding {
        /// Where it stands.
        offset: usize,
    },
    /// No host where the scheme needs one.
    NoHost,
    /// A user name or password before the host.
    HasUserInfo,
    /// The host is neither a name of labels with letters, digits, `-` and `_`, nor an IPv4 address in four decimal numbers,
    /// nor an IPv6 address.
    MalformedHost,
    /// The port is not a number from 1 to 65535 without leading zeros.
    MalformedPort,
    /// The path has a segment `.` or `..` (also percent-encoded), which clients resolve differently.
    DotSegment,
    /// A query where none is allowed.
    HasQuery,
    /// A fragment where none is allowed.
    HasFragment,
    /// A fragment in an Issuer Identifier.
    IssuerHasFragment,
}

impl fmt::Display for UriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { len } => write!(f, "URI of {len} bytes, at most {MAX_URI_BYTES} are allowed"),
            Self::NoScheme => f.write_str("URI is not absolute"),
            Self::NotHttps => f.write_str("URI is not https"),
            Self::NotLoopbackHttp => f.write_str("URI is not plain http to a loopback host"),
            Self::DangerousScheme => f.write_str("URI has a scheme that browsers execute or display"),
            Self::ForbiddenCharacter { offset } => {
                write!(f, "URI has a character that is not allowed, at byte {offset}")
            }
            Self::MalformedPercentEncoding { offset } => {
                write!(f, "URI has a malformed percent-encoding at byte {offset}")
            }
            Self::NoHost => f.write_str("URI has no host"),
            Self::HasUserInfo => f.write_str("URI has user information before the host"),
            Self::MalformedHost => f.write_str("URI has a malformed host"),
            Self::MalformedPort => f.write_str("URI has a malformed port"),
            Self::DotSegment => f.write_str("URI has a dot segment in its path"),
            Self::HasQuery => f.write_str("URI has a query"),
            Self::HasFragment | Self::IssuerHasFragment => f.write_str("URI has a fragment"),
        }
    }
}

impl std::error::Error for UriError {}

/// Checks that a text is an absolute URL that a person's browser can be sent to or shown, and repairs nothing: syntax of
/// RFC 3986, for http and https a host in a plain spelling and nothing before it (RFC 9110 §4.2), and no scheme that
/// executes. A fragment and plain http are allowed, and it may be of any length: this is for claims such as `website`,
/// not for anything that is compared, fetched or redirected to.
///
/// # Errors
/// A [`UriError`] that names the broken rule.
///
/// ```
/// use avouch_types::{UriError, check_web_url};
/// assert!(check_web_url("http://example.com/~jane?page=1#me").is_ok());
/// assert_eq!(check_web_url("example.com/jane"), Err(UriError::NoScheme));
/// assert_eq!(check_web_url("javascript:alert(1)"), Err(UriError::DangerousScheme));
/// ```
pub fn check_web_url(text: &str) -> Result<(), UriError> {
    let parts = Parts::split(text)?;
    if redirect::is_dangerous(parts.scheme) { Err(UriError::DangerousScheme) } else { Ok(()) }
}

/// The pieces of an absolute URI (RFC 3986 §3), each as it stands in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'a> {
    pub(crate) scheme: &'a str,
    /// `None` without an authority; empty as in `app:///callback`.
    pub(crate) host: Option<&'a str>,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) fragment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, UriError> {
        if text.len() > MAX_URI_BYTES {
            return Err(UriError::TooLong { len: text.len() });
        }
        let parts = Self::split(text)?;
        if has_dot_segment(parts.path) {
            return Err(UriError::DotSegment);
        }
        Ok(parts)
    }

    fn split(text: &'a str) -> Result<Self, UriError> {
        check_characters(text)?;
        let (scheme, rest) = cut(text, b':');
        let rest = rest.ok_or(UriError::NoScheme)?;
        if !scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        {
            return Err(UriError::NoScheme);
        }
        let (rest, fragment) = cut(rest, b'#');
        let (rest, query) = cut(rest, b'?');
        let (host, path) = match rest.strip_prefix("//") {
            Some(rest) => {
                let (authority, _) = cut(rest, b'/');
                let path = rest.get(authority.len()..).unwrap_or_default();
                (Some(host_of(authority)?), path)
            }
            None => (None, rest),
        };
        // RFC 9110 §4.2: an http or https URI without a host is invalid; `https:host` is one, though some readers repair it
        if (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"))
            && host.is_none_or(str::is_empty)
        {
            return Err(UriError::NoHost);
        }
        Ok(Self { scheme, host, path, query, fragment })
    }

    /// Plain http to a host that names this machine, in one of the three usual spellings.
    pub(crate) fn is_loopback_http(&self) -> bool {
        self.scheme == "http" && matches!(self.host, Some("127.0.0.1" | "[::1]" | "localhost"))
    }

    pub(crate) fn require_https(&self) -> Result<(), UriError> {
        if self.scheme == "https" { Ok(()) } else { Err(UriError::NotHttps) }
    }

    pub(crate) fn require_loopback_http(&self) -> Result<(), UriError> {
        if self.is_loopback_http() { Ok(()) } else { Err(UriError::NotLoopbackHttp) }
    }

    pub(crate) fn refuse_query(&self) -> Result<(), UriError> {
        if self.query.is_some() { Err(UriError::HasQuery) } else { Ok(()) }
    }

    pub(crate) fn refuse_fragment(&self) -> Result<(), UriError> {
        if self.fragment.is_some() { Err(UriError::HasFragment) } else { Ok(()) }
    }
}

/// The host of an authority; its port is only checked.
fn host_of(authority: &str) -> Result<&str, UriError> {
    if authority.bytes().any(|byte| byte == b'@') {
        return Err(UriError::HasUserInfo);
    }
    let host_end = match authority.strip_prefix('[') {
        Some(address) => address.find(']').map(|at| at + 2).ok_or(UriError::MalformedHost)?,
        None => cut(authority, b':').0.len(),
    };
    let (host, port) = authority.split_at(host_end);
    check_host(host)?;
    check_port(port)?;
    Ok(host)
}

fn check_characters(text: &str) -> Result<(), UriError> {
    let bytes = text.as_bytes();
    // without a way out of the loop, many bytes are looked at in one step
    if bytes.iter().fold(true, |all, byte| all & (is_allowed(*byte) & (*byte != b'%'))) {
        return Ok(());
    }
    for (offset, byte) in bytes.iter().enumerate() {
        match byte {
            b'%' => {
                let digits = bytes.get(offset + 1..offset + 3).unwrap_or_default();
                if digits.len() != 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(UriError::MalformedPercentEncoding { offset });
                }
            }
            byte if is_allowed(*byte) => {}
            _ => return Err(UriError::ForbiddenCharacter { offset }),
        }
    }
    Ok(())
}

fn is_allowed(byte: u8) -> bool {
    matches!(byte, 0x21..=0x7E)
        & !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
}

/// An empty host (as in `app:///callback`), a name of labels as DNS limits their length, an IPv4 address in four decimal
/// numbers, or an IPv6 address in any of its spellings. What browsers would read as another host is refused: `127.1`,
/// `0x7f000001`, `2130706433`, a trailing dot, percent-encoding. What is the same host for everybody is not, since texts
/// are compared: `[0:0:0::1]` is another text than `[::1]`, as `OP.example` is than `op.example`; and a label may begin or end
/// with a hyphen or have underscores (`-a.example`), which a registrar would refuse and a resolver does not.
fn check_host(host: &str) -> Result<(), UriError> {
    if host.is_empty() {
        return Ok(());
    }
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().map(|_| ()).map_err(|_| UriError::MalformedHost);
    }
    let labels_are_plain = host.len() <= 253
        && pieces(host, b'.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        });
    let last = pieces(host, b'.').last().unwrap_or_default();
    let ends_in_a_number =
        last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x") || last.starts_with("0X");
    if !labels_are_plain || (ends_in_a_number && host.parse::<Ipv4Addr>().is_err()) {
        return Err(UriError::MalformedHost);
    }
    Ok(())
}

fn check_port(port: &str) -> Result<(), UriError> {
    let Some(digits) = port.strip_prefix(':') else {
        return if port.is_empty() { Ok(()) } else { Err(UriError::MalformedHost) };
    };
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    if plain && digits.parse::<u16>().is_ok() { Ok(()) } else { Err(UriError::MalformedPort) }
}

fn has_dot_segment(path: &str) -> bool {
    // most paths have neither of the two; without a way out of the loop, many bytes are looked at in one step
    let possible = path.bytes().fold(false, |any, byte| any | matches!(byte, b'.' | b'%'));
    possible && pieces(path, b'/').any(is_dot_segment)
}

fn is_dot_segment(segment: &str) -> bool {
    segment.len() <= 6
        && matches!(segment.as_bytes().first(), Some(b'.' | b'%'))
        && matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}
