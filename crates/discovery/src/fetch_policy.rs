//! What a host owes a request that it sends.

/// How one request is to be sent. The parts make requests and check answers; what happens between is the host's:
///
/// - **Redirects** are not followed by what sends. The answer that redirects is handed in as it is, and refused; where a
///   specification wants them followed (WebFinger), the next request is made here, so that each hop is looked at, by the
///   rules below too.
/// - **Size**: stop reading the body beyond [`max_bytes`](Self::max_bytes) and give up. The answer is checked again when
///   it is handed in, but then it is in memory already.
/// - **Time**: give up after a few seconds.
/// - **Addresses**: where strangers can name an issuer or identifier, refuse to connect to loopback, link-local and private addresses
///   *after* the name was resolved; the metadata of such an issuer can point anywhere. TLS certificates are checked.
///
/// ```
/// # use avouch_discovery::{FetchPurpose, ProviderMetadata, Redirects};
/// # use avouch_types::Issuer;
/// let policy = ProviderMetadata::fetch(&Issuer::parse("https://op.example")?).policy();
/// assert_eq!(policy.purpose, FetchPurpose::Metadata);
/// assert_eq!(policy.redirects, Redirects::Never);
/// # Ok::<(), avouch_types::UriError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchPolicy {
    /// What the request is for: a host may keep its own limits and metrics by it.
    pub purpose: FetchPurpose,
    /// The longest body that will be accepted, in bytes.
    pub max_bytes: usize,
    /// What to do with redirects.
    pub redirects: Redirects,
}

/// What a request is for.
///
/// ```
/// # use avouch_discovery::{FetchPolicy, FetchPurpose};
/// let policy = FetchPolicy::new(FetchPurpose::Tokens, 64 * 1024);
/// let is_of_a_strangers_choice = matches!(policy.purpose, FetchPurpose::WebFinger);
/// assert!(!is_of_a_strangers_choice);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FetchPurpose {
    /// A provider's metadata.
    Metadata,
    /// A provider's keys.
    Keys,
    /// Whom to ask about a person; the request carries what they typed, and goes to a host of their choosing.
    WebFinger,
    /// Tokens; the request carries credentials.
    Tokens,
    /// Claims; the request carries an access token.
    UserInfo,
}

/// What to do with redirects.
///
/// ```
/// # use avouch_discovery::{FetchPolicy, FetchPurpose, Redirects};
/// assert_eq!(FetchPolicy::new(FetchPurpose::Keys, 1024).redirects, Redirects::Never);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Redirects {
    /// Follow none.
    Never,
}

impl FetchPolicy {
    /// A request whose answer may have so many bytes, and may not be a redirect.
    #[must_use]
    pub const fn new(purpose: FetchPurpose, max_bytes: usize) -> Self {
        Self { purpose, max_bytes, redirects: Redirects::Never }
    }
}
