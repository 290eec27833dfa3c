//! From an access token to claims.

use avouch_claims::{ConsentTo, ReleaseInput, ReleasePlan, StandardClaims};
use avouch_jose::crypto::CryptoProvider;
use avouch_messages::UserInfo;
use avouch_messages::bearer::{self, BearerError, BearerRequest};
use avouch_types::{FormLimits, Scope};
use http::header;

use super::UserInfoError;
use crate::policy::Policy;
use crate::storage::{AccessLookup, AccessRecord, TokenHash};

/// The access token of a request: in the Authorization header, or in the form body of a POST. A token in
/// the query is refused.
///
/// # Errors
/// [`UserInfoError::NoToken`], [`UserInfoError::Presentation`].
pub fn present(
    request: &http::Request<Vec<u8>>,
    crypto: &CryptoProvider,
) -> Result<PresentedToken, UserInfoError> {
    let authorization = headers(request, &header::AUTHORIZATION)?;
    let presented = BearerRequest {
        method: request.method().as_str(),
        authorization: &authorization,
        content_type: request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()),
        query: request.uri().query(),
        body: request.body(),
    };
    let token = bearer::extract(&presented, &FormLimits::default())
        .map_err(UserInfoError::Presentation)?
        .ok_or(UserInfoError::NoToken)?;
    Ok(PresentedToken { hash: TokenHash::of(token.expose(), crypto) })
}

/// All values of a header, which must be text.
fn headers<'a>(
    request: &'a http::Request<Vec<u8>>,
    name: &http::HeaderName,
) -> Result<Vec<&'a str>, UserInfoError> {
    let values = request.headers().get_all(name).iter().map(http::HeaderValue::to_str);
    values.collect::<Result<_, _>>().map_err(|_| UserInfoError::Presentation(BearerError::Malformed))
}

/// An access token that came with a request.
#[derive(Debug)]
#[must_use]
pub struct PresentedToken {
    hash: TokenHash,
}

impl PresentedToken {
    /// The hash of the token, for [`TokenStore::access`](crate::storage::TokenStore::access).
    pub fn token_hash(&self) -> &TokenHash {
        &self.hash
    }

    /// Judges the request by what the token stands for.
    ///
    /// # Errors
    /// The token is unknown, expired or revoked, or its scope does not hold `openid`.
    pub fn found(self, token: AccessLookup) -> Result<UserInfoAccess, UserInfoError> {
        match token {
            AccessLookup::Unknown => Err(UserInfoError::Unknown),
            AccessLookup::Expired => Err(UserInfoError::Expired),
            AccessLookup::Revoked => Err(UserInfoError::Revoked),
            AccessLookup::Active(record) if !record.scopes.contains(&Scope::OPENID) => {
                Err(UserInfoError::ScopeMissing)
            }
            AccessLookup::Active(record) => Ok(UserInfoAccess { record: *record }),
        }
    }
}

/// An access token that is good for UserInfo.
#[derive(Debug)]
#[must_use]
pub struct UserInfoAccess {
    record: AccessRecord,
}

impl UserInfoAccess {
    /// Whose data it opens, and to whom.
    pub fn record(&self) -> &AccessRecord {
        &self.record
    }

    /// The claims to answer with; `sub` is always there.
    ///
    /// `person` is what is known about the subject; `None` if there is no such account any more.
    ///
    /// # Errors
    /// [`UserInfoError::SubjectGone`]
    pub fn answer(self, person: Option<&StandardClaims>, policy: &Policy) -> Result<UserInfo, UserInfoError> {
        let Self { record } = self;
        let person = person.ok_or(UserInfoError::SubjectGone)?;
        let asked = ReleaseInput::new(&record.scopes, ConsentTo::Everything)
            .with_request(record.claims.as_ref())
            .with_claims_locales(&record.claims_locales);
        let plan = ReleasePlan::new(&policy.release, &asked);
        let claims = StandardClaims::from_members(plan.userinfo().select(person));
        Ok(UserInfo::new(record.subject, claims))
    }
}
