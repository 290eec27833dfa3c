use std::sync::Arc;

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::error::{JweError, Segment};
use super::header::{Header, HeaderError, Management, Parts, check_promised};
use super::inflate::InflateLimits;
use super::unverified::UnverifiedJwe;
use crate::base64url;
use crate::jws::memo::Memo;
use crate::limits::Limits;

/// How JWE are read: budgets, which critical parameters are understood, and whether compressed content is accepted. Made
/// once and kept beside the keys.
///
/// A new reader understands nothing critical and accepts no compression. It remembers the last header it accepted, so that
/// the next token with exactly that header costs less; it can be shared between threads, and none ever waits for another.
///
/// ```
/// use avouch_jose::{Limits, jwe::{HeaderError, JweError, Reader}};
///
/// // {"alg":"dir","enc":"A128GCM","crit":["exp"],"exp":1363284000}
/// let token = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIiwiY3JpdCI6WyJleHAiXSwiZXhwIjoxMzYzMjg0MDAwfQ.\
///     .AAAAAAAAAAAAAAAA..AAAAAAAAAAAAAAAAAAAAAA";
/// let strict = Reader::new(Limits::default());
/// assert!(matches!(strict.compact(token), Err(JweError::Header(HeaderError::CriticalNotUnderstood(_)))));
///
/// let reader = Reader::new(Limits::default()).understanding(["exp"])?;
/// let jwe = reader.compact(token)?;
/// assert_eq!(jwe.header().parameter("exp").and_then(|exp| exp.as_u64()), Some(1_363_284_000));
/// # Ok::<(), JweError>(())
/// ```
#[derive(Debug)]
pub struct Reader {
    rules: Rules,
    memo: Memo<Header>,
}

/// What a reader reads. A header that was accepted once is accepted again only under the same rules.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) limits: Limits,
    pub(super) understood: Vec<String>,
    pub(super) inflating: Option<InflateLimits>,
}

impl Reader {
    /// One that understands nothing critical and accepts no compression, within these limits.
    pub fn new(limits: Limits) -> Self {
        Self::of(Rules::strict(limits))
    }

    fn of(rules: Rules) -> Self {
        Self { rules, memo: Memo::default() }
    }

    /// Accepts these names in `crit`: the caller promises to process each of the parameters itself
    /// ([RFC 7516 §4.1.13](https://www.rfc-editor.org/rfc/rfc7516#section-4.1.13)).
    ///
    /// # Errors
    ///
    /// [`HeaderError::CriticalRegistered`] for a name that cannot be critical, and for `b64`, which means nothing here.
    pub fn understanding<N: Into<String>>(
        self,
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, HeaderError> {
        let mut rules = self.rules;
        for name in names {
            let name = name.into();
            check_promised(&name)?;
            rules.understood.push(name);
        }
        Ok(Self::of(rules))
    }

    /// Accepts content that was compressed with DEFLATE before it was encrypted (`zip`), up to these limits. How long a
    /// compressed text is can tell what is in it ([RFC 8725 §3.6]): better not to ask senders for it.
    ///
    /// [RFC 8725 §3.6]: https://www.rfc-editor.org/rfc/rfc8725#section-3.6
    #[cfg(feature = "zip")]
    #[must_use]
    pub fn inflating(self, limits: InflateLimits) -> Self {
        Self::of(Rules { inflating: Some(limits), ..self.rules })
    }

    /// The budgets.
    pub fn limits(&self) -> &Limits {
        &self.rules.limits
    }

    /// Reads a JWE in compact form ([RFC 7516 §7.1](https://www.rfc-editor.org/rfc/rfc7516#section-7.1)).
    ///
    /// # Errors
    ///
    /// [`JweError`] for a token past its budget, of another form, or with a header that breaks a rule.
    pub fn compact<'a>(&self, token: &'a str) -> Result<UnverifiedJwe<'a>, JweError> {
        UnverifiedJwe::compact(token, &self.rules, Some(&self.memo))
    }

    /// Reads a JWE in JSON, general or flattened; its members tell which
    /// ([RFC 7516 §7.2](https://www.rfc-editor.org/rfc/rfc7516#section-7.2)).
    ///
    /// # Errors
    ///
    /// [`JweError`] for a text past its budget, of another form, or with a header that breaks a rule.
    pub fn json(&self, text: &str) -> Result<UnverifiedJwe<'static>, JweError> {
        super::json::read(text, &self.rules)
    }
}

/// The clone remembers no header as yet.
impl Clone for Reader {
    fn clone(&self) -> Self {
        Self::of(self.rules.clone())
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Rules {
    pub(super) fn strict(limits: Limits) -> Self {
        Self { limits, understood: Vec::new(), inflating: None }
    }

    pub(super) fn check_length(&self, text: &str) -> Result<(), JweError> {
        let (len, limit) = (text.len(), self.limits.token_bytes);
        if len > limit { Err(JweError::TokenTooLong { len, limit }) } else { Ok(()) }
    }

    /// The header of a compact JWE.
    pub(super) fn header(&self, encoded: &str, memo: Option<&Memo<Header>>) -> Result<Arc<Header>, JweError> {
        if let Some(header) = memo.and_then(|memo| memo.get(encoded)) {
            return Ok(header);
        }
        let header = self.join(Parts { protected: self.parameters(encoded)?, ..Parts::default() })?;
        header.check_management()?;
        let header = Arc::new(header);
        // a header with parameters of this one message never comes again
        if let Some(memo) = memo.filter(|_| header.management().is_some_and(Management::is_plain)) {
            memo.put(encoded, &header);
        }
        Ok(header)
    }

    pub(super) fn join(&self, parts: Parts) -> Result<Header, JweError> {
        let header = Header::join(parts)?;
        header.check_understood(&self.understood, self.inflating.is_some())?;
        Ok(header)
    }

    /// The parameters of an encoded protected header.
    pub(super) fn parameters(&self, encoded: &str) -> Result<Map<String, Value>, JweError> {
        let (len, limit) = (encoded.len(), self.limits.header_bytes);
        if len > limit {
            return Err(JweError::HeaderTooLong { len, limit });
        }
        let json = base64url::decode(encoded)
            .map_err(|source| JweError::Encoding { segment: Segment::Header, source })?;
        // wiped, since it may hold a key that should not be there
        avouch_json::object(&Zeroizing::new(json), &self.limits.json).map_err(JweError::HeaderJson)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header with parameters of one message alone does not displace one that may come again.
    #[test]
    fn headers_that_never_come_again_are_not_remembered() {
        let reader = Reader::default();
        let read = |header: &str| {
            let header = base64url::encode(header);
            assert!(reader.compact(&format!("{header}....")).is_ok(), "{header}");
            header
        };
        let lasting = read(r#"{"alg":"A128KW","enc":"A128GCM"}"#);
        let fleeting = read(r#"{"alg":"A128GCMKW","enc":"A128GCM","iv":"AAAA","tag":"AAAA"}"#);
        assert!(reader.memo.get(&lasting).is_some());
        assert!(reader.memo.get(&fleeting).is_none());
    }
}
