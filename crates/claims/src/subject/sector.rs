use std::collections::BTreeSet;
use std::fmt;

use avouch_json::Limits;
use avouch_types::{EndpointUrl, RedirectUri, WordError};
use serde_json::Value;

use super::SectorError;

/// The host that stands for a group of clients: those who see the same pairwise identifier of a person
/// ([Core 8.1](https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg)).
///
/// ```
/// use avouch_claims::{SectorError, SectorIdentifier};
/// use avouch_types::{EndpointUrl, RedirectUri};
///
/// let uris = [RedirectUri::parse("https://a.example/cb")?, RedirectUri::parse("https://b.example/cb")?];
/// assert!(matches!(SectorIdentifier::of_client(&uris, None), Err(SectorError::SeveralHosts)));
///
/// let sector_uri = EndpointUrl::parse("https://group.example/redirect_uris.json")?;
/// let sector = SectorIdentifier::of_client(&uris, Some(&sector_uri))?;
/// assert_eq!(sector.as_str(), "group.example");
/// let fetched = br#"["https://a.example/cb", "https://b.example/cb", "https://c.example/cb"]"#;
/// SectorIdentifier::check_document(fetched, &uris, &avouch_json::Limits::default())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectorIdentifier(String);

impl SectorIdentifier {
    /// The sector of a client with these registered redirect URIs: the host of its `sector_identifier_uri`, or the one
    /// host of all its redirect URIs. Hosts have no case; ports, paths and schemes play no part.
    ///
    /// A `sector_identifier_uri` must be held against what it points to, see [`check_document`](Self::check_document).
    /// Native clients on `127.0.0.1` or `localhost` would all be of one sector; register a `sector_identifier_uri` for
    /// those that shall not be.
    ///
    /// # Errors
    ///
    /// [`SectorError::SeveralHosts`], [`SectorError::NoHost`] or [`SectorError::NoRedirectUri`]: the client must register
    /// a `sector_identifier_uri`.
    pub fn of_client(
        redirect_uris: &[RedirectUri],
        sector_identifier_uri: Option<&EndpointUrl>,
    ) -> Result<Self, SectorError> {
        if let Some(uri) = sector_identifier_uri {
            return Ok(Self(uri.host().to_ascii_lowercase()));
        }
        let mut hosts = redirect_uris.iter().map(|uri| uri.host().ok_or(SectorError::NoHost));
        let first = hosts.next().ok_or(SectorError::NoRedirectUri)??;
        for host in hosts {
            if !host?.eq_ignore_ascii_case(first) {
                return Err(SectorError::SeveralHosts);
            }
        }
        Ok(Self(first.to_ascii_lowercase()))
    }

    /// A sector by another rule, for a protocol whose clients have no redirect URIs: the name of the group of clients that shall
    /// see the same identifiers, to the character. A host name would be the sector of clients that have it by redirect URI.
    ///
    /// ```
    /// use avouch_claims::SectorIdentifier;
    /// assert_eq!(SectorIdentifier::named("key:3Kx9w")?.as_str(), "key:3Kx9w");
    /// # Ok::<(), avouch_types::WordError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`WordError::Empty`]: all that forget the name would be one sector.
    pub fn named(name: &str) -> Result<Self, WordError> {
        if name.is_empty() { Err(WordError::Empty { what: "sector" }) } else { Ok(Self(name.to_owned())) }
    }

    /// Holds the redirect URIs of a client against the document that its `sector_identifier_uri` points to: a JSON array
    /// of strings, of which each of them is one, to the character.
    ///
    /// # Errors
    ///
    /// [`SectorError::Json`], [`SectorError::NotStrings`] or [`SectorError::NotListed`].
    pub fn check_document(
        document: &[u8],
        redirect_uris: &[RedirectUri],
        limits: &Limits,
    ) -> Result<(), SectorError> {
        let listed: Vec<Value> = avouch_json::from_slice(document, limits)
            .map_err(|error| SectorError::Json { path: error.path(document), error })?;
        let listed: BTreeSet<&str> = listed
            .iter()
            .enumerate()
            .map(|(index, value)| value.as_str().ok_or(SectorError::NotStrings { index }))
            .collect::<Result<_, _>>()?;
        match redirect_uris.iter().position(|uri| !listed.contains(uri.as_str())) {
            Some(index) => Err(SectorError::NotListed { index }),
            None => Ok(()),
        }
    }

    /// The host, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SectorIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
