use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::error::{JwsError, Segment};
use super::header::{Header, HeaderError};
use super::payload::SignedPayload;
use super::reader::Rules;
use super::signed::Signed;
use crate::base64url;
use crate::jwk::KeyMaterial;
use crate::key::{VerifyingKey, VerifyingKeys};
use crate::verified::Verified;

/// What became of one signature.
pub type SignatureOutcome = Result<Verified<SignedPayload>, JwsError>;

/// A JWS in general or flattened JSON form that has been taken apart ([RFC 7515 §7.2]). Nobody vouches for it yet.
///
/// The caller names the rule by which it is believed: [`verify`](Self::verify) wants one good signature,
/// [`verify_with_every`](Self::verify_with_every) one of each of several signers, and [`UnverifiedSignature::verify`] a
/// certain one. That all signatures are good says nothing: anybody can leave one out.
///
/// What it may cost is known before: no more signatures than
/// [`Reader::with_signature_limit`](super::Reader::with_signature_limit) allows, for each no more keys than
/// [`VerifyingKeys::with_trial_limit`] allows.
///
/// ```
/// # use avouch_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey, VerifyingKeys};
/// # use avouch_jose::jws::{HeaderParameters, JsonBuilder, Reader};
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, private) = SigningKey::generate(JwsAlgorithm::ES256, Some("1"), &crypto)?;
/// # let (other, _) = SigningKey::generate(JwsAlgorithm::ES256, Some("2"), &crypto)?;
/// # let keys = VerifyingKeys::single(VerifyingKey::prepare(&private, JwsAlgorithm::ES256, &crypto)?);
/// let text = JsonBuilder::new(b"payload")
///     .sign(&HeaderParameters::new(), &other)?
///     .sign(&HeaderParameters::new(), &key)?
///     .general()?;
///
/// let jws = Reader::new(Limits::default()).json(&text)?;
/// assert_eq!(jws.signatures().len(), 2);
/// assert_eq!(jws.verify(&keys)?.signature_index(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 7515 §7.2]: https://www.rfc-editor.org/rfc/rfc7515#section-7.2
#[derive(Clone)]
pub struct UnverifiedJsonJws {
    entries: Vec<Entry>,
    /// The payload as it was signed: encoded, or not.
    signed_payload: Vec<u8>,
    unencoded: bool,
}

/// One signature of a JWS in JSON, with the header it belongs to.
///
/// ```
/// # use avouch_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey, VerifyingKeys};
/// # use avouch_jose::jws::{HeaderParameters, JsonBuilder, Reader};
/// # let crypto = avouch_jose_ring::provider();
/// # let (key, private) = SigningKey::generate(JwsAlgorithm::ES256, Some("notary"), &crypto)?;
/// # let keys = VerifyingKeys::single(VerifyingKey::prepare(&private, JwsAlgorithm::ES256, &crypto)?);
/// # let text = JsonBuilder::new(b"deed").sign(&HeaderParameters::new(), &key)?.general()?;
/// let jws = Reader::new(Limits::default()).json(&text)?;
/// let notarys = jws.signatures().find(|signature| signature.header().kid() == Some("notary")).ok_or("not signed")?;
/// assert_eq!(notarys.verify(&keys)?.payload(), b"deed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct UnverifiedSignature<'a> {
    jws: &'a UnverifiedJsonJws,
    entry: &'a Entry,
    index: usize,
}

#[derive(Clone)]
struct Entry {
    /// The protected header as it was received; empty if there is none.
    protected: String,
    header: Arc<Header>,
    signature: String,
    /// What the header asks for and the reader does not do.
    refused: Option<HeaderError>,
}

