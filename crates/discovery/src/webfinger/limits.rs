/// How much one JRD may hold.
///
/// ```
/// use avouch_discovery::webfinger::JrdLimits;
/// let limits = JrdLimits::default().with_links(4);
/// assert_eq!((limits.bytes, limits.links), (64 * 1024, 4));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct JrdLimits {
    /// Length of the document in bytes. Default 64 KiB.
    pub bytes: usize,
    /// Number of `links`. Default 256.
    pub links: usize,
    /// Number of `aliases`. Default 64.
    pub aliases: usize,
    /// Number of members in one object: `properties`, `titles`, members that nobody knows. Default 128.
    pub members: usize,
}

impl Default for JrdLimits {
    fn default() -> Self {
        Self { bytes: 64 * 1024, links: 256, aliases: 64, members: 128 }
    }
}

impl JrdLimits {
    /// The same limits with another length in bytes.
    #[must_use]
    pub const fn with_bytes(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }

    /// The same limits with another number of links.
    #[must_use]
    pub const fn with_links(self, links: usize) -> Self {
        Self { links, ..self }
    }

    /// The same limits with another number of aliases.
    #[must_use]
    pub const fn with_aliases(self, aliases: usize) -> Self {
        Self { aliases, ..self }
    }

    /// The same limits with another number of members in one object.
    #[must_use]
    pub const fn with_members(self, members: usize) -> Self {
        Self { members, ..self }
    }

    pub(super) fn json(&self) -> avouch_json::Limits {
        avouch_json::Limits::default().with_bytes(self.bytes).with_members(self.members)
    }
}
