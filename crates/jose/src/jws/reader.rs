use std::sync::Arc;

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::compact::UnverifiedJws;
use super::error::{JwsError, Segment};
use super::header::{B64, Header, HeaderError, check_critical_name};
use super::json::UnverifiedJsonJws;
use super::memo::Memo;
use super::payload::UnverifiedPayload;
use crate::base64url;
use crate::limits::Limits;

/// How JWS are read: budgets, and which critical parameters are understood. Made once and kept beside the keys.
///
/// A new reader understands nothing critical. It remembers the last header it accepted, so that the next token with
/// exactly that header costs less; it can be shared between threads, and none ever waits for another.
///
/// ```
/// use avouch_jose::{Limits, jws::{HeaderError, JwsError, Reader}};
///
/// // {"alg":"HS256","crit":["exp"],"exp":1363284000}
/// let token = "eyJhbGciOiJIUzI1NiIsImNyaXQiOlsiZXhwIl0sImV4cCI6MTM2MzI4NDAwMH0.e30.AA";
/// let strict = Reader::new(Limits::default());
/// assert!(matches!(strict.compact(token), Err(JwsError::Header(HeaderError::CriticalNotUnderstood(_)))));
///
/// let reader = Reader::new(Limits::default()).understanding(["exp"])?;
/// let jws = reader.compact(token)?;
/// assert_eq!(jws.header().parameter("exp").and_then(|exp| exp.as_u64()), Some(1_363_284_000));
/// # Ok::<(), JwsError>(())
/// ```
#[derive(Debug)]
pub struct Reader {
    rules: Rules,
    memo: Memo<Header>,
}

/// What a reader reads. A header that was accepted once is accepted again only under the same rules.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    limits: Limits,
    understood: Vec<String>,
    unencoded: bool,
    unprotected_algorithm: bool,
    signatures: usize,
}

impl Reader {
    /// One that understands nothing critical, within these limits, and looks at up to 16 signatures of one JWS.
    pub fn new(limits: Limits) -> Self {
        Self::of(Rules::strict(limits))
    }

    fn of(rules: Rules) -> Self {
        Self { rules, memo: Memo::default() }
    }

