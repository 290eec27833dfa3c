use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::header::Header;
use super::wiped::Wiped;
use crate::algorithm::{ContentEncryption, JweAlgorithm};
use crate::jws::{self, UnverifiedJws};
use crate::jwt::NestedError;

/// The header and plaintext of a JWE: what somebody encrypted. Who did is not known, unless the key was shared with one
/// other only; so this is never [`Verified`](crate::Verified), and what it says is believed no more than a letter without
/// a signature. Wiped when dropped.
///
/// ```
/// use avouch_jose::{ContentEncryption, DecryptionKey, DecryptionKeys, EncryptionKey, Jwk, Limits, jwe};
///
/// let crypto = avouch_jose_aws_lc::provider();
/// let jwk = Jwk::from_json(br#"{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}"#, &Limits::default())?;
/// let enc = ContentEncryption::A128GCM;
/// let key = EncryptionKey::direct(&jwk, enc, &crypto)?;
/// let token = jwe::encrypt_compact(&jwe::HeaderParameters::new(), b"a secret", &key, enc, &avouch_jose_aws_lc::SystemRandom::new())?;
///
/// let keys = DecryptionKeys::single(DecryptionKey::direct(&jwk, enc, &crypto)?, &[enc])?;
/// let content: jwe::DecryptedContent = jwe::Reader::default().compact(&token)?.decrypt(&keys)?;
/// assert_eq!(content.plaintext(), b"a secret");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct DecryptedContent {
    pub(super) header: Arc<Header>,
    pub(super) plaintext: Wiped,
    pub(super) aad: Option<Arc<[u8]>>,
    pub(super) algorithm: JweAlgorithm,
    pub(super) encryption: ContentEncryption,
    pub(super) kid: Option<Arc<str>>,
    pub(super) recipient: usize,
    pub(super) is_compact: bool,
}

impl DecryptedContent {
    /// The header for the recipient whose key decrypted it.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The plaintext.
    pub fn plaintext(&self) -> &[u8] {
        self.plaintext.as_slice()
    }

    /// The additional authenticated data (`aad`), decoded: nobody has changed it since it was encrypted with the plaintext.
    /// Only the JSON serialisations have it ([RFC 7516 §7.2.1](https://www.rfc-editor.org/rfc/rfc7516#section-7.2.1)).
    pub fn aad(&self) -> Option<&[u8]> {
        self.aad.as_deref()
    }

    /// Gives up everything but the plaintext, which stays wiped when dropped.
    pub fn into_plaintext(self) -> Zeroizing<Vec<u8>> {
        self.plaintext.into_zeroizing()
    }

    /// The key management algorithm by which it was decrypted.
    pub fn algorithm(&self) -> JweAlgorithm {
        self.algorithm
    }

    /// The content encryption algorithm by which it was decrypted.
    pub fn encryption(&self) -> ContentEncryption {
        self.encryption
    }

    /// The `kid` of the key that decrypted it.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The place, among the recipients, of the one whose key decrypted it.
    pub fn recipient(&self) -> usize {
        self.recipient
    }

    /// The signed token inside a nested JWT ([RFC 7519 §5.2]): still to be verified, with keys of the signer. Claims that
    /// were encrypted without being signed end here, since they are no JWS.
    ///
    /// # Errors
    ///
    /// [`NestedError`] unless this came in compact form, its protected `cty` says `JWT`, and the plaintext is a JWS in compact
    /// form whose own `cty` does not say `JWT` again.
    ///
    /// [RFC 7519 §5.2]: https://www.rfc-editor.org/rfc/rfc7519#section-5.2
    pub fn nested_jws(&self, reader: &jws::Reader) -> Result<UnverifiedJws<'_>, NestedError> {
        if !self.is_compact {
            return Err(NestedError::NotCompact);
        }
        if !self.header.has_content_type("JWT") {
            return Err(NestedError::ContentType);
        }
        let token = std::str::from_utf8(self.plaintext()).map_err(|_| NestedError::NotText)?;
        let jws = reader.compact(token).map_err(NestedError::Jws)?;
        if jws.header().cty().is_some_and(|cty| jws::same_media_type(cty, "JWT")) {
            return Err(NestedError::TooDeep);
        }
        Ok(jws)
    }
}

impl fmt::Debug for DecryptedContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptedContent")
            .field("header", &self.header)
            .field("plaintext_len", &self.plaintext().len())
            .field("algorithm", &self.algorithm)
            .field("encryption", &self.encryption)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
