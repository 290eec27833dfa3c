/// How much work one JSON document may ask for. Each limit has its own error in [`JsonError`](crate::JsonError).
///
/// Numbers have no limit of their own. One without fraction or exponent is kept exactly from -2^63 to 2^64 - 1; any other
/// is read as `f64`, so that a document that is read and written again may carry it in another value. What exceeds `f64`
/// (`1e999`) refuses the whole document, also in a member that nobody asks for.
///
/// ```
/// let limits = avouch_json::Limits::default().with_bytes(8 * 1024).with_depth(4);
/// assert_eq!((limits.bytes, limits.depth), (8192, 4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Length of the whole document in bytes. Default 256 KiB.
    pub bytes: usize,
    /// Nested objects and arrays; a scalar alone has depth 0. Default 16. `serde_json` itself stops at 127.
    pub depth: usize,
    /// Members of one object. Default 1024.
    pub members: usize,
    /// Values in the whole document: scalars, objects and arrays together. Default 16 384.
    pub elements: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 256 * 1024, depth: 16, members: 1024, elements: 16_384 }
    }
}

impl Limits {
    /// The same limits with another document length in bytes.
    #[must_use]
    pub const fn with_bytes(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }

    /// The same limits with another nesting depth.
    #[must_use]
    pub const fn with_depth(self, depth: usize) -> Self {
        Self { depth, ..self }
    }

    /// The same limits with another number of members per object.
    #[must_use]
    pub const fn with_members(self, members: usize) -> Self {
        Self { members, ..self }
    }

    /// The same limits with another number of values in the document.
    #[must_use]
    pub const fn with_elements(self, elements: usize) -> Self {
        Self { elements, ..self }
    }
}
