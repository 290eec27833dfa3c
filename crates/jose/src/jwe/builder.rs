use std::fmt;

use super::encrypt::{EncryptError, Plan, Sealed};
use super::parameters::{HeaderParameters, HeaderText};
use crate::algorithm::ContentEncryption;
use crate::base64url;
use crate::crypto::SecureRandom;
use crate::key::EncryptionKey;

/// A JWE in JSON that is being put together: for several recipients, with unprotected headers, or with data that is
/// authenticated and not encrypted ([RFC 7516 §7.2](https://www.rfc-editor.org/rfc/rfc7516#section-7.2)).
///
/// With one recipient, all that is not put elsewhere is protected. With several, `alg`, `kid` and what belongs to them stand
/// in the recipient's own header.
///
/// ```
/// use avouch_jose::{ContentEncryption, EncryptionKey, Jwk, JweAlgorithm, Limits};
/// use avouch_jose::jwe::{HeaderParameters, JsonBuilder, Reader};
///
/// let crypto = avouch_jose_aws_lc::provider();
/// let read = |jwk: &str| Jwk::from_json(jwk.as_bytes(), &Limits::default());
/// let bob = read(r#"{"kty":"OKP","crv":"X25519","kid":"Bob","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}"#)?;
/// let vault = read(r#"{"kty":"oct","kid":"vault","k":"GawgguFyGrWKav7AX4VKUg"}"#)?;
/// let text = JsonBuilder::new(ContentEncryption::A256GCM)
///     .recipient(&EncryptionKey::prepare(&bob, JweAlgorithm::ECDH_ES_A128KW, &crypto)?, HeaderParameters::new())
///     .recipient(&EncryptionKey::prepare(&vault, JweAlgorithm::A128KW, &crypto)?, HeaderParameters::new())
///     .aad(b"filed under B")
///     .encrypt(b"for Bob, and a copy", &avouch_jose_aws_lc::SystemRandom::new())?
///     .general();
/// let jwe = Reader::default().json(&text)?;
/// let kids: Vec<_> = jwe.recipients().map(|recipient| recipient.header().kid()).collect();
/// assert_eq!(kids, [Some("Bob"), Some("vault")]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct JsonBuilder {
    encryption: ContentEncryption,
    protected: HeaderParameters,
    shared: HeaderParameters,
    aad: Option<String>,
    recipients: Vec<(EncryptionKey, HeaderParameters)>,
}

/// A JWE that only has to be written down.
#[derive(Clone)]
pub struct EncryptedJson {
    sealed: Sealed,
    aad: Option<String>,
}

impl JsonBuilder {
    /// One without recipients, as yet.
    pub fn new(encryption: ContentEncryption) -> Self {
        let none = HeaderParameters::new();
        Self { encryption, protected: none.clone(), shared: none, aad: None, recipients: Vec::new() }
    }

    /// Sets the caller's part of the protected header.
    pub fn protected(mut self, parameters: HeaderParameters) -> Self {
        self.protected = parameters;
        self
    }

    /// Sets the header that all recipients share and that anybody can change on the way.
    pub fn unprotected(mut self, parameters: HeaderParameters) -> Self {
        self.shared = parameters;
        self
    }

    /// Sets data that is sent along in the clear and cannot be changed on the way. None is the same as nothing set.
    pub fn aad(mut self, data: &[u8]) -> Self {
        self.aad = Some(base64url::encode(data)).filter(|aad| !aad.is_empty());
        self
    }

    /// Adds a recipient, with what its own header has beside `alg`, `kid` and what belongs to them.
    pub fn recipient(mut self, key: &EncryptionKey, parameters: HeaderParameters) -> Self {
        self.recipients.push((key.clone(), parameters));
        self
    }

    /// Encrypts.
    ///
    /// # Errors
    ///
    /// [`EncryptError`] for headers that must not be, for no recipient, for several with `dir` or `ECDH-ES`, and from
    /// randomness and the backend.
    pub fn encrypt(self, plaintext: &[u8], random: &dyn SecureRandom) -> Result<EncryptedJson, EncryptError> {
        let plan = Plan {
            encryption: self.encryption,
            protected: &self.protected,
            shared: &self.shared,
            aad: self.aad.as_deref(),
            recipients: &self.recipients,
            compressed: false,
        };
        Ok(EncryptedJson { sealed: plan.seal(plaintext, random)?, aad: self.aad })
    }
}

impl EncryptedJson {
    /// The general form, for any number of recipients.
    pub fn general(&self) -> String {
        let recipients: Vec<String> = self
            .sealed
            .recipients
            .iter()
            .map(|recipient| {
                let mut entry = HeaderText::new();
                write_recipient(recipient, &mut entry);
                entry.finish().unwrap_or_else(|| "{}".to_owned())
            })
            .collect();
        self.write(|text| text.push_json("recipients", &format!("[{}]", recipients.join(","))))
    }

    /// The flattened form, for one recipient.
    ///
    /// # Errors
    ///
    /// [`EncryptError::NotFlattened`] if there are several.
    pub fn flattened(&self) -> Result<String, EncryptError> {
        match self.sealed.recipients.as_slice() {
            [recipient] => Ok(self.write(|text| write_recipient(recipient, text))),
            recipients => Err(EncryptError::NotFlattened { recipients: recipients.len() }),
        }
    }

    /// Whatever is empty is left out, but for the ciphertext.
    fn write(&self, recipients: impl FnOnce(&mut HeaderText)) -> String {
        let Sealed { protected, shared, iv, ciphertext, tag, .. } = &self.sealed;
        let mut text = HeaderText::new();
        push_unless_empty("protected", protected, &mut text);
        if let Some(shared) = shared {
            text.push_json("unprotected", shared);
        }
        recipients(&mut text);
        push_unless_empty("aad", self.aad.as_deref().unwrap_or_default(), &mut text);
        push_unless_empty("iv", iv, &mut text);
        text.push("ciphertext", &ciphertext.as_str().into());
        push_unless_empty("tag", tag, &mut text);
        text.finish().unwrap_or_default()
    }
}

fn write_recipient((header, encrypted_key): &(Option<String>, String), text: &mut HeaderText) {
    if let Some(header) = header {
        text.push_json("header", header);
    }
    push_unless_empty("encrypted_key", encrypted_key, text);
}

fn push_unless_empty(name: &str, value: &str, text: &mut HeaderText) {
    if !value.is_empty() {
        text.push(name, &value.into());
    }
}

impl fmt::Debug for EncryptedJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptedJson")
            .field("recipients", &self.sealed.recipients.len())
            .finish_non_exhaustive()
    }
}
