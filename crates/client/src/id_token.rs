//! Verifying an ID Token with what was remembered ([Core §3.1.3.7]).
//!
//! [Core §3.1.3.7]: https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation

use crate::Client;
use avouch_jose::jws::{JwsError, UnverifiedJws};
use avouch_jose::{Limits, NumericDate, Verified, VerifyingKeys};
use avouch_tokens::{IdTokenClaims, IdTokenError, IdTokenExpectations, RuleVerdict};
use avouch_types::Secret;

/// Which keys an answer needs before it can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyNeed<'t> {
    /// The provider's published keys: give `kid` to [`KeySource::plan`](avouch_discovery::KeySource::plan).
    Jwks {
        /// The algorithm that the header names; only the registered one will be accepted.
        alg: &'t str,
        /// The key that the header names.
        kid: Option<&'t str>,
    },
    /// The client secret: [`Client::secret_keys`].
    ClientSecret,
    /// No key: there is no ID Token (after a refresh only).
    None,
}

/// An ID Token of which only the header was read.
#[derive(Clone)]
pub(crate) struct UnverifiedIdToken {
    pub(crate) token: Secret,
    alg: String,
    kid: Option<String>,
}

impl UnverifiedIdToken {
    pub(crate) fn parse(token: Secret) -> Result<Self, JwsError> {
        let jws = UnverifiedJws::parse(token.expose(), &Limits::default())?;
        let (alg, kid) = (jws.header().alg().to_owned(), jws.header().kid().map(str::to_owned));
        Ok(Self { token, alg, kid })
    }

    pub(crate) fn needs(&self, client: &Client) -> KeyNeed<'_> {
        if client.id_token_algorithm().is_symmetric() {
            KeyNeed::ClientSecret
        } else {
            KeyNeed::Jwks { alg: &self.alg, kid: self.kid.as_deref() }
        }
    }

    /// Applies every rule and reports on each.
    pub(crate) fn verify(
        &self,
        client: &Client,
        keys: &VerifyingKeys,
        expectations: &IdTokenExpectations<'_>,
        now: NumericDate,
        report: &mut Vec<RuleVerdict>,
    ) -> Result<Verified<IdTokenClaims>, IdTokenError> {
        let mut observer = |rule, verdict| report.push(RuleVerdict { rule, verdict });
        client.id_token_verifier.verify_observed(
            self.token.expose(),
            keys,
            expectations,
            now,
            &client.crypto,
            &mut observer,
        )
    }
}

impl std::fmt::Debug for UnverifiedIdToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UnverifiedIdToken")
            .field("alg", &self.alg)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