    /// Accepts these names in `crit`: the caller promises to process each of the parameters itself
    /// ([RFC 7515 §4.1.11](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11)).
    ///
    /// # Errors
    ///
    /// [`HeaderError::CriticalRegistered`] for a name that cannot be critical, and for `b64`, which is not the caller's to
    /// process: see [`unencoded_payloads`](Self::unencoded_payloads).
    pub fn understanding<N: Into<String>>(
        self,
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, HeaderError> {
        let mut rules = self.rules;
        for name in names {
            let name = name.into();
            check_critical_name(&name)?;
            if name == B64 {
                return Err(HeaderError::CriticalRegistered(name));
            }
            rules.understood.push(name);
        }
        Ok(Self::of(rules))
    }

    /// Understands `b64`: payloads that are signed as they are, without being encoded
    /// ([RFC 7797](https://www.rfc-editor.org/rfc/rfc7797)).
    #[must_use]
    pub fn unencoded_payloads(self) -> Self {
        Self::of(Rules { unencoded: true, ..self.rules })
    }

    /// Accepts an `alg` that is not protected. Only the JSON serialisations can have one; whoever changes it can choose
    /// among the algorithms the keys allow, and nothing else ([RFC 7515 §10.7]).
    ///
    /// [RFC 7515 §10.7]: https://www.rfc-editor.org/rfc/rfc7515#section-10.7
    #[must_use]
    pub fn unprotected_algorithm(self) -> Self {
        Self::of(Rules { unprotected_algorithm: true, ..self.rules })
    }

    /// Looks at up to so many signatures of one JWS in JSON; 16 by default. Each costs a verification.
    #[must_use]
    pub fn with_signature_limit(self, signatures: usize) -> Self {
        Self::of(Rules { signatures, ..self.rules })
    }

    /// The budgets.
    pub fn limits(&self) -> &Limits {
        &self.rules.limits
    }

    /// Reads a JWS in compact form ([RFC 7515 §7.1](https://www.rfc-editor.org/rfc/rfc7515#section-7.1)), as every JWT
    /// is. An empty middle segment is an empty payload.
    ///
    /// # Errors
    ///
    /// [`JwsError`] for a token past its budget, of another form, or with a header that breaks a rule;
    /// [`JwsError::PayloadUnencoded`] even where the reader understands `b64`.
    pub fn compact<'a>(&self, token: &'a str) -> Result<UnverifiedJws<'a>, JwsError> {
        UnverifiedJws::read(token, &self.rules, Some(&self.memo))
    }

    /// Reads a JWS in compact form with its payload inside, encoded or not
    /// ([RFC 7797 §5.2](https://www.rfc-editor.org/rfc/rfc7797#section-5.2)).
    ///
    /// # Errors
    ///
    /// As [`compact`](Self::compact), but for [`JwsError::PayloadUnencoded`]; and [`JwsError::UnencodedCharacter`].
    pub fn attached<'a>(&self, token: &'a str) -> Result<UnverifiedPayload<'a>, JwsError> {
        UnverifiedPayload::attached(token, &self.rules, &self.memo)
    }

    /// Reads a JWS in compact form whose payload came another way, exactly as it was signed
    /// ([RFC 7515, appendix F](https://www.rfc-editor.org/rfc/rfc7515#appendix-F)). The payload is copied once, behind the
    /// header that is signed with it.
    ///
    /// ```
    /// use avouch_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey, VerifyingKeys};
    /// use avouch_jose::jws::{self, HeaderParameters, Reader};
    ///
    /// # let crypto = avouch_jose_ring::provider();
    /// # let (key, private) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto)?;
    /// # let keys = VerifyingKeys::single(VerifyingKey::prepare(&private, JwsAlgorithm::ES256, &crypto)?);
    /// let body = b"the body of a message, whose header carries the signature";
    /// let signature = jws::sign_unencoded_detached(&HeaderParameters::new(), body, &key)?;
    ///
    /// let reader = Reader::new(Limits::default()).unencoded_payloads();
    /// assert!(reader.detached(&signature, body)?.verify(&keys).is_ok());
    /// assert!(reader.detached(&signature, b"another body")?.verify(&keys).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`attached`](Self::attached), and [`JwsError::PayloadTwice`] if the middle segment is not empty.
    pub fn detached<'a>(&self, token: &'a str, payload: &[u8]) -> Result<UnverifiedPayload<'a>, JwsError> {
        UnverifiedPayload::detached(token, payload, &self.rules, &self.memo)
    }

    /// Reads a JWS in JSON, general or flattened; its members tell which
    /// ([RFC 7515 §7.2](https://www.rfc-editor.org/rfc/rfc7515#section-7.2)).
    ///
    /// # Errors
    ///
    /// [`JwsError`] for a text past its budget, of another form, or with a header that is malformed or contradicts
    /// itself. That a critical parameter is not understood is not malformed: it is the outcome of that signature.
    pub fn json(&self, text: &str) -> Result<UnverifiedJsonJws, JwsError> {
        UnverifiedJsonJws::read(text, None, &self.rules)
    }

    /// Reads a JWS in JSON whose payload came another way, exactly as it was signed.
    ///
    /// # Errors
    ///
    /// As [`json`](Self::json), and [`JwsError::PayloadTwice`] if there is a member `payload`.
    pub fn json_detached(&self, text: &str, payload: &[u8]) -> Result<UnverifiedJsonJws, JwsError> {
        UnverifiedJsonJws::read(text, Some(payload), &self.rules)
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
        Self {
            limits,
            understood: Vec::new(),
            unencoded: false,
            unprotected_algorithm: false,
            signatures: 16,
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(super) fn signature_limit(&self) -> usize {
        self.signatures
    }

    pub(super) fn takes_unprotected_algorithm(&self) -> bool {
        self.unprotected_algorithm
    }

    /// Whether a critical parameter is understood. To understand `b64` is our work and no promise of the caller's.
    pub(super) fn understands(&self, name: &str) -> bool {
        if name == B64 { self.unencoded } else { self.understood.iter().any(|understood| understood == name) }
    }

    pub(super) fn check_length(&self, text: &str) -> Result<(), JwsError> {
        let (len, limit) = (text.len(), self.limits.token_bytes);
        if len > limit { Err(JwsError::TokenTooLong { len, limit }) } else { Ok(()) }
    }

    /// The header of a compact JWS, attached or detached: both forms read it alike.
    pub(super) fn header(&self, encoded: &str, memo: Option<&Memo<Header>>) -> Result<Arc<Header>, JwsError> {
        if let Some(header) = memo.and_then(|memo| memo.get(encoded)) {
            return Ok(header);
        }
        let header = Header::join(self.parameters(encoded)?, Map::new())?;
        header.accepted_by(self)?;
        let header = Arc::new(header);
        if let Some(memo) = memo {
            memo.put(encoded, &header);
        }
        Ok(header)
    }

    /// The parameters of an encoded protected header.
    pub(super) fn parameters(&self, encoded: &str) -> Result<Map<String, Value>, JwsError> {
        let (len, limit) = (encoded.len(), self.limits.header_bytes);
        if len > limit {
            return Err(JwsError::HeaderTooLong { len, limit });
        }
        let json = base64url::decode(encoded)
            .map_err(|source| JwsError::Encoding { segment: Segment::Header, source })?;
        // wiped, since it may hold a key that should not be there
        avouch_json::object(&Zeroizing::new(json), &self.limits.json).map_err(JwsError::HeaderJson)
    }
}
