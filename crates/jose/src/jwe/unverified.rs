use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::decrypted::DecryptedContent;
use super::error::{JweError, Segment};
use super::header::{Header, Management};
use super::inflate::{InflateLimits, inflate};
use super::reader::Rules;
use super::wiped::Wiped;
use crate::algorithm::{ContentEncryption, JweAlgorithm};
use crate::base64url;
use crate::crypto::KeyOperationError;
use crate::jws::memo::Memo;
use crate::key::{DecryptionKey, DecryptionKeys};
use crate::limits::Limits;

/// A JWE that has been taken apart and whose header is in order, in compact form or in JSON. What is in it is not known yet,
/// and who sent it will not be known after either.
///
/// ```
/// use avouch_jose::{Limits, jwe::UnverifiedJwe};
///
/// // RFC 7516, appendix A.3
/// let token = "eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.\
///     6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ.\
///     AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.U0m_YmjN04DJvceFICbCVQ";
/// let jwe = UnverifiedJwe::parse(token, &Limits::default())?;
/// assert_eq!(jwe.header().alg(), "A128KW");
/// assert_eq!(jwe.recipients().count(), 1);
/// # Ok::<(), avouch_jose::jwe::JweError>(())
/// ```
#[derive(Clone)]
pub struct UnverifiedJwe<'a> {
    pub(super) first: Recipient<'a>,
    /// The other recipients. A compact JWE has none, and no allocation for them.
    pub(super) others: Vec<Recipient<'a>>,
    /// The protected header as it was received.
    pub(super) protected: Cow<'a, str>,
    pub(super) aad: Option<AdditionalData>,
    pub(super) iv: Cow<'a, str>,
    pub(super) ciphertext: Cow<'a, str>,
    pub(super) tag: Cow<'a, str>,
    pub(super) is_compact: bool,
    pub(super) key_trials: usize,
    pub(super) inflating: Option<InflateLimits>,
}

/// `aad`, which only the JSON serialisations have: what is authenticated is its encoding as it was received.
#[derive(Clone)]
pub(super) struct AdditionalData {
    pub(super) encoded: String,
    pub(super) octets: Arc<[u8]>,
}

/// Characters of the longest tag, and some.
const SHORT_LEN: usize = 48;

/// One recipient of a JWE.
#[derive(Clone)]
pub struct Recipient<'a> {
    pub(super) header: Arc<Header>,
    pub(super) encrypted_key: Cow<'a, str>,
}

impl<'a> UnverifiedJwe<'a> {
    /// Takes a token in compact form apart and checks its header, as a [`Reader`](super::Reader) that understands nothing
    /// critical does.
    ///
    /// # Errors
    ///
    /// [`JweError`] for a token past its budget, of another form, or with a header that breaks a rule.
    pub fn parse(token: &'a str, limits: &Limits) -> Result<Self, JweError> {
        Self::compact(token, &Rules::strict(*limits), None)
    }

    pub(super) fn compact(
        token: &'a str,
        rules: &Rules,
        memo: Option<&Memo<Header>>,
    ) -> Result<Self, JweError> {
        rules.check_length(token)?;
        let [protected, encrypted_key, iv, ciphertext, tag] =
            segments(token).ok_or(JweError::NotFiveSegments)?;
        let header = rules.header(protected, memo)?;
        Ok(Self {
            first: Recipient { header, encrypted_key: encrypted_key.into() },
            others: Vec::new(),
            protected: protected.into(),
            aad: None,
            iv: iv.into(),
            ciphertext: ciphertext.into(),
            tag: tag.into(),
            is_compact: true,
            key_trials: rules.limits.key_trials,
            inflating: rules.inflating,
        })
    }

    /// The header of the first recipient: of the only one, in compact form.
    pub fn header(&self) -> &Header {
        &self.first.header
    }

    /// The recipients, one or more.
    pub fn recipients(&self) -> impl Iterator<Item = &Recipient<'a>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The additional authenticated data (`aad`) of a JWE in JSON, which nobody has authenticated yet:
    /// [`DecryptedContent::aad`] gives what somebody has.
    pub fn unverified_aad(&self) -> Option<&[u8]> {
        self.aad.as_ref().map(|aad| &*aad.octets)
    }

