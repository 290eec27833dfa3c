use std::net::Ipv6Addr;

/// Whether a text may stand where JWT asks for a `StringOrURI` ([RFC 7519 §2]): any text without a colon, and with one only
/// a URI ([RFC 3986]).
///
/// ```
/// use avouch_jose::jwt::is_string_or_uri;
///
/// assert!(is_string_or_uri("joe"));
/// assert!(is_string_or_uri("https://issuer.example/tenant?a=b"));
/// assert!(!is_string_or_uri("joe: the one from accounting"));
/// ```
///
/// [RFC 7519 §2]: https://www.rfc-editor.org/rfc/rfc7519#section-2
/// [RFC 3986]: https://www.rfc-editor.org/rfc/rfc3986
pub fn is_string_or_uri(value: &str) -> bool {
    value.split_once(':').is_none_or(|(scheme, rest)| is_scheme(scheme) && is_after_scheme(rest))
}

/// [RFC 3986 §3.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.1).
fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet))
}

/// `hier-part [ "?" query ] [ "#" fragment ]`.
fn is_after_scheme(rest: &str) -> bool {
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (authority, rest) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len())),
        None => ("", rest),
    };
    is_authority(authority) && consists_of(rest, b":@/?") && consists_of(fragment, b":@/?")
}

/// [RFC 3986 §3.2](https://www.rfc-editor.org/rfc/rfc3986#section-3.2).
fn is_authority(authority: &str) -> bool {
    let (userinfo, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    if !consists_of(userinfo, b":") {
        return false;
    }
    let port = match host.strip_prefix('[') {
        Some(literal) => match literal.split_once(']') {
            Some((address, port)) if is_address(address) => port,
            _ => return false,
        },
        None => {
            let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
            if !consists_of(name, b"") {
                return false;
            }
            port
        }
    };
    port.is_empty()
        || port.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|octet| octet.is_ascii_digit()))
}

/// What may stand in brackets: an IPv6 address, or one of a version to come.
fn is_address(address: &str) -> bool {
    let future = address.strip_prefix(['v', 'V']).and_then(|rest| rest.split_once('.'));
    match future {
        Some((version, address)) => {
            !version.is_empty()
                && version.bytes().all(|octet| octet.is_ascii_hexdigit())
                && !address.is_empty()
                && !address.contains('%')
                && consists_of(address, b":")
        }
        None => address.parse::<Ipv6Addr>().is_ok(),
    }
}

/// Whether a text has nothing but unreserved characters, `sub-delims`, percent-encoded octets, and these.
fn consists_of(text: &str, others: &[u8]) -> bool {
    let mut pieces = text.split('%');
    let is_plain = |piece: &str| {
        piece.bytes().all(|octet| {
            octet.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&octet) || others.contains(&octet)
        })
    };
    pieces.next().is_none_or(is_plain)
        && pieces.all(|piece| {
            piece.split_at_checked(2).is_some_and(|(hex, rest)| {
                hex.bytes().all(|octet| octet.is_ascii_hexdigit()) && is_plain(rest)
            })
        })
}
