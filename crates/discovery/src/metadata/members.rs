//! The table of members.

use avouch_jose::{AlgorithmName, JwkSet};
use avouch_json::RawValue;
use avouch_types::{
    Acr, ClaimType, ClientAuthMethod, ClientRegistrationType, CodeChallengeMethod, Display, EndpointUrl,
    GrantType, Issuer, LanguageTag, Prompt, ResponseMode, ResponseType, Scope, SubjectType,
    TokenDeliveryMode,
};
use serde_json::{Map, Value};

use super::aliases::MtlsEndpointAliases;
use super::builder::MetadataBuilder;
use super::document::{Document, Kind, Notes};
use super::member::{is_empty, print};
use super::reading::Reading;
use super::sections::*;
use super::table::{metadata_documents, setter};
use super::web_url::WebUrl;

metadata_documents! {
    always {
        /// Response types; compared as sets of words.
        ResponseTypesSupported response_types_supported: Vec<ResponseType> = DISCOVERY;
    }
    provider {
        /// Where sign-in requests go.
        AuthorizationEndpoint authorization_endpoint: EndpointUrl = DISCOVERY;
        /// Where the public keys are.
        JwksUri jwks_uri: EndpointUrl = DISCOVERY;
        /// Subject identifier types.
        SubjectTypesSupported subject_types_supported: Vec<SubjectType> = DISCOVERY;
        /// JWS algorithms for ID Tokens; contains `RS256`, unless a profile of the provider forbids it.
        IdTokenSigningAlgValuesSupported id_token_signing_alg_values_supported: Vec<AlgorithmName> = DISCOVERY;
    }
    essential {
        /// The token endpoint; required unless only the implicit flow is supported.
        TokenEndpoint token_endpoint: EndpointUrl = DISCOVERY;
        /// The UserInfo endpoint.
        UserinfoEndpoint userinfo_endpoint: EndpointUrl = DISCOVERY;
        /// Grant types; see [`grant_types`](Self::grant_types).
        GrantTypesSupported grant_types_supported: Vec<GrantType> = DISCOVERY;
        /// Client authentication methods; see [`token_endpoint_auth_methods`](Self::token_endpoint_auth_methods).
        TokenEndpointAuthMethodsSupported token_endpoint_auth_methods_supported: Vec<ClientAuthMethod> = DISCOVERY;
        /// JWS algorithms for client assertions; never `none`.
        TokenEndpointAuthSigningAlgValuesSupported token_endpoint_auth_signing_alg_values_supported: Vec<AlgorithmName> = DISCOVERY;
        /// PKCE methods; absent means that PKCE is not announced.
        CodeChallengeMethodsSupported code_challenge_methods_supported: Vec<CodeChallengeMethod> = RFC8414;
        /// See [`supports_authorization_response_iss`](Self::supports_authorization_response_iss) (RFC 9207).
        AuthorizationResponseIssParameterSupported authorization_response_iss_parameter_supported: bool = RFC9207;
        /// See [`requires_signed_request_object`](Self::requires_signed_request_object) (RFC 9101).
        RequireSignedRequestObject require_signed_request_object: bool = JAR;
        /// See [`requires_pushed_authorization_requests`](Self::requires_pushed_authorization_requests) (RFC 9126).
        RequirePushedAuthorizationRequests require_pushed_authorization_requests: bool = PAR;
        /// See [`requires_request_uri_registration`](Self::requires_request_uri_registration).
        RequireRequestUriRegistration require_request_uri_registration: bool = DISCOVERY;
        /// Other addresses for clients that do mutual TLS; see [`endpoints_for_mtls`](Self::endpoints_for_mtls) (RFC 8705).
        MtlsEndpointAliases mtls_endpoint_aliases: MtlsEndpointAliases = MTLS_ALIASES;
    }
    optional {
        /// The client registration endpoint.
        registration_endpoint: EndpointUrl = DISCOVERY;
        /// Scope values; may be incomplete.
        scopes_supported: Vec<Scope> = DISCOVERY;
        /// Response modes; see [`response_modes`](Self::response_modes).
        response_modes_supported: Vec<ResponseMode> = DISCOVERY;
        /// Authentication context class references.
        acr_values_supported: Vec<Acr> = DISCOVERY;
        /// JWE key management algorithms for ID Tokens.
        id_token_encryption_alg_values_supported: Vec<AlgorithmName> = DISCOVERY;
        /// JWE content encryption algorithms for ID Tokens.
        id_token_encryption_enc_values_supported: Vec<AlgorithmName> = DISCOVERY;
        /// JWS algorithms for UserInfo responses.
        userinfo_signing_alg_values_supported: Vec<AlgorithmName> = DISCOVERY;
        /// JWE key management algorithms for UserInfo responses.
        userinfo_encryption_alg_values_supported: Vec<AlgorithmName> = DISCOVERY;
        /// JWE content encryption algorithms for UserInfo responses.
        userinfo_encryption_enc_values_supported: Vec<AlgorithmName> = DISCOVERY;
        /// JWS algorithms for Request Objects.
        request_object_signing_alg_values_supported: Vec<AlgorithmName> = DISCOVERY;
        /// JWE key management algorithms for Request Objects.
        request_object_encryption_alg_values_supported: Vec<AlgorithmName> = DISCOVERY;
        /// JWE content encryption algorithms for Request Objects.
        request_object_encryption_enc_values_supported: Vec<AlgorithmName> = DISCOVERY;
        /// Display values.
        display_values_supported: Vec<Display> = DISCOVERY;
        /// Claim types; see [`claim_types`](Self::claim_types).
        claim_types_supported: Vec<ClaimType> = DISCOVERY;
        /// Claim names; may be incomplete.
        claims_supported: Vec<String> = DISCOVERY;
        /// Documentation for developers; http is allowed.
        service_documentation: WebUrl = DISCOVERY;
        /// Languages of claim values.
        claims_locales_supported: Vec<LanguageTag> = DISCOVERY;
        /// Languages of the pages.
        ui_locales_supported: Vec<LanguageTag> = DISCOVERY;
        /// See [`supports_claims_parameter`](Self::supports_claims_parameter).
        claims_parameter_supported: bool = DISCOVERY;
        /// See [`supports_request_parameter`](Self::supports_request_parameter).
        request_parameter_supported: bool = DISCOVERY;
        /// See [`supports_request_uri_parameter`](Self::supports_request_uri_parameter).
        request_uri_parameter_supported: bool = DISCOVERY;
        /// Rules for clients.
        op_policy_uri: WebUrl = DISCOVERY;
        /// Terms of service.
        op_tos_uri: WebUrl = DISCOVERY;

        /// The revocation endpoint (RFC 7009).
        revocation_endpoint: EndpointUrl = RFC8414;
        /// Client authentication methods there; see
        /// [`revocation_endpoint_auth_methods`](Self::revocation_endpoint_auth_methods).
        revocation_endpoint_auth_methods_supported: Vec<ClientAuthMethod> = RFC8414;
        /// JWS algorithms for client assertions there; never `none`.
        revocation_endpoint_auth_signing_alg_values_supported: Vec<AlgorithmName> = RFC8414;
        /// The introspection endpoint (RFC 7662).
        introspection_endpoint: EndpointUrl = RFC8414;
        /// Client authentication methods there, and access token types; no default.
        introspection_endpoint_auth_methods_supported: Vec<ClientAuthMethod> = RFC8414;
        /// JWS algorithms for client assertions there; never `none`.
        introspection_endpoint_auth_signing_alg_values_supported: Vec<AlgorithmName> = RFC8414;
        /// The metadata once more as a signed JWT: read only by
        /// [`SignedMetadataVerifier`](crate::SignedMetadataVerifier).
        signed_metadata: String = SIGNED;

        /// JWS algorithms for introspection responses (RFC 9701).
        introspection_signing_alg_values_supported: Vec<AlgorithmName> = INTROSPECTION_JWT;
        /// JWE key management algorithms for introspection responses (RFC 9701).
        introspection_encryption_alg_values_supported: Vec<AlgorithmName> = INTROSPECTION_JWT;
        /// JWE content encryption algorithms for introspection responses (RFC 9701).
        introspection_encryption_enc_values_supported: Vec<AlgorithmName> = INTROSPECTION_JWT;
        /// JWS algorithms for JWT authorization responses (JARM); never `none`.
        authorization_signing_alg_values_supported: Vec<AlgorithmName> = JARM;
        /// JWE key management algorithms for JWT authorization responses (JARM).
        authorization_encryption_alg_values_supported: Vec<AlgorithmName> = JARM;
        /// JWE content encryption algorithms for JWT authorization responses (JARM).
        authorization_encryption_enc_values_supported: Vec<AlgorithmName> = JARM;
        /// Where authorization requests can be pushed (RFC 9126).
        pushed_authorization_request_endpoint: EndpointUrl = PAR;
        /// JWS algorithms for DPoP proofs (RFC 9449); asymmetric ones only.
        dpop_signing_alg_values_supported: Vec<AlgorithmName> = DPOP;
        /// See [`supports_certificate_bound_access_tokens`](Self::supports_certificate_bound_access_tokens) (RFC 8705).
        tls_client_certificate_bound_access_tokens: bool = MTLS_BOUND;
        /// Types of `authorization_details` (RFC 9396).
        authorization_details_types_supported: Vec<String> = RAR;
        /// Resources whose tokens this server issues (RFC 9728).
        protected_resources: Vec<EndpointUrl> = RESOURCES;
        /// The device authorization endpoint (RFC 8628).
        device_authorization_endpoint: EndpointUrl = DEVICE;

        /// Where a client asks for an authentication on another device (CIBA).
        backchannel_authentication_endpoint: EndpointUrl = CIBA;
        /// How tokens come after that: `poll`, `ping`, `push` (CIBA).
        backchannel_token_delivery_modes_supported: Vec<TokenDeliveryMode> = CIBA;
        /// JWS algorithms for signed authentication requests (CIBA); asymmetric ones only.
        backchannel_authentication_request_signing_alg_values_supported: Vec<AlgorithmName> = CIBA;
        /// See [`supports_backchannel_user_code`](Self::supports_backchannel_user_code) (CIBA).
        backchannel_user_code_parameter_supported: bool = CIBA;

        /// Prompt values (prompt=create); absent means that `create` is not supported.
        prompt_values_supported: Vec<Prompt> = PROMPT_CREATE;
        /// Where a client sends the user to log out (RP-Initiated Logout).
        end_session_endpoint: EndpointUrl = RP_LOGOUT;
        /// The iframe that tells whether the session changed (Session Management).
        check_session_iframe: EndpointUrl = SESSION;
        /// See [`supports_frontchannel_logout`](Self::supports_frontchannel_logout).
        frontchannel_logout_supported: bool = FRONT_LOGOUT;
        /// See [`supports_frontchannel_logout_session`](Self::supports_frontchannel_logout_session).
        frontchannel_logout_session_supported: bool = FRONT_LOGOUT;
        /// See [`supports_backchannel_logout`](Self::supports_backchannel_logout).
        backchannel_logout_supported: bool = BACK_LOGOUT;
        /// See [`supports_backchannel_logout_session`](Self::supports_backchannel_logout_session).
        backchannel_logout_session_supported: bool = BACK_LOGOUT;

        /// How clients of a federation are registered.
        client_registration_types_supported: Vec<ClientRegistrationType> = FEDERATION;
        /// Where they register explicitly.
        federation_registration_endpoint: EndpointUrl = FEDERATION;
        /// The public keys as a signed JWT.
        signed_jwks_uri: EndpointUrl = FEDERATION_KEYS;
        /// The public keys themselves. Only public ones are printed.
        jwks: JwkSet = FEDERATION_KEYS;
        /// Name of the organization.
        organization_name: String = FEDERATION_INFORMATION;
        /// Name to show.
        display_name: String = FEDERATION_INFORMATION;
        /// Description to show.
        description: String = FEDERATION_INFORMATION;
        /// Words to be found by.
        keywords: Vec<String> = FEDERATION_INFORMATION;
        /// Contacts, such as mail addresses.
        contacts: Vec<String> = FEDERATION_INFORMATION;
        /// A logo.
        logo_uri: WebUrl = FEDERATION_INFORMATION;
        /// The organization's policies.
        policy_uri: WebUrl = FEDERATION_INFORMATION;
        /// Information on the entity.
        information_uri: WebUrl = FEDERATION_INFORMATION;
        /// The organization's own page.
        organization_uri: WebUrl = FEDERATION_INFORMATION;
    }
}
