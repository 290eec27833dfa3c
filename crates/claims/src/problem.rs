//! What is wrong with a claim that was kept as received.

use std::fmt;

use avouch_types::{UriError, WordError};
use serde_json::Value;

use crate::PhoneNumberError;
use crate::path::Shown;

/// The JSON types of [RFC 8259 §3](https://www.rfc-editor.org/rfc/rfc8259#section-3).
///
/// ```
/// use avouch_claims::{JsonType, StandardClaims};
/// assert_eq!(StandardClaims::type_of("email_verified"), Some(JsonType::Boolean));
/// assert_eq!(JsonType::Boolean.to_string(), "a boolean");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// a number
    Number,
    /// a string
    String,
    /// an array
    Array,
    /// an object
    Object,
}

impl JsonType {
    /// The type of a value.
    ///
    /// ```
    /// use avouch_claims::JsonType;
    /// assert_eq!(JsonType::of(&serde_json::json!([1])), JsonType::Array);
    /// ```
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }
}

impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}

/// One thing that is wrong with a set of claims; the claim itself was kept as received.
///
/// A problem names where it is and never the value, which may be personal data.
///
/// ```
/// use avouch_claims::{ProblemLevel, StandardClaims};
/// let json = br#"{"email": "jane@@example.com", "phone_number": "555-1212", "address": {"region": 5}}"#;
/// let claims = StandardClaims::from_json(json, &avouch_json::Limits::default())?;
/// let found: Vec<_> = claims.problems().iter().map(|problem| (problem.path().to_owned(), problem.level())).collect();
/// assert_eq!(
///     found,
///     [
///         ("address.region".to_owned(), ProblemLevel::Must),
///         ("email".to_owned(), ProblemLevel::Must),
///         ("phone_number".to_owned(), ProblemLevel::Should),
///     ]
/// );
/// # Ok::<(), avouch_json::JsonError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimProblem {
    /// A claim that was required is not there.
    Missing {
        /// The claim name.
        path: String,
    },
    /// The claim has another JSON type than Core 5.1 gives it.
    WrongType {
        /// Where: the claim name, or `address.` and the member name.
        path: String,
        /// The type that the specification gives.
        expected: JsonType,
        /// The type that was received.
        found: JsonType,
    },
    /// The claim is an empty text instead of being left out.
    Empty {
        /// The claim name.
        path: String,
    },
    /// `sub` is not 1 to 255 ASCII characters.
    SubFormat {
        /// What is wrong with it.
        error: WordError,
    },
    /// `profile`, `picture` or `website` is not a URL that can be shown.
    UrlFormat {
        /// The claim name.
        path: String,
        /// What is wrong with it.
        error: UriError,
    },
    /// `email` is not an `addr-spec` of RFC 5322.
    EmailFormat {
        /// The claim name.
        path: String,
        /// The byte where it stops being one.
        position: usize,
    },
    /// `birthdate` is neither `YYYY-MM-DD` (year `0000` for "not given") nor `YYYY`.
    BirthdateFormat {
        /// The claim name.
        path: String,
    },
    /// `zoneinfo` is not built as a name of the IANA Time Zone Database.
    ZoneinfoFormat {
        /// The claim name.
        path: String,
    },
    /// `locale` is no language tag, with underscores neither.
    LocaleFormat {
        /// The claim name.
        path: String,
        /// What is wrong with it.
        error: WordError,
    },
    /// `locale` is a language tag but for `_` in place of `-`.
    LocaleUnderscore {
        /// The claim name.
        path: String,
    },
    /// `phone_number` is not in the format of E.164, or its extension not in that of RFC 3966.
    PhoneNumberFormat {
        /// The claim name.
        path: String,
        /// What is wrong with it.
        error: PhoneNumberError,
        /// Whether `phone_number_verified` is true: then the format is a MUST.
        verified: bool,
    },
    /// `updated_at` is before 1970 or after the year 9999, as milliseconds would be.
    UpdatedAtOutOfRange {
        /// The claim name.
        path: String,
    },
    /// A number was received that is not held as it was written, and is written back as another.
    InexactNumber {
        /// The claim, or the member of the address, that is the number or has it inside.
        path: String,
    },
    /// A line ends otherwise than in `\r\n` or `\n`, or in a member that has one line only.
    LineBreak {
        /// The member of the address.
        path: String,
    },
    /// A part of the address does not stand in its `formatted` member.
    NotInFormatted {
        /// The member of the address.
        path: String,
    },
    /// What follows the `#` of a standard claim is no language tag.
    LanguageTagFormat {
        /// The claim name.
        path: String,
        /// What is wrong with it.
        error: WordError,
    },
    /// A language tag is not written in the casing of the registry.
    LanguageTagCasing {
        /// The claim name.
        path: String,
    },
    /// A claim stands there twice in one language: the tags differ in case only.
    LanguageTwice {
        /// The second of the two.
        path: String,
    },
}

