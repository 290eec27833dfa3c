//! Subject identifiers: what keeps the clients of different sectors from recognising a person.

mod error;
mod sector;

use std::fmt;

use avouch_types::{Secret, SubjectIdentifier};
use zeroize::Zeroizing;

pub use error::{SectorError, SubjectError};
pub use sector::SectorIdentifier;

/// The secret that pairwise subject identifiers are derived with
/// ([Core 8.1](https://openid.net/specs/openid-connect-core-1_0.html#PairwiseAlg)).
///
/// A public identifier is one value for all clients, `SubjectIdentifier::parse(account)`; a pairwise one is another for
/// each sector: deterministic, and of no use to anybody without this secret. If the secret changes, all clients lose
/// their users; if it leaks, identifiers can be linked.
///
/// No cryptography is in here: the caller hands in HMAC with a hash function of 256 bits or more, of whatever library.
///
/// ```
/// use avouch_claims::{PairwiseKey, SectorIdentifier};
/// use avouch_types::{RedirectUri, Secret};
/// use hmac::{Hmac, KeyInit, Mac}; // any library
///
/// let hmac = |key: &[u8], message: &[u8]| {
///     let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key).expect("a key of any length will do");
///     mac.update(message);
///     mac.finalize().into_bytes()
/// };
/// let key = PairwiseKey::new(Secret::new("3Uoxl7iSTAFPqXhBpXCFkDk9r3Yy1mGr"))?;
/// let sector = SectorIdentifier::of_client(&[RedirectUri::parse("https://rp.example/callback")?], None)?;
/// let sub = key.subject(&sector, "account-4711", hmac)?;
/// assert_eq!(sub, key.subject(&sector, "account-4711", hmac)?);
/// let other = SectorIdentifier::of_client(&[RedirectUri::parse("https://other.example/cb")?], None)?;
/// assert_ne!(sub, key.subject(&other, "account-4711", hmac)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct PairwiseKey(Zeroizing<Vec<u8>>);

/// The least length of the secret in octets: that of the hash function.
const LEAST_KEY: usize = 32;
/// How many octets of the MAC an identifier holds.
const MAC_OCTETS: usize = 32;
/// What the derivation is for, so that the same secret in another use gives nothing of use here.
const PURPOSE: &[u8] = b"avouch pairwise subject identifier 1";

impl PairwiseKey {
    /// Takes the octets of a text as the secret, at least 32 of them. How hard it is to guess, its length does not say: 32
    /// random characters are worth 128 bits in hexadecimal and 192 in base64url. A text that is worth a hash of 256 bits has
    /// 64 or 43 of them; or see [`from_octets`](Self::from_octets).
    ///
    /// # Errors
    ///
    /// [`SubjectError::KeyTooShort`]
    pub fn new(secret: Secret) -> Result<Self, SubjectError> {
        Self::from_octets(secret.expose().as_bytes())
    }

    /// Takes octets as the secret, at least 32 of them: as many as random ones are enough. They are copied, and the copy is
    /// wiped on drop.
    ///
    /// ```
    /// use avouch_claims::PairwiseKey;
    /// # let random = [7; 32];
    /// assert!(PairwiseKey::from_octets(&random).is_ok()); // 32 octets of a secure random source
    /// assert!(PairwiseKey::from_octets(&[0xFF; 31]).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// [`SubjectError::KeyTooShort`]
    pub fn from_octets(secret: &[u8]) -> Result<Self, SubjectError> {
        if secret.len() < LEAST_KEY {
            return Err(SubjectError::KeyTooShort { len: secret.len(), least: LEAST_KEY });
        }
        Ok(Self(Zeroizing::new(secret.to_vec())))
    }

    /// The identifier of an account in a sector. `hmac` is given the key and the message, and answers with the MAC.
    ///
    /// The message is unambiguous: purpose, sector and account each follow their length, so that no account in one
    /// sector can be chosen to look like another account in another.
    ///
    /// # Errors
    ///
    /// [`SubjectError::MacTooShort`] where the MAC has fewer than 32 octets.
    pub fn subject<M: AsRef<[u8]>>(
        &self,
        sector: &SectorIdentifier,
        account: &str,
        hmac: impl FnOnce(&[u8], &[u8]) -> M,
    ) -> Result<SubjectIdentifier, SubjectError> {
        let mut message = Vec::new();
        for part in [PURPOSE, sector.as_str().as_bytes(), account.as_bytes()] {
            message.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            message.extend(part);
        }
        let mac = hmac(&self.0, &message);
        let mac = mac.as_ref();
        let octets =
            mac.get(..MAC_OCTETS).ok_or(SubjectError::MacTooShort { len: mac.len(), least: MAC_OCTETS })?;
        // hexadecimal survives systems that fold the case of what must be compared with case
        let text: String = octets
            .iter()
            .flat_map(|octet| [octet >> 4, octet & 0x0F])
            .filter_map(|digit| char::from_digit(digit.into(), 16))
            .collect();
        SubjectIdentifier::parse(&text).map_err(SubjectError::Malformed)
    }
}

impl fmt::Debug for PairwiseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairwiseKey(..)")
    }
}
