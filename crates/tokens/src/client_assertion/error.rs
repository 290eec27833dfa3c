//! Why a client assertion is refused.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use avouch_jose::jws::JwsError;
use avouch_jose::{JwsAlgorithm, NumericDate};

use super::MAX_JTI_BYTES;
use crate::ClaimsError;

/// Why a client assertion is refused. On the wire each of these is `invalid_client` (RFC 7521, 4.2.1).
#[derive(Debug)]
#[non_exhaustive]
pub enum ClientAssertionError {
    /// The assertion is not a signed JWT in compact serialization.
    Malformed(JwsError),
    /// The header's `typ` says that this is another kind of token.
    Type {
        /// The header's `typ`.
        typ: String,
    },
    /// The assertion is not signed with the algorithm that the client registered.
    Algorithm {
        /// The registered algorithm.
        expected: JwsAlgorithm,
        /// The header's `alg`.
        found: String,
    },
    /// The assertion is under a MAC; `private_key_jwt` is a signature.
    SymmetricAlgorithm {
        /// The header's `alg`.
        found: JwsAlgorithm,
    },
    /// The signature does not verify with a key of the client.
    Signature(JwsError),
    /// The payload is not a JSON object that can be read.
    NotClaims(avouch_json::JsonError),
    /// A required claim is missing, or a claim has a wrong type.
    Claims(ClaimsError),
    /// `iss` is not the client.
    Issuer,
    /// `sub` is not the client.
    Subject,
    /// `aud` is not this server.
    Audience {
        /// What the assertion says.
        found: Vec<String>,
    },
    /// `aud` is an array, which the server's policy does not accept.
    AudienceArray,
    /// The assertion has expired.
    Expired {
        /// When this was found.
        now: NumericDate,
        /// When it expired.
        exp: NumericDate,
    },
    /// The assertion expires further in the future than the server remembers a `jti`.
    ExpiresTooLate {
        /// When this was found.
        now: NumericDate,
        /// When it expires.
        exp: NumericDate,
        /// How far in the future that may be.
        limit: Duration,
    },
    /// The assertion is not valid yet.
    NotYetValid {
        /// When this was found.
        now: NumericDate,
        /// When it will be.
        nbf: NumericDate,
    },
    /// The assertion was made in the future.
    IssuedInFuture {
        /// When this was found.
        now: NumericDate,
        /// What it says.
        iat: NumericDate,
    },
    /// `jti` is empty, or longer than a server can be asked to remember.
    JtiLength {
        /// Its length in bytes.
        len: usize,
    },
}

impl ClientAssertionError {
    /// Whether newer keys of the client could help: the assertion names a key that is not among those given.
    #[must_use]
    pub fn is_unknown_key(&self) -> bool {
        matches!(self, Self::Signature(JwsError::NoMatchingKey { .. }))
    }
}

impl fmt::Display for ClientAssertionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(_) => {
                write!(f, "the client assertion is not a signed JWT in compact serialization")
            }
            Self::Type { typ } => write!(f, "the header says that this is a {typ:?}, not a client assertion"),
            Self::Algorithm { expected, found } => {
                write!(f, "the client assertion is signed with {found:?}, not {expected}")
            }
            Self::SymmetricAlgorithm { found } => {
                write!(f, "the client assertion is under a MAC ({found}), not signed with a private key")
            }
            Self::Signature(_) => {
                write!(f, "the signature of the client assertion does not verify with a key of the client")
            }
            Self::NotClaims(_) => {
                write!(f, "the payload of the client assertion is not a JSON object that can be read")
            }
            Self::Claims(error) => write!(f, "{error}"),
            Self::Issuer => write!(f, "iss is not the client"),
            Self::Subject => write!(f, "sub is not the client"),
            Self::Audience { found } => write!(f, "aud is {found:?}, which is not this server"),
            Self::AudienceArray => write!(f, "aud is an array"),
            Self::Expired { now, exp } => write!(f, "the client assertion expired at {exp}; it is {now}"),
            Self::ExpiresTooLate { now, exp, limit } => {
                write!(
                    f,
                    "the client assertion expires at {exp}, more than {} s after {now}",
                    limit.as_secs()
                )
            }
            Self::NotYetValid { now, nbf } => {
                write!(f, "the client assertion is not valid before {nbf}; it is {now}")
            }
            Self::IssuedInFuture { now, iat } => {
                write!(f, "the client assertion was made at {iat}; it is only {now}")
            }
            Self::JtiLength { len } => write!(f, "jti has {len} bytes, not 1 to {MAX_JTI_BYTES}"),
        }
    }
}

impl Error for ClientAssertionError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Malformed(error) | Self::Signature(error) => Some(error),
            Self::NotClaims(error) => Some(error),
            Self::Claims(error) => error.source(),
            _ => None,
        }
    }
}
