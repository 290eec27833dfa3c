use std::fmt;

use avouch_types::{UriError, WordError};

use crate::JsonType;
use crate::path::Shown;

/// One thing that is wrong with `_claim_names` or `_claim_sources`
/// ([Core 5.6.2](https://openid.net/specs/openid-connect-core-1_0.html#AggregatedDistributedClaims)), where what it is in was
/// left out, or with what a Claims Provider says ([`check_provided`](crate::ExternalClaims::check_provided)). No value is repeated: it may be a token or personal data.
///
/// ```
/// use avouch_claims::ExternalClaims;
/// let received = serde_json::json!({"_claim_names": {"age": "src9"}, "_claim_sources": {}});
/// let external = ExternalClaims::from_members(received.as_object().ok_or("no object")?);
/// let problem = &external.problems()[0];
/// assert_eq!((problem.path(), problem.section()), ("_claim_names.age", "OpenID Connect Core 1.0, 5.6.2"));
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExternalClaimsProblem {
    /// A member has another JSON type than the specification gives it.
    WrongType {
        /// The member.
        path: String,
        /// The type that the specification gives.
        expected: JsonType,
        /// The type that was received.
        found: JsonType,
    },
    /// A claim is attributed to a source that is not there or was left out.
    NoSuchSource {
        /// The reference.
        path: String,
    },
    /// A claim that makes the token or message itself, such as `sub`, is attributed to somebody else.
    ProtocolClaim {
        /// The reference.
        path: String,
    },
    /// A source has neither `JWT` nor `endpoint`.
    NowhereToBeFound {
        /// The source.
        path: String,
    },
    /// The `JWT` of a source is empty.
    EmptyJwt {
        /// The member.
        path: String,
    },
    /// A source has both `JWT` and `endpoint`.
    Ambiguous {
        /// The source.
        path: String,
    },
    /// The endpoint of a source is no acceptable URL.
    Endpoint {
        /// The member.
        path: String,
        /// What is wrong with it.
        error: UriError,
    },
    /// A Claims Provider's JWT has no `iss` by which its keys could be found.
    NoIssuer {
        /// The member.
        path: String,
    },
    /// A Claims Provider's JWT has the `sub` that the person has at the sender, and should have its own or none.
    SubjectOfSender {
        /// The member.
        path: String,
    },
    /// The access token of a source has characters that none may have.
    AccessToken {
        /// The member.
        path: String,
        /// What is wrong with it.
        error: WordError,
    },
}

impl ExternalClaimsProblem {
    /// Where the problem is: `_claim_sources.src1.endpoint`.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::WrongType { path, .. }
            | Self::NoSuchSource { path }
            | Self::ProtocolClaim { path }
            | Self::NowhereToBeFound { path }
            | Self::EmptyJwt { path }
            | Self::Ambiguous { path }
            | Self::NoIssuer { path }
            | Self::SubjectOfSender { path }
            | Self::Endpoint { path, .. }
            | Self::AccessToken { path, .. } => path,
        }
    }

    /// The section of the specification that says otherwise.
    #[must_use]
    pub fn section(&self) -> &'static str {
        "OpenID Connect Core 1.0, 5.6.2"
    }
}

impl fmt::Display for ExternalClaimsProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", Shown(self.path()))?;
        match self {
            Self::WrongType { expected, found, .. } => {
                write!(f, "is {found} where the specification says {expected}")
            }
            Self::NoSuchSource { .. } => f.write_str("refers to a source that is not there"),
            Self::ProtocolClaim { .. } => f.write_str("attributes a claim that only the sender can make"),
            Self::NowhereToBeFound { .. } => f.write_str("has neither JWT nor endpoint"),
            Self::EmptyJwt { .. } => f.write_str("is empty, and no JWT"),
            Self::Ambiguous { .. } => f.write_str("has both JWT and endpoint"),
            Self::NoIssuer { .. } => f.write_str("is missing, so that no key can be found"),
            Self::SubjectOfSender { .. } => {
                f.write_str("is the identifier that the person has at the sender")
            }
            Self::Endpoint { error, .. } => write!(f, "is not an endpoint: {error}"),
            Self::AccessToken { error, .. } => write!(f, "is not an access token: {error}"),
        }?;
        write!(f, " ({})", self.section())
    }
}

impl std::error::Error for ExternalClaimsProblem {}
