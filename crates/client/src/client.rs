//! A client at one provider.

use crate::{ClientCredentials, ClientRegistration};
use avouch_discovery::ProviderMetadata;
use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{JwkSet, JwsAlgorithm, KeyError, VerifyingKeys};
use avouch_tokens::{IdTokenVerifier, client_secret_keys};
use avouch_types::{ClientAuthMethod, CodeChallengeMethod, EndpointUrl, GrantType, Issuer, ResponseType};

/// One registration at one provider, checked against each other when it is built.
///
/// Holds no state between messages: what must be remembered is handed out as values.
///
/// ```
/// use avouch_client::{Client, ClientCredentials, ClientError, ClientRegistration};
/// # use avouch_discovery::ProviderMetadata;
/// # use avouch_types::{ClientId, ClientSecret, Issuer, RedirectUri};
/// # let issuer = Issuer::parse("https://op.example")?;
/// # let metadata =
/// #     ProviderMetadata::builder(&issuer, issuer.endpoint("/authorize")?, issuer.endpoint("/jwks")?)
/// #         .token_endpoint(issuer.endpoint("/token")?)
/// #         .build()?;
/// # let registration = |credentials| -> Result<ClientRegistration, Box<dyn std::error::Error>> {
/// #     let redirect_uri = RedirectUri::parse("https://rp.example/callback")?;
/// #     Ok(ClientRegistration::new(ClientId::parse("my-client")?, credentials, redirect_uri))
/// # };
/// # let crypto = avouch_jose_ring::provider();
/// // metadata: as fetched; its only client authentication method is client_secret_basic
/// let post = ClientCredentials::SecretPost(ClientSecret::new("keep this to yourself"));
/// let refused = Client::new(metadata.clone(), registration(post)?, crypto.clone());
/// assert!(matches!(refused, Err(ClientError::AuthMethodUnsupported { .. })));
///
/// let basic = ClientCredentials::SecretBasic(ClientSecret::new("keep this to yourself"));
/// let client = Client::new(metadata, registration(basic)?, crypto)?;
/// # let (now, rng) = (avouch_jose::NumericDate::EPOCH, avouch_jose_ring::SystemRandom::new());
/// let started = client.sign_in().max_age(300).start(now, &rng)?;
/// assert!(started.url().starts_with("https://op.example/authorize?response_type=code&client_id=my-client&"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Client {
    pub(crate) metadata: ProviderMetadata,
    pub(crate) token_endpoint: EndpointUrl,
    pub(crate) registration: ClientRegistration,
    pub(crate) crypto: CryptoProvider,
    pub(crate) id_token_verifier: IdTokenVerifier,
    /// The client secret as a key, when ID Tokens are under a MAC (Core §3.1.3.7 item 8); otherwise none.
    pub(crate) own_keys: VerifyingKeys,
}

/// How registration and metadata contradict each other.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The provider has no token endpoint, so the code flow cannot end.
    #[error("the provider has no token endpoint")]
    NoTokenEndpoint,
    /// `response_types_supported` lacks `code`.
    #[error("the provider does not support the response type code")]
    CodeFlowUnsupported,
    /// `grant_types_supported` lacks `authorization_code`.
    #[error("the provider does not support the grant type authorization_code")]
    GrantTypeUnsupported,
    /// The provider does not take the client's authentication method at the token endpoint. Not asked for public
    /// clients, which do not authenticate: many providers that serve them do not list `none`.
    #[error("the provider does not support client authentication by {}", method.as_str())]
    AuthMethodUnsupported {
        /// The registered method.
        method: ClientAuthMethod,
    },
    /// The provider does not take assertions signed by the algorithm of the client's key.
    #[error("the provider does not take client assertions signed by {}", algorithm.name())]
    AssertionAlgorithmUnsupported {
        /// The key's algorithm.
        algorithm: JwsAlgorithm,
    },
    /// The provider does not sign ID Tokens by the registered algorithm.
    #[error("the provider does not sign ID Tokens by {}", algorithm.name())]
    IdTokenAlgorithmUnsupported {
        /// The registered algorithm.
        algorithm: JwsAlgorithm,
    },
    /// The cryptographic backend does not know the registered ID Token algorithm.
    #[error("the cryptographic backend does not verify {}", algorithm.name())]
    IdTokenAlgorithmUnknown {
        /// The registered algorithm.
        algorithm: JwsAlgorithm,
    },
    /// The registered ID Token algorithm is an HMAC, and the client has no secret.
    #[error("{} needs a client secret, and the client has none", algorithm.name())]
    SecretMissing {
        /// The registered algorithm.
        algorithm: JwsAlgorithm,
    },
    /// The client secret cannot serve as the key of the registered HMAC algorithm: it is too short ([Core §16.19]).
    ///
    /// [Core §16.19]: https://openid.net/specs/openid-connect-core-1_0.html#SymmetricKeyEntropy
    #[error("the client secret cannot be the key of ID Tokens")]
    Secret(#[source] KeyError),
    /// The provider lists PKCE methods, and `S256` is not among them. It is never replaced by `plain`.
    #[error("the provider supports PKCE, but not by S256")]
    PkceS256Unsupported,
    /// The provider takes only pushed authorization requests, which this client does not send.
    #[error("the provider demands pushed authorization requests")]
    PushedRequestsRequired,
    /// The provider takes only signed Request Objects, which this client does not send.
    #[error("the provider demands signed Request Objects")]
    SignedRequestObjectRequired,
}