impl UnverifiedJsonJws {
    pub(super) fn read(text: &str, detached: Option<&[u8]>, rules: &Rules) -> Result<Self, JwsError> {
        rules.check_length(text)?;
        // the length is in the budget for tokens, which is another one than that for JSON inside them
        let limits = rules.limits().json.with_bytes(text.len());
        let mut members = avouch_json::object(text.as_bytes(), &limits).map_err(JwsError::Json)?;
        if members.contains_key("ciphertext") {
            return Err(JwsError::Encrypted);
        }
        let payload = take_string(&mut members, "payload")?;
        // each is read, whatever is wrong with those before it: reading wipes a private key in a header
        let read = |members| Entry::read(members, rules);
        let entries: Vec<_> = signatures(members, rules.signature_limit())?.into_iter().map(read).collect();
        let entries = entries.into_iter().collect::<Result<Vec<_>, _>>()?;
        let unencoded = entries.first().is_some_and(|entry| entry.header.is_unencoded());
        if entries.iter().any(|entry| entry.header.is_unencoded() != unencoded) {
            return Err(JwsError::UnencodedDiffers);
        }
        let signed_payload = match (payload, detached) {
            (Some(_), Some(_)) => return Err(JwsError::PayloadTwice),
            (None, None) => return Err(JwsError::MemberMissing { name: "payload" }),
            (Some(payload), None) => payload.into_bytes(),
            (None, Some(payload)) if unencoded => payload.to_vec(),
            (None, Some(payload)) => base64url::encode(payload).into_bytes(),
        };
        Ok(Self { entries, signed_payload, unencoded })
    }

    /// The signatures, in their order. There is at least one.
    pub fn signatures(&self) -> impl ExactSizeIterator<Item = UnverifiedSignature<'_>> {
        self.entries.iter().enumerate().map(|(index, entry)| UnverifiedSignature { jws: self, entry, index })
    }

    /// The payload that nobody vouches for: to look up whose keys to use, never to act on.
    ///
    /// # Errors
    ///
    /// [`JwsError::Encoding`] if it is not canonical base64url.
    pub fn unverified_payload(&self) -> Result<Vec<u8>, JwsError> {
        if self.unencoded {
            return Ok(self.signed_payload.clone());
        }
        base64url::decode(&self.signed_payload)
            .map_err(|source| JwsError::Encoding { segment: Segment::Payload, source })
    }

    /// Checks each signature and tells the outcomes in their order.
    pub fn outcomes(&self, keys: &VerifyingKeys) -> Vec<SignatureOutcome> {
        self.signatures().map(|signature| signature.verify(keys)).collect()
    }

    /// The content under the first signature that is good by these keys, whatever becomes of the others.
    /// [`SignedPayload::signature_index`] tells which it was.
    ///
    /// # Errors
    ///
    /// [`JwsError::NoGoodSignature`], or if there is one signature, what is wrong with that.
    pub fn verify(&self, keys: &VerifyingKeys) -> Result<Verified<SignedPayload>, JwsError> {
        let mut errors = Vec::with_capacity(self.entries.len());
        for signature in self.signatures() {
            match signature.verify(keys) {
                Ok(content) => return Ok(content),
                Err(error) => errors.push(error),
            }
        }
        match errors.pop() {
            Some(only) if errors.is_empty() => Err(only),
            last => {
                errors.extend(last);
                Err(JwsError::NoGoodSignature(errors))
            }
        }
    }

    /// The content under a good signature of each of these signers, in their order. No signature counts for two of them.
    /// Nor does a key, however many signatures of it there are and whatever else it is called: anybody can copy a
    /// signature. Each signature may be checked once by each set.
    ///
    /// ```
    /// # use avouch_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey, VerifyingKeys};
    /// # use avouch_jose::jws::{HeaderParameters, JsonBuilder, Reader};
    /// # let crypto = avouch_jose_ring::provider();
    /// # let new = || SigningKey::generate(JwsAlgorithm::ES256, None, &crypto);
    /// # let keys = |jwk| VerifyingKey::prepare(jwk, JwsAlgorithm::ES256, &crypto).map(VerifyingKeys::single);
    /// # let ((buyer, buyer_jwk), (seller, seller_jwk)) = (new()?, new()?);
    /// # let (buyers_keys, sellers_keys) = (keys(&buyer_jwk)?, keys(&seller_jwk)?);
    /// let parameters = HeaderParameters::new();
    /// let contract = JsonBuilder::new(b"contract").sign(&parameters, &seller)?.sign(&parameters, &buyer)?.general()?;
    /// let signed = Reader::new(Limits::default()).json(&contract)?.verify_with_every(&[&buyers_keys, &sellers_keys])?;
    /// assert_eq!((signed[0].signature_index(), signed[1].signature_index()), (1, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`JwsError::NoSignatureFor`] for the first signer for whom none is left.
    pub fn verify_with_every(
        &self,
        signers: &[&VerifyingKeys],
    ) -> Result<Vec<Verified<SignedPayload>>, JwsError> {
        // nobody's signature is not a signature; and more signers than signatures need not be tried
        if signers.is_empty() || signers.len() > self.entries.len() {
            return Err(JwsError::NoSignatureFor { index: signers.len().saturating_sub(1) });
        }
        let good: Vec<Vec<_>> = signers
            .iter()
            .map(|keys| self.signatures().map(|signature| signature.verify_by(keys).ok()).collect())
            .collect();
        let places = one_of_each_key(&good, &self.entries);
        let good: Vec<_> = good.into_iter().map(|good| by_place(good, &places)).collect();
        let mut signer_of = vec![None; self.entries.len()];
        for index in 0..signers.len() {
            if !assign(index, &good, &mut signer_of, &mut vec![false; self.entries.len()]) {
                return Err(JwsError::NoSignatureFor { index });
            }
        }
        let found = |signer| signer_of.iter().position(|found| *found == Some(signer));
        good.into_iter()
            .enumerate()
            .map(|(index, mut good)| {
                let content = found(index).and_then(|place| good.get_mut(place)).and_then(Option::take);
                content.ok_or(JwsError::NoSignatureFor { index })
            })
            .collect()
    }
}

