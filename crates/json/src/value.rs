use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use crate::exact::holds_numbers;
use crate::scan::{Span, string, token};
use crate::{Limits, ObjectView};

/// A value in a document that has been checked, as it is written.
///
/// Reading it as something that it is not gives `None`.
///
/// ```
/// # use avouch_json::{Limits, ObjectView};
/// let header = ObjectView::read(br#"{"alg":"RS256","crit":["exp"],"b64":true}"#, &Limits::default())?;
/// let crit: Vec<_> = header.get("crit").and_then(|crit| crit.elements()).into_iter().flatten().collect();
/// assert_eq!(crit[0].as_str().as_deref(), Some("exp"));
/// assert_eq!(header.get("b64").and_then(|b64| b64.as_bool()), Some(true));
/// assert_eq!(header.get("alg").and_then(|alg| alg.as_bool()), None);
/// # Ok::<(), avouch_json::JsonError>(())
/// ```
#[derive(Clone, Copy)]
pub struct RawValue<'a> {
    document: &'a str,
    place: Span,
    escaped: bool,
}

impl<'a> RawValue<'a> {
    /// The value that stands at a place of a document. `escaped`: if it is a string, whether escapes stand in it.
    #[inline]
    pub(crate) fn new(document: &'a str, place: Span, escaped: bool) -> Self {
        Self { document, place, escaped }
    }

    /// The JSON text.
    pub fn as_json(self) -> &'a str {
        self.place.of(self.document)
    }

    fn as_bytes(self) -> &'a [u8] {
        self.place.octets_of(self.document)
    }

    #[inline]
    fn first(self) -> u8 {
        token::byte(self.as_bytes(), 0)
    }

    /// The text of a string, borrowed unless escapes stand in it.
    #[inline]
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        match self.escaped {
            _ if !self.is_string() => None,
            false => Some(Cow::Borrowed(self.place.inside().of(self.document))),
            true => Some(string::unescape(self.as_json())),
        }
    }

    /// Whether it is a string.
    #[inline]
    pub fn is_string(self) -> bool {
        self.first() == b'"'
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        self.first() == b'{'
    }

    /// Whether it is an array.
    pub fn is_array(self) -> bool {
        self.first() == b'['
    }

    /// A number that is written without fraction and exponent, and is in range.
    pub fn as_i64(self) -> Option<i64> {
        // so many digits always fit
        const FIT: usize = 18;
        let digit = |octet: u8| octet.is_ascii_digit().then(|| i64::from(octet - b'0'));
        match self.as_bytes() {
            digits @ [b'0'..=b'9', ..] if digits.len() <= FIT => {
                digits.iter().try_fold(0, |number, &octet| Some(number * 10 + digit(octet)?))
            }
            _ => self.as_json().parse().ok(),
        }
    }

    /// `true` or `false`.
    pub fn as_bool(self) -> Option<bool> {
        match self.as_bytes() {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        }
    }

    /// The elements of an array.
    pub fn elements(self) -> Option<Elements<'a>> {
        self.is_array().then(|| Elements { document: self.document, rest: self.place.inside() })
    }

    /// The members of an object.
    pub fn as_object(self) -> Option<ObjectView<'a>> {
        if !self.is_object() {
            return None;
        }
        // it is part of a document that kept to limits already
        let everything =
            Limits { bytes: usize::MAX, depth: usize::MAX, members: usize::MAX, elements: usize::MAX };
        ObjectView::read(self.as_bytes(), &everything).ok()
    }

    /// The value by itself.
    ///
    /// # Errors
    /// None for a value that was nested no deeper than 127 levels: `serde_json` reads no deeper ones.
    pub fn to_value(self) -> Result<Value, serde_json::Error> {
        match self.as_bytes() {
            [b'"', ..] => Ok(Value::String(self.as_str().unwrap_or_default().into_owned())),
            [b't', ..] => Ok(Value::Bool(true)),
            [b'f', ..] => Ok(Value::Bool(false)),
            [b'n', ..] => Ok(Value::Null),
            // written with a sign, zero is kept as a fraction
            [b'1'..=b'9', ..] => self.as_i64().map_or_else(|| self.read(), |whole| Ok(whole.into())),
            _ => self.read(),
        }
    }

    /// Whether [`to_value`](Self::to_value) holds every number in it in the very value in which it is written: integers of 64
    /// bits always, others if the `f64` that is read for them is written as the same decimal number.
    ///
    /// ```
    /// # use avouch_json::{Limits, ObjectView};
    /// let read = ObjectView::read(br#"{"a":[1.50,2e3],"b":18446744073709551616}"#, &Limits::default())?;
    /// assert_eq!(read.get("a").map(|a| a.is_exact()), Some(true));
    /// assert_eq!(read.get("b").map(|b| b.is_exact()), Some(false)); // written again as 1.8446744073709552e19
    /// # Ok::<(), avouch_json::JsonError>(())
    /// ```
    pub fn is_exact(self) -> bool {
        self.is_string() || holds_numbers(self.as_json())
    }

    /// The value as a `T`, which may borrow from the document.
    ///
    /// # Errors
    /// What serde says if it is not a `T`. The message may quote the value.
    pub fn read<T: Deserialize<'a>>(self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.as_json())
    }
}

