//! Faults of a document that leave it usable for someone, told apart from those that do not.

use super::ProviderMetadata;
use avouch_jose::AlgorithmName;
use avouch_types::{ClientAuthMethod, ResponseType};
use serde_json::Value;

/// A rule for providers that a document breaks. A client may go on; a provider must not publish it.
///
/// ```
/// # use avouch_types::Issuer;
/// # use avouch_discovery::{MetadataFinding, ProviderMetadata};
/// let document = br#"{
///     "issuer": "https://op.example",
///     "authorization_endpoint": "https://op.example/authorize",
///     "token_endpoint": "https://op.example/token",
///     "jwks_uri": "https://op.example/jwks",
///     "response_types_supported": ["code"],
///     "subject_types_supported": ["public"],
///     "id_token_signing_alg_values_supported": ["RS256"],
///     "end_session_endpoint": "http://op.example/logout"
/// }"#;
/// let metadata = ProviderMetadata::parse(document, &Issuer::parse("https://op.example")?)?;
/// assert_eq!(metadata.findings(), [MetadataFinding::Malformed { member: "end_session_endpoint" }]);
/// assert_eq!(metadata.end_session_endpoint, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataFinding {
    /// An optional member is `null`; it counts as absent.
    #[error("{member} is null, which stands for absent")]
    Null {
        /// Its name.
        member: &'static str,
    },
    /// An optional member that the code flow does not hang on has the wrong JSON type or an ill-formed value; it counts
    /// as absent, and [`ProviderMetadata::malformed`] has the value.
    #[error("{member} is malformed")]
    Malformed {
        /// Its name.
        member: &'static str,
    },
    /// An array has no element; it counts as given and empty, not as the default (Discovery §4.2).
    #[error("{member} is an empty array")]
    EmptyArray {
        /// Its name.
        member: &'static str,
    },
    /// A response type other than those of the implicit flow needs a token endpoint (Discovery §3).
    #[error("token_endpoint is missing although response types need it")]
    TokenEndpointMissing,
    /// `RS256` is not among the ID Token algorithms (Discovery §3).
    #[error("id_token_signing_alg_values_supported lacks RS256")]
    Rs256Missing,
    /// Scopes are listed and `openid` is not among them (Discovery §3).
    #[error("scopes_supported lacks openid")]
    OpenidScopeMissing,
    /// `none` is listed for client assertions (Discovery §3, RFC 8414 §2).
    #[error("{member} lists none")]
    UnsignedAssertions {
        /// The list's name.
        member: &'static str,
    },
    /// A JWT method of client authentication is listed without its algorithms (RFC 8414 §2).
    #[error("{member} is missing although a JWT method is listed")]
    AssertionAlgorithmsMissing {
        /// The missing list's name.
        member: &'static str,
    },
}

impl ProviderMetadata {
    /// The rules for providers that this document breaks, in no special order.
    #[must_use]
    pub fn findings(&self) -> Vec<MetadataFinding> {
        let mut findings = self.empty_arrays();
        findings.extend(self.faults.nulls.iter().map(|member| MetadataFinding::Null { member }));
        findings.extend(self.faults.malformed.keys().map(|member| MetadataFinding::Malformed { member }));
        let implicit = [ResponseType::ID_TOKEN, ResponseType::ID_TOKEN_TOKEN];
        if self.token_endpoint.is_none()
            && self.response_types_supported.iter().any(|response_type| !implicit.contains(response_type))
        {
            findings.push(MetadataFinding::TokenEndpointMissing);
        }
        if !self.id_token_signing_alg_values_supported.iter().any(|alg| alg.as_str() == "RS256") {
            findings.push(MetadataFinding::Rs256Missing);
        }
        if self
            .scopes_supported
            .as_ref()
            .is_some_and(|scopes| scopes.iter().all(|scope| scope.as_str() != "openid"))
        {
            findings.push(MetadataFinding::OpenidScopeMissing);
        }
        for (methods, algorithms, member) in [
            (
                &self.token_endpoint_auth_methods_supported,
                &self.token_endpoint_auth_signing_alg_values_supported,
                "token_endpoint_auth_signing_alg_values_supported",
            ),
            (
                &self.revocation_endpoint_auth_methods_supported,
                &self.revocation_endpoint_auth_signing_alg_values_supported,
                "revocation_endpoint_auth_signing_alg_values_supported",
            ),
            (
                &self.introspection_endpoint_auth_methods_supported,
                &self.introspection_endpoint_auth_signing_alg_values_supported,
                "introspection_endpoint_auth_signing_alg_values_supported",
            ),
        ] {
            findings.extend(assertion_finding(methods.as_deref(), algorithms.as_deref(), member));
        }
        findings
    }
}

impl ProviderMetadata {
    /// The members of [`MetadataFinding::Malformed`] with their values as received. They are not printed again.
    pub fn malformed(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.faults.malformed.iter().map(|(member, value)| (*member, value))
    }
}

fn assertion_finding(
    methods: Option<&[ClientAuthMethod]>,
    algorithms: Option<&[AlgorithmName]>,
    member: &'static str,
) -> Option<MetadataFinding> {
    let jwt_methods = [ClientAuthMethod::PRIVATE_KEY_JWT, ClientAuthMethod::CLIENT_SECRET_JWT];
    match algorithms {
        Some(algorithms) => algorithms
            .iter()
            .any(|alg| alg.as_str() == "none")
            .then_some(MetadataFinding::UnsignedAssertions { member }),
        None => methods
            .is_some_and(|methods| methods.iter().any(|method| jwt_methods.contains(method)))
            .then_some(MetadataFinding::AssertionAlgorithmsMissing { member }),
    }
}
