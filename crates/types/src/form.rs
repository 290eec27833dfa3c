//! `application/x-www-form-urlencoded`: the form of queries, bodies and fragments (RFC 6749 appendix B).

use std::fmt;

use crate::repeats::second_places;

mod codec;
mod error;

pub use codec::{decode, encode};
pub use error::FormError;

/// How much work one form may ask for.
///
/// ```
/// use avouch_types::{Form, FormLimits, form::FormError};
/// let limits = FormLimits::default().with_parameters(1);
/// assert_eq!(Form::parse(b"a=1&b=2", &limits), Err(FormError::TooManyParameters { limit: 1 }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormLimits {
    /// Length of the encoded form in bytes. Default 64 KiB.
    pub bytes: usize,
    /// Number of parameters. Default 128.
    pub parameters: usize,
}

impl Default for FormLimits {
    fn default() -> Self {
        Self { bytes: 64 * 1024, parameters: 128 }
    }
}

impl FormLimits {
    /// The same limits with another length in bytes.
    #[must_use]
    pub const fn with_bytes(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }

    /// The same limits with another number of parameters.
    #[must_use]
    pub const fn with_parameters(self, parameters: usize) -> Self {
        Self { parameters, ..self }
    }
}

/// Parameters in their order, as they stand in a query, a fragment or a form body.
///
/// `Debug` shows the names only: values may be secret.
///
/// ```
/// use avouch_types::{Form, FormLimits, form::FormError};
/// let limits = FormLimits::default();
/// let form = Form::parse(b"scope=openid+email&state=", &limits)?;
/// assert_eq!(form.get("scope"), Some("openid email"));
/// assert_eq!(form.get("state"), None); // a parameter without a value counts as absent
///
/// let refused = Form::parse(b"code=1&c%6Fde=2", &limits);
/// assert_eq!(refused, Err(FormError::DuplicateParameter { name: "code".to_owned() }));
/// # Ok::<(), FormError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Names and values, decoded, one after the other: name, value, name, value.
    text: String,
    parameters: Vec<Lengths>,
}

/// How many parameters a message usually has at most; more are no harm.
const USUAL: usize = 16;

/// How much of the text a parameter takes, in bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Lengths {
    name: usize,
    value: usize,
}

