#![doc = include_str!("../README.md")]

pub mod authorize;
mod client;
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
pub use keys::{ProviderKeys, ProviderKeysError};
pub use policy::{PkceRequirement, Policy};
