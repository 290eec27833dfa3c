//! What providers publish that no specification allows, one name for each.

use avouch_types::Issuer;

use super::document::Kind;
use super::members::{EssentialMember, Members};
use super::reading::Reading;

/// A known deviation of one provider, to be given to a [`MetadataReader`](crate::MetadataReader) for that provider. Without
/// it the document is refused; where it was needed, the findings say so.
///
/// ```
/// use avouch_discovery::{MetadataReader, MetadataRule, ProviderMetadata, Quirk};
/// # use avouch_types::Issuer;
/// let document = br#"{
///     "issuer": "https://login.example/{tenantid}/v2.0",
///     "authorization_endpoint": "https://login.example/organizations/authorize",
///     "token_endpoint": "https://login.example/organizations/token",
///     "jwks_uri": "https://login.example/organizations/keys",
///     "response_types_supported": ["code"],
///     "subject_types_supported": ["pairwise"],
///     "id_token_signing_alg_values_supported": ["RS256"]
/// }"#;
/// let tenant = Issuer::parse("https://login.example/4711/v2.0")?;
/// assert!(ProviderMetadata::parse(document, &tenant).is_err());
///
/// let quirk = Quirk::TemplatedIssuer { template: "https://login.example/{tenantid}/v2.0".to_owned() };
/// let metadata: ProviderMetadata = MetadataReader::new().quirk(quirk.clone()).read(document, &tenant)?;
/// assert_eq!(metadata.issuer, tenant); // what ID Tokens of that tenant are held against
/// assert_eq!(metadata.findings()[0].rule(), &MetadataRule::Tolerated { quirk });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Quirk {
    /// The document's `issuer` is this template, character for character, and the expected issuer is the template with its
    /// one hole (`{tenantid}`) filled by one segment of the path, or a part of one.
    TemplatedIssuer {
        /// The template.
        template: String,
    },
    /// `response_types_supported` is absent; it counts as `code`.
    NoResponseTypes,
    /// `subject_types_supported` is absent; it counts as `public` ([Core §8]).
    ///
    /// [Core §8]: https://openid.net/specs/openid-connect-core-1_0.html#SubjectIDTypes
    NoSubjectTypes,
    /// `id_token_signing_alg_values_supported` is absent; it counts as `RS256`, which every provider has to support.
    NoIdTokenAlgorithms,
    /// The document is served as `text/plain` or `application/octet-stream` instead of `application/json`, by a server of
    /// files. It matters to a [`MetadataFetch`](crate::MetadataFetch) only.
    Untyped,
    /// This member is malformed. What it evidently means counts: `"true"` and `"false"` as the boolean, a text in place of a
    /// list as its only element, of a list the elements that can be read. Everything else counts as absent. Where the member is required, an absent one still refuses the document, and a
    /// required list needs [`NoSubjectTypes`](Self::NoSubjectTypes) or its like besides.
    Malformed(EssentialMember),
}

impl Quirk {
    /// Whether a document that says `found` speaks for `expected` by this quirk.
    pub(super) fn admits_issuer(&self, found: &str, expected: &Issuer) -> bool {
        let Self::TemplatedIssuer { template } = self else { return false };
        found == template && fills(template, expected)
    }

    /// The member whose absence this quirk makes up for.
    fn makes_up_for(&self) -> Option<EssentialMember> {
        match self {
            Self::NoResponseTypes => Some(EssentialMember::ResponseTypesSupported),
            Self::NoSubjectTypes => Some(EssentialMember::SubjectTypesSupported),
            Self::NoIdTokenAlgorithms => Some(EssentialMember::IdTokenSigningAlgValuesSupported),
            Self::TemplatedIssuer { .. } | Self::Untyped | Self::Malformed(_) => None,
        }
    }
}

/// Fills in what is required and absent, as the quirks say, and tells what is missing after that.
pub(super) fn require(members: &mut Members, kind: Kind, quirks: &[Quirk], reading: &mut Reading<'_>) {
    if kind == Kind::Provider {
        EssentialMember::OF_PROVIDERS.iter().for_each(|member| reading.stop_malformed(*member));
    }
    for member in members.missing(kind) {
        match quirks.iter().find(|quirk| quirk.makes_up_for() == Some(member)) {
            Some(quirk) => {
                match quirk {
                    Quirk::NoResponseTypes => {
                        members.response_types_supported = Some(vec![avouch_types::ResponseType::CODE]);
                    }
                    Quirk::NoSubjectTypes => {
                        members.subject_types_supported = Some(vec![avouch_types::SubjectType::PUBLIC]);
                    }
                    Quirk::NoIdTokenAlgorithms => {
                        members.id_token_signing_alg_values_supported = Some(vec!["RS256".into()]);
                    }
                    Quirk::TemplatedIssuer { .. } | Quirk::Untyped | Quirk::Malformed(_) => {}
                }
                reading.tolerated(member.name(), quirk.clone());
            }
            None => reading.missing(member),
        }
    }
}

/// Whether `issuer` is `template` with its only hole filled, and the hole is in the path: whoever answers at an issuer's
/// host is its tenants' owner, but no template makes one host speak for another.
fn fills(template: &str, issuer: &Issuer) -> bool {
    let Some((before, rest)) = template.split_once('{') else { return false };
    let Some((name, after)) = rest.split_once('}') else { return false };
    let one_hole = !name.contains('{') && !after.contains(['{', '}']);
    let in_path = before.starts_with(issuer.origin());
    let filling = issuer.as_str().strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    one_hole && in_path && filling.is_some_and(|filling| !filling.is_empty() && !filling.contains('/'))
}
