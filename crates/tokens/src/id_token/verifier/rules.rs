//! The rules about the claims of a token whose signature has been verified.

use std::borrow::Cow;
use std::time::Duration;

use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jws::ContentRef;
use avouch_jose::{Checked, JwsAlgorithm, NumericDate, left_half_hash};
use avouch_json::ObjectView;

use super::report::Report;
use super::{IdTokenClaims, IdTokenError, IdTokenExpectations, IdTokenRule, IdTokenVerifier, IdTokenView};
use crate::id_token::expectations::{ExpectedNonce, OriginalIdToken};
use crate::id_token::view::{OwnClaims, is_security_event};

/// By what the claims of an ID Token are checked. Only [`IdTokenVerifier`] makes one.
#[derive(Debug)]
pub struct IdTokenRules<'a> {
    pub(super) verifier: &'a IdTokenVerifier,
    pub(super) expectations: &'a IdTokenExpectations<'a>,
    pub(super) now: NumericDate,
    pub(super) crypto: &'a CryptoProvider,
    pub(super) report: Report<'a>,
}

/// Whether a rule had something to decide.
pub(super) enum Applied {
    Yes,
    No(&'static str),
}

pub(super) type Decision = Result<Applied, IdTokenError>;

type Judge<T> = fn(&T) -> Decision;

/// The claims are looked at where they are, and copied when they have passed.
impl Checked<'_> for IdTokenClaims {
    type Rules<'r> = IdTokenRules<'r>;
    type Error = IdTokenError;

    fn check(content: &ContentRef<'_>, rules: IdTokenRules<'_>) -> Result<Self, IdTokenError> {
        let mut claims = ObjectView::default();
        rules.judge(content, &mut claims)?.to_all_claims(&claims)
    }
}

impl<'a> Checked<'a> for IdTokenView<'a> {
    type Rules<'r> = IdTokenRules<'r>;
    type Error = IdTokenError;

    fn check(content: &ContentRef<'a>, rules: IdTokenRules<'_>) -> Result<Self, IdTokenError> {
        let mut claims = ObjectView::default();
        let own = rules.judge(content, &mut claims)?;
        Ok(Self::new(claims, own))
    }
}

impl IdTokenRules<'_> {
    /// Finds the claims of a verified token, and those of the token itself if every rule holds.
    #[inline]
    fn judge<'c>(
        self,
        content: &ContentRef<'c>,
        all: &mut ObjectView<'c>,
    ) -> Result<OwnClaims<'c>, IdTokenError> {
        let Self { verifier, expectations, now, crypto, mut report } = self;
        let claims = OwnClaims::find(content, all);
        report.note(IdTokenRule::Claims, &claims);
        if let Ok(claims) = &claims {
            let algorithm = content.algorithm();
            let token = Token { all, claims, algorithm, verifier, expectations, now, crypto };
            for (rule, decision) in Token::RULES {
                report.decide(rule, decision(&token))?;
            }
        }
        claims
    }
}

/// A token whose signature was verified, beside everything it is compared with.
struct Token<'a> {
    all: &'a ObjectView<'a>,
    /// Those of the token itself.
    claims: &'a OwnClaims<'a>,
    algorithm: JwsAlgorithm,
    verifier: &'a IdTokenVerifier,
    expectations: &'a IdTokenExpectations<'a>,
    now: NumericDate,
    crypto: &'a CryptoProvider,
}

