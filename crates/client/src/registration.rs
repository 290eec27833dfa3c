//! What was agreed with the provider when this client was registered.

use avouch_jose::jwt::Leeway;
use avouch_jose::{JwsAlgorithm, SigningKey};
use avouch_json::Limits;
use avouch_types::{ClientAuthMethod, ClientId, ClientSecret, RedirectUri};
use std::time::Duration;

/// A client as registered at one provider.
///
/// ```
/// # use avouch_client::{ClientCredentials, ClientRegistration};
/// # use avouch_types::{ClientId, ClientSecret, RedirectUri};
/// # use avouch_jose::jwt::Leeway;
/// let registration = ClientRegistration::new(
///     ClientId::parse("my-client")?,
///     ClientCredentials::SecretBasic(ClientSecret::new("keep this to yourself")),
///     RedirectUri::parse("https://rp.example/callback")?,
/// )
/// .leeway(Leeway::NONE);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ClientRegistration {
    pub(crate) client_id: ClientId,
    pub(crate) credentials: ClientCredentials,
    pub(crate) redirect_uri: RedirectUri,
    pub(crate) id_token_algorithm: JwsAlgorithm,
    pub(crate) assertion_audience: AssertionAudience,
    pub(crate) accept_unadvertised_iss: bool,
    pub(crate) trusted_audiences: Vec<String>,
    pub(crate) leeway: Leeway,
    pub(crate) sign_in_lifetime: Duration,
    pub(crate) limits: Limits,
}

/// How the client proves who it is at the token endpoint ([Core §9]).
///
/// [Core §9]: https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
#[derive(Debug)]
#[non_exhaustive]
pub enum ClientCredentials {
    /// `client_secret_basic`: id and secret in the `Authorization` header, each form-encoded first.
    SecretBasic(ClientSecret),
    /// `client_secret_post`: id and secret in the form.
    SecretPost(ClientSecret),
    /// `private_key_jwt`: an assertion signed by the client's own key.
    PrivateKeyJwt(SigningKey),
    /// `none`: a public client, which only names itself.
    None,
}

/// Whom a client assertion is for ([Core §9], `aud`).
///
/// [Core §9]: https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AssertionAudience {
    /// The issuer as one string: an assertion for one provider is then of no use at another.
    #[default]
    Issuer,
    /// The token endpoint's URL, for providers that still ask for it.
    TokenEndpoint,
}

impl ClientRegistration {
    /// A client whose ID Tokens are signed by RS256, the default of registration.
    ///
    /// Register a redirect URI of its own at each provider. Of two providers that do not send `iss` in responses, one could
    /// otherwise pass the other's code off as its own answer ([RFC 9700 §4.4]); compare where a response arrived by
    /// [`CallbackParams::arrived_at`](crate::CallbackParams::arrived_at).
    ///
    /// [RFC 9700 §4.4]: https://www.rfc-editor.org/rfc/rfc9700#section-4.4
    #[must_use]
    pub fn new(client_id: ClientId, credentials: ClientCredentials, redirect_uri: RedirectUri) -> Self {
        Self {
            client_id,
            credentials,
            redirect_uri,
            id_token_algorithm: JwsAlgorithm::RS256,
            assertion_audience: AssertionAudience::default(),
            accept_unadvertised_iss: false,
            trusted_audiences: Vec::new(),
            leeway: Leeway::ONE_MINUTE,
            sign_in_lifetime: Duration::from_secs(60 * 60),
            limits: Limits::default(),
        }
    }

    /// The registered `id_token_signed_response_alg`; the only algorithm accepted. Default RS256.
    #[must_use]
    pub fn id_token_algorithm(mut self, algorithm: JwsAlgorithm) -> Self {
        self.id_token_algorithm = algorithm;
        self
    }

    /// The audience of client assertions. Default [`AssertionAudience::Issuer`].
    #[must_use]
    pub fn assertion_audience(mut self, audience: AssertionAudience) -> Self {
        self.assertion_audience = audience;
        self
    }

    /// Takes authorization responses that name the (right) issuer in `iss` although the provider's metadata does not
    /// announce the parameter. By default they are refused ([RFC 9207 §2.4]).
    ///
    /// [RFC 9207 §2.4]: https://www.rfc-editor.org/rfc/rfc9207#section-2.4
    #[must_use]
    pub fn accept_unadvertised_iss(mut self) -> Self {
        self.accept_unadvertised_iss = true;
        self
    }

    /// Lets ID Tokens name this audience beside the client. Default: none.
    #[must_use]
    pub fn trust_audience(mut self, audience: impl Into<String>) -> Self {
        self.trusted_audiences.push(audience.into());
        self
    }

    /// By how much the provider's clock may differ from this client's. Default one minute.
    #[must_use]
    pub fn leeway(mut self, leeway: Leeway) -> Self {
        self.leeway = leeway;
        self
    }

    /// How long the user may take at the provider. Default one hour.
    #[must_use]
    pub fn sign_in_lifetime(mut self, lifetime: Duration) -> Self {
        self.sign_in_lifetime = lifetime;
        self
    }

    /// How large the answers of the token and UserInfo endpoints may be. Default [`Limits::default`].
    #[must_use]
    pub fn answer_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

impl ClientCredentials {
    /// The method's registered name.
    #[must_use]
    pub fn method(&self) -> ClientAuthMethod {
        match self {
            Self::SecretBasic(_) => ClientAuthMethod::CLIENT_SECRET_BASIC,
            Self::SecretPost(_) => ClientAuthMethod::CLIENT_SECRET_POST,
            Self::PrivateKeyJwt(_) => ClientAuthMethod::PRIVATE_KEY_JWT,
            Self::None => ClientAuthMethod::NONE,
        }
    }

    pub(crate) fn secret(&self) -> Option<&ClientSecret> {
        match self {
            Self::SecretBasic(secret) | Self::SecretPost(secret) => Some(secret),
            Self::PrivateKeyJwt(_) | Self::None => None,
        }
    }
}
