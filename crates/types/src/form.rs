//! `application/x-www-form-urlencoded`: the form of queries, bodies and fragments (RFC 6749 appendix B).

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

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
    parameters: Vec<(Cow<'static, str>, String)>,
}

impl Form {
    /// A form without parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
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
        let mut parameters = Vec::new();
        let mut offset = 0;
        for pair in encoded.split(|&byte| byte == b'&') {
            if !pair.is_empty() {
                if parameters.len() == limits.parameters {
                    return Err(FormError::TooManyParameters { limit: limits.parameters });
                }
                let name_len = pair.iter().position(|&byte| byte == b'=').unwrap_or(pair.len());
                let (name, value) = pair.split_at(name_len);
                let name = codec::decode_bytes(name, offset)?;
                let value = codec::decode_bytes(value.get(1..).unwrap_or_default(), offset + name_len + 1)?;
                parameters.push((Cow::Owned(name), value));
            }
            offset += pair.len() + 1;
        }
        Ok(Self { parameters })
    }

    /// This form with one more parameter.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// This form with one more parameter, if there is a value.
    #[must_use]
    pub fn with_some(self, name: impl Into<Cow<'static, str>>, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// This form without the parameters of these names.
    #[must_use]
    pub fn without(mut self, names: &[&str]) -> Self {
        self.parameters.retain(|(name, _)| !names.contains(&name.as_ref()));
        self
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
        let mut seen = BTreeSet::new();
        let mut repeated = Vec::new();
        for (name, _) in self.iter() {
            if !seen.insert(name) && !repeated.contains(&name) {
                repeated.push(name);
            }
        }
        repeated
    }

    /// All parameters in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_ref(), value.as_str()))
    }

    /// Whether there is no parameter.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }

    /// The encoded form. It holds whatever the values hold, secrets too: it is for the wire only.
    #[must_use]
    pub fn to_urlencoded(&self) -> String {
        let mut encoded = String::new();
        for (name, value) in self.iter() {
            if !encoded.is_empty() {
                encoded.push('&');
            }
            codec::encode_into(name, &mut encoded);
            encoded.push('=');
            codec::encode_into(value, &mut encoded);
        }
        encoded
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Form")?;
        f.debug_set().entries(self.iter().map(|(name, _)| name)).finish()
    }
}
