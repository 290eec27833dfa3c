//! What is wrong with a document, and where.

use std::fmt;

use avouch_types::{GrantType, Prompt, UriError, WordError};

use super::members::section_of;
use super::quirk::Quirk;
use super::sections::*;

/// A rule that a document breaks: where, which, and whether the document can be used nevertheless.
///
/// ```
/// # use avouch_types::Issuer;
/// # use avouch_discovery::{FindingLevel, ProviderMetadata};
/// let document = br#"{
///     "issuer": "https://op.example",
///     "authorization_endpoint": "https://op.example/authorize",
///     "token_endpoint": "https://op.example/token",
///     "jwks_uri": "https://op.example/jwks",
///     "response_types_supported": ["code"],
///     "subject_types_supported": ["public"],
///     "id_token_signing_alg_values_supported": ["RS256"],
///     "scopes_supported": ["openid", "email", 3]
/// }"#;
/// let metadata = ProviderMetadata::parse(document, &Issuer::parse("https://op.example")?)?;
/// let finding = &metadata.findings()[0];
/// assert_eq!(finding.path(), "scopes_supported[2]");
/// assert_eq!(finding.section(), "OpenID Connect Discovery 1.0, 3");
/// assert_eq!((finding.level(), finding.stops()), (FindingLevel::Must, false));
/// assert_eq!(finding.to_string(), "scopes_supported[2] is a number instead of a string");
/// assert_eq!(metadata.scopes_supported.as_ref().map(Vec::len), Some(2)); // the others stay
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetadataFinding {
    member: &'static str,
    inner: Option<&'static str>,
    index: Option<usize>,
    rule: MetadataRule,
    stops: bool,
}

/// How binding a rule is.
///
/// ```
/// # use avouch_discovery::FindingLevel;
/// assert!(FindingLevel::Should < FindingLevel::Must);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingLevel {
    /// A recommendation, something that makes no sense, or a rule that later specifications speak against.
    Should,
    /// A document like this must not be published, and no builder makes it.
    Must,
}

impl MetadataFinding {
    pub(super) fn at(
        member: &'static str,
        inner: Option<&'static str>,
        index: Option<usize>,
        rule: MetadataRule,
    ) -> Self {
        Self { member, inner, index, rule, stops: false }
    }

    pub(super) fn about(member: &'static str, rule: MetadataRule) -> Self {
        Self::at(member, None, None, rule)
    }

    pub(super) fn element(member: &'static str, index: usize, rule: MetadataRule) -> Self {
        Self::at(member, None, Some(index), rule)
    }

    pub(super) fn stop(&mut self) {
        self.stops = true;
    }

    pub(super) fn that_stops(mut self) -> Self {
        self.stop();
        self
    }

    /// The member that it is about, by its name in the document; empty for the document as a whole.
    #[must_use]
    pub fn member(&self) -> &'static str {
        self.member
    }

    /// Where it is: `grant_types_supported[3]`, `mtls_endpoint_aliases.token_endpoint`; empty for the document as a whole.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = self.member.to_owned();
        if let Some(inner) = self.inner {
            path = format!("{path}.{inner}");
        }
        if let Some(index) = self.index {
            path = format!("{path}[{index}]");
        }
        path
    }

    /// The rule that is broken.
    #[must_use]
    pub fn rule(&self) -> &MetadataRule {
        &self.rule
    }

    /// The specification and section that has the rule.
    #[must_use]
    pub fn section(&self) -> &'static str {
        self.rule.section().or_else(|| section_of(self.member)).unwrap_or(DISCOVERY)
    }

    /// How binding the rule is.
    #[must_use]
    pub fn level(&self) -> FindingLevel {
        self.rule.level()
    }

    /// Whether the document cannot be used for this.
    #[must_use]
    pub fn stops(&self) -> bool {
        self.stops
    }
}

impl fmt::Display for MetadataFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path().as_str() {
            "" => write!(f, "the document {}", self.rule),
            path => write!(f, "{path} {}", self.rule),
        }
    }
}

