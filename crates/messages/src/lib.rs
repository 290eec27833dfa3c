//! **Room: one message that goes over the wire; how it is read and written, and the rules that need nothing but it.**
//!
//! Requests and responses of OpenID Connect and OAuth 2.0. One file per message: parsed from and printed to query texts, header values and bodies, with the rules that need
//! nothing but the message. A refused request knows its OAuth error code.
//!
//! ```
//! use avouch_messages::AuthorizationRequest;
//! use avouch_types::{ErrorCode, Form, FormLimits};
//!
//! let query = b"response_type=code&client_id=s6BhdRkqt3&redirect_uri=https%3A%2F%2Frp.example%2Fcb&scope=email";
//! let refused = AuthorizationRequest::parse(&Form::parse(query, &FormLimits::default())?);
//! assert_eq!(refused.map_err(|error| error.error_code()), Err(ErrorCode::INVALID_SCOPE)); // no openid
//! # Ok::<(), avouch_types::FormError>(())
//! ```
//!
//! # Contents
//!
//! - [`RequestEnvelope`], [`AuthorizationRequest`]: what is sent to the authorization endpoint, in two stages
//! - [`AuthorizationResponse`], [`AuthorizationCodeResponse`], [`AuthorizationError`]: what comes back to the redirect URI
//! - [`Delivery`], [`FormPost`]: how it travels there (query, fragment, form_post)
//! - [`TokenRequest`], [`PresentedCredentials`], [`Grant`]: what is sent to the token endpoint
//! - [`TokenResponse`], [`ErrorResponse`]: its answers
//! - [`UserInfo`]: what the UserInfo endpoint answers
//! - [`client_auth`]: `client_secret_basic` on the wire
//! - [`bearer`]: access tokens in requests, and challenges in answers
//! - [`CodeChallenge`][]: PKCE
//!
//! # Not here
//!
//! - anything about an earlier message (`state` equal to the one sent, a code that was issued): `avouch-client`,
//!   `avouch-provider`
//! - storage, keys, signatures, HTTP as such: messages are made of query texts, header values and bodies
//! - provider metadata and key sets: `avouch-discovery`

mod authorization_request;
mod authorization_response;
mod delivery;
mod error_response;
mod json;
mod media_type;
mod pkce;
mod token_request;
mod token_response;
mod userinfo;

pub mod bearer;
pub mod client_auth;

pub use authorization_request::{
    AuthorizationRequest, AuthorizationRequestError, EnvelopeError, RequestEnvelope,
};
pub use authorization_response::{
    AuthorizationCodeResponse, AuthorizationError, AuthorizationResponse, AuthorizationResponseError,
};
pub use delivery::{Delivery, FormPost, UnsupportedResponseMode};
pub use error_response::{CredentialsIn, ErrorResponse};
pub use json::AnswerError;
pub use pkce::{CodeChallenge, CodeChallengeError};
pub use token_request::{Grant, PresentedCredentials, TokenRequest, TokenRequestError};
pub use token_response::TokenResponse;
pub use userinfo::{UserInfo, UserInfoResponse};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
