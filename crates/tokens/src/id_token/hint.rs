//! An ID Token that comes back to its issuer as `id_token_hint`.

use avouch_jose::jws::{ContentRef, UnverifiedJws};
use avouch_jose::{Checked, Limits, Verified, VerifyingKeys};
use avouch_json::ObjectView;
use avouch_types::Issuer;

use super::view::{OwnClaims, is_security_event};
use super::{IdTokenClaims, IdTokenError};
use crate::header::names_jwt;

/// An ID Token that this issuer once gave out, possibly long ago, to any of its clients.
///
/// It tells whom a request is about and is no proof that anybody is signed in: for that reason it is another type than
/// [`IdTokenClaims`].
///
/// ```
/// # use std::time::Duration;
/// # use avouch_jose::{JwsAlgorithm, NumericDate, SigningKey, VerifyingKeys};
/// # use avouch_tokens::IdTokenClaims;
/// use avouch_tokens::IdTokenHintVerifier;
/// use avouch_types::Issuer;
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, _) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
/// # let own_jwks = key.public_jwk().cloned().into_iter().collect();
///
/// let issuer = Issuer::parse("https://op.example")?;
/// let own_keys = VerifyingKeys::prepare(&own_jwks, &[JwsAlgorithm::ES256], &crypto)?;
/// # let hint = IdTokenClaims::new(&issuer, "jane".parse()?, &"client".parse()?, NumericDate::EPOCH, Duration::ZERO)
/// #     .sign(&key)?;
/// let hint = IdTokenHintVerifier::new(issuer).verify(&hint, &own_keys)?;
/// assert_eq!(hint.claims().sub.as_str(), "jane");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdTokenHint(IdTokenClaims);

impl IdTokenHint {
    /// What the token says: `sub` for whom, `aud` and `azp` to which client.
    #[must_use]
    pub fn claims(&self) -> &IdTokenClaims {
        &self.0
    }
}

/// Checks that an `id_token_hint` is the issuer's own
/// ([Core 3.1.2.2](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequestValidation), item 5).
///
/// The signature must be by one of the issuer's keys, current or past, and `iss` its own. `exp` is not looked at, and the
/// issuer need not be in `aud`. Which algorithms are allowed is in the keys.
#[derive(Debug, Clone)]
pub struct IdTokenHintVerifier {
    issuer: Issuer,
    limits: Limits,
}

impl IdTokenHintVerifier {
    /// For hints that this issuer gave out.
    #[must_use]
    pub fn new(issuer: Issuer) -> Self {
        Self { issuer, limits: Limits::default() }
    }

    /// The budgets for reading a token.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Checks a hint.
    ///
    /// # Errors
    ///
    /// [`IdTokenError`] if the hint is not a token that the issuer signed.
    pub fn verify(
        &self,
        hint: &str,
        own_keys: &VerifyingKeys,
    ) -> Result<Verified<IdTokenHint>, IdTokenError> {
        let jws = UnverifiedJws::parse(hint, &self.limits).map_err(IdTokenError::Malformed)?;
        jws.verify(own_keys).map_err(IdTokenError::Signature)?.check::<IdTokenHint>(self)
    }
}

/// Every rule but the signature is here, since anybody with verified content can come this way.
impl Checked<'_> for IdTokenHint {
    type Rules<'r> = &'r IdTokenHintVerifier;
    type Error = IdTokenError;

    fn check(content: &ContentRef<'_>, verifier: &IdTokenHintVerifier) -> Result<Self, IdTokenError> {
        names_jwt(content.header()).map_err(|typ| IdTokenError::Type { typ })?;
        let mut all = ObjectView::default();
        let claims = OwnClaims::find(content, &mut all)?;
        if is_security_event(&all) {
            return Err(IdTokenError::Events);
        }
        let expected = verifier.issuer.as_str();
        if claims.iss != expected {
            let found = claims.iss.into_owned();
            return Err(IdTokenError::Issuer { expected: expected.to_owned(), found });
        }
        claims.to_all_claims(&all).map(Self)
    }
}
