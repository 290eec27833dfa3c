//! A registered client, and how it authenticates.

mod authentication;
mod redirect;

use avouch_jose::JwsAlgorithm;
use avouch_types::{ApplicationType, ClientId, GrantType, RedirectUri, ResponseType, Scopes};
use serde::{Deserialize, Serialize};

pub use authentication::{ClientAuthentication, ClientSecretHash, ClientSecretTooShort, MIN_SECRET_OCTETS};
pub use redirect::RedirectUriRefused;

/// A client as it is registered at the provider ([OpenID Connect Dynamic Client Registration §2]; here the
/// part that the code flow needs).
///
/// ```
/// use avouch_provider::{Client, ClientAuthentication};
/// use avouch_types::{ApplicationType, ClientId, RedirectUri};
///
/// let home = RedirectUri::parse("http://127.0.0.1/cb")?;
/// let mut app = Client::new(ClientId::parse("app")?, ClientAuthentication::None, vec![home]).with_refresh_tokens();
/// app.application_type = ApplicationType::NATIVE;
/// assert!(app.check_redirect_uri(&RedirectUri::parse("http://127.0.0.1:49152/cb")?).is_ok());
/// assert!(app.check_redirect_uri(&RedirectUri::parse("http://127.0.0.1:49152/CB")?).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [OpenID Connect Dynamic Client Registration §2]: https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Client {
    /// Its identifier.
    pub client_id: ClientId,
    /// The name to show to people.
    pub client_name: Option<String>,
    /// `web` or `native`; only a native client's loopback redirect URIs may vary in their port.
    pub application_type: ApplicationType,
    /// The one way in which it authenticates at the token endpoint.
    pub authentication: ClientAuthentication,
    /// Where responses may go, each complete.
    pub redirect_uris: Vec<RedirectUri>,
    /// The response types it may ask for. Default: `code`.
    pub response_types: Vec<ResponseType>,
    /// The grant types it may use. Default: `authorization_code`.
    pub grant_types: Vec<GrantType>,
    /// The scopes it may be granted; `None` means every scope that the provider supports.
    pub scopes: Option<Scopes>,
    /// How its ID Tokens are signed. Default: RS256.
    #[serde(with = "algorithm_name")]
    pub id_token_signed_response_alg: JwsAlgorithm,
    /// The `max_age` of requests that have none, in seconds.
    pub default_max_age: Option<u64>,
}

impl Client {
    /// A web client for the code flow, without refresh tokens, with RS256-signed ID Tokens.
    #[must_use]
    pub fn new(
        client_id: ClientId,
        authentication: ClientAuthentication,
        redirect_uris: Vec<RedirectUri>,
    ) -> Self {
        Self {
            client_id,
            client_name: None,
            application_type: ApplicationType::WEB,
            authentication,
            redirect_uris,
            response_types: vec![ResponseType::CODE],
            grant_types: vec![GrantType::AUTHORIZATION_CODE],
            scopes: None,
            id_token_signed_response_alg: JwsAlgorithm::RS256,
            default_max_age: None,
        }
    }

    /// The same client, which may also use refresh tokens.
    #[must_use]
    pub fn with_refresh_tokens(mut self) -> Self {
        if !self.grant_types.contains(&GrantType::REFRESH_TOKEN) {
            self.grant_types.push(GrantType::REFRESH_TOKEN);
        }
        self
    }

    /// Whether the client can prove who it is ([RFC 6749 §2.1]).
    ///
    /// [RFC 6749 §2.1]: https://www.rfc-editor.org/rfc/rfc6749#section-2.1
    #[must_use]
    pub fn is_confidential(&self) -> bool {
        !matches!(self.authentication, ClientAuthentication::None)
    }

    /// Whether a response to this redirect URI surely reaches the client: it authenticates later, or an
    /// https name stands for it. Anything else on the same machine may have claimed a loopback port or a
    /// private scheme, so for such a client a remembered consent is not enough ([RFC 8252 §8.6]).
    ///
    /// [RFC 8252 §8.6]: https://www.rfc-editor.org/rfc/rfc8252#section-8.6
    #[must_use]
    pub fn is_assured_at(&self, redirect_uri: &RedirectUri) -> bool {
        self.is_confidential() || redirect_uri.scheme().eq_ignore_ascii_case("https")
    }
}

/// A registry row is stored by its registered name.
mod algorithm_name {
    use avouch_jose::JwsAlgorithm;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(alg: &JwsAlgorithm, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(alg.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<JwsAlgorithm, D::Error> {
        let name = String::deserialize(deserializer)?;
        JwsAlgorithm::from_name(&name)
            .ok_or_else(|| de::Error::custom(format_args!("no JWS algorithm is named {name:?}")))
    }
}
