//! Reading a document.

use avouch_json::{JsonError, Limits, ObjectView, RawValue};
use avouch_types::Issuer;

use super::MetadataError;
use super::document::{Kind, MetadataDocument, finish};
use super::finding::{MetadataFinding, MetadataRule};
use super::members::Members;
use super::quirk::{self, Quirk};
use super::reading::Reading;

/// How documents are read: which quirks pass, and how much one document may ask for. Without any setting this is what
/// [`ProviderMetadata::parse`](crate::ProviderMetadata::parse) does.
///
/// ```
/// use avouch_discovery::{AuthorizationServerMetadata, MetadataReader};
/// # use avouch_types::Issuer;
/// let issuer = Issuer::parse("https://as.example")?;
/// let document = br#"{"issuer":"https://as.example","response_types_supported":["code","token"],
///     "authorization_endpoint":"https://as.example/authorize","token_endpoint":"https://as.example/token"}"#;
/// let metadata: AuthorizationServerMetadata = MetadataReader::new().read(document, &issuer)?;
/// assert_eq!(metadata.findings(), []);
///
/// let narrow = MetadataReader::new().list_elements(1);
/// assert!(narrow.read::<AuthorizationServerMetadata>(document, &issuer).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct MetadataReader {
    pub(super) quirks: Vec<Quirk>,
    pub(super) limits: Limits,
    pub(super) elements: usize,
}

impl Default for MetadataReader {
    fn default() -> Self {
        Self { quirks: Vec::new(), limits: Limits::default(), elements: 1024 }
    }
}

impl MetadataReader {
    /// No quirk, [`Limits::default`], 1024 elements to a list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets a quirk pass.
    pub fn quirk(mut self, quirk: Quirk) -> Self {
        self.quirks.push(quirk);
        self
    }

    /// Replaces the limits on the JSON text.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Replaces the number of elements that a list may have.
    pub fn list_elements(mut self, most: usize) -> Self {
        self.elements = most;
        self
    }

    /// Reads the document that `expected` publishes, as [`ProviderMetadata::parse`](crate::ProviderMetadata::parse) or
    /// [`AuthorizationServerMetadata::parse`](crate::AuthorizationServerMetadata::parse) says.
    ///
    /// # Errors
    /// [`MetadataError`].
    pub fn read<T: MetadataDocument>(&self, document: &[u8], expected: &Issuer) -> Result<T, MetadataError> {
        let (members, findings) = self.members(document, expected, T::KIND)?;
        finish(members, findings)
    }

    /// The members and what was wrong with each by itself.
    fn members(
        &self,
        document: &[u8],
        expected: &Issuer,
        kind: Kind,
    ) -> Result<(Members, Vec<MetadataFinding>), MetadataError> {
        let document = ObjectView::read(document, &self.limits)
            .map_err(|source| MetadataError::json(document, source))?;
        let mut reading = Reading::new(self, expected.is_loopback_http());
        self.check_issuer(document.get("issuer"), expected, &mut reading)?;
        let mut members = Members::new(expected);
        take(&document, &mut members, &mut reading)?;
        quirk::require(&mut members, kind, &self.quirks, &mut reading);
        let findings = reading.findings;
        members.notes.reader = self.clone();
        Ok((members, findings))
    }

    fn check_issuer(
        &self,
        found: Option<RawValue<'_>>,
        expected: &Issuer,
        reading: &mut Reading<'_>,
    ) -> Result<(), MetadataError> {
        let rule = match found {
            Some(found) if found.is_string() => {
                let found = found.as_str().unwrap_or_default();
                if found == expected.as_str() {
                    return Ok(());
                }
                if let Some(quirk) = self.quirks.iter().find(|quirk| quirk.admits_issuer(&found, expected)) {
                    reading.tolerated("issuer", quirk.clone());
                    return Ok(());
                }
                return Err(MetadataError::IssuerMismatch {
                    expected: expected.clone(),
                    found: found.into_owned(),
                });
            }
            None => MetadataRule::Missing,
            Some(found) if found.as_json() == "null" => MetadataRule::Null,
            Some(found) => {
                MetadataRule::WrongType { expected: "a string", found: super::reading::type_of(found) }
            }
        };
        Err(MetadataError::Refused { findings: vec![MetadataFinding::about("issuer", rule).that_stops()] })
    }
}

/// Puts what a document says into the members, in place of what they were.
pub(super) fn take(
    document: &ObjectView<'_>,
    members: &mut Members,
    reading: &mut Reading<'_>,
) -> Result<(), MetadataError> {
    for member in document.members() {
        let (name, value) = (&*member.0, member.1);
        if members.read(name, value, reading).is_none() {
            let name = name.to_owned();
            match value.read() {
                Ok(value) => members.extra.insert(name, value),
                Err(error) => {
                    return Err(MetadataError::Json { path: name, source: JsonError::Data(error) });
                }
            };
        }
    }
    Ok(())
}
