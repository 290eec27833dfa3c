//! The provider as this client knows it: its metadata and keys, fetched when they are needed.

use std::sync::Arc;
use std::time::Duration;

use avouch_client::{
    AwaitingKeys, Client, ClientCredentials, ClientRegistration, Verification, VerificationStep,
};
use avouch_discovery::{KeySource, KeySourcePolicy, ProviderMetadata};
use avouch_jose::crypto::CryptoProvider;
use avouch_jose::jwt::Leeway;
use avouch_jose::{JwsAlgorithm, NumericDate, SigningKey};
use avouch_types::{ClientAuthMethod, ClientId, ClientSecret, Issuer, RedirectUri};
use tokio::sync::Mutex;

use super::outgoing::{Outgoing, SendError};
use super::record;
use crate::pages::rp::Message;

/// How long metadata is used before it is fetched again.
const METADATA_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// How far the provider's clock may be off.
const LEEWAY: Leeway = Leeway::ONE_MINUTE;

/// How this client is registered at the provider.
#[derive(Debug)]
pub struct Registration {
    /// The provider.
    pub issuer: Issuer,
    /// The client's identifier there.
    pub client_id: ClientId,
    /// How it authenticates.
    pub credentials: Credentials,
    /// Where responses come.
    pub redirect_uri: RedirectUri,
    /// How its ID Tokens are signed.
    pub id_token_algorithm: JwsAlgorithm,
}

/// What the client authenticates with.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// `client_secret_basic`.
    SecretBasic(ClientSecret),
    /// `client_secret_post`.
    SecretPost(ClientSecret),
    /// `private_key_jwt`.
    PrivateKeyJwt(Box<SigningKey>),
    /// `none`.
    None,
}

impl Credentials {
    fn for_client(&self) -> ClientCredentials {
        match self.clone() {
            Self::SecretBasic(secret) => ClientCredentials::SecretBasic(secret),
            Self::SecretPost(secret) => ClientCredentials::SecretPost(secret),
            Self::PrivateKeyJwt(key) => ClientCredentials::PrivateKeyJwt(*key),
            Self::None => ClientCredentials::None,
        }
    }

    /// The method's registered name.
    pub fn method(&self) -> ClientAuthMethod {
        self.for_client().method()
    }
}

/// The provider as it was last found.
#[derive(Debug)]
pub struct Found {
    /// The client that fits it.
    pub client: Client,
    /// How it was found, as shown.
    pub messages: Vec<Message>,
    /// When.
    pub at: NumericDate,
    keys: Mutex<Keys>,
}

#[derive(Debug)]
struct Keys {
    source: KeySource,
    messages: Vec<Message>,
}

/// Why the provider cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// It did not answer.
    #[error(transparent)]
    Send(#[from] SendError),
    /// No request can be made for what it published as the address of a document.
    #[error("the provider cannot be asked")]
    Request(#[from] http::Error),
    /// What it published at its well-known address is not its metadata.
    #[error("the provider's metadata is not usable")]
    Metadata(#[from] avouch_discovery::MetadataFetchError),
    /// Its metadata and this client's registration do not fit.
    #[error("the registration does not fit the provider")]
    Client(#[from] avouch_client::ClientError),
    /// What it published as its keys is no JWK Set.
    #[error("the provider's keys are not usable")]
    Keys(#[source] Arc<avouch_discovery::KeySetError>),
    /// The ID Token names a key that the provider does not publish, and it was asked a moment ago.
    #[error("the provider publishes no key named {kid:?}")]
    NoSuchKey {
        /// The key.
        kid: Option<String>,
    },
}

/// Finds the provider, and remembers it for a while.
#[derive(Debug)]
pub struct Finder {
    registration: Registration,
    outgoing: Outgoing,
    crypto: CryptoProvider,
    found: Mutex<Option<Arc<Found>>>,
}

impl Finder {
    /// A client with this registration.
    pub fn new(registration: Registration, outgoing: Outgoing, crypto: CryptoProvider) -> Self {
        Self { registration, outgoing, crypto, found: Mutex::new(None) }
    }

    /// How this client is registered.
    pub fn registration(&self) -> &Registration {
        &self.registration
    }

    /// What sends requests.
    pub fn outgoing(&self) -> &Outgoing {
        &self.outgoing
    }

    /// The provider, found now or a while ago.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub async fn provider(&self, now: NumericDate) -> Result<Arc<Found>, ProviderError> {
        let mut slot = self.found.lock().await;
        if let Some(found) = slot.as_ref().filter(|found| now < found.at.saturating_add(METADATA_LIFETIME)) {
            return Ok(Arc::clone(found));
        }
        let found = Arc::new(self.find(now).await?);
        *slot = Some(Arc::clone(&found));
        Ok(found)
    }

    async fn find(&self, now: NumericDate) -> Result<Found, ProviderError> {
        let fetch = ProviderMetadata::fetch(&self.registration.issuer);
        let request = fetch.request()?;
        let mut messages = vec![record::request(&request)];
        let response = self.outgoing.send(request).await?;
        messages.push(record::response(&response));
        let metadata = fetch.complete(&response)?;
        let source = KeySource::new(metadata.jwks_uri.clone(), KeySourcePolicy::default());
        let registered = ClientRegistration::new(
            self.registration.client_id.clone(),
            self.registration.credentials.for_client(),
            self.registration.redirect_uri.clone(),
        )
        .id_token_algorithm(self.registration.id_token_algorithm)
        .leeway(LEEWAY);
        let client = Client::new(metadata, registered, self.crypto.clone())?;
        let keys = Mutex::new(Keys { source, messages: Vec::new() });
        Ok(Found { client, messages, at: now, keys })
    }

    /// Verifies tokens whose ID Token names `kid` by the provider's keys, which are fetched if need be, and tells how they
    /// were fetched last.
    ///
    /// # Errors
    /// [`ProviderError`]: the keys cannot be had.
    pub async fn verify<T: AwaitingKeys>(
        &self,
        found: &Found,
        verification: &mut Verification<'_, T>,
        kid: Option<&str>,
        now: NumericDate,
    ) -> Result<(Result<T::Done, T::Refused>, Vec<Message>), ProviderError> {
        // Held while a request is under way: whoever else needs keys waits for its answer.
        let mut keys = found.keys.lock().await;
        let mut unsent = None;
        loop {
            match verification.step(&mut keys.source, now) {
                Err(refused) => return Ok((Err(refused), keys.messages.clone())),
                Ok(VerificationStep::Done(done)) => return Ok((Ok(done), keys.messages.clone())),
                Ok(VerificationStep::Fetch(fetch)) => match self.outgoing.send(fetch.request()?).await {
                    Ok(response) => {
                        keys.messages = vec![record::request(&fetch.request()?), record::response(&response)];
                        keys.source.report(Some(&response), now);
                    }
                    Err(error) => {
                        keys.source.report(None, now);
                        unsent = Some(error);
                    }
                },
                // Under the lock nobody else fetches: this one was given up half-way.
                Ok(VerificationStep::InFlight { .. }) => keys.source.report(None, now),
                Ok(VerificationStep::Wait { .. }) => {
                    return Err(match (unsent, keys.source.fault()) {
                        (Some(error), _) => error.into(),
                        (None, Some(fault)) => ProviderError::Keys(Arc::clone(fault)),
                        (None, None) => ProviderError::NoSuchKey { kid: kid.map(str::to_owned) },
                    });
                }
            }
        }
    }
}
