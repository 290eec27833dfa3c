//! What an OpenID Connect provider decides, and what it stores between messages.
//!
#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! - [`authorize`], [`token`], [`userinfo`]: the endpoints as pure steps
//! - [`storage`]: the records and the traits that keep them
//! - [`Provider`], [`Answer`], [`AuthorizeOutcome`]: the driver
//! - [`Client`], [`Policy`], [`ProviderKeys`], [`Endpoints`]: what it is put together from
//!
//! # Not here
//!
//! - pages, cookies, passwords, sockets, clocks: the host's
//! - SQL or any other real store: an adapter's; in memory, the testkit's
//! - the shape of requests and responses: `avouch-messages`; of signed tokens: `avouch-tokens`
//! - anything that a relying party remembers: `avouch-client`
//! - registration, revocation, introspection and logout endpoints, Request Objects, other flows

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
