use std::fmt;

/// Why a text is not a value of its type. Positions count bytes. The text itself is never repeated, since some of these
/// texts are secret.
///
/// ```
/// use avouch_types::{Scope, WordError};
/// assert_eq!(Scope::parse("a b"), Err(WordError::ForbiddenCharacter { what: "scope", position: 1 }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WordError {
    /// The text is empty.
    Empty {
        /// What was to be read.
        what: &'static str,
    },
    /// A character stands where the specification allows none like it.
    ForbiddenCharacter {
        /// What was to be read.
        what: &'static str,
        /// Where the character stands.
        position: usize,
    },
    /// The text is shorter than the specification asks for.
    TooShort {
        /// What was to be read.
        what: &'static str,
        /// Length of the text.
        len: usize,
        /// The least allowed length.
        least: usize,
    },
    /// The text is longer than the specification allows.
    TooLong {
        /// What was to be read.
        what: &'static str,
        /// Length of the text.
        len: usize,
        /// The greatest allowed length.
        most: usize,
    },
    /// A set of words names one word twice.
    RepeatedWord {
        /// What was to be read.
        what: &'static str,
        /// Where the word stands again.
        position: usize,
    },
    /// A language tag is not built as BCP 47 says.
    MalformedLanguageTag {
        /// Where the subtag stands that fits no place.
        position: usize,
    },
}

impl fmt::Display for WordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { what } => write!(f, "{what} is empty"),
            Self::ForbiddenCharacter { what, position } => {
                write!(f, "{what} has a character that is not allowed, at byte {position}")
            }
            Self::TooShort { what, len, least } => {
                write!(f, "{what} of {len} bytes, at least {least} are needed")
            }
            Self::TooLong { what, len, most } => {
                write!(f, "{what} of {len} bytes, at most {most} are allowed")
            }
            Self::RepeatedWord { what, position } => {
                write!(f, "{what} names a word twice, again at byte {position}")
            }
            Self::MalformedLanguageTag { position } => {
                write!(f, "language tag is not built as BCP 47 says, at byte {position}")
            }
        }
    }
}

impl std::error::Error for WordError {}