    /// Decrypts for the first recipient for which that succeeds. What comes out is not
    /// [`Verified`](crate::Verified): anybody can encrypt to a public key.
    ///
    /// # Errors
    ///
    /// [`JweError`] if no key is selected, or the JWE asks for too much. If keys were tried,
    /// [`JweError::DecryptionFailed`]; but [`JweError::KeyUnavailable`] if none decrypted it and one did not answer, and
    /// [`JweError::InflatedTooLong`] or [`JweError::NotDeflate`] if one did and the content does not inflate.
    pub fn decrypt(&self, keys: &DecryptionKeys) -> Result<DecryptedContent, JweError> {
        let encryption = self.check(keys)?;
        let mut farthest: Option<JweError> = None;
        for (index, recipient) in self.recipients().enumerate() {
            match self.decrypt_for(index, recipient, encryption, keys) {
                Ok(content) => return Ok(content),
                Err(error) if error.is_of_the_content() => return Err(error),
                Err(error) => {
                    if farthest.as_ref().is_none_or(|other| other.progress() < error.progress()) {
                        farthest = Some(error);
                    }
                }
            }
        }
        Err(farthest.unwrap_or(JweError::DecryptionFailed))
    }

    /// Decrypts for each recipient, and tells what came of it, in the order of the recipients
    /// ([RFC 7516 §5.2](https://www.rfc-editor.org/rfc/rfc7516#section-5.2)).
    ///
    /// # Errors
    ///
    /// [`JweError`] if the JWE as a whole is refused: its content encryption is not allowed, it asks for too much, or a
    /// recipient could decrypt it and what came out does not inflate.
    pub fn outcomes(
        &self,
        keys: &DecryptionKeys,
    ) -> Result<Vec<Result<DecryptedContent, JweError>>, JweError> {
        let encryption = self.check(keys)?;
        let recipients = self.recipients().enumerate();
        recipients
            .map(|(index, recipient)| match self.decrypt_for(index, recipient, encryption, keys) {
                Err(error) if error.is_of_the_content() => Err(error),
                outcome => Ok(outcome),
            })
            .collect()
    }

    /// What must hold before the first key operation: algorithms, encodings, budgets.
    fn check(&self, keys: &DecryptionKeys) -> Result<ContentEncryption, JweError> {
        let enc = self.header().enc();
        let encryption = match self.header().encryption() {
            Some(encryption) if keys.encryptions().contains(&encryption) => encryption,
            Some(encryption) => return Err(JweError::EncryptionNotAllowed(encryption)),
            None => return Err(JweError::UnknownEncryption(enc.into())),
        };
        let (mut trials, mut rounds) = (0, 0);
        for recipient in self.recipients() {
            for key in recipient.keys(keys).into_iter().flatten() {
                trials += 1;
                rounds = recipient.add_rounds(key, rounds)?;
            }
        }
        if trials > self.key_trials {
            return Err(JweError::TooManyTrials { found: trials, limit: self.key_trials });
        }
        Ok(encryption)
    }

    fn decrypt_for(
        &self,
        index: usize,
        recipient: &Recipient<'_>,
        encryption: ContentEncryption,
        keys: &DecryptionKeys,
    ) -> Result<DecryptedContent, JweError> {
        let encrypted_key = decode(Segment::EncryptedKey, &recipient.encrypted_key)?;
        let (mut iv, mut tag) = ([0; SHORT_LEN], [0; SHORT_LEN]);
        let iv = decode_short(Segment::InitializationVector, &self.iv, &mut iv)?;
        let tag = decode_short(Segment::Tag, &self.tag, &mut tag)?;
        let aad = self.additional_data();
        let mut outage = None;
        for key in recipient.keys(keys)? {
            let mut content = Wiped::decode(&self.ciphertext)
                .map_err(|source| JweError::Encoding { segment: Segment::Ciphertext, source })?;
            let cipher = match key.cipher(&recipient.header, &encrypted_key, encryption) {
                Ok(cipher) => cipher,
                Err(KeyOperationError::Failed) => continue,
                // another key may still be the right one
                Err(KeyOperationError::Unavailable(source)) => {
                    outage.get_or_insert(source);
                    continue;
                }
            };
            if let Ok(len) = cipher.decrypt(iv, aad.as_bytes(), content.as_mut(), tag) {
                content.truncate(len);
                let plaintext = self.inflate(content, &recipient.header)?;
                return Ok(DecryptedContent {
                    header: Arc::clone(&recipient.header),
                    plaintext,
                    aad: self.aad.as_ref().map(|aad| Arc::clone(&aad.octets)),
                    algorithm: key.algorithm(),
                    encryption,
                    kid: key.shared_kid(),
                    recipient: index,
                    is_compact: self.is_compact,
                });
            }
        }
        Err(outage.map_or(JweError::DecryptionFailed, JweError::KeyUnavailable))
    }

