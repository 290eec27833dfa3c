//! **Room: a document someone publishes at a known address; how to read it, check it and choose from it.**
//!
//! | Contents | |
//! |---|---|
//! | [`well_known`] | where the documents of an issuer are |
//! | [`ProviderMetadata`], [`AuthorizationServerMetadata`] | the two documents: parse, print, defaults, builder ([Discovery §3], [RFC 8414 §2]) |
//! | [`MetadataReader`], [`Quirk`] | how documents are read, and what is let pass |
//! | [`MetadataFinding`] | what is wrong with a document, where, and by which section |
//! | [`SignedMetadataVerifier`] | signed metadata ([RFC 8414 §2.1]) |
//! | [`webfinger`] | from what a person types to their issuer, both sides ([RFC 7033], [Discovery §2]) |
//! | [`FetchPolicy`] | how a host sends a request |
//! | [`MetadataFetch`] | one retrieval: a request out, a response in, the issuer compared exactly |
//! | [`KeySource`] | the provider's JWK Set over time: when to fetch, when to wait, when old keys still serve |
//! | [`key_set_findings`] | a published JWK Set judged |
//!
//! Not here: per-request parameters (messages), user claims (claims), which key fits a token (jose), sockets,
//! a clock, and the choice between providers.
//!
//! [Discovery §3]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
//! [Discovery §2]: https://openid.net/specs/openid-connect-discovery-1_0.html#IssuerDiscovery
//! [RFC 7033]: https://www.rfc-editor.org/rfc/rfc7033
//! [RFC 8414 §2]: https://www.rfc-editor.org/rfc/rfc8414#section-2
//! [RFC 8414 §2.1]: https://www.rfc-editor.org/rfc/rfc8414#section-2.1
#![doc = include_str!("../README.md")]

mod fetch_policy;
mod key_set;
mod key_source;
mod metadata;
mod response;
pub mod webfinger;
pub mod well_known;

pub use fetch_policy::{FetchPolicy, FetchPurpose, Redirects};
pub use key_set::{KeySetFinding, key_set_findings};
pub use key_source::{
    KeyFetch, KeyPlan, KeySetError, KeySetMediaType, KeySource, KeySourcePolicy, StaleKeys,
};
pub use metadata::{
    AuthorizationServerMetadata, EssentialMember, FindingLevel, MetadataBuilder, MetadataDocument,
    MetadataError, MetadataFetch, MetadataFetchError, MetadataFinding, MetadataReader, MetadataRule,
    MtlsEndpointAliases, MtlsEndpoints, ProviderMetadata, Quirk, SignedMetadata, SignedMetadataError,
    SignedMetadataRules, SignedMetadataVerifier, WebUrl,
};
pub use response::ResponseError;
