//! The rules of ID Token validation as values, for those who want to see each of them decided.

use std::fmt;

/// One rule of ID Token validation.
///
/// Most are steps of [Core 3.1.3.7]; the others are what 3.1.3.7 stands on, or what extends it. The order of
/// [`ALL`](Self::ALL) is the order of decision: cryptography comes before content, so that nothing is said about the
/// claims of a token that nobody signed.
///
/// ```
/// use avouch_tokens::IdTokenRule;
/// assert_eq!(IdTokenRule::Nonce.section(), "OpenID Connect Core 1.0, 3.1.3.7, step 11");
/// assert!(IdTokenRule::Nonce.text().contains("nonce"));
/// ```
///
/// [Core 3.1.3.7]: https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum IdTokenRule {
    /// The token is a signed JWT in compact serialization, within the limits.
    Form,
    /// Step 1: an encrypted token is decrypted with the registered keys and algorithms.
    Decryption,
    /// The header's `typ`, if any, does not say that this is another kind of token.
    Type,
    /// Step 7: `alg` is the registered one.
    Algorithm,
    /// Step 6: the signature is the issuer's.
    Signature,
    /// The required claims are present, and all claims of the token itself have their types.
    Claims,
    /// There is no claim `events`, which makes a token a security event such as a Logout Token.
    NoEvents,
    /// Step 2: `iss` is the issuer.
    Issuer,
    /// Step 3: `aud` holds the client, and nobody untrusted.
    Audience,
    /// Steps 4 and 5: `azp`, if present, is the client.
    AuthorizedParty,
    /// Step 8: a token under a MAC has one audience.
    MacAudience,
    /// Step 9: the token has not expired.
    Expiration,
    /// `nbf`, if present, has come.
    NotBefore,
    /// Step 10: `iat` is not too far away from now.
    IssuedAt,
    /// Step 11: `nonce` is the one that was sent, and absent if none was.
    Nonce,
    /// Step 12: `acr` is one of those that were demanded.
    Acr,
    /// Step 13: the authentication is recent enough.
    AuthTime,
    /// `at_hash`, if present, is that of the access token.
    AccessTokenHash,
    /// `c_hash`, if present, is that of the authorization code.
    CodeHash,
    /// `sub` is the person that was expected.
    Subject,
    /// After a refresh: `iss`, `sub`, `aud` and `auth_time` are those of the original token, and `iat` is not earlier.
    Refresh,
}

impl IdTokenRule {
    /// All rules in the order in which they are decided.
    pub const ALL: &'static [Self] = &[
        Self::Form,
        Self::Decryption,
        Self::Type,
        Self::Algorithm,
        Self::Signature,
        Self::Claims,
        Self::NoEvents,
        Self::Issuer,
        Self::Audience,
        Self::AuthorizedParty,
        Self::MacAudience,
        Self::Expiration,
        Self::NotBefore,
        Self::IssuedAt,
        Self::Nonce,
        Self::Acr,
        Self::AuthTime,
        Self::AccessTokenHash,
        Self::CodeHash,
        Self::Subject,
        Self::Refresh,
    ];

    /// Where the rule stands.
    #[must_use]
    pub fn section(self) -> &'static str {
        match self {
            Self::Form => "RFC 7519, 7.2; OpenID Connect Core 1.0, 2",
            Self::Decryption => "OpenID Connect Core 1.0, 3.1.3.7, step 1",
            Self::Type => "RFC 8725, 3.11 and 3.12",
            Self::Algorithm => "OpenID Connect Core 1.0, 3.1.3.7, step 7",
            Self::Signature => "OpenID Connect Core 1.0, 3.1.3.7, step 6",
            Self::Claims => "OpenID Connect Core 1.0, 2",
            Self::NoEvents => "RFC 8725, 3.12; OpenID Connect Back-Channel Logout 1.0, 4.1",
            Self::Issuer => "OpenID Connect Core 1.0, 3.1.3.7, step 2",
            Self::Audience => "OpenID Connect Core 1.0, 3.1.3.7, step 3",
            Self::AuthorizedParty => "OpenID Connect Core 1.0, 3.1.3.7, steps 4 and 5",
            Self::MacAudience => "OpenID Connect Core 1.0, 3.1.3.7, step 8",
            Self::Expiration => "OpenID Connect Core 1.0, 3.1.3.7, step 9",
            Self::NotBefore => "RFC 7519, 4.1.5",
            Self::IssuedAt => "OpenID Connect Core 1.0, 3.1.3.7, step 10",
            Self::Nonce => "OpenID Connect Core 1.0, 3.1.3.7, step 11",
            Self::Acr => "OpenID Connect Core 1.0, 3.1.3.7, step 12",
            Self::AuthTime => "OpenID Connect Core 1.0, 3.1.3.7, step 13",
            Self::AccessTokenHash => "OpenID Connect Core 1.0, 3.1.3.8",
            Self::CodeHash => "OpenID Connect Core 1.0, 3.3.2.10",
            Self::Subject => "OpenID Connect Core 1.0, 3.1.2.2",
            Self::Refresh => "OpenID Connect Core 1.0, 12.2",
        }
    }

    /// What the rule demands, in a sentence.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Form => "The ID Token is a signed JWT in compact serialization.",
            Self::Decryption => {
                "An encrypted ID Token is decrypted with the keys and algorithms registered for it."
            }
            Self::Type => "The header does not say that this is another kind of token.",
            Self::Algorithm => {
                "The signature algorithm is the registered one, or RS256 where none was registered."
            }
            Self::Signature => "The signature verifies with a key of the issuer.",
            Self::Claims => "iss, sub, aud, exp and iat are present, and every claim has its type.",
            Self::NoEvents => "There is no events claim, which would make this a Logout Token or its like.",
            Self::Issuer => "iss is exactly the issuer.",
            Self::Audience => {
                "aud holds the client's own client_id, and nobody whom the client does not trust."
            }
            Self::AuthorizedParty => "azp, if it is present, is the client's own client_id.",
            Self::MacAudience => "A token that is signed with the client secret has one audience.",
            Self::Expiration => "The current time is before exp.",
            Self::NotBefore => "The current time is not before nbf.",
            Self::IssuedAt => "iat is not too far away from the current time.",
            Self::Nonce => "nonce is the value that was sent in the authentication request.",
            Self::Acr => "acr is one of the values that the client demands.",
            Self::AuthTime => "auth_time is recent enough.",
            Self::AccessTokenHash => "at_hash, if it is present, is the hash of the access token.",
            Self::CodeHash => "c_hash, if it is present, is the hash of the authorization code.",
            Self::Subject => "sub is the person that was expected.",
            Self::Refresh => {
                "A refreshed token has the iss, sub, aud and auth_time of the original, and a new iat."
            }
        }
    }
}

impl fmt::Display for IdTokenRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.text(), self.section())
    }
}

/// How one rule was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The token keeps the rule.
    Passed,
    /// The rule has nothing to decide here, for this reason.
    NotApplicable(&'static str),
    /// The token breaks the rule, and is refused for that: the error's text.
    Failed(String),
    /// An earlier rule was broken, so that this one was not looked at.
    NotReached,
}

/// A rule and its verdict: a line of the report that `verify_observed` gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleVerdict {
    /// The rule.
    pub rule: IdTokenRule,
    /// How it was decided.
    pub verdict: Verdict,
}
