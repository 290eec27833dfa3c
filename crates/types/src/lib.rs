//! Identifiers and registered words of OpenID Connect and OAuth 2.0, and the urlencoded form codec.
//!
#![doc = include_str!("../README.md")]
//!
//! # Not here
//!
//! Keys and signatures, rules about a whole message, claims about a person, URLs that are fetched.

mod language_tag;
mod list;
mod media_type;
mod repeats;
mod response_type;
mod secret;
mod section;
mod tagged_name;
mod token_type;
mod uri;
mod word;
mod words;

pub mod dangerous;
pub mod form;

pub use form::{Form, FormError, FormLimits};
pub use language_tag::LanguageTag;
pub use list::{AcrValues, Prompts, Scope, Scopes};
pub use media_type::MediaType;
pub use repeats::repeats;
pub use response_type::ResponseType;
pub use secret::{
    AccessToken, AuthorizationCode, ClientSecret, CodeVerifier, Nonce, RefreshToken, Secret, State,
};
pub use tagged_name::TaggedName;
pub use token_type::TokenType;
pub use uri::{
    EndpointUrl, Issuer, MAX_URI_BYTES, RedirectUri, UriError, check_web_url, with_fragment, with_query,
};
pub use word::WordError;
pub use words::{
    Acr, AcrForm, AcrOrder, Amr, ApplicationType, ClaimType, ClientAuthMethod, ClientId,
    ClientRegistrationType, CodeChallengeMethod, Display, ErrorCode, ErrorDescription, ErrorUri, GrantType,
    Prompt, ResponseMode, SubjectIdentifier, SubjectType, TokenDeliveryMode, TokenTypeHint,
    TokenTypeIdentifier,
};
