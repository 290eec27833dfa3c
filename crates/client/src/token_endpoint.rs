//! One exchange with the token endpoint: the request with the client's credentials, and what the answer must be.

use crate::{AssertionAudience, Client, ClientCredentials};
use avouch_discovery::{FetchPolicy, FetchPurpose};
use avouch_jose::NumericDate;
use avouch_jose::crypto::{RandomError, SecureRandom, random_token};
use avouch_jose::jws::SignError;
use avouch_messages::{
    AnswerError, ErrorResponse, Grant, PresentedCredentials, TokenRequest, TokenResponse, client_auth,
};
use avouch_tokens::ClientAssertion;
use avouch_types::{EndpointUrl, Secret, TokenType};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use serde_json::{Map, Value};
use std::time::Duration;

/// How long a client assertion is good for: long enough for one request and a clock that is a little off.
const ASSERTION_LIFETIME: Duration = Duration::from_secs(60);

/// Why a request to the token endpoint could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenRequestError {
    /// No randomness for the assertion's `jti`.
    #[error("no randomness for the client assertion")]
    Random(#[from] RandomError),
    /// The client's key did not sign.
    #[error("the client assertion could not be signed")]
    Sign(#[from] SignError),
    /// The endpoint is no address that `http` takes. None is known that avouch-types takes.
    #[error("no request can be made for the token endpoint")]
    Request(#[from] http::Error),
}

/// Why an answer of the token endpoint gave no tokens.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenEndpointError {
    /// The provider refused ([RFC 6749 §5.2]).
    ///
    /// [RFC 6749 §5.2]: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    #[error("the token endpoint answered {status}, {}", response.error)]
    Refused {
        /// The status of the answer.
        status: StatusCode,
        /// The error.
        response: ErrorResponse,
    },
    /// The status is not 200, and there is no error that could be read. Redirects are here too: they are not followed.
    #[error("the token endpoint answered {status}")]
    Status {
        /// The status of the answer.
        status: StatusCode,
    },
    /// The answer is not a token response ([RFC 6749 §5.1]).
    ///
    /// [RFC 6749 §5.1]: https://www.rfc-editor.org/rfc/rfc6749#section-5.1
    #[error("the token response is malformed")]
    Malformed(#[from] AnswerError),
    /// The access token is of a type this client does not know, so it must not be used ([RFC 6749 §7.1]).
    ///
    /// [RFC 6749 §7.1]: https://www.rfc-editor.org/rfc/rfc6749#section-7.1
    #[error("the access token is of the unknown type {token_type}")]
    TokenType {
        /// The type.
        token_type: TokenType,
    },
}

impl Client {
    /// The request for a grant, authenticated by the registered method and no other.
    pub(crate) fn token_request(
        &self,
        grant: Grant,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> Result<Request<Vec<u8>>, TokenRequestError> {
        let token_request = TokenRequest::new(self.present_credentials(now, rng)?, grant);
        let mut request = request(Method::POST, &self.token_endpoint)?;
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form);
        if let Some(authorization) = token_request.authorization() {
            authorize(request.headers_mut(), &authorization);
        }
        *request.body_mut() = token_request.to_form().to_urlencoded().into_bytes();
        Ok(request)
    }

    fn present_credentials(
        &self,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> Result<PresentedCredentials, TokenRequestError> {
        let client_id = self.registration.client_id.clone();
        Ok(match &self.registration.credentials {
            ClientCredentials::SecretBasic(secret) => {
                PresentedCredentials::Basic { client_id, client_secret: secret.clone() }
            }
            ClientCredentials::SecretPost(secret) => {
                PresentedCredentials::Post { client_id, client_secret: secret.clone() }
            }
            ClientCredentials::PrivateKeyJwt(key) => {
                let audience = match self.registration.assertion_audience {
                    AssertionAudience::Issuer => self.metadata.issuer.as_str(),
                    AssertionAudience::TokenEndpoint => self.token_endpoint.as_str(),
                };
                let jti = random_token(rng, 16)?;
                let assertion = ClientAssertion::new(&client_id, audience, jti, now, ASSERTION_LIFETIME);
                PresentedCredentials::Assertion {
                    client_id: Some(client_id),
                    assertion_type: client_auth::JWT_BEARER_ASSERTION_TYPE.to_owned(),
                    assertion: Secret::new(assertion.sign(key)?),
                }
            }
            ClientCredentials::None => PresentedCredentials::None { client_id },
        })
    }
}

impl Client {
    /// Reads an answer as far as it is the same for every grant.
    pub(crate) fn read_tokens(
        &self,
        response: &Response<Vec<u8>>,
    ) -> Result<TokenResponse, TokenEndpointError> {
        let (status, body, limits) = (response.status(), response.body(), &self.registration.limits);
        let content_type = content_type(response.headers());
        if status.is_client_error() || status.is_server_error() {
            return Err(match ErrorResponse::parse(content_type, body, limits) {
                Ok(response) => TokenEndpointError::Refused { status, response },
                Err(_) => TokenEndpointError::Status { status },
            });
        }
        if status != StatusCode::OK {
            return Err(TokenEndpointError::Status { status });
        }
        Ok(TokenResponse::parse(content_type, body, limits)?)
    }

    pub(crate) fn token_policy(&self) -> FetchPolicy {
        FetchPolicy::new(FetchPurpose::Tokens, self.registration.limits.bytes)
    }
}

/// An access token of a type that is not known is not used.
pub(crate) fn check_type(response: &TokenResponse) -> Result<(), TokenEndpointError> {
    if response.token_type == TokenType::BEARER {
        return Ok(());
    }
    Err(TokenEndpointError::TokenType { token_type: response.token_type.clone() })
}

/// Members of an answer that nothing is known about may hold tokens: only the names are shown.
pub(crate) fn names(members: &Map<String, Value>) -> Vec<&str> {
    members.keys().map(String::as_str).collect()
}

/// When an access token ends that was asked for at `requested_at`: rather a moment early than late.
pub(crate) fn expiry(requested_at: NumericDate, expires_in: Option<u64>) -> Option<NumericDate> {
    expires_in.map(|seconds| requested_at.saturating_add(Duration::from_secs(seconds)))
}

pub(crate) fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
}

pub(crate) fn request(method: Method, endpoint: &EndpointUrl) -> Result<Request<Vec<u8>>, http::Error> {
    Request::builder()
        .method(method)
        .uri(endpoint.as_str())
        .header(ACCEPT, "application/json")
        .body(Vec::new())
}

/// Adds an `Authorization` header that does not show up in logs.
pub(crate) fn authorize(headers: &mut HeaderMap, authorization: &str) {
    // Both schemes in use give visible ASCII and space only: base64, and access tokens as avouch-types reads them.
    if let Ok(mut value) = HeaderValue::from_str(authorization) {
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
}