    /// What the tag protects beside the ciphertext: the protected header as it was received, and after a period `aad`
    /// ([RFC 7516 §5.1](https://www.rfc-editor.org/rfc/rfc7516#section-5.1)).
    fn additional_data(&self) -> Cow<'_, str> {
        match &self.aad {
            None => Cow::Borrowed(&self.protected),
            Some(aad) => Cow::Owned([&*self.protected, ".", &aad.encoded].concat()),
        }
    }

    fn inflate(&self, content: Wiped, header: &Header) -> Result<Wiped, JweError> {
        // a header that says so has only been accepted where there are limits
        match self.inflating.filter(|_| header.is_compressed()) {
            Some(limits) => inflate(content.as_slice(), limits),
            None => Ok(content),
        }
    }
}

impl Recipient<'_> {
    /// The header for this recipient.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The keys to try: one, or as many as may be tried. None where the algorithm has not what it needs.
    fn keys<'k>(
        &'k self,
        keys: &'k DecryptionKeys,
    ) -> Result<impl Iterator<Item = &'k DecryptionKey>, JweError> {
        let alg = self.header.alg();
        let Some(&algorithm) = keys.algorithms().iter().find(|allowed| allowed.name() == alg) else {
            return Err(match JweAlgorithm::from_name(alg) {
                Some(known) => JweError::AlgorithmNotAllowed(known),
                None => JweError::UnknownAlgorithm(alg.into()),
            });
        };
        let kid = || self.header.kid().map(str::to_owned);
        let (found, limit) = (keys.select(&self.header).count(), keys.trial_limit());
        if found == 0 {
            return Err(JweError::NoMatchingKey { algorithm, kid: kid() });
        }
        if found > 1 && found > limit {
            return Err(JweError::SeveralMatchingKeys { algorithm, kid: kid(), found, limit });
        }
        self.header.check_management()?;
        Ok(keys.select(&self.header))
    }

    /// Adds the rounds that a password costs here; nothing for any other key.
    fn add_rounds(&self, key: &DecryptionKey, before: u64) -> Result<u64, JweError> {
        let (Some(limits), Some(Management::Password { iterations, .. })) =
            (key.password_limits(), self.header.management())
        else {
            return Ok(before);
        };
        let (minimum, maximum) = (limits.minimum, limits.maximum);
        let found = before.saturating_add(iterations.get());
        if iterations.get() < minimum.into() || found > maximum.into() {
            return Err(JweError::PasswordIterations { found, minimum, maximum });
        }
        Ok(found)
    }
}

/// The tag is found from the end, since all but the ciphertext is short; the ciphertext is looked through in one go.
fn segments(token: &str) -> Option<[&str; 5]> {
    let (header, rest) = token.split_once('.')?;
    let (encrypted_key, rest) = rest.split_once('.')?;
    let (iv, rest) = rest.split_once('.')?;
    let (ciphertext, tag) = rest.rsplit_once('.')?;
    let periods = ciphertext.bytes().fold(false, |any, octet| any | (octet == b'.'));
    (!periods).then_some([header, encrypted_key, iv, ciphertext, tag])
}

fn decode(segment: Segment, text: &str) -> Result<Vec<u8>, JweError> {
    base64url::decode(text).map_err(|source| JweError::Encoding { segment, source })
}

/// Decodes what is no longer than any initialization vector or tag without allocation. What is longer is of no use, and is
/// given as nothing, which is of none either.
fn decode_short<'p>(
    segment: Segment,
    text: &str,
    place: &'p mut [u8; SHORT_LEN],
) -> Result<&'p [u8], JweError> {
    if text.len() > SHORT_LEN {
        return decode(segment, text).map(|_| &[][..]);
    }
    let len = base64url::decode_to_slice(text.as_bytes(), place)
        .map_err(|source| JweError::Encoding { segment, source })?;
    Ok(place.get(..len).unwrap_or_default())
}

impl fmt::Debug for UnverifiedJwe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedJwe")
            .field("recipients", &self.recipients().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Recipient<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipient").field("header", &self.header).finish_non_exhaustive()
    }
}