impl Token<'_> {
    /// The rules about claims, in the order of [`IdTokenRule::ALL`].
    const RULES: [(IdTokenRule, Judge<Self>); 15] = [
        (IdTokenRule::NoEvents, Self::no_events),
        (IdTokenRule::Issuer, Self::issuer),
        (IdTokenRule::Audience, Self::audience),
        (IdTokenRule::AuthorizedParty, Self::authorized_party),
        (IdTokenRule::MacAudience, Self::mac_audience),
        (IdTokenRule::Expiration, Self::expiration),
        (IdTokenRule::NotBefore, Self::not_before),
        (IdTokenRule::IssuedAt, Self::issued_at),
        (IdTokenRule::Nonce, Self::nonce),
        (IdTokenRule::Acr, Self::acr),
        (IdTokenRule::AuthTime, Self::auth_time),
        (IdTokenRule::AccessTokenHash, Self::access_token_hash),
        (IdTokenRule::CodeHash, Self::code_hash),
        (IdTokenRule::Subject, Self::subject),
        (IdTokenRule::Refresh, Self::refresh),
    ];

    fn no_events(&self) -> Decision {
        if is_security_event(self.all) { Err(IdTokenError::Events) } else { Ok(Applied::Yes) }
    }

    fn issuer(&self) -> Decision {
        let (expected, found) = (self.verifier.issuer.as_str(), &*self.claims.iss);
        if found != expected {
            return Err(IdTokenError::Issuer { expected: expected.to_owned(), found: found.to_owned() });
        }
        Ok(Applied::Yes)
    }

    fn audience(&self) -> Decision {
        let (client, audiences) = (self.verifier.client_id.as_str(), &self.claims.aud);
        if !audiences.contains(client) {
            let found = audiences.iter().map(Cow::into_owned).collect();
            return Err(IdTokenError::Audience { expected: client.to_owned(), found });
        }
        let trusted = |audience: &str| {
            audience == client || self.verifier.trusted_audiences.iter().any(|one| one == audience)
        };
        match audiences.iter().find(|audience| !trusted(audience)) {
            Some(audience) => Err(IdTokenError::UntrustedAudience { audience: audience.into_owned() }),
            None => Ok(Applied::Yes),
        }
    }

    /// Absence is no fault, even with several audiences: Core leaves `azp` to extensions.
    fn authorized_party(&self) -> Decision {
        match self.claims.azp.as_deref() {
            None => Ok(Applied::No("the token has no azp")),
            Some(azp) if azp == self.verifier.client_id.as_str() => Ok(Applied::Yes),
            Some(azp) => Err(IdTokenError::AuthorizedParty {
                expected: self.verifier.client_id.to_string(),
                found: azp.to_owned(),
            }),
        }
    }

    /// Core leaves open whose secret it is when there are several audiences; refusing is the safe answer.
    fn mac_audience(&self) -> Decision {
        if !self.algorithm.is_symmetric() {
            return Ok(Applied::No("the token is not signed with the client secret"));
        }
        match self.claims.aud.sole() {
            Some(_) => Ok(Applied::Yes),
            None => Err(IdTokenError::MacWithSeveralAudiences),
        }
    }

    fn expiration(&self) -> Decision {
        let (now, exp) = (self.now, self.claims.exp);
        if now >= self.later(exp, Duration::ZERO) {
            return Err(IdTokenError::Expired { now, exp });
        }
        Ok(Applied::Yes)
    }

    fn not_before(&self) -> Decision {
        match self.claims.nbf {
            None => Ok(Applied::No("the token has no nbf")),
            Some(nbf) if self.is_future(nbf) => Err(IdTokenError::NotYetValid { now: self.now, nbf }),
            Some(_) => Ok(Applied::Yes),
        }
    }

    fn issued_at(&self) -> Decision {
        let (now, iat) = (self.now, self.claims.iat);
        if self.is_future(iat) {
            return Err(IdTokenError::IssuedInFuture { now, iat });
        }
        match self.verifier.max_iat_age {
            Some(max_age) if now > self.later(iat, max_age) => {
                Err(IdTokenError::IssuedTooLongAgo { now, iat, max_age })
            }
            _ => Ok(Applied::Yes),
        }
    }

    fn nonce(&self) -> Decision {
        match (self.expectations.nonce, self.claims.nonce.as_deref()) {
            (ExpectedNonce::NotSent, None) => Ok(Applied::No("no nonce was sent, and the token has none")),
            (ExpectedNonce::Original(_), None) => Ok(Applied::No("a refreshed token needs no nonce")),
            (ExpectedNonce::Sent(_), None) => Err(IdTokenError::NonceMissing),
            (ExpectedNonce::Sent(expected) | ExpectedNonce::Original(Some(expected)), Some(found)) => {
                if *expected == *found {
                    Ok(Applied::Yes)
                } else {
                    Err(IdTokenError::NonceMismatch)
                }
            }
            (ExpectedNonce::NotSent | ExpectedNonce::Original(None), Some(_)) => {
                Err(IdTokenError::NonceUnexpected)
            }
        }
    }

    fn acr(&self) -> Decision {
        let Some(demanded) = self.expectations.acr_values else {
            return Ok(Applied::No("no acr is demanded"));
        };
        match self.claims.acr.as_deref() {
            Some(acr) if demanded.iter().any(|one| one.as_str() == acr) => Ok(Applied::Yes),
            other => Err(IdTokenError::Acr { found: other.map(str::to_owned) }),
        }
    }

    fn auth_time(&self) -> Decision {
        if !self.expectations.auth_time && self.expectations.max_age.is_none() {
            return Ok(Applied::No("auth_time was not asked for"));
        }
        let (now, auth_time) = (self.now, self.claims.auth_time.ok_or(IdTokenError::AuthTimeMissing)?);
        if self.is_future(auth_time) {
            return Err(IdTokenError::AuthenticatedInFuture { now, auth_time });
        }
        match self.expectations.max_age {
            Some(max_age) if now > self.later(auth_time, max_age) => {
                Err(IdTokenError::AuthenticatedTooLongAgo { now, auth_time, max_age })
            }
            _ => Ok(Applied::Yes),
        }
    }

    fn access_token_hash(&self) -> Decision {
        match (self.claims.at_hash.as_deref(), self.expectations.access_token) {
            (None, _) => Ok(Applied::No("the token has no at_hash")),
            (_, None) => Ok(Applied::No("there is no access token to compare with")),
            (Some(hash), Some(token)) if self.is_hash(hash, token.expose()) => Ok(Applied::Yes),
            _ => Err(IdTokenError::AccessTokenHash),
        }
    }

    fn code_hash(&self) -> Decision {
        match (self.claims.c_hash.as_deref(), self.expectations.code) {
            (None, _) => Ok(Applied::No("the token has no c_hash")),
            (_, None) => Ok(Applied::No("there is no code to compare with")),
            (Some(hash), Some(code)) if self.is_hash(hash, code.expose()) => Ok(Applied::Yes),
            _ => Err(IdTokenError::CodeHash),
        }
    }

    fn subject(&self) -> Decision {
        match self.expectations.subject {
            None => Ok(Applied::No("nobody in particular was expected")),
            Some(expected) if expected.as_str() == &*self.claims.sub => Ok(Applied::Yes),
            Some(_) => Err(IdTokenError::Subject),
        }
    }

    fn refresh(&self) -> Decision {
        let Some(original) = self.expectations.original else {
            return Ok(Applied::No("the token does not come from a refresh"));
        };
        let OriginalIdToken { iss, sub, aud, iat, auth_time, nonce: _ } = original;
        if &*self.claims.iss != iss {
            return Err(IdTokenError::RefreshedIssuer);
        }
        if &*self.claims.sub != sub.as_str() {
            return Err(IdTokenError::RefreshedSubject);
        }
        let found = &self.claims.aud;
        if !(found.iter().all(|one| aud.contains(&one))
            && aud.as_slice().iter().all(|one| found.contains(one)))
        {
            return Err(IdTokenError::RefreshedAudience);
        }
        if self.later(self.claims.iat, Duration::ZERO) < *iat {
            return Err(IdTokenError::RefreshedIssuedAt);
        }
        match (self.claims.auth_time, auth_time) {
            (Some(found), Some(expected)) if found != *expected => Err(IdTokenError::RefreshedAuthTime),
            _ => Ok(Applied::Yes),
        }
    }

    /// So much later than a time in the token, and the leeway.
    fn later(&self, time: NumericDate, duration: Duration) -> NumericDate {
        time.saturating_add(duration).saturating_add(self.verifier.leeway.as_duration())
    }

    fn is_future(&self, time: NumericDate) -> bool {
        time > self.now.saturating_add(self.verifier.leeway.as_duration())
    }

    /// Whether a claim is the hash of a value by the algorithm that signed the token. An algorithm that fixes no hash
    /// matches nothing.
    fn is_hash(&self, claim: &str, value: &str) -> bool {
        left_half_hash(self.algorithm, value, self.crypto).is_some_and(|hash| hash == claim)
    }
}
