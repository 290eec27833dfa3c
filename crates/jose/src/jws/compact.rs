use std::fmt;
use std::sync::Arc;

use super::error::{JwsError, Segment};
use super::header::Header;
use crate::algorithm::JwsAlgorithm;
use crate::base64url;
use crate::key::{Selection, VerifyingKey, VerifyingKeys};
use crate::limits::Limits;
use crate::verified::Verified;

/// A JWS in compact form that has been taken apart and whose header is in order. Nobody vouches for it yet.
///
/// ```
/// use avouch_jose::{JwsAlgorithm, Limits, VerifyingKey, VerifyingKeys, jws::UnverifiedJws};
///
/// // RFC 8037, appendix A.4
/// let token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
/// # let crypto = avouch_jose_ring::provider();
/// # let jwk = avouch_jose::Jwk::from_json(
/// #     br#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#, &Limits::default())?;
/// let keys = VerifyingKeys::single(VerifyingKey::prepare(&jwk, JwsAlgorithm::EDDSA, &crypto)?);
/// let content = UnverifiedJws::parse(token, &Limits::default())?.verify(&keys)?;
/// assert_eq!(content.payload(), b"Example of Ed25519 signing");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct UnverifiedJws<'a> {
    header: Arc<Header>,
    /// Header and payload as they were received: what the signature is over.
    signing_input: &'a str,
    payload: &'a str,
    signature: &'a str,
    json_limits: avouch_json::Limits,
}

/// The header and payload of a JWS. Inside [`Verified`] they are what the signer signed.
#[derive(Clone, PartialEq, Eq)]
pub struct JwsContent {
    header: Arc<Header>,
    payload: Vec<u8>,
    algorithm: JwsAlgorithm,
    kid: Option<String>,
    json_limits: avouch_json::Limits,
}

impl<'a> UnverifiedJws<'a> {
    /// Takes a token apart and checks its header. The payload and the signature are decoded when they are needed.
    ///
    /// # Errors
    ///
    /// [`JwsError`] for a token past its budget, of another form, or with a header that breaks a rule.
    pub fn parse(token: &'a str, limits: &Limits) -> Result<Self, JwsError> {
        if token.len() > limits.token_bytes {
            return Err(JwsError::TokenTooLong { len: token.len(), limit: limits.token_bytes });
        }
        let (signing_input, header, payload, signature) =
            segments(token).ok_or(JwsError::NotThreeSegments)?;
        if header.len() > limits.header_bytes {
            return Err(JwsError::HeaderTooLong { len: header.len(), limit: limits.header_bytes });
        }
        // wiped, since it may hold a key that should not be there
        let header = zeroize::Zeroizing::new(decode(Segment::Header, header)?);
        let parameters = avouch_json::object(&header, &limits.json).map_err(JwsError::HeaderJson)?;
        let header = Arc::new(Header::from_parameters(parameters)?);
        Ok(Self { header, signing_input, payload, signature, json_limits: limits.json })
    }

    /// The header, as the sender wrote it.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The payload that nobody vouches for: to look up whose keys to use, never to act on.
    ///
    /// # Errors
    ///
    /// [`JwsError::Encoding`] if it is not canonical base64url.
    pub fn unverified_payload(&self) -> Result<Vec<u8>, JwsError> {
        decode(Segment::Payload, self.payload)
    }

    /// Selects the key and checks the signature over the bytes as they were received.
    ///
    /// # Errors
    ///
    /// [`JwsError`] if no single key is selected, or the signature is not its.
    pub fn verify(&self, keys: &VerifyingKeys) -> Result<Verified<JwsContent>, JwsError> {
        let header = self.header();
        let Some(&algorithm) = keys.allowed().iter().find(|allowed| allowed.name() == header.alg()) else {
            return Err(match JwsAlgorithm::from_name(header.alg()) {
                Some(known) => JwsError::AlgorithmNotAllowed(known),
                None => JwsError::UnknownAlgorithm(header.alg().into()),
            });
        };
        let kid = || header.kid().map(str::to_owned);
        let limit = keys.trial_limit();
        let key = match keys.select(header) {
            Selection::None => return Err(JwsError::NoMatchingKey { algorithm, kid: kid() }),
            Selection::One(key) => self.first_that_verifies(&[key])?,
            Selection::Several(keys) if keys.len() <= limit => self.first_that_verifies(&keys)?,
            Selection::Several(keys) => {
                let found = keys.len();
                return Err(JwsError::SeveralMatchingKeys { algorithm, kid: kid(), found, limit });
            }
        };
        Ok(Verified::mint(JwsContent {
            payload: self.unverified_payload()?,
            header: Arc::clone(&self.header),
            algorithm,
            kid: key.kid().map(str::to_owned),
            json_limits: self.json_limits,
        }))
    }

    fn first_that_verifies<'k>(&self, keys: &[&'k VerifyingKey]) -> Result<&'k VerifyingKey, JwsError> {
        let signature = decode(Segment::Signature, self.signature)?;
        let input = self.signing_input.as_bytes();
        keys.iter()
            .copied()
            .find(|key| key.verify(input, &signature).is_ok())
            .ok_or(JwsError::SignatureInvalid)
    }
}

/// Signing input, header, payload, signature. Stops at the third period, however many follow.
fn segments(token: &str) -> Option<(&str, &str, &str, &str)> {
    let (header, rest) = token.split_once('.')?;
    let (payload, signature) = rest.split_once('.')?;
    if signature.contains('.') {
        return None;
    }
    let signing_input = token.get(..header.len() + 1 + payload.len())?;
    Some((signing_input, header, payload, signature))
}

fn decode(segment: Segment, text: &str) -> Result<Vec<u8>, JwsError> {
    base64url::decode(text).map_err(|source| JwsError::Encoding { segment, source })
}

impl fmt::Debug for UnverifiedJws<'_> {
    // a token is a credential: neither payload nor signature
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedJws").field("header", &self.header).finish_non_exhaustive()
    }
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

    /// What the caller lets JSON inside it cost.
    pub(crate) fn json_limits(&self) -> &avouch_json::Limits {
        &self.json_limits
    }

    /// The `kid` of the key that verified it.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }
}

impl fmt::Debug for JwsContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwsContent")
            .field("header", &self.header)
            .field("payload_len", &self.payload.len())
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish()
    }
}