/// How much the specification minds.
///
/// ```
/// use avouch_claims::{ProblemLevel, StandardClaims};
/// let claims = StandardClaims { locale: Some("en_US".to_owned()), ..StandardClaims::default() };
/// let worst = claims.problems().iter().map(|problem| problem.level()).max();
/// assert_eq!(worst, Some(ProblemLevel::Should));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemLevel {
    /// A recommendation is not followed; the claim can be understood.
    Should,
    /// The claim is not what the specification says it is.
    Must,
}

impl ClaimProblem {
    /// Where the problem is: `email_verified`, `address.locality`, `website#de`.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Missing { path }
            | Self::WrongType { path, .. }
            | Self::Empty { path }
            | Self::UrlFormat { path, .. }
            | Self::EmailFormat { path, .. }
            | Self::BirthdateFormat { path }
            | Self::ZoneinfoFormat { path }
            | Self::LocaleFormat { path, .. }
            | Self::LocaleUnderscore { path }
            | Self::PhoneNumberFormat { path, .. }
            | Self::UpdatedAtOutOfRange { path }
            | Self::InexactNumber { path }
            | Self::LineBreak { path }
            | Self::NotInFormatted { path }
            | Self::LanguageTagFormat { path, .. }
            | Self::LanguageTagCasing { path }
            | Self::LanguageTwice { path } => path,
            Self::SubFormat { .. } => "sub",
        }
    }

    /// The section of the specification that says otherwise.
    #[must_use]
    pub fn section(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "OpenID Connect Core 1.0, 5.3.2",
            Self::InexactNumber { .. } => "RFC 8259, 6",
            Self::SubFormat { .. } => "OpenID Connect Core 1.0, 2",
            Self::LanguageTagFormat { .. } | Self::LanguageTagCasing { .. } | Self::LanguageTwice { .. } => {
                "OpenID Connect Core 1.0, 5.2"
            }
            _ if is_inside_address(self.path()) => "OpenID Connect Core 1.0, 5.1.1",
            _ => "OpenID Connect Core 1.0, 5.1",
        }
    }

    /// Whether a MUST is broken or a recommendation not followed.
    #[must_use]
    pub fn level(&self) -> ProblemLevel {
        match self {
            Self::Empty { .. }
            | Self::LocaleUnderscore { .. }
            | Self::PhoneNumberFormat { verified: false, .. }
            | Self::InexactNumber { .. }
            | Self::NotInFormatted { .. }
            | Self::LanguageTagCasing { .. } => ProblemLevel::Should,
            _ => ProblemLevel::Must,
        }
    }
}

impl fmt::Display for ClaimProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", Shown(self.path()))?;
        match self {
            Self::Missing { .. } => f.write_str("is missing"),
            Self::WrongType { expected, found, .. } => {
                write!(f, "is {found} where the specification says {expected}")
            }
            Self::Empty { .. } => f.write_str("is empty instead of left out"),
            Self::SubFormat { error } => write!(f, "is not a subject identifier: {error}"),
            Self::UrlFormat { error, .. } => write!(f, "is not a URL: {error}"),
            Self::EmailFormat { position, .. } => {
                write!(f, "is not an addr-spec of RFC 5322, at byte {position}")
            }
            Self::BirthdateFormat { .. } => f.write_str("is neither YYYY-MM-DD nor YYYY"),
            Self::ZoneinfoFormat { .. } => f.write_str("is no name of the IANA Time Zone Database"),
            Self::LocaleFormat { error, .. } | Self::LanguageTagFormat { error, .. } => {
                write!(f, "has no BCP 47 language tag: {error}")
            }
            Self::LocaleUnderscore { .. } => {
                f.write_str("has an underscore where a language tag has a hyphen")
            }
            Self::PhoneNumberFormat { error, verified, .. } => {
                let rule = if *verified { "as a verified number must be" } else { "as recommended" };
                write!(f, "is not in the format of E.164 {rule}: {error}")
            }
            Self::UpdatedAtOutOfRange { .. } => f.write_str("is no time between 1970 and 9999 in seconds"),
            Self::InexactNumber { .. } => f.write_str("has a number of more digits or range than is kept"),
            Self::LineBreak { .. } => f.write_str("has a line break that does not belong there"),
            Self::NotInFormatted { .. } => f.write_str("does not stand in the formatted address"),
            Self::LanguageTagCasing { .. } => {
                f.write_str("has a language tag in another casing than the registry")
            }
            Self::LanguageTwice { .. } => f.write_str("stands there twice in one language"),
        }?;
        write!(f, " ({})", self.section())
    }
}

/// Whether a path is of a member of an address, in a language or not.
fn is_inside_address(path: &str) -> bool {
    path.split_once('.').is_some_and(|(parent, _)| parent == "address" || parent.starts_with("address#"))
}

impl std::error::Error for ClaimProblem {}