/// One signature, and whose it is, if it is good.
type Good<'k> = Option<(Verified<SignedPayload>, &'k VerifyingKey)>;

/// For each signature the one that stands for all of the same key.
fn one_of_each_key(good: &[Vec<Good<'_>>], entries: &[Entry]) -> Vec<usize> {
    // a copy is good by another key too, if HMAC fills both up to the same one
    let first = |entry: &Entry| entries.iter().position(|first| entry.is_copy_of(first)).unwrap_or_default();
    let mut places: Vec<usize> = entries.iter().map(first).collect();
    // there are few: they are counted in the budget for signatures
    let mut first_of: Vec<(&KeyMaterial, usize)> = Vec::new();
    for (place, good) in good.iter().flat_map(|good| good.iter().enumerate()) {
        let Some((_, key)) = good else { continue };
        let found = first_of.iter().find(|(identity, _)| *identity == key.identity());
        let first = found.map_or(place, |(_, first)| *first);
        if found.is_none() {
            first_of.push((key.identity(), place));
        }
        // should one signature be good by two keys, all of both count as one
        if let (Some(&kept), Some(&gone)) = (places.get(first), places.get(place)) {
            places.iter_mut().filter(|place| **place == gone).for_each(|place| *place = kept);
        }
    }
    places
}

/// A signer's good signatures, at most one in each of these places.
fn by_place(good: Vec<Good<'_>>, places: &[usize]) -> Vec<Option<Verified<SignedPayload>>> {
    let mut kept: Vec<_> = good.iter().map(|_| None).collect();
    for (good, place) in good.into_iter().zip(places) {
        if let (Some((content, _)), Some(slot)) = (good, kept.get_mut(*place)) {
            slot.get_or_insert(content);
        }
    }
    kept
}

/// Finds a signature for a signer, moving others to another one of theirs where that helps (a matching in a bipartite
/// graph, by augmenting paths). `seen` are the signatures that were tried in vain.
fn assign<T>(
    signer: usize,
    good: &[Vec<Option<T>>],
    signer_of: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    let Some(own) = good.get(signer) else { return false };
    for (place, _) in own.iter().enumerate().filter(|(_, good)| good.is_some()) {
        match seen.get_mut(place) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        let holder = signer_of.get(place).copied().flatten();
        if holder.is_none_or(|holder| assign(holder, good, signer_of, seen)) {
            if let Some(slot) = signer_of.get_mut(place) {
                *slot = Some(signer);
            }
            return true;
        }
    }
    false
}

/// The objects that are to have a `signature` each: the elements of `signatures`, or the JWS itself.
fn signatures(mut members: Map<String, Value>, limit: usize) -> Result<Vec<Map<String, Value>>, JwsError> {
    let name = "signatures";
    let Some(signatures) = members.remove(name) else { return Ok(vec![members]) };
    if let Some(name) =
        ["signature", "protected", "header"].into_iter().find(|name| members.contains_key(*name))
    {
        return Err(JwsError::FormsMixed { name });
    }
    let Value::Array(signatures) = signatures else { return Err(JwsError::MemberType { name }) };
    let found = signatures.len();
    if found == 0 {
        return Err(JwsError::NoSignatures);
    }
    if found > limit {
        return Err(JwsError::TooManySignatures { found, limit });
    }
    let object = |value| match value {
        Value::Object(members) => Ok(members),
        _ => Err(JwsError::MemberType { name }),
    };
    signatures.into_iter().map(object).collect()
}

fn take_string(members: &mut Map<String, Value>, name: &'static str) -> Result<Option<String>, JwsError> {
    match members.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(JwsError::MemberType { name }),
    }
}

