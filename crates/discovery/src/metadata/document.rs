//! What the two kinds of metadata have in common.

use avouch_types::Issuer;

use super::finding::{FindingLevel, MetadataFinding, MetadataRule};
use super::members::{AuthorizationServerMetadata, Members, ProviderMetadata};
use super::reader::MetadataReader;
use super::reading::Reading;
use super::{MetadataError, check, quirk};

/// Which document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// OpenID Connect Discovery.
    Provider,
    /// RFC 8414.
    AuthorizationServer,
}

/// What a document keeps beside its members.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes {
    /// How it was read.
    pub(super) reader: MetadataReader,
    /// First what was found while it was read, then what does not fit together.
    pub(super) findings: Vec<MetadataFinding>,
    /// How many of the findings are of the first kind.
    pub(super) read: usize,
}

/// What makes a document of the members, and takes it apart.
pub trait Document: Sized {
    /// Which one.
    const KIND: Kind;
    /// `None` if a required member is absent.
    fn from_members(members: Members) -> Option<Self>;
    /// The reverse.
    fn into_members(self) -> Members;
}

/// [`ProviderMetadata`](crate::ProviderMetadata) or [`AuthorizationServerMetadata`](crate::AuthorizationServerMetadata): what
/// can be read, fetched and built. Nobody else can be one.
///
/// ```
/// use avouch_discovery::{MetadataDocument, MetadataReader, Quirk};
/// # use avouch_types::Issuer;
/// /// One reader for both.
/// fn read<T: MetadataDocument>(document: &[u8], issuer: &Issuer) -> Option<T> {
///     MetadataReader::new().quirk(Quirk::NoSubjectTypes).read(document, issuer).ok()
/// }
/// ```
pub trait MetadataDocument: Document {}

impl<T: Document> MetadataDocument for T {}

/// Judges members whose own values were read already, and makes the document of them. `findings`: of the reading.
pub(super) fn finish<T: Document>(
    mut members: Members,
    mut findings: Vec<MetadataFinding>,
) -> Result<T, MetadataError> {
    let read = findings.len();
    let mut told = check::consistency(&members, T::KIND);
    // of an array whose elements could not be read that is told, and no array was empty
    let unread = |empty: &MetadataFinding| {
        let same = |other: &&MetadataFinding| other.member() == empty.member();
        findings.iter().filter(same).any(|other| other.rule().is_malformed())
    };
    told.retain(|finding| *finding.rule() != MetadataRule::EmptyArray || !unread(finding));
    findings.extend(told);
    if findings.iter().any(MetadataFinding::stops) {
        return Err(MetadataError::Refused { findings });
    }
    members.notes.findings = findings;
    members.notes.read = read;
    // What is missing was told as a finding that stops.
    T::from_members(members).ok_or(MetadataError::Refused { findings: Vec::new() })
}

/// Judges members anew, for another kind of document or after some of them changed.
pub(super) fn judge_again<T: Document>(mut members: Members) -> Result<T, MetadataError> {
    let Notes { reader, mut findings, read } = std::mem::take(&mut members.notes);
    findings.truncate(read);
    let mut reading = Reading::new(&reader, members.issuer.is_loopback_http());
    reading.findings = findings;
    quirk::require(&mut members, T::KIND, &reader.quirks, &mut reading);
    let findings = reading.findings;
    members.notes.reader = reader;
    finish(members, findings)
}

/// As [`finish`] for what is to be published: no rule may be broken at all.
pub(super) fn publish<T: Document>(members: Members) -> Result<T, MetadataError> {
    let document: T = judge_again(members)?;
    let members = document.into_members();
    if members.notes.findings.iter().any(|finding| finding.level() == FindingLevel::Must) {
        return Err(MetadataError::Refused { findings: members.notes.findings });
    }
    T::from_members(members).ok_or(MetadataError::Refused { findings: Vec::new() })
}

macro_rules! common {
    ($($document:ident)+) => { $(
        impl $document {
            /// Reads the document that `expected` publishes, with the limits of [`MetadataReader`] and no quirk.
            ///
            /// The issuer is compared first, character for character; nothing else of a stranger's document is looked at.
            /// Then all faults are found, not only the first. Those that leave the document usable are in
            /// [`findings`](Self::findings): `null`s, and malformed members that a sign-in does not hang on, which count as
            /// absent (of a list only the malformed elements). What a sign-in hangs on ([`EssentialMember`]) is read strictly.
            ///
            /// # Errors
            /// [`MetadataError`].
            ///
            /// [`MetadataReader`]: crate::MetadataReader
            /// [`EssentialMember`]: crate::EssentialMember
            pub fn parse(document: &[u8], expected: &Issuer) -> Result<Self, MetadataError> {
                crate::MetadataReader::new().read(document, expected)
            }

            /// What is wrong with the document as it was read or built, in the order of the document first, and then what
            /// does not fit together. Later changes to fields are not judged.
            #[must_use]
            pub fn findings(&self) -> &[MetadataFinding] {
                &self.notes.findings
            }

            /// The members of the document, those left out that have no value or are empty arrays ([Discovery §4.2]). What
            /// was malformed is not passed on.
            ///
            /// [Discovery §4.2]: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationResponse
            #[must_use]
            pub fn to_members(&self) -> serde_json::Map<String, serde_json::Value> {
                self.clone().into_members().to_map()
            }

            /// [`to_members`](Self::to_members) as JSON text.
            #[must_use]
            pub fn to_json(&self) -> String {
                serde_json::Value::Object(self.to_members()).to_string()
            }
        }

        impl PartialEq for $document {
            fn eq(&self, other: &Self) -> bool {
                self.to_members() == other.to_members()
            }
        }
    )+ };
}

common!(ProviderMetadata AuthorizationServerMetadata);

impl TryFrom<AuthorizationServerMetadata> for ProviderMetadata {
    type Error = MetadataError;

    /// Promotes a document that says all that Discovery requires.
    ///
    /// # Errors
    /// [`MetadataError::Refused`] with everything that is missing.
    fn try_from(metadata: AuthorizationServerMetadata) -> Result<Self, MetadataError> {
        judge_again(metadata.into_members())
    }
}
