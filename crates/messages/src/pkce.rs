use avouch_types::{CodeChallengeMethod, CodeVerifier};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// `code_challenge` and `code_challenge_method` of an authorization request
/// ([RFC 7636 §4.2, §4.3](https://www.rfc-editor.org/rfc/rfc7636#section-4.2)).
///
/// ```
/// use avouch_messages::{CodeChallenge, CodeChallengeError};
/// use avouch_types::CodeChallengeMethod;
///
/// let challenge = CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", Some("S256"))?;
/// assert_eq!(challenge.method(), &CodeChallengeMethod::S256);
/// assert!(matches!(CodeChallenge::parse("short", Some("S256")), Err(CodeChallengeError::NotASha256)));
/// # Ok::<(), CodeChallengeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "StoredChallenge")]
pub struct CodeChallenge {
    method: CodeChallengeMethod,
    value: String,
}

/// Why a challenge was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeChallengeError {
    /// `code_challenge` is not 43 to 128 characters of `A-Z a-z 0-9 - . _ ~` (RFC 7636 §4.2).
    #[error("code_challenge is not 43 to 128 unreserved characters")]
    Malformed,
    /// With method S256 it is not the base64url of 32 octets: 43 characters without padding.
    #[error("code_challenge is not the base64url of a SHA-256")]
    NotASha256,
    /// `code_challenge_method` is no name of a method.
    #[error("code_challenge_method is malformed")]
    MalformedMethod,
    /// `code_challenge_method` stands without `code_challenge`.
    #[error("code_challenge_method without code_challenge")]
    MethodAlone,
}

impl CodeChallenge {
    /// The challenge of method S256; `sha256` is given the ASCII octets of the verifier as it is sent.
    pub fn s256(verifier: &CodeVerifier, sha256: impl FnOnce(&[u8]) -> [u8; 32]) -> Self {
        let value = URL_SAFE_NO_PAD.encode(sha256(verifier.expose().as_bytes()));
        Self { method: CodeChallengeMethod::S256, value }
    }

    /// Reads the two parameters; an absent method means `plain` (RFC 7636 §4.3). A method that nobody here knows is kept,
    /// for the provider to refuse.
    ///
    /// # Errors
    /// A [`CodeChallengeError`] that names the broken rule.
    pub fn parse(value: &str, method: Option<&str>) -> Result<Self, CodeChallengeError> {
        let method = match method {
            Some(method) => {
                CodeChallengeMethod::parse(method).map_err(|_| CodeChallengeError::MalformedMethod)?
            }
            None => CodeChallengeMethod::PLAIN,
        };
        // a challenge has the syntax of a verifier (RFC 7636 appendix A)
        CodeVerifier::check(value).map_err(|_| match method == CodeChallengeMethod::S256 {
            true => CodeChallengeError::NotASha256,
            false => CodeChallengeError::Malformed,
        })?;
        if method == CodeChallengeMethod::S256
            && URL_SAFE_NO_PAD.decode_slice(value, &mut [0; 96]).ok() != Some(32)
        {
            return Err(CodeChallengeError::NotASha256);
        }
        Ok(Self { method, value: value.to_owned() })
    }

    /// How the challenge is made of its verifier.
    #[must_use]
    pub fn method(&self) -> &CodeChallengeMethod {
        &self.method
    }

    /// The challenge as it is sent.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Whether `verifier` is the one this challenge was made of (RFC 7636 §4.6); compared in constant time. `false` for a
    /// method other than S256 and plain; whether `plain` is acceptable at all is the provider's rule.
    pub fn matches(&self, verifier: &CodeVerifier, sha256: impl FnOnce(&[u8]) -> [u8; 32]) -> bool {
        let expected = match self.method.as_str() {
            "S256" => CodeVerifier::new(Self::s256(verifier, sha256).value),
            "plain" => verifier.clone(),
            _ => return false,
        };
        expected == CodeVerifier::new(self.value.as_str())
    }
}

#[derive(serde::Deserialize)]
struct StoredChallenge {
    method: CodeChallengeMethod,
    value: String,
}

impl TryFrom<StoredChallenge> for CodeChallenge {
    type Error = CodeChallengeError;

    fn try_from(stored: StoredChallenge) -> Result<Self, Self::Error> {
        Self::parse(&stored.value, Some(stored.method.as_str()))
    }
}
