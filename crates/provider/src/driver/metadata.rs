//! The discovery document: exactly what is built.

use avouch_discovery::{MetadataError, ProviderMetadata};
use avouch_jose::crypto::CryptoProvider;
use avouch_jose::{AlgorithmName, JwsAlgorithm};
use avouch_types::{CodeChallengeMethod, Prompt, ResponseType, SubjectType};

use super::Endpoints;
use crate::authorize::RESPONSE_MODES;
use crate::keys::ProviderKeys;
use crate::policy::Policy;
use crate::token::{CLIENT_AUTH_METHODS, GRANT_TYPES};

pub(super) fn of(
    policy: &Policy,
    endpoints: Endpoints,
    keys: &ProviderKeys,
    crypto: &CryptoProvider,
) -> Result<ProviderMetadata, MetadataError> {
    let name = |algorithm: JwsAlgorithm| AlgorithmName::from(algorithm.name());
    let assertions = JwsAlgorithm::ALL
        .iter()
        .copied()
        .filter(|algorithm| !algorithm.is_symmetric() && crypto.signatures.supports(*algorithm));
    let mut claims: Vec<String> =
        ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash"]
            .into_iter()
            .map(str::to_owned)
            .collect();
    for scope in &policy.scopes {
        let of_scope = policy.release.scope_claims.claims_of(scope.as_str());
        claims.extend(of_scope.map(str::to_owned));
    }
    let mut builder = ProviderMetadata::builder(&policy.issuer, endpoints.authorization, endpoints.jwks)
        .token_endpoint(endpoints.token)
        .userinfo_endpoint(endpoints.userinfo)
        .response_types_supported(vec![ResponseType::CODE])
        .response_modes_supported(RESPONSE_MODES.to_vec())
        .grant_types_supported(GRANT_TYPES.to_vec())
        .subject_types_supported(vec![SubjectType::PUBLIC])
        .id_token_signing_alg_values_supported(keys.algorithms().map(name).collect())
        .token_endpoint_auth_methods_supported(CLIENT_AUTH_METHODS.to_vec())
        .token_endpoint_auth_signing_alg_values_supported(assertions.map(name).collect())
        .code_challenge_methods_supported(vec![CodeChallengeMethod::S256])
        .scopes_supported(policy.scopes.iter().cloned().collect())
        .claims_supported(claims)
        .claims_parameter_supported(true)
        .request_parameter_supported(false)
        .request_uri_parameter_supported(false)
        .prompt_values_supported(vec![Prompt::NONE, Prompt::LOGIN, Prompt::CONSENT, Prompt::SELECT_ACCOUNT])
        .authorization_response_iss_parameter_supported(true);
    if !policy.acr_values.is_empty() {
        builder = builder.acr_values_supported(policy.acr_values.clone());
    }
    builder.build()
}