impl Form {
    /// A form without parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A form without parameters, with room for so many and so many bytes of names and values.
    #[must_use]
    pub fn with_capacity(parameters: usize, bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), parameters: Vec::with_capacity(parameters) }
    }

    /// Reads a form in which each name stands once (RFC 6749 §3.1, §3.2).
    ///
    /// # Errors
    /// A [`FormError`] for a duplicate name, a malformed encoding, or a form beyond `limits`.
    pub fn parse(encoded: &[u8], limits: &FormLimits) -> Result<Self, FormError> {
        Self::parse_allowing_repeats(encoded, limits, &[])
    }

    /// As [`Form::parse`], but the names in `repeatable` may stand more than once (RFC 8707 `resource`, RFC 8693
    /// `audience`).
    ///
    /// # Errors
    /// As [`Form::parse`].
    pub fn parse_allowing_repeats(
        encoded: &[u8],
        limits: &FormLimits,
        repeatable: &[&str],
    ) -> Result<Self, FormError> {
        let form = Self::parse_noting_repeats(encoded, limits)?;
        match form.repeated().into_iter().find(|name| !repeatable.contains(name)) {
            Some(name) => Err(FormError::DuplicateParameter { name: name.to_owned() }),
            None => Ok(form),
        }
    }

    /// As [`Form::parse`], but keeps names that stand more than once; [`Form::repeated`] lists them. For the authorization
    /// endpoint, which answers a duplicate by redirect if it still knows whereto.
    ///
    /// # Errors
    /// A [`FormError`] for a malformed encoding or a form beyond `limits`.
    pub fn parse_noting_repeats(encoded: &[u8], limits: &FormLimits) -> Result<Self, FormError> {
        if encoded.len() > limits.bytes {
            return Err(FormError::TooLong { len: encoded.len(), limit: limits.bytes });
        }
        let mut decoder = codec::Decoder::new(encoded);
        let mut parameters = Vec::with_capacity(USUAL);
        while decoder.has_piece() {
            if parameters.len() == limits.parameters {
                return Err(FormError::TooManyParameters { limit: limits.parameters });
            }
            let name = decoder.piece(b"=&")?;
            let value = if name.end == Some(b'=') { decoder.piece(b"&")?.len } else { 0 };
            parameters.push(Lengths { name: name.len, value });
        }
        let text = decoder.finish()?;
        Ok(Self { text, parameters })
    }

    /// This form with one more parameter.
    #[must_use]
    pub fn with(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.push(name.as_ref(), value.as_ref());
        self
    }

    /// This form with one more parameter, if there is a value.
    #[must_use]
    pub fn with_some(self, name: impl AsRef<str>, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// This form with one more parameter: a list, with a space between its words; unless the list is empty.
    #[must_use]
    pub fn with_words(mut self, name: impl AsRef<str>, words: impl IntoIterator<Item: AsRef<str>>) -> Self {
        let mut words = words.into_iter();
        let Some(first) = words.next() else { return self };
        self.push(name.as_ref(), first.as_ref());
        let start = self.text.len();
        for word in words {
            self.text.push(' ');
            self.text.push_str(word.as_ref());
        }
        if let Some(last) = self.parameters.last_mut() {
            last.value += self.text.len() - start;
        }
        self
    }

    /// The parameters but for those of these names.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        self.iter().filter(|(name, _)| !names.contains(name)).collect()
    }

    #[inline]
    fn push(&mut self, name: &str, value: &str) {
        self.text.push_str(name);
        self.text.push_str(value);
        self.parameters.push(Lengths { name: name.len(), value: value.len() });
    }

    /// The value of the parameter; `None` if it is absent, has the empty value (which counts as absent, RFC 6749 §3.1), or
    /// stands more than once (so that nobody chooses one of the values).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.raw(name).filter(|value| !value.is_empty())
    }

    /// The value of the parameter, also the empty one; `None` if it is absent or stands more than once.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&str> {
        let mut values = self.get_all(name);
        let value = values.next()?;
        if values.next().is_some() { None } else { Some(value) }
    }

    /// All values of a name that may stand more than once, in their order.
    pub fn get_all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(own, _)| *own == name).map(|(_, value)| value)
    }

    /// The names that stand more than once, each listed once.
    #[must_use]
    pub fn repeated(&self) -> Vec<&str> {
        let names = || self.iter().map(|(name, _)| name);
        let mut places = second_places(names()).into_iter().peekable();
        if places.peek().is_none() {
            return Vec::new();
        }
        names()
            .enumerate()
            .filter(|(place, _)| places.next_if_eq(place).is_some())
            .map(|(_, name)| name)
            .collect()
    }

    /// What [`get`](Self::get) gives for each of these names, and the parameters of all other names.
    ///
    /// ```
    /// use avouch_types::{Form, FormLimits};
    /// let form = Form::parse(b"scope=openid&state=&x=1", &FormLimits::default())?;
    /// let ([state, scope, nonce], others) = form.take_apart(&["state", "scope", "nonce"]);
    /// assert_eq!((state, scope, nonce), (None, Some("openid"), None));
    /// assert_eq!(others, Form::new().with("x", "1"));
    /// # Ok::<(), avouch_types::FormError>(())
    /// ```
    #[must_use]
    pub fn take_apart<const N: usize>(&self, names: &[&str; N]) -> ([Option<&str>; N], Self) {
        let mut own = [(0, ""); N];
        let mut others = Self::new();
        for (name, value) in self.iter() {
            match names.iter().position(|own| *own == name).and_then(|place| own.get_mut(place)) {
                Some((times, own)) => (*times, *own) = (*times + 1, value),
                None => others.push(name, value),
            }
        }
        (own.map(|(times, value)| Some(value).filter(|value| times == 1 && !value.is_empty())), others)
    }

    /// All parameters in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        let mut rest = self.text.as_str();
        let mut take = move |len| {
            let (piece, after) = rest.split_at_checked(len).unwrap_or_default();
            rest = after;
            piece
        };
        self.parameters.iter().map(move |lengths| (take(lengths.name), take(lengths.value)))
    }

    /// Whether there is no parameter.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }

    /// The encoded form. It holds whatever the values hold, secrets too: it is for the wire only.
    #[must_use]
    pub fn to_urlencoded(&self) -> String {
        self.encode_behind(String::with_capacity(self.encoded_len()))
    }

    /// About how long the encoded form is.
    pub(crate) fn encoded_len(&self) -> usize {
        // a name and value come with two separators, and an eighth of the bytes is three times as long
        self.text.len() + self.text.len() / 4 + 2 * self.parameters.len()
    }

    /// A text with the encoded form behind it.
    pub(crate) fn encode_behind(&self, text: String) -> String {
        let mut encoded = text.into_bytes();
        for (place, (name, value)) in self.iter().enumerate() {
            if place > 0 {
                encoded.push(b'&');
            }
            codec::encode_into(name, &mut encoded);
            encoded.push(b'=');
            codec::encode_into(value, &mut encoded);
        }
        codec::into_text(encoded)
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Form {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(parameters: I) -> Self {
        let mut form = Self::new();
        form.extend(parameters);
        form
    }
}

impl<'a> Extend<(&'a str, &'a str)> for Form {
    fn extend<I: IntoIterator<Item = (&'a str, &'a str)>>(&mut self, parameters: I) {
        parameters.into_iter().for_each(|(name, value)| self.push(name, value));
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Form")?;
        f.debug_set().entries(self.iter().map(|(name, _)| name)).finish()
    }
}
