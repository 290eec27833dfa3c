use std::fmt;
use std::sync::Arc;

use super::header::Header;
use crate::algorithm::JwsAlgorithm;

/// The header and payload of a compact JWS with an encoded payload inside, the one form a JWT has. Inside
/// [`Verified`](crate::Verified) they are what the signer signed.
#[derive(Clone, PartialEq, Eq)]
pub struct JwsContent {
    pub(super) header: Arc<Header>,
    pub(super) payload: Vec<u8>,
    pub(super) algorithm: JwsAlgorithm,
    pub(super) kid: Option<String>,
    pub(super) json_limits: avouch_json::Limits,
}

/// [`JwsContent`] with the payload in a buffer of the caller's.
///
/// ```
/// # use avouch_jose::{JwsAlgorithm, Limits, SigningKey, Verified, VerifyingKey, VerifyingKeys, jws};
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, private) = SigningKey::generate(JwsAlgorithm::ES256, Some("1"), &crypto)?;
/// # let keys = VerifyingKeys::single(VerifyingKey::prepare(&private, JwsAlgorithm::ES256, &crypto)?);
/// # let token = jws::sign_compact(&jws::HeaderParameters::new(), b"payload", &key)?;
/// let reader = jws::Reader::new(Limits::default());
/// let mut buffer = Vec::new();
/// let content: Verified<jws::ContentRef<'_>> = reader.compact(&token)?.verify_into(&keys, &mut buffer)?;
/// assert_eq!((content.payload(), content.kid()), (&b"payload"[..], Some("1")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ContentRef<'a> {
    pub(super) header: Arc<Header>,
    pub(super) payload: &'a [u8],
    pub(super) algorithm: JwsAlgorithm,
    pub(super) kid: Option<&'a str>,
    pub(super) json_limits: avouch_json::Limits,
}

impl JwsContent {
    /// The protected header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The payload, decoded.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// Gives up everything but the payload.
    pub fn into_payload(self) -> Vec<u8> {
        self.payload
    }

    /// The algorithm that verified it.
    pub fn algorithm(&self) -> JwsAlgorithm {
        self.algorithm
    }

    /// The `kid` of the key that verified it.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// What the caller lets JSON inside it cost.
    pub fn json_limits(&self) -> &avouch_json::Limits {
        &self.json_limits
    }

    /// The same, borrowed.
    pub fn as_content_ref(&self) -> ContentRef<'_> {
        ContentRef {
            header: Arc::clone(&self.header),
            payload: &self.payload,
            algorithm: self.algorithm,
            kid: self.kid.as_deref(),
            json_limits: self.json_limits,
        }
    }
}

impl<'a> ContentRef<'a> {
    /// The protected header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The payload, decoded.
    pub fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// The algorithm that verified it.
    pub fn algorithm(&self) -> JwsAlgorithm {
        self.algorithm
    }

    /// The `kid` of the key that verified it.
    pub fn kid(&self) -> Option<&'a str> {
        self.kid
    }

    /// What the caller lets JSON inside it cost.
    pub fn json_limits(&self) -> &avouch_json::Limits {
        &self.json_limits
    }
}

impl fmt::Debug for JwsContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_content_ref().describe("JwsContent", f)
    }
}

impl fmt::Debug for ContentRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.describe("ContentRef", f)
    }
}

impl ContentRef<'_> {
    fn describe(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("header", &self.header)
            .field("payload_len", &self.payload.len())
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
