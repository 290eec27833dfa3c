use avouch_claims::StandardClaims;
use avouch_json::Limits;
use avouch_types::{Secret, SubjectIdentifier};
use serde_json::Value;

use crate::json::Members;
use crate::{AnswerError, media_type};

/// What the UserInfo endpoint says about the End-User
/// ([OpenID Connect Core §5.3.2](https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse)).
///
/// Nothing of it may be used before `sub` is compared with that of the ID Token.
///
/// ```
/// use avouch_messages::UserInfo;
///
/// let body = br#"{"sub":"248289761001","name":"Jane Doe"}"#;
/// let userinfo = UserInfo::parse(Some("application/json"), body, &avouch_json::Limits::default())?;
/// assert_eq!(userinfo.sub.as_str(), "248289761001");
/// assert_eq!(userinfo.claims.name.as_deref(), Some("Jane Doe"));
/// # Ok::<(), avouch_messages::AnswerError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserInfo {
    /// Whom it is about.
    pub sub: SubjectIdentifier,
    /// What is said.
    pub claims: StandardClaims,
}

/// A UserInfo answer in one of its two forms.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserInfoResponse {
    /// `application/json`.
    Json(Box<UserInfo>),
    /// `application/jwt`: signed, encrypted or both; not looked into here.
    Jwt(Secret),
}

impl UserInfoResponse {
    /// Reads the body of an answer with status 200, in the form its `Content-Type` names.
    ///
    /// # Errors
    /// An [`AnswerError`] that names the broken rule.
    pub fn parse(content_type: Option<&str>, body: &[u8], limits: &Limits) -> Result<Self, AnswerError> {
        if !media_type::is(content_type, media_type::JWT) {
            return UserInfo::parse(content_type, body, limits).map(Box::new).map(Self::Json);
        }
        if body.len() > limits.bytes {
            let too_long = avouch_json::JsonError::TooLong { len: body.len(), limit: limits.bytes };
            return Err(AnswerError::Json(too_long));
        }
        let token = std::str::from_utf8(body).map_err(|_| AnswerError::NotUtf8)?;
        Ok(Self::Jwt(Secret::new(token)))
    }
}

impl UserInfo {
    /// An answer about `sub`.
    #[must_use]
    pub fn new(sub: SubjectIdentifier, claims: StandardClaims) -> Self {
        Self { sub, claims }
    }

    /// Reads the body of an answer with status 200 and `application/json`.
    ///
    /// # Errors
    /// An [`AnswerError`] that names the broken rule.
    pub fn parse(content_type: Option<&str>, body: &[u8], limits: &Limits) -> Result<Self, AnswerError> {
        let mut members = Members::read(content_type, body, limits)?;
        let sub = members.required("sub", SubjectIdentifier::parse)?;
        Ok(Self { sub, claims: StandardClaims::from_members(members.rest()) })
    }

    /// The body.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut members = self.claims.to_members();
        members.insert("sub".to_owned(), self.sub.as_str().into());
        Value::Object(members).to_string()
    }
}
