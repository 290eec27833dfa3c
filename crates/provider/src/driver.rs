//! The driver: each endpoint as one call, over a store.

mod answer;
mod authorize;
mod browser;
mod metadata;
mod resume;
mod token;
mod userinfo;

use avouch_discovery::{MetadataError, ProviderMetadata};
use avouch_jose::crypto::CryptoProvider;
use avouch_types::{EndpointUrl, Issuer, UriError};
use http::{Response, StatusCode, header};

pub use answer::{Answer, AuthorizeOutcome, EndpointError, Interaction, Refused};
pub use browser::{Browser, BrowserId, InteractionId, SessionId};
pub use resume::{InteractionResult, Login, NewSession, Resumed};

use crate::keys::ProviderKeys;
use crate::policy::Policy;
use crate::reply::{JSON, response};
use crate::storage::Store;

/// Where the endpoints are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// The authorization endpoint.
    pub authorization: EndpointUrl,
    /// The token endpoint.
    pub token: EndpointUrl,
    /// The UserInfo endpoint.
    pub userinfo: EndpointUrl,
    /// The JWK Set.
    pub jwks: EndpointUrl,
}

impl Endpoints {
    /// `authorize`, `token`, `userinfo` and `jwks`, beneath the issuer.
    ///
    /// # Errors
    /// The issuer takes no path.
    pub fn beneath(issuer: &Issuer) -> Result<Self, UriError> {
        Ok(Self {
            authorization: issuer.endpoint("/authorize")?,
            token: issuer.endpoint("/token")?,
            userinfo: issuer.endpoint("/userinfo")?,
            jwks: issuer.endpoint("/jwks")?,
        })
    }
}

/// A provider over a store: the pure steps of [`authorize`](crate::authorize), [`token`](crate::token) and
/// [`userinfo`](crate::userinfo) in their order, with the store's acts between them.
///
/// It owns no socket, clock or randomness, and shows no page. The host routes requests here, shows pages
/// when the [`AuthorizeOutcome`] says so, and keeps two cookies: one that tells browsers apart
/// ([`BrowserId`]) and one for who is signed in ([`SessionId`]). The [front page](crate) has an example.
#[derive(Debug)]
pub struct Provider<S> {
    policy: Policy,
    keys: ProviderKeys,
    crypto: CryptoProvider,
    store: S,
    metadata: ProviderMetadata,
}

impl<S: Store> Provider<S> {
    /// Puts a provider together.
    ///
    /// # Errors
    /// All rules that its discovery document would break.
    pub fn new(
        policy: Policy,
        endpoints: Endpoints,
        keys: ProviderKeys,
        crypto: CryptoProvider,
        store: S,
    ) -> Result<Self, MetadataError> {
        let metadata = metadata::of(&policy, endpoints, &keys, &crypto)?;
        Ok(Self { policy, keys, crypto, store, metadata })
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// What the discovery document says.
    pub fn metadata(&self) -> &ProviderMetadata {
        &self.metadata
    }

    /// The discovery document ([Discovery §4.2]).
    ///
    /// [Discovery §4.2]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationResponse
    pub fn discovery(&self) -> Response<Vec<u8>> {
        response(StatusCode::OK, &[JSON], self.metadata.to_json())
    }

    /// The JWK Set: public keys only.
    pub fn jwks(&self) -> Response<Vec<u8>> {
        match serde_json::to_vec(self.keys.published()) {
            Ok(json) => response(StatusCode::OK, &[(header::CONTENT_TYPE, "application/jwk-set+json")], json),
            Err(_) => response(StatusCode::INTERNAL_SERVER_ERROR, &[], Vec::new()),
        }
    }
}
