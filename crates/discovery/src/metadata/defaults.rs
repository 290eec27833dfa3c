//! What counts when a member is absent (Discovery §3, RFC 8414 §2, RFC 9207 §3, RFC 9101 §10.5, RFC 9126 §5).

use super::ProviderMetadata;
use avouch_types::{ClientAuthMethod, CodeChallengeMethod, GrantType, ResponseMode};

impl ProviderMetadata {
    /// Response modes; default `query` and `fragment`.
    #[must_use]
    pub fn response_modes(&self) -> Vec<ResponseMode> {
        self.response_modes_supported
            .clone()
            .unwrap_or_else(|| vec![ResponseMode::QUERY, ResponseMode::FRAGMENT])
    }

    /// Grant types; default `authorization_code` and `implicit`.
    #[must_use]
    pub fn grant_types(&self) -> Vec<GrantType> {
        self.grant_types_supported
            .clone()
            .unwrap_or_else(|| vec![GrantType::AUTHORIZATION_CODE, GrantType::IMPLICIT])
    }

    /// Client authentication methods at the token endpoint; default `client_secret_basic`.
    #[must_use]
    pub fn token_endpoint_auth_methods(&self) -> Vec<ClientAuthMethod> {
        self.token_endpoint_auth_methods_supported
            .clone()
            .unwrap_or_else(|| vec![ClientAuthMethod::CLIENT_SECRET_BASIC])
    }

    /// Client authentication methods at the revocation endpoint; default `client_secret_basic`.
    #[must_use]
    pub fn revocation_endpoint_auth_methods(&self) -> Vec<ClientAuthMethod> {
        self.revocation_endpoint_auth_methods_supported
            .clone()
            .unwrap_or_else(|| vec![ClientAuthMethod::CLIENT_SECRET_BASIC])
    }

    /// Claim types; default `normal`.
    #[must_use]
    pub fn claim_types(&self) -> Vec<String> {
        self.claim_types_supported.clone().unwrap_or_else(|| vec!["normal".to_owned()])
    }

    /// Whether PKCE with S256 is announced; an absent list announces nothing.
    #[must_use]
    pub fn announces_pkce_s256(&self) -> bool {
        self.code_challenge_methods_supported
            .as_ref()
            .is_some_and(|methods| methods.contains(&CodeChallengeMethod::S256))
    }

    /// Whether the `claims` parameter is understood; default `false`.
    #[must_use]
    pub fn supports_claims_parameter(&self) -> bool {
        self.claims_parameter_supported.unwrap_or(false)
    }

    /// Whether the `request` parameter is understood; default `false`.
    #[must_use]
    pub fn supports_request_parameter(&self) -> bool {
        self.request_parameter_supported.unwrap_or(false)
    }

    /// Whether the `request_uri` parameter is understood; default **`true`**.
    #[must_use]
    pub fn supports_request_uri_parameter(&self) -> bool {
        self.request_uri_parameter_supported.unwrap_or(true)
    }

    /// Whether a `request_uri` must be registered beforehand; default `false`.
    #[must_use]
    pub fn requires_request_uri_registration(&self) -> bool {
        self.require_request_uri_registration.unwrap_or(false)
    }

    /// Whether authorization requests must be signed Request Objects; default `false`.
    #[must_use]
    pub fn requires_signed_request_object(&self) -> bool {
        self.require_signed_request_object.unwrap_or(false)
    }

    /// Whether authorization requests must be pushed; default `false`.
    #[must_use]
    pub fn requires_pushed_authorization_requests(&self) -> bool {
        self.require_pushed_authorization_requests.unwrap_or(false)
    }

    /// Whether authorization responses carry `iss`; default `false`.
    #[must_use]
    pub fn supports_authorization_response_iss(&self) -> bool {
        self.authorization_response_iss_parameter_supported.unwrap_or(false)
    }

    /// Whether front-channel logout is supported; default `false`.
    #[must_use]
    pub fn supports_frontchannel_logout(&self) -> bool {
        self.frontchannel_logout_supported.unwrap_or(false)
    }

    /// Whether back-channel logout is supported; default `false`.
    #[must_use]
    pub fn supports_backchannel_logout(&self) -> bool {
        self.backchannel_logout_supported.unwrap_or(false)
    }
}