/// The kind alone: the value may be personal or secret.
impl fmt::Debug for RawValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.first() {
            b'"' => "string",
            b'{' => "object",
            b'[' => "array",
            b't' | b'f' => "boolean",
            b'n' => "null",
            _ => "number",
        })
    }
}

/// The elements of an array in a document that has been checked: [`RawValue::elements`].
///
/// ```
/// # use avouch_json::{Limits, ObjectView};
/// let document = ObjectView::read(br#"{"sizes": [1, [2, 3], "]"]}"#, &Limits::default())?;
/// let sizes = document.get("sizes").and_then(|sizes| sizes.elements()).into_iter().flatten();
/// assert_eq!(sizes.map(|size| size.as_json()).collect::<Vec<_>>(), ["1", "[2, 3]", "\"]\""]);
/// # Ok::<(), avouch_json::JsonError>(())
/// ```
#[derive(Clone)]
pub struct Elements<'a> {
    document: &'a str,
    /// What of the inside of the array is left.
    rest: Span,
}

impl fmt::Debug for Elements<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = RawValue<'a>;

    fn next(&mut self) -> Option<RawValue<'a>> {
        let is_between = |byte: &u8| matches!(byte, b',' | b' ' | b'\t' | b'\n' | b'\r');
        let rest = self.rest.octets_of(self.document);
        let start = rest.iter().position(|byte| !is_between(byte))?;
        let (len, escaped) = value_end(rest.get(start..)?)?;
        let (element, rest) = self.rest.split(start, len);
        self.rest = rest;
        Some(RawValue::new(self.document, element, escaped))
    }
}

/// Where a checked value ends that begins with these bytes, and, if it is a string, whether escapes stand in it. What follows
/// it in its array may stand behind it, the bracket that closes the array may not.
fn value_end(bytes: &[u8]) -> Option<(usize, bool)> {
    match bytes.first()? {
        b'"' => string::scan(bytes, 0).ok(),
        b'{' | b'[' => {
            let (mut at, mut depth) = (0, 0_usize);
            loop {
                match bytes.get(at)? {
                    b'"' => {
                        at = string::scan(bytes, at).ok()?.0;
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' if depth == 1 => return Some((at + 1, false)),
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                at += 1;
            }
        }
        _ => {
            let ends = |byte: &u8| matches!(byte, b',' | b' ' | b'\t' | b'\n' | b'\r');
            Some((bytes.iter().position(ends).unwrap_or(bytes.len()), false))
        }
    }
}
