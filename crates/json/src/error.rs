use std::fmt;

/// Why a JSON document was refused. Offsets count bytes from the start of the input.
///
/// ```
/// use avouch_json::{JsonError, Limits};
///
/// let refused = avouch_json::check(br#"{"sub":"joe","sub":"jane"}"#, &Limits::default());
/// assert!(matches!(refused, Err(JsonError::DuplicateMember { name, offset: 13 }) if name == "sub"));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum JsonError {
    /// The document is longer than [`Limits::bytes`](crate::Limits::bytes).
    TooLong {
        /// Length of the document.
        len: usize,
        /// The limit it exceeds.
        limit: usize,
    },
    /// Objects and arrays are nested deeper than [`Limits::depth`](crate::Limits::depth).
    TooDeep {
        /// The limit it exceeds.
        limit: usize,
        /// Where the container opens that is one too deep.
        offset: usize,
    },
    /// An object has more members than [`Limits::members`](crate::Limits::members).
    TooManyMembers {
        /// The limit it exceeds.
        limit: usize,
        /// Where the member begins that is one too many.
        offset: usize,
    },
    /// The document has more values than [`Limits::elements`](crate::Limits::elements).
    TooManyValues {
        /// The limit it exceeds.
        limit: usize,
        /// Where the value begins that is one too many.
        offset: usize,
    },
    /// The document begins with a byte order mark, which RFC 8259 §8.1 forbids to send.
    ByteOrderMark,
    /// The document is not UTF-8 (RFC 8259 §8.1).
    NotUtf8 {
        /// The first byte that is not part of a UTF-8 sequence.
        offset: usize,
    },
    /// The document ends inside a value.
    UnexpectedEnd,
    /// A byte stands where the grammar allows none like it.
    UnexpectedByte {
        /// The byte.
        byte: u8,
        /// Where it stands.
        offset: usize,
    },
    /// A number is not written as RFC 8259 §6 says (leading zero, bare sign, missing digits).
    MalformedNumber {
        /// Where the number begins.
        offset: usize,
    },
    /// A number is beyond the range of `f64` (`1e999`): nobody could read it.
    NumberTooLarge {
        /// Where the number begins.
        offset: usize,
    },
    /// A control character below U+0020 stands unescaped in a string.
    ControlCharacter {
        /// Where it stands.
        offset: usize,
    },
    /// A backslash in a string begins no escape of RFC 8259 §7.
    MalformedEscape {
        /// Where the backslash stands.
        offset: usize,
    },
    /// A `\u` escape names half of a surrogate pair.
    LoneSurrogate {
        /// Where the escape begins.
        offset: usize,
    },
    /// An object has one member name twice, compared after unescaping.
    DuplicateMember {
        /// The name, unescaped.
        name: String,
        /// Where the second of the two begins.
        offset: usize,
    },
    /// Something other than whitespace follows the value.
    TrailingData {
        /// Where it begins.
        offset: usize,
    },
    /// The value is well-formed, but no object, where only an object is allowed.
    NotAnObject,
    /// The value is well-formed, but does not have the members or types the reader asked for. The message of the source
    /// may quote the value that did not fit, so it does not belong into a log where the document holds secrets.
    Data(serde_json::Error),
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { len, limit } => write!(f, "JSON of {len} bytes, at most {limit} are allowed"),
            Self::TooDeep { limit, offset } => {
                write!(f, "JSON nested deeper than {limit} levels at byte {offset}")
            }
            Self::TooManyMembers { limit, offset } => {
                write!(f, "JSON object with more than {limit} members at byte {offset}")
            }
            Self::TooManyValues { limit, offset } => {
                write!(f, "JSON with more than {limit} values at byte {offset}")
            }
            Self::ByteOrderMark => f.write_str("JSON begins with a byte order mark"),
            Self::NotUtf8 { offset } => write!(f, "JSON is not UTF-8 at byte {offset}"),
            Self::UnexpectedEnd => f.write_str("JSON ends inside a value"),
            Self::UnexpectedByte { byte, offset } => {
                write!(f, "unexpected byte 0x{byte:02x} in JSON at byte {offset}")
            }
            Self::MalformedNumber { offset } => write!(f, "malformed JSON number at byte {offset}"),
            Self::NumberTooLarge { offset } => {
                write!(f, "JSON number beyond the range of f64 at byte {offset}")
            }
            Self::ControlCharacter { offset } => {
                write!(f, "unescaped control character in a JSON string at byte {offset}")
            }
            Self::MalformedEscape { offset } => {
                write!(f, "malformed escape in a JSON string at byte {offset}")
            }
            Self::LoneSurrogate { offset } => {
                write!(f, "unpaired surrogate in a JSON string at byte {offset}")
            }
            Self::DuplicateMember { name, offset } => {
                write!(
                    f,
                    "member {:.64} occurs twice in a JSON object, again at byte {offset}",
                    format!("{name:?}")
                )
            }
            Self::TrailingData { offset } => write!(f, "data after the JSON value at byte {offset}"),
            Self::NotAnObject => f.write_str("the JSON value is not an object"),
            Self::Data(error) => write!(
                f,
                "the JSON value does not have the expected shape at line {} column {}",
                error.line(),
                error.column()
            ),
        }
    }
}

impl std::error::Error for JsonError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Data(error) => Some(error),
            _ => None,
        }
    }
}
