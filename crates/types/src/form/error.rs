use std::fmt;

/// Why a form was refused. Offsets count bytes from the start of the encoded form.
///
/// ```
/// use avouch_types::form::{FormError, decode};
/// assert_eq!(decode("a%4"), Err(FormError::MalformedPercentEncoding { offset: 1 }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormError {
    /// The form is longer than [`FormLimits::bytes`](super::FormLimits::bytes).
    TooLong {
        /// Length of the form.
        len: usize,
        /// The limit it exceeds.
        limit: usize,
    },
    /// The form has more parameters than [`FormLimits::parameters`](super::FormLimits::parameters).
    TooManyParameters {
        /// The limit it exceeds.
        limit: usize,
    },
    /// A name stands more than once (RFC 6749 §3.1, §3.2).
    DuplicateParameter {
        /// The name, decoded.
        name: String,
    },
    /// A percent sign that two hexadecimal digits do not follow.
    MalformedPercentEncoding {
        /// Where it stands.
        offset: usize,
    },
    /// A byte that must be percent-encoded: control, space, non-ASCII.
    ForbiddenByte {
        /// The byte.
        byte: u8,
        /// Where it stands.
        offset: usize,
    },
    /// A decoded name or value is not UTF-8.
    NotUtf8 {
        /// Where the name or value begins.
        offset: usize,
    },
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { len, limit } => write!(f, "form of {len} bytes, at most {limit} are allowed"),
            Self::TooManyParameters { limit } => write!(f, "form of more than {limit} parameters"),
            Self::DuplicateParameter { name } => {
                write!(f, "parameter {:.64} stands more than once", format!("{name:?}"))
            }
            Self::MalformedPercentEncoding { offset } => {
                write!(f, "form has a malformed percent-encoding at byte {offset}")
            }
            Self::ForbiddenByte { byte, offset } => {
                write!(f, "form has the byte 0x{byte:02x} unencoded at byte {offset}")
            }
            Self::NotUtf8 { offset } => {
                write!(f, "form has a name or value that is not UTF-8 at byte {offset}")
            }
        }
    }
}

impl std::error::Error for FormError {}
