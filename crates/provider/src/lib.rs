#![doc = include_str!("../README.md")]

pub mod authorize;
mod client;
mod driver;
mod keys;
mod policy;
mod reply;
pub mod storage;
pub mod token;
pub mod userinfo;

pub use client::{
    Client, ClientAuthentication, ClientSecretHash, ClientSecretTooShort, MIN_SECRET_OCTETS,
    RedirectUriRefused,
};
pub use driver::{
    Answer, AuthorizeOutcome, Browser, BrowserId, EndpointError, Endpoints, Interaction, InteractionId,
    InteractionResult, Login, NewSession, Provider, Refused, Resumed, SessionId,
};
pub use keys::{ProviderKeys, ProviderKeysError};
pub use policy::{PkceRequirement, Policy};
