//! Why an ID Token is refused.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use avouch_jose::jws::JwsError;
use avouch_jose::{JwsAlgorithm, NumericDate};

use super::IdTokenRule;
use crate::ClaimsError;

/// Why an ID Token is refused. [`rule`](Self::rule) names the rule it breaks; no value that binds the token to a
/// session (nonce, access token, code) is ever shown.
#[derive(Debug)]
#[non_exhaustive]
pub enum IdTokenError {
    /// The token is not a signed JWT in compact serialization; one that is encrypted is refused here too.
    Malformed(JwsError),
    /// The header's `typ` says that this is another kind of token.
    Type {
        /// The header's `typ`.
        typ: String,
    },
    /// The token is signed with another algorithm than the registered one.
    Algorithm {
        /// The registered algorithm.
        expected: JwsAlgorithm,
        /// The header's `alg`.
        found: String,
    },
    /// The signature does not verify with a key of the issuer.
    Signature(JwsError),
    /// The payload is not a JSON object that can be read.
    NotClaims(avouch_json::JsonError),
    /// A required claim is missing, or a claim of the token itself has a wrong type.
    Claims(ClaimsError),
    /// The token has the claim `events`: it is a security event, such as a Logout Token.
    Events,
    /// `iss` is another issuer.
    Issuer {
        /// The issuer that the client trusts here.
        expected: String,
        /// What the token says.
        found: String,
    },
    /// `aud` does not hold the client.
    Audience {
        /// The client.
        expected: String,
        /// What the token says.
        found: Vec<String>,
    },
    /// `aud` holds somebody whom the client does not trust.
    UntrustedAudience {
        /// The audience that is not trusted.
        audience: String,
    },
    /// `azp` is not the client.
    AuthorizedParty {
        /// The client.
        expected: String,
        /// What the token says.
        found: String,
    },
    /// The token is signed with the client secret, and `aud` has several values.
    MacWithSeveralAudiences,
    /// The token has expired.
    Expired {
        /// When this was found.
        now: NumericDate,
        /// When it expired.
        exp: NumericDate,
    },
    /// The token is not valid yet.
    NotYetValid {
        /// When this was found.
        now: NumericDate,
        /// When it will be.
        nbf: NumericDate,
    },
    /// The token was issued in the future.
    IssuedInFuture {
        /// When this was found.
        now: NumericDate,
        /// What the token says.
        iat: NumericDate,
    },
    /// The token was issued longer ago than the client accepts.
    IssuedTooLongAgo {
        /// When this was found.
        now: NumericDate,
        /// What the token says.
        iat: NumericDate,
        /// How long ago it may have been.
        max_age: Duration,
    },
    /// A nonce was sent, and the token has none.
    NonceMissing,
    /// The token has another nonce than the one that was sent.
    NonceMismatch,
    /// The token has a nonce, and none was sent.
    NonceUnexpected,
    /// `acr` is missing or not one of the demanded values.
    Acr {
        /// What the token says.
        found: Option<String>,
    },
    /// `auth_time` is missing although it was asked for.
    AuthTimeMissing,
    /// The person authenticated longer ago than the client accepts.
    AuthenticatedTooLongAgo {
        /// When this was found.
        now: NumericDate,
        /// What the token says.
        auth_time: NumericDate,
        /// How long ago it may have been.
        max_age: Duration,
    },
    /// The person authenticated in the future.
    AuthenticatedInFuture {
        /// When this was found.
        now: NumericDate,
        /// What the token says.
        auth_time: NumericDate,
    },
    /// `at_hash` is not that of the access token.
    AccessTokenHash,
    /// `c_hash` is not that of the authorization code.
    CodeHash,
    /// `sub` is another person than the expected one.
    Subject,
    /// The refreshed token has another `iss` than the original.
    RefreshedIssuer,
    /// The refreshed token is about another person than the original.
    RefreshedSubject,
    /// The refreshed token has another `aud` than the original.
    RefreshedAudience,
    /// The refreshed token says that it was issued before the original.
    RefreshedIssuedAt,
    /// The refreshed token has another `auth_time` than the original.
    RefreshedAuthTime,
}

impl IdTokenError {
    /// Whether newer keys of the issuer could help: the token names a key that is not among those given
    /// ([Core 10.1.1](https://openid.net/specs/openid-connect-core-1_0.html#RotateSigKeys)). Fetch the key set once more,
    /// then give up.
    #[must_use]
    pub fn is_unknown_key(&self) -> bool {
        matches!(self, Self::Signature(JwsError::NoMatchingKey { .. }))
    }

