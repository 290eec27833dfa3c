//! What one ID Token is expected to say, beyond what the client expects of all of them.

use std::time::Duration;

use avouch_jose::NumericDate;
use avouch_jose::jwt::Audience;
use avouch_types::{AccessToken, Acr, AuthorizationCode, Nonce, SubjectIdentifier};

use super::IdTokenClaims;

/// What one ID Token is expected to say: what was sent in the authentication request, what came with the token, what
/// an earlier token said.
///
/// Whether a nonce was sent must be said at the start; everything else is an expectation only once it is added.
///
/// ```
/// use std::time::Duration;
/// use avouch_tokens::IdTokenExpectations;
/// use avouch_types::{AccessToken, Nonce};
///
/// let (nonce, access_token) = (Nonce::new("n-0S6_WzA2Mj"), AccessToken::new("SlAV32hkKG"));
/// let expectations = IdTokenExpectations::for_nonce(&nonce)
///     .access_token(&access_token)
///     .max_age(Duration::from_secs(300));
/// # let _ = expectations;
/// ```
#[derive(Debug, Clone, Copy)]
pub struct IdTokenExpectations<'a> {
    pub(super) nonce: ExpectedNonce<'a>,
    pub(super) access_token: Option<&'a AccessToken>,
    pub(super) code: Option<&'a AuthorizationCode>,
    pub(super) auth_time: bool,
    pub(super) max_age: Option<Duration>,
    pub(super) acr_values: Option<&'a [Acr]>,
    pub(super) subject: Option<&'a SubjectIdentifier>,
    pub(super) original: Option<&'a OriginalIdToken>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum ExpectedNonce<'a> {
    Sent(&'a Nonce),
    NotSent,
    /// After a refresh: absent, or that of the original token.
    Original(Option<&'a Nonce>),
}

impl<'a> IdTokenExpectations<'a> {
    /// For the answer to a request that sent this nonce: it must be there, and be the same.
    #[must_use]
    pub fn for_nonce(nonce: &'a Nonce) -> Self {
        Self::with(ExpectedNonce::Sent(nonce))
    }

    /// For the answer to a request without a nonce: a token with one belongs to somebody else's request.
    #[must_use]
    pub fn no_nonce_was_sent() -> Self {
        Self::with(ExpectedNonce::NotSent)
    }

    /// For a token from a refresh
    /// ([Core 12.2](https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse)): the same `iss`, `sub`,
    /// `aud` and `auth_time` as the original, an `iat` that is not earlier, and no nonce or the original one.
    #[must_use]
    pub fn for_refresh(original: &'a OriginalIdToken) -> Self {
        Self { original: Some(original), ..Self::with(ExpectedNonce::Original(original.nonce.as_ref())) }
    }

    fn with(nonce: ExpectedNonce<'a>) -> Self {
        Self {
            nonce,
            access_token: None,
            code: None,
            auth_time: false,
            max_age: None,
            acr_values: None,
            subject: None,
            original: None,
        }
    }

    /// The access token that came in the same response: an `at_hash` must be its hash.
    #[must_use]
    pub fn access_token(mut self, token: &'a AccessToken) -> Self {
        self.access_token = Some(token);
        self
    }

    /// The code that came with the token, or that it was got for: a `c_hash` must be its hash.
    #[must_use]
    pub fn code(mut self, code: &'a AuthorizationCode) -> Self {
        self.code = Some(code);
        self
    }

    /// `auth_time` was asked for: it must be there.
    #[must_use]
    pub fn auth_time(mut self) -> Self {
        self.auth_time = true;
        self
    }

    /// `max_age` was sent: `auth_time` must be there, and no longer ago than this and the leeway.
    #[must_use]
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// `acr` must be one of these values. That is more than asking for them: an OP may answer a voluntary request
    /// (`acr_values`) with another value.
    #[must_use]
    pub fn acr_values(mut self, values: &'a [Acr]) -> Self {
        self.acr_values = Some(values);
        self
    }

    /// `sub` must be this person: the one who was asked for by a hint, or who is signed in already.
    #[must_use]
    pub fn subject(mut self, sub: &'a SubjectIdentifier) -> Self {
        self.subject = Some(sub);
        self
    }
}

/// What must be remembered of the first ID Token, to judge those that come from a refresh (Core 12.2).
///
/// ```
/// use avouch_tokens::OriginalIdToken;
/// # use avouch_tokens::IdTokenClaims;
/// # fn remember(first: &IdTokenClaims) {
/// let original = OriginalIdToken::of(first); // first: Verified<IdTokenClaims> derefs to the claims
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginalIdToken {
    /// `iss` of the first token.
    pub iss: String,
    /// `sub` of the first token.
    pub sub: SubjectIdentifier,
    /// `aud` of the first token.
    pub aud: Audience,
    /// `iat` of the first token, or of the latest one.
    pub iat: NumericDate,
    /// `auth_time` of the first token, if it had one.
    pub auth_time: Option<NumericDate>,
    /// `nonce` of the first token, if it had one.
    pub nonce: Option<Nonce>,
}

impl OriginalIdToken {
    /// What the claims of a first token say.
    #[must_use]
    pub fn of(claims: &IdTokenClaims) -> Self {
        Self {
            iss: claims.iss.clone(),
            sub: claims.sub.clone(),
            aud: claims.aud.clone(),
            iat: claims.iat,
            auth_time: claims.auth_time,
            nonce: claims.nonce.clone(),
        }
    }
}
