use std::borrow::Cow;
use std::sync::Arc;

use super::error::{JwsError, Segment};
use super::header::Header;
use super::memo::Memo;
use super::reader::Rules;
use crate::algorithm::JwsAlgorithm;
use crate::base64url;
use crate::key::{Selection, VerifyingKey, VerifyingKeys};

/// Octets of a signature that is decoded without an allocation. An RSA signature of 8192 bits has 1024.
const SIGNATURE_ON_STACK: usize = 1026;

/// One signature and what it is over, however they were transported.
#[derive(Clone)]
pub(super) struct Signed<'a> {
    pub(super) header: Arc<Header>,
    /// Header, period and payload as they were received.
    pub(super) input: Cow<'a, [u8]>,
    /// Where in it the payload begins.
    pub(super) payload_at: usize,
    pub(super) signature: &'a str,
}

impl<'a> Signed<'a> {
    /// A compact JWS with its payload inside.
    pub(super) fn attached(
        token: &'a str,
        rules: &Rules,
        memo: Option<&Memo<Header>>,
    ) -> Result<Self, JwsError> {
        let (header, payload, signature) = segments(token, rules)?;
        let payload_at = header.len() + 1;
        let input = token.as_bytes().get(..payload_at + payload.len()).unwrap_or_default();
        Ok(Self { header: rules.header(header, memo)?, input: Cow::Borrowed(input), payload_at, signature })
    }

    /// A compact JWS whose payload came another way.
    pub(super) fn detached(
        token: &'a str,
        payload: &[u8],
        rules: &Rules,
        memo: &Memo<Header>,
    ) -> Result<Self, JwsError> {
        let (encoded, middle, signature) = segments(token, rules)?;
        if !middle.is_empty() {
            return Err(JwsError::PayloadTwice);
        }
        let header = rules.header(encoded, Some(memo))?;
        let input = if header.is_unencoded() {
            [encoded.as_bytes(), b".", payload].concat()
        } else {
            format!("{encoded}.{}", base64url::encode(payload)).into_bytes()
        };
        Ok(Self { header, input: Cow::Owned(input), payload_at: encoded.len() + 1, signature })
    }

    /// The payload as it was signed: encoded, or not.
    pub(super) fn signed_payload(&self) -> &[u8] {
        self.input.get(self.payload_at..).unwrap_or_default()
    }

    pub(super) fn payload_onto(&self, octets: &mut Vec<u8>) -> Result<(), JwsError> {
        let signed = self.signed_payload();
        if self.header.is_unencoded() {
            octets.extend_from_slice(signed);
            return Ok(());
        }
        base64url::decode_onto(signed, octets)
            .map_err(|source| JwsError::Encoding { segment: Segment::Payload, source })
    }

    pub(super) fn payload(&self) -> Result<Vec<u8>, JwsError> {
        let mut payload = Vec::new();
        self.payload_onto(&mut payload)?;
        Ok(payload)
    }

    /// The key whose signature this is. The payload is not decoded.
    pub(super) fn verifying_key<'k>(&self, keys: &'k VerifyingKeys) -> Result<&'k VerifyingKey, JwsError> {
        let header = &*self.header;
        let alg = header.alg();
        let Some(&algorithm) = keys.allowed().iter().find(|allowed| allowed.name() == alg) else {
            return Err(match JwsAlgorithm::from_name(alg) {
                Some(known) => JwsError::AlgorithmNotAllowed(known),
                None => JwsError::UnknownAlgorithm(alg.into()),
            });
        };
        let kid = || header.kid().map(str::to_owned);
        let limit = keys.trial_limit();
        match keys.select(header) {
            Selection::None => Err(JwsError::NoMatchingKey { algorithm, kid: kid() }),
            Selection::One(key) => self.first_that_verifies(&[key]),
            Selection::Several(keys) if keys.len() <= limit => self.first_that_verifies(&keys),
            Selection::Several(keys) => {
                let found = keys.len();
                Err(JwsError::SeveralMatchingKeys { algorithm, kid: kid(), found, limit })
            }
        }
    }

    fn first_that_verifies<'k>(&self, keys: &[&'k VerifyingKey]) -> Result<&'k VerifyingKey, JwsError> {
        let encoded = self.signature.as_bytes();
        let wrong = |source| JwsError::Encoding { segment: Segment::Signature, source };
        let (mut stack, mut heap) = ([0; SIGNATURE_ON_STACK], Vec::new());
        let signature = if encoded.len().div_ceil(4) * 3 <= SIGNATURE_ON_STACK {
            let len = base64url::decode_to_slice(encoded, &mut stack).map_err(wrong)?;
            stack.get(..len).unwrap_or_default()
        } else {
            base64url::decode_onto(encoded, &mut heap).map_err(wrong)?;
            &heap
        };
        keys.iter()
            .copied()
            .find(|key| key.verify(&self.input, signature).is_ok())
            .ok_or(JwsError::SignatureInvalid)
    }
}

/// Header, payload, signature, within the budget.
fn segments<'a>(token: &'a str, rules: &Rules) -> Result<(&'a str, &'a str, &'a str), JwsError> {
    rules.check_length(token)?;
    let (header, rest) = token.split_once('.').ok_or(JwsError::NotThreeSegments)?;
    // from the end, since the signature is short
    let (payload, signature) = rest.rsplit_once('.').ok_or(JwsError::NotThreeSegments)?;
    if has_period(payload.as_bytes()) {
        return Err(JwsError::NotThreeSegments);
    }
    Ok((header, payload, signature))
}

/// Without a way out of the inner loop, it looks at many octets at once; a payload may be long.
fn has_period(octets: &[u8]) -> bool {
    let (blocks, rest) = octets.as_chunks::<64>();
    blocks.iter().any(|block| block.iter().fold(false, |found, octet| found | (*octet == b'.')))
        || rest.contains(&b'.')
}
