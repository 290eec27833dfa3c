//! Names of claims: whose they are.

use avouch_types::check_web_url;

use crate::StandardClaims;

/// Whose a claim name is ([RFC 7519 §4](https://www.rfc-editor.org/rfc/rfc7519#section-4)).
///
/// Additional claims should have names that nobody else gives another meaning
/// ([Core 5.1.2](https://openid.net/specs/openid-connect-core-1_0.html#AdditionalClaims)); a host holds its own names against
/// this when it sets up its scopes.
///
/// ```
/// use avouch_claims::ClaimNaming;
/// assert_eq!(ClaimNaming::of("family_name#ja"), ClaimNaming::Registered);
/// assert_eq!(ClaimNaming::of("https://example.com/department"), ClaimNaming::Public);
/// assert_eq!(ClaimNaming::of("department"), ClaimNaming::Private); // somebody else's may be another thing
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClaimNaming {
    /// In the IANA registry of JSON Web Token claims, as far as it is known here.
    Registered,
    /// Collision-resistant: a URI, a domain name in either order, an object identifier, a UUID.
    Public,
    /// Neither: understood only by those who agreed on it.
    Private,
}

impl ClaimNaming {
    /// Whose this name is; a language tag of a registered one plays no part.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let base = name.split_once('#').map_or(name, |(base, _)| base);
        let registered =
            |name| StandardClaims::type_of(name).is_some() || REGISTERED.binary_search(&name).is_ok();
        if registered(base) {
            Self::Registered
        } else if check_web_url(name).is_ok() || is_domain_or_oid(name) || is_uuid(name) {
            Self::Public
        } else {
            Self::Private
        }
    }
}

impl StandardClaims {
    /// The additional claims whose names others may give another meaning
    /// ([Core 5.1.2](https://openid.net/specs/openid-connect-core-1_0.html#AdditionalClaims)).
    ///
    /// ```
    /// use avouch_claims::StandardClaims;
    /// let json = br#"{"name": "Jane", "groups": [], "com.example.desk": 7, "desk": 7}"#;
    /// let claims = StandardClaims::from_json(json, &avouch_json::Limits::default())?;
    /// assert_eq!(claims.private_names().collect::<Vec<_>>(), ["desk"]);
    /// # Ok::<(), avouch_json::JsonError>(())
    /// ```
    pub fn private_names(&self) -> impl Iterator<Item = &str> {
        self.extra.keys().map(String::as_str).filter(|name| ClaimNaming::of(name) == ClaimNaming::Private)
    }
}

/// Labels with dots between: of letters, digits and hyphens, or at least three numbers.
fn is_domain_or_oid(name: &str) -> bool {
    let labels = || name.split('.');
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let number = |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit());
    match labels().count() {
        ..2 => false,
        2 => labels().all(label) && !labels().any(number),
        _ => labels().all(label) && (labels().all(number) || !labels().next().is_some_and(number)),
    }
}

fn is_uuid(name: &str) -> bool {
    name.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && name.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Claims of the registry (<https://www.iana.org/assignments/jwt>) besides those of Core 5.1, sorted.
const REGISTERED: &[&str] = &[
    "_claim_names",
    "_claim_sources",
    "_sd",
    "_sd_alg",
    "acr",
    "act",
    "also_known_as",
    "amr",
    "at_hash",
    "ath",
    "attest",
    "aud",
    "auth_time",
    "authorization_details",
    "azp",
    "birth_family_name",
    "birth_given_name",
    "birth_middle_name",
    "c_hash",
    "client_id",
    "cnf",
    "cnonce",
    "entitlements",
    "events",
    "exp",
    "groups",
    "htm",
    "htu",
    "iat",
    "iss",
    "jti",
    "may_act",
    "msisdn",
    "nationalities",
    "nbf",
    "nonce",
    "place_of_birth",
    "roles",
    "s_hash",
    "salutation",
    "scope",
    "sid",
    "status",
    "sub",
    "sub_id",
    "sub_jwk",
    "title",
    "toe",
    "token_introspection",
    "txn",
    "vc",
    "vct",
    "verified_claims",
    "vot",
    "vp",
    "vtm",
];
