#![doc = include_str!("../README.md")]

mod client;
mod policy;
pub mod storage;

pub use client::{
    Client, ClientAuthentication, ClientSecretHash, ClientSecretTooShort, MIN_SECRET_OCTETS,
    RedirectUriRefused,
};
pub use policy::{PkceRequirement, Policy};