impl Client {
    /// Joins a registration with the metadata of the provider it was made at.
    ///
    /// # Errors
    /// [`ClientError`]: the first way in which the two contradict each other.
    pub fn new(
        metadata: ProviderMetadata,
        registration: ClientRegistration,
        crypto: CryptoProvider,
    ) -> Result<Self, ClientError> {
        let token_endpoint = metadata.token_endpoint.clone().ok_or(ClientError::NoTokenEndpoint)?;
        check_flow(&metadata)?;
        check_authentication(&metadata, &registration.credentials)?;
        let algorithm = registration.id_token_algorithm;
        let listed = &metadata.id_token_signing_alg_values_supported;
        if !listed.iter().any(|name| name.as_str() == algorithm.name()) {
            return Err(ClientError::IdTokenAlgorithmUnsupported { algorithm });
        }
        if !crypto.signatures.supports(algorithm) {
            return Err(ClientError::IdTokenAlgorithmUnknown { algorithm });
        }
        let own_keys = match registration.credentials.secret() {
            _ if !algorithm.is_symmetric() => {
                VerifyingKeys::prepare(&JwkSet::default(), &[algorithm], &crypto)
                    .map_err(|_| ClientError::IdTokenAlgorithmUnknown { algorithm })?
            }
            None => return Err(ClientError::SecretMissing { algorithm }),
            Some(secret) => client_secret_keys(secret, algorithm, &crypto).map_err(ClientError::Secret)?,
        };
        let verifier = IdTokenVerifier::new(metadata.issuer.clone(), registration.client_id.clone())
            .algorithm(algorithm)
            .leeway(registration.leeway);
        let trusted = registration.trusted_audiences.iter();
        let id_token_verifier =
            trusted.fold(verifier, |verifier, audience| verifier.trust_audience(audience));
        Ok(Self { metadata, token_endpoint, registration, crypto, id_token_verifier, own_keys })
    }

    /// The provider.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.metadata.issuer
    }

    /// The provider's metadata.
    #[must_use]
    pub fn metadata(&self) -> &ProviderMetadata {
        &self.metadata
    }

    /// The client secret as a key: what [`TokensAwaitingKeys::verify`](crate::TokensAwaitingKeys::verify) needs when the
    /// registered ID Token algorithm is an HMAC; `None` otherwise.
    #[must_use]
    pub fn secret_keys(&self) -> Option<&VerifyingKeys> {
        Some(&self.own_keys).filter(|_| self.id_token_algorithm().is_symmetric())
    }

    /// The algorithm ID Tokens must be signed by; to be given to
    /// [`KeySource::verifying_keys`](avouch_discovery::KeySource::verifying_keys).
    #[must_use]
    pub fn id_token_algorithm(&self) -> JwsAlgorithm {
        self.registration.id_token_algorithm
    }

    /// Prepares the provider's published keys for [`TokensAwaitingKeys::verify`](crate::TokensAwaitingKeys::verify):
    /// for the registered ID Token algorithm and no other. Do it once per key set, not per token.
    ///
    /// # Errors
    /// [`KeyError`], when the backend does not know the algorithm.
    pub fn verifying_keys(&self, jwks: &JwkSet) -> Result<VerifyingKeys, KeyError> {
        let keys = VerifyingKeys::prepare(jwks, &[self.registration.id_token_algorithm], &self.crypto)?;
        Ok(keys.allowing_lone_key_without_kid())
    }
}

fn check_flow(metadata: &ProviderMetadata) -> Result<(), ClientError> {
    if !metadata.response_types_supported.contains(&ResponseType::CODE) {
        return Err(ClientError::CodeFlowUnsupported);
    }
    if !metadata.grant_types().contains(&GrantType::AUTHORIZATION_CODE) {
        return Err(ClientError::GrantTypeUnsupported);
    }
    // An absent list is no contradiction: unknown parameters are ignored, so PKCE is sent to every provider.
    if let Some(methods) = &metadata.code_challenge_methods_supported
        && !methods.contains(&CodeChallengeMethod::S256)
    {
        return Err(ClientError::PkceS256Unsupported);
    }
    if metadata.requires_pushed_authorization_requests() {
        return Err(ClientError::PushedRequestsRequired);
    }
    if metadata.requires_signed_request_object() {
        return Err(ClientError::SignedRequestObjectRequired);
    }
    Ok(())
}

fn check_authentication(
    metadata: &ProviderMetadata,
    credentials: &ClientCredentials,
) -> Result<(), ClientError> {
    let method = credentials.method();
    let public = matches!(credentials, ClientCredentials::None);
    if !public && !metadata.token_endpoint_auth_methods().contains(&method) {
        return Err(ClientError::AuthMethodUnsupported { method });
    }
    if let (ClientCredentials::PrivateKeyJwt(key), Some(listed)) =
        (credentials, &metadata.token_endpoint_auth_signing_alg_values_supported)
    {
        let algorithm = key.algorithm();
        if !listed.iter().any(|name| name.as_str() == algorithm.name()) {
            return Err(ClientError::AssertionAlgorithmUnsupported { algorithm });
        }
    }
    Ok(())
}