impl Entry {
    fn is_copy_of(&self, other: &Self) -> bool {
        (&self.protected, &self.signature) == (&other.protected, &other.signature)
    }

    fn read(mut members: Map<String, Value>, rules: &Rules) -> Result<Self, JwsError> {
        let unprotected = match members.remove("header") {
            None => Map::new(),
            Some(Value::Object(parameters)) => parameters,
            Some(_) => return Err(JwsError::MemberType { name: "header" }),
        };
        let (protected, encoded) = match take_string(&mut members, "protected")? {
            None => (Map::new(), String::new()),
            Some(encoded) => (rules.parameters(&encoded)?, encoded),
        };
        let name = "signature";
        let signature = take_string(&mut members, name)?.ok_or(JwsError::MemberMissing { name })?;
        let header = Header::join(protected, unprotected)?;
        let refused = header.accepted_by(rules).err();
        Ok(Self { protected: encoded, header: Arc::new(header), signature, refused })
    }
}

impl UnverifiedSignature<'_> {
    /// The header, as the sender wrote it, but for what is unprotected in it.
    pub fn header(&self) -> &Header {
        &self.entry.header
    }

    /// Selects the key and checks this signature over the bytes as they were received.
    ///
    /// # Errors
    ///
    /// [`JwsError`] if the reader does not understand the header, no single key is selected, or the signature is not its.
    pub fn verify(&self, keys: &VerifyingKeys) -> SignatureOutcome {
        self.verify_by(keys).map(|(content, _)| content)
    }

    fn verify_by<'k>(
        &self,
        keys: &'k VerifyingKeys,
    ) -> Result<(Verified<SignedPayload>, &'k VerifyingKey), JwsError> {
        let Entry { protected, header, signature, refused } = self.entry;
        if let Some(refused) = refused {
            return Err(refused.clone().into());
        }
        let input = [protected.as_bytes(), b".", &self.jws.signed_payload].concat();
        let signed = Signed {
            header: Arc::clone(header),
            input: Cow::Owned(input),
            payload_at: protected.len() + 1,
            signature,
        };
        SignedPayload::verify_by(&signed, self.index, keys)
    }
}

impl fmt::Debug for UnverifiedJsonJws {
    // a token is a credential: neither payload nor signatures
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.signatures()).finish()
    }
}

impl fmt::Debug for UnverifiedSignature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedSignature").field("header", &self.entry.header).finish_non_exhaustive()
    }
}