    /// The rule that the token breaks.
    #[must_use]
    pub fn rule(&self) -> IdTokenRule {
        match self {
            Self::Malformed(_) => IdTokenRule::Form,
            Self::Type { .. } => IdTokenRule::Type,
            Self::Algorithm { .. } => IdTokenRule::Algorithm,
            Self::Signature(_) => IdTokenRule::Signature,
            Self::NotClaims(_) | Self::Claims(_) => IdTokenRule::Claims,
            Self::Events => IdTokenRule::NoEvents,
            Self::Issuer { .. } => IdTokenRule::Issuer,
            Self::Audience { .. } | Self::UntrustedAudience { .. } => IdTokenRule::Audience,
            Self::AuthorizedParty { .. } => IdTokenRule::AuthorizedParty,
            Self::MacWithSeveralAudiences => IdTokenRule::MacAudience,
            Self::Expired { .. } => IdTokenRule::Expiration,
            Self::NotYetValid { .. } => IdTokenRule::NotBefore,
            Self::IssuedInFuture { .. } | Self::IssuedTooLongAgo { .. } => IdTokenRule::IssuedAt,
            Self::NonceMissing | Self::NonceMismatch | Self::NonceUnexpected => IdTokenRule::Nonce,
            Self::Acr { .. } => IdTokenRule::Acr,
            Self::AuthTimeMissing
            | Self::AuthenticatedTooLongAgo { .. }
            | Self::AuthenticatedInFuture { .. } => IdTokenRule::AuthTime,
            Self::AccessTokenHash => IdTokenRule::AccessTokenHash,
            Self::CodeHash => IdTokenRule::CodeHash,
            Self::Subject => IdTokenRule::Subject,
            Self::RefreshedIssuer
            | Self::RefreshedSubject
            | Self::RefreshedAudience
            | Self::RefreshedIssuedAt
            | Self::RefreshedAuthTime => IdTokenRule::Refresh,
        }
    }
}

impl fmt::Display for IdTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(_) => write!(f, "the ID Token is not a signed JWT in compact serialization"),
            Self::Type { typ } => write!(f, "the header says that this is a {typ:?}, not an ID Token"),
            Self::Algorithm { expected, found } => {
                write!(f, "the ID Token is signed with {found:?}, not {expected}")
            }
            Self::Signature(_) => {
                write!(f, "the signature of the ID Token does not verify with a key of the issuer")
            }
            Self::NotClaims(_) => {
                write!(f, "the payload of the ID Token is not a JSON object that can be read")
            }
            Self::Claims(error) => write!(f, "{error}"),
            Self::Events => write!(f, "the claim events says that this is a security event, not an ID Token"),
            Self::Issuer { expected, found } => write!(f, "iss is {found:?}, not {expected:?}"),
            Self::Audience { expected, found } => write!(f, "aud is {found:?}, without {expected:?}"),
            Self::UntrustedAudience { audience } => write!(f, "aud holds {audience:?}, which is not trusted"),
            Self::AuthorizedParty { expected, found } => write!(f, "azp is {found:?}, not {expected:?}"),
            Self::MacWithSeveralAudiences => {
                write!(f, "the ID Token is signed with the client secret and has several audiences")
            }
            Self::Expired { now, exp } => write!(f, "the ID Token expired at {exp}; it is {now}"),
            Self::NotYetValid { now, nbf } => {
                write!(f, "the ID Token is not valid before {nbf}; it is {now}")
            }
            Self::IssuedInFuture { now, iat } => {
                write!(f, "the ID Token was issued at {iat}; it is only {now}")
            }
            Self::IssuedTooLongAgo { now, iat, max_age } => {
                write!(f, "the ID Token was issued at {iat}, more than {} s before {now}", max_age.as_secs())
            }
            Self::NonceMissing => write!(f, "a nonce was sent, and the ID Token has none"),
            Self::NonceMismatch => write!(f, "nonce is not the one that was sent"),
            Self::NonceUnexpected => write!(f, "the ID Token has a nonce, and none was sent"),
            Self::Acr { found: Some(found) } => write!(f, "acr is {found:?}, not one of the demanded values"),
            Self::Acr { found: None } => write!(f, "acr is missing"),
            Self::AuthTimeMissing => write!(f, "auth_time is missing"),
            Self::AuthenticatedTooLongAgo { now, auth_time, max_age } => {
                write!(
                    f,
                    "the person authenticated at {auth_time}, more than {} s before {now}",
                    max_age.as_secs()
                )
            }
            Self::AuthenticatedInFuture { now, auth_time } => {
                write!(f, "the person authenticated at {auth_time}; it is only {now}")
            }
            Self::AccessTokenHash => write!(f, "at_hash is not that of the access token"),
            Self::CodeHash => write!(f, "c_hash is not that of the authorization code"),
            Self::Subject => write!(f, "sub is another person than the expected one"),
            Self::RefreshedIssuer => write!(f, "iss is not that of the original ID Token"),
            Self::RefreshedSubject => write!(f, "sub is not that of the original ID Token"),
            Self::RefreshedAudience => write!(f, "aud is not that of the original ID Token"),
            Self::RefreshedIssuedAt => write!(f, "iat is before that of the original ID Token"),
            Self::RefreshedAuthTime => write!(f, "auth_time is not that of the original ID Token"),
        }
    }
}

impl From<ClaimsError> for IdTokenError {
    fn from(error: ClaimsError) -> Self {
        Self::Claims(error)
    }
}

impl Error for IdTokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Malformed(error) | Self::Signature(error) => Some(error),
            Self::NotClaims(error) => Some(error),
            Self::Claims(error) => error.source(),
            _ => None,
        }
    }
}