/// A stranger's text in a message: escaped, and not longer than one looks at.
pub(super) struct Shown<'t>(pub(super) &'t str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(100) {
            None => write!(f, "{:?}", self.0),
            Some((end, _)) => write!(f, "{:?}...", self.0.get(..end).unwrap_or_default()),
        }
    }
}

/// The rules. The display of each continues a sentence that begins with the path.
///
/// ```
/// # use avouch_discovery::MetadataRule;
/// let rule = MetadataRule::WrongType { expected: "a boolean", found: "a string" };
/// assert_eq!(rule.to_string(), "is a string instead of a boolean");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataRule {
    /// A required member is absent.
    #[error("is missing")]
    Missing,
    /// A member is `null`, which stands for absent.
    #[error("is null")]
    Null,
    /// A value has another JSON type.
    #[error("is {found} instead of {expected}")]
    WrongType {
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A text is no URL of its kind: for endpoints absolute, https, without fragment and user information (plain http is
    /// taken on loopback, and only where the expected issuer is such a one); for pages one that a browser can be sent to.
    #[error("is no acceptable URL, {}: {error}", Shown(found))]
    Url {
        /// What the document says.
        found: String,
        /// The rule it breaks.
        error: UriError,
    },
    /// A text is no word of its kind.
    #[error("is malformed: {0}")]
    Word(WordError),
    /// An array has no element; it counts as given and empty, not as the default.
    #[error("is an empty array")]
    EmptyArray,
    /// An element is in the list before.
    #[error("stands in the list twice")]
    Repeated,
    /// A list is longer than [`MetadataReader::list_elements`](crate::MetadataReader::list_elements) allows.
    #[error("has more than {limit} elements")]
    TooManyElements {
        /// The limit.
        limit: usize,
    },
    /// A quirk was needed to read this.
    #[error("is read by the quirk {quirk:?}")]
    Tolerated {
        /// Which one.
        quirk: Quirk,
    },
    /// A name in `mtls_endpoint_aliases` is no endpoint that clients call directly; it means nothing.
    #[error("names {}, which is no endpoint that clients call directly", Shown(name))]
    UnknownAlias {
        /// The name.
        name: String,
    },
    /// Grant types, or response types with a code, need a token endpoint.
    #[error("is missing although grants need it")]
    TokenEndpointMissing,
    /// A grant type needs an authorization endpoint. The default of absent grant types does, unless the only response type
    /// is `id_token`: so publish those who issue tokens to workloads, and no grant is meant.
    #[error("is missing although grants need it")]
    AuthorizationEndpointMissing,
    /// `RS256` is not among the ID Token algorithms. A recommendation only where a stronger asymmetric algorithm is: profiles
    /// for high security forbid RS256 ([FAPI 2.0 §5.4.1]).
    ///
    /// [FAPI 2.0 §5.4.1]: https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.4.1
    #[error("lacks RS256")]
    Rs256Missing {
        /// Whether there is one: PS\*, ES\* or EdDSA.
        stronger: bool,
    },
    /// Scopes are listed and `openid` is not among them.
    #[error("lacks openid")]
    OpenidScopeMissing,
    /// `none` is listed for signatures that must be there.
    #[error("is none, where a signature must be")]
    NoneListed,
    /// A MAC is listed where only asymmetric algorithms are allowed.
    #[error("is a MAC, where only asymmetric algorithms are allowed")]
    SymmetricListed,
    /// A JWT method of client authentication is listed without its algorithms.
    #[error("is missing although client authentication by JWT is listed")]
    AssertionAlgorithmsMissing,
    /// Content encryption is listed without key management, or the reverse.
    #[error("is listed without {lacks}")]
    EncryptionIncomplete {
        /// The other list.
        lacks: &'static str,
    },
    /// A provider with a registration endpoint lacks what Discovery demands of such a one. A recommendation only:
    /// [RFC 9700 §2.1.2] speaks against the implicit flow that is among it.
    ///
    /// [RFC 9700 §2.1.2]: https://www.rfc-editor.org/rfc/rfc9700#section-2.1.2
    #[error("lacks {lacks}, which dynamic providers have to support")]
    IncompleteForDynamicClients {
        /// The word.
        lacks: &'static str,
    },
    /// What is demanded of every request is not supported.
    #[error("is true without support by {lacks}")]
    DemandedUnsupported {
        /// The member that would announce the support.
        lacks: &'static str,
    },
    /// A grant type is listed, and the endpoint at which it begins is not there.
    #[error("is listed without {endpoint}")]
    GrantWithoutEndpoint {
        /// The endpoint's member.
        endpoint: &'static str,
    },
    /// An endpoint is there, and the grant type that it begins is not among the grant types.
    #[error("is of no use without the grant type {grant}")]
    EndpointWithoutGrant {
        /// The grant type.
        grant: GrantType,
    },
    /// A response type is listed without a grant type that it needs.
    #[error("needs the grant type {grant}, which is not listed")]
    ResponseTypeWithoutGrant {
        /// The grant type.
        grant: GrantType,
    },
    /// Of the endpoint and the delivery modes of backchannel authentication, only one is there.
    #[error("is there without {lacks}")]
    BackchannelIncomplete {
        /// The other one.
        lacks: &'static str,
    },
    /// Logout can name the session, but is not supported.
    #[error("is true without {lacks}")]
    SessionWithoutLogout {
        /// The member that would announce the logout.
        lacks: &'static str,
    },
    /// Prompt values are listed, and one that every provider has to support is not among them.
    #[error("lacks {lacks}, which every provider has to support")]
    PromptMissing {
        /// The value.
        lacks: Prompt,
    },
    /// `explicit` registration is listed without `federation_registration_endpoint`.
    #[error("is listed without federation_registration_endpoint")]
    ExplicitWithoutEndpoint,
    /// The public keys are given in more than one form.
    #[error("is one of several forms of the same keys")]
    SeveralKeySets,
    /// An entry of `jwks` is no key that can be read.
    #[error("is no key that can be read")]
    UnreadableKey,
    /// A private or symmetric key is published.
    #[error("is a private or symmetric key")]
    PrivateKey,
}

impl MetadataRule {
    /// Whether a value was there and could not be read.
    pub(super) fn is_malformed(&self) -> bool {
        matches!(self, Self::WrongType { .. } | Self::Url { .. } | Self::Word(_))
    }

    /// Whether it explains why a member has no value.
    pub(super) fn leaves_no_value(&self) -> bool {
        self.is_malformed() || matches!(self, Self::Null | Self::TooManyElements { .. })
    }

    fn level(&self) -> FindingLevel {
        match self {
            Self::Repeated
            | Self::UnknownAlias { .. }
            | Self::EncryptionIncomplete { .. }
            | Self::Rs256Missing { stronger: true }
            | Self::IncompleteForDynamicClients { .. }
            | Self::GrantWithoutEndpoint { .. }
            | Self::EndpointWithoutGrant { .. }
            | Self::ResponseTypeWithoutGrant { .. }
            | Self::SessionWithoutLogout { .. }
            | Self::PromptMissing { .. }
            | Self::SeveralKeySets
            | Self::UnreadableKey => FindingLevel::Should,
            _ => FindingLevel::Must,
        }
    }

    /// `None` where it is the section that defines the member.
    fn section(&self) -> Option<&'static str> {
        match self {
            Self::EmptyArray | Self::Tolerated { quirk: Quirk::Untyped } => Some(DISCOVERY_RESPONSE),
            Self::Tolerated { quirk: Quirk::TemplatedIssuer { .. } } => Some(DISCOVERY_VALIDATION),
            Self::AuthorizationEndpointMissing | Self::AssertionAlgorithmsMissing => Some(RFC8414),
            Self::ResponseTypeWithoutGrant { .. } => Some(REGISTRATION),
            Self::SeveralKeySets => Some(FEDERATION_KEYS),
            Self::UnreadableKey => Some(JWK_SET),
            _ => None,
        }
    }
}
