//! The UserInfo endpoint ([Core §5.3]).
//!
//! [Core §5.3]: https://openid.net/specs/openid-connect-core-1_0.html#UserInfo

use crate::token_endpoint::{authorize, content_type, request};
use crate::{Client, OtherClient, SignInMemory};
use avouch_discovery::{FetchPolicy, FetchPurpose};
use avouch_json::Limits;
use avouch_messages::bearer::{self, BearerChallenge};
use avouch_messages::{AnswerError, UserInfo, UserInfoResponse};
use avouch_types::{ErrorCode, SubjectIdentifier};
use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, Method, Request, Response, StatusCode};

/// A UserInfo request to be sent.
#[derive(Debug)]
#[must_use = "nothing is asked until the request is sent"]
pub struct UserInfoRequest {
    request: Request<Vec<u8>>,
    limits: Limits,
    sub: SubjectIdentifier,
}

/// Why there are no claims from the UserInfo endpoint.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UserInfoError {
    /// The provider has no UserInfo endpoint.
    #[error("the provider has no UserInfo endpoint")]
    NoEndpoint,
    /// The access token is another client's.
    #[error(transparent)]
    OtherClient(#[from] OtherClient),
    /// The endpoint is no address that `http` takes. None is known that avouch-types takes.
    #[error("no request can be made for the UserInfo endpoint")]
    Request(#[from] http::Error),
    /// The endpoint refused ([RFC 6750 §3]); redirects are here too: they are not followed.
    ///
    /// [RFC 6750 §3]: https://www.rfc-editor.org/rfc/rfc6750#section-3
    #[error("the UserInfo endpoint answered {status}")]
    Status {
        /// The status of the answer.
        status: StatusCode,
        /// The error of the Bearer challenge, such as `invalid_token`, if there is one.
        error: Option<ErrorCode>,
    },
    /// The answer is not a UserInfo response.
    #[error("the UserInfo response is malformed")]
    Malformed(#[from] AnswerError),
    /// The answer is signed or encrypted, which was not registered.
    #[error("the UserInfo response is a JWT, which was not asked for")]
    Jwt,
    /// `sub` is not that of the ID Token; nothing of the answer may be used ([Core §5.3.2]).
    ///
    /// [Core §5.3.2]: https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse
    #[error("the UserInfo response is about {:?}, not about {:?}", found.as_str(), expected.as_str())]
    SubjectMismatch {
        /// The user who signed in.
        expected: SubjectIdentifier,
        /// The user in the answer.
        found: SubjectIdentifier,
    },
}

impl Client {
    /// Makes the request for more claims about the user who signed in.
    ///
    /// # Errors
    /// [`UserInfoError::NoEndpoint`], [`UserInfoError::OtherClient`], [`UserInfoError::Request`].
    pub fn userinfo(&self, memory: &SignInMemory) -> Result<UserInfoRequest, UserInfoError> {
        memory.check_client(self)?;
        let endpoint = self.metadata.userinfo_endpoint.as_ref().ok_or(UserInfoError::NoEndpoint)?;
        let mut request = request(Method::GET, endpoint)?;
        authorize(request.headers_mut(), &bearer::authorization(&memory.access_token));
        Ok(UserInfoRequest { request, limits: self.registration.limits, sub: memory.sub.clone() })
    }
}

impl UserInfoRequest {
    /// The request to send.
    #[must_use]
    pub fn request(&self) -> Request<Vec<u8>> {
        self.request.clone()
    }

    /// What the host owes the request.
    #[must_use]
    pub fn policy(&self) -> FetchPolicy {
        FetchPolicy::new(FetchPurpose::UserInfo, self.limits.bytes)
    }

    /// Reads the answer: status 200, `application/json`, about the user who signed in.
    ///
    /// # Errors
    /// [`UserInfoError`].
    pub fn complete(&self, response: &Response<Vec<u8>>) -> Result<UserInfo, UserInfoError> {
        let status = response.status();
        if status != StatusCode::OK {
            return Err(UserInfoError::Status { status, error: bearer_error(response.headers()) });
        }
        let content_type = content_type(response.headers());
        let UserInfoResponse::Json(userinfo) =
            UserInfoResponse::parse(content_type, response.body(), &self.limits)?
        else {
            return Err(UserInfoError::Jwt);
        };
        if userinfo.sub != self.sub {
            return Err(UserInfoError::SubjectMismatch { expected: self.sub.clone(), found: userinfo.sub });
        }
        Ok(*userinfo)
    }
}

fn bearer_error(headers: &HeaderMap) -> Option<ErrorCode> {
    let fields = headers.get_all(WWW_AUTHENTICATE).into_iter().filter_map(|field| field.to_str().ok());
    BearerChallenge::find(fields)?.error
}
