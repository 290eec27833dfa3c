//! Identifiers and registered words of OpenID Connect and OAuth 2.0, and the urlencoded form codec.
//!
//! A value that two documents spell has its type here, with the rule its specification gives it. Texts keep their
//! spelling; words of open sets are newtypes with constants, and a word nobody registered is as good as one with a
//! constant. Secrets are types of their own that do not show themselves.
//!
//! Not here: keys and signatures, rules about a whole message, claims about a person, URLs that are fetched.
//!
//! ```
//! use avouch_types::{Issuer, ResponseType, Scope, Scopes};
//!
//! let issuer = Issuer::parse("https://op.example")?;
//! let scopes = Scopes::parse("openid email")?;
//! assert!(scopes.contains(&Scope::OPENID));
//! assert_eq!(ResponseType::parse("id_token code")?, ResponseType::CODE_ID_TOKEN);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod language_tag;
mod list;
mod response_type;
mod secret;
mod token_type;
mod uri;
mod word;
mod words;

pub mod dangerous;
pub mod form;

pub use form::{Form, FormError, FormLimits};
pub use language_tag::LanguageTag;
pub use list::{AcrValues, Prompts, Scope, Scopes};
pub use response_type::ResponseType;
pub use secret::{
    AccessToken, AuthorizationCode, ClientSecret, CodeVerifier, Nonce, RefreshToken, Secret, State,
};
pub use token_type::TokenType;
pub use uri::{EndpointUrl, Issuer, MAX_URI_BYTES, RedirectUri, UriError, with_fragment, with_query};
pub use word::WordError;
pub use words::{
    Acr, Amr, ApplicationType, ClientAuthMethod, ClientId, CodeChallengeMethod, Display, ErrorCode,
    ErrorDescription, ErrorUri, GrantType, Prompt, ResponseMode, SubjectIdentifier, SubjectType,
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
