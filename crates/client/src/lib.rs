//! **Room: what a relying party must remember and compare between messages.**
//!
//! One sign-in by the code flow with PKCE, in the order of its types. A [`PendingSignIn`] and an
//! [`AuthorizedCode`] are given away where they are used:
//!
//! | Step | Gives |
//! |---|---|
//! | [`Client::new`] | a client whose registration agrees with the provider's metadata |
//! | [`Client::sign_in`] → [`SignIn::start`] | the address to send the browser to, and a [`PendingSignIn`] to keep |
//! | [`CallbackParams::parse`], [`Client::callback`] | an [`AuthorizedCode`]: `state`, `iss`, errors checked |
//! | [`Client::exchange`] → [`CodeExchange::complete`] | [`TokensAwaitingKeys`], of which only the key they need can be read |
//! | [`TokensAwaitingKeys::verification`] → [`Verification::step`] | [`SignedIn`]: the ID Token validated by every rule of Core 3.1.3.7 |
//! | [`Client::userinfo`] | UserInfo of the same subject |
//! | [`Client::refresh`] | [`Refreshed`], by the rules of Core 12.2 |
//!
//! Each step that goes over the network has `request()`, `policy()` (how to send it) and `complete(&response)`. What a
//! plain relying party needs of the crates beneath is exported here too.
//!
//! Not here: wire formats (messages), what an ID Token must hold (tokens), provider metadata and key sets over time
//! (discovery), sockets, a clock, cookies or sessions.
#![doc = include_str!("../README.md")]

mod callback;
mod client;
mod exchange;
mod id_token;
mod memory;
mod pending;
mod refresh;
mod registration;
mod sign_in;
mod token_endpoint;
mod userinfo;
mod verification;

pub use avouch_discovery::{
    FetchPolicy, FetchPurpose, KeyFetch, KeyPlan, KeySource, KeySourcePolicy, MetadataFetch,
    ProviderMetadata, Redirects, StaleKeys,
};
pub use avouch_jose::crypto::{CryptoProvider, SecureRandom};
pub use avouch_jose::jwt::Leeway;
pub use avouch_jose::{JwsAlgorithm, NumericDate};
pub use avouch_tokens::{IdTokenError, IdTokenRule, RuleVerdict, Verdict};
pub use avouch_types::{ClientId, ClientSecret, Issuer, Prompt, RedirectUri, Scopes};
pub use callback::{AuthorizedCode, CallbackError, CallbackParams};
pub use client::{Client, ClientError};
pub use exchange::{CodeExchange, ExchangeError, SignedIn, TokensAwaitingKeys};
pub use id_token::KeyNeed;
pub use memory::{OtherClient, SignInMemory};
pub use pending::PendingSignIn;
pub use refresh::{
    RefreshAnswerError, RefreshError, RefreshExchange, RefreshVerifyError, Refreshed, RefreshedAwaitingKeys,
};
pub use registration::{AssertionAudience, ClientCredentials, ClientRegistration};
pub use sign_in::{SignIn, StartError, StartedSignIn};
pub use token_endpoint::{TokenEndpointError, TokenRequestError};
pub use userinfo::{UserInfoError, UserInfoRequest};
pub use verification::{AwaitingKeys, Verification, VerificationStep};