/// A rule about the text of a word; `what` names the word in the error.
pub(crate) type Rule = fn(text: &str, what: &'static str) -> Result<(), WordError>;

/// No rule: any text, also none.
pub(crate) fn any_text(_: &str, _: &'static str) -> Result<(), WordError> {
    Ok(())
}

/// Any text but the empty one.
pub(crate) fn not_empty(text: &str, what: &'static str) -> Result<(), WordError> {
    if text.is_empty() { Err(WordError::Empty { what }) } else { Ok(()) }
}

/// `1*VSCHAR` of RFC 6749 appendix A: visible ASCII and space.
pub(crate) fn vschars(text: &str, what: &'static str) -> Result<(), WordError> {
    each(text, what, |byte| matches!(byte, 0x20..=0x7E))
}

/// Visible ASCII without space: one word of a space-delimited list.
pub(crate) fn visible(text: &str, what: &'static str) -> Result<(), WordError> {
    each(text, what, |byte| matches!(byte, 0x21..=0x7E))
}

/// `1*NQCHAR` of RFC 6749 appendix A: a scope token.
pub(crate) fn nqchars(text: &str, what: &'static str) -> Result<(), WordError> {
    each(text, what, |byte| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
}

/// `1*NQSCHAR` of RFC 6749 appendix A: an error code or description.
pub(crate) fn nqschars(text: &str, what: &'static str) -> Result<(), WordError> {
    each(text, what, |byte| matches!(byte, 0x20 | 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
}

pub(crate) fn each(text: &str, what: &'static str, allowed: impl Fn(u8) -> bool) -> Result<(), WordError> {
    not_empty(text, what)?;
    // without a way out of the loop, many bytes are looked at in one step
    if text.bytes().fold(true, |all, byte| all & allowed(byte)) {
        return Ok(());
    }
    match text.bytes().position(|byte| !allowed(byte)) {
        Some(position) => Err(WordError::ForbiddenCharacter { what, position }),
        None => Ok(()),
    }
}

/// What stands before the first such ASCII character, and after it if there is one. Short texts are cut like this faster
/// than by `split_once`.
pub(crate) fn cut(text: &str, separator: u8) -> (&str, Option<&str>) {
    let at = position(text.as_bytes(), separator).unwrap_or(text.len());
    let (before, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    (before, rest.get(1..))
}

/// Where a byte stands first. Eight are looked at in one step.
fn position(bytes: &[u8], byte: u8) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);
    let (steps, rest) = bytes.as_chunks::<8>();
    for (index, step) in steps.iter().enumerate() {
        let difference = u64::from_le_bytes(*step) ^ u64::from_ne_bytes([byte; 8]);
        // the lowest bit that is set is that of the first byte without a difference
        let same = difference.wrapping_sub(ONES) & !difference & HIGH_BITS;
        if same != 0 {
            return Some(index * 8 + same.trailing_zeros() as usize / 8);
        }
    }
    let of_rest = rest.iter().position(|other| *other == byte)?;
    Some(steps.len() * 8 + of_rest)
}

/// What stands between such ASCII characters; as `split` gives it, only faster for short texts.
pub(crate) fn pieces(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let (piece, after) = cut(rest?, separator);
        rest = after;
        Some(piece)
    })
}

/// An identifier or registered word: a text that keeps its spelling, with one rule and named constants.
/// Values without a constant are as good as those with one.
macro_rules! string_newtype {
    ($(#[$doc:meta])* $name:ident, $what:literal, $rule:path
     $(, { $($(#[$const_doc:meta])* $constant:ident = $text:literal;)+ })?) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(::std::borrow::Cow<'static, str>);

        $(impl $name {
            $($(#[$const_doc])* pub const $constant: Self = Self(::std::borrow::Cow::Borrowed($text));)+
        })?

        impl $name {
            /// Reads the value; its spelling is kept.
            ///
            /// # Errors
            /// A [`WordError`](crate::WordError) if the text breaks the rule of this type.
            pub fn parse(text: &str) -> Result<Self, $crate::WordError> {
                Self::check(text)?;
                // what has a constant needs no memory of its own
                Ok(match text {
                    $($($text => Self::$constant,)+)?
                    _ => Self(::std::borrow::Cow::Owned(text.to_owned())),
                })
            }

            /// Holds a text against the rule of this type, for those who compare and do not keep it.
            ///
            /// # Errors
            /// A [`WordError`](crate::WordError) if the text breaks the rule.
            pub fn check(text: &str) -> Result<(), $crate::WordError> {
                $rule(text, $what)
            }
        }

        $crate::word::string_traits!($name);
    };
}

/// What every type has that is read by `parse` and keeps a text in field 0.
macro_rules! string_traits {
    ($name:ident) => {
        $crate::word::string_traits!($name, $crate::WordError);
    };
    ($name:ident, $error:ty) => {
        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        $crate::word::parse_traits!($name, $error);
    };
}

/// Reading and writing as one text, for a type that has `parse` and `Display`.
macro_rules! parse_traits {
    ($name:ident) => {
        $crate::word::parse_traits!($name, $crate::WordError);
    };
    ($name:ident, $error:ty) => {
        impl ::std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::word::Parsed(Self::parse))
            }
        }
    };
}

/// Reads a text by a `parse` function, without a copy in between.
pub(crate) struct Parsed<T, E>(pub(crate) fn(&str) -> Result<T, E>);

impl<T, E: fmt::Display> serde::de::Visitor<'_> for Parsed<T, E> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<S: serde::de::Error>(self, text: &str) -> Result<T, S> {
        (self.0)(text).map_err(S::custom)
    }
}

pub(crate) use {parse_traits, string_newtype, string_traits};

#[cfg(test)]
mod tests {
    use super::{cut, pieces};

    #[test]
    fn texts_are_cut_where_split_cuts_them() {
        for (before, after) in (0..20).flat_map(|before| (0..20).map(move |after| (before, after))) {
            // neighbours of the separator and bytes with their high bit set stand before it
            for filler in ["x", "9", ";", "\u{ba}", "\0"] {
                let (before, after) = (filler.repeat(before), ":".repeat(after));
                let text = format!("{before}:{after}");
                assert_eq!(cut(&text, b':'), (before.as_str(), Some(after.as_str())));
                assert_eq!(cut(&before, b':'), (before.as_str(), None));
                assert!(pieces(&text, b':').eq(text.split(':')));
            }
        }
    }
}
