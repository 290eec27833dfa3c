use std::fmt;

use zeroize::Zeroize;

use crate::WordError;
use crate::word::{Rule, each, not_empty, vschars};

/// A text that must not leak: no `Display`, `Debug` shows only that it is there, comparison takes the same time wherever
/// the texts differ (their lengths are not hidden), the memory is wiped on drop. It is written out only as part of a
/// message or record (`Serialize`) and by [`Secret::expose`].
///
/// ```
/// use avouch_types::Secret;
/// let secret = Secret::new("cf136dc3c1fc93f31185e5885805d");
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// assert_eq!(secret.expose().len(), 29);
/// ```
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the place that must send or hash it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        constant_time_eq(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl Eq for Secret {}

/// Compares without stopping at the first difference. By hand instead of with the crate `subtle`: this crate is in every
/// build, also the smallest, and these lines need no dependency; `black_box` hides that only the sum of the differences
/// is asked for.
fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let difference = a.iter().zip(b).fold(0, |difference, (x, y)| difference | (x ^ y));
    std::hint::black_box(difference) == 0
}

impl serde::Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as serde::Deserialize>::deserialize(deserializer).map(Self)
    }
}

macro_rules! secret_newtype {
    ($(#[$doc:meta])* $name:ident, $what:literal, $rule:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Secret);

        impl $name {
            /// Takes over a text of our own making, unchecked. What comes from a peer goes through `parse`.
            pub fn new(text: impl Into<String>) -> Self {
                Self(Secret::new(text))
            }

            /// Reads what a peer sent; the spelling is kept.
            ///
            /// # Errors
            /// A [`WordError`] if the text breaks the rule of this type.
            pub fn parse(text: &str) -> Result<Self, WordError> {
                Self::check(text)?;
                Ok(Self::new(text))
            }

            /// Holds a text against the rule of this type, for those who compare and do not keep it.
            ///
            /// # Errors
            /// A [`WordError`] if the text breaks the rule.
            pub fn check(text: &str) -> Result<(), WordError> {
                let rule: Rule = $rule;
                rule(text, $what)
            }

            /// The text itself, for the place that must send or hash it.
            #[must_use]
            pub fn expose(&self) -> &str {
                self.0.expose()
            }
        }

        /// Takes the same time wherever the texts differ.
        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                constant_time_eq(self.expose().as_bytes(), other.as_bytes())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let secret = Secret::deserialize(deserializer)?;
                Self::check(secret.expose()).map_err(serde::de::Error::custom)?;
                Ok(Self(secret))
            }
        }
    };
}

secret_newtype!(
    /// What a confidential client knows besides its `client_id`. Any text but the empty one.
    ///
    /// This is wider than [RFC 6749 A.2](https://www.rfc-editor.org/rfc/rfc6749#appendix-A.2), which asks for visible ASCII
    /// and space, and it is meant so: secrets beyond that are in use, the form encoding carries them in both ways of
    /// sending them, and a wrong one is refused by comparison in any case.
    ///
    /// ```
    /// use avouch_types::ClientSecret;
    /// assert_eq!(format!("{:?}", ClientSecret::new("gX1fBat3bV")), "ClientSecret(..)");
    /// ```
    ClientSecret, "client_secret", not_empty);

secret_newtype!(
    /// An access token: visible ASCII and space ([RFC 6749 A.12](https://www.rfc-editor.org/rfc/rfc6749#appendix-A.12)).
    ///
    /// ```
    /// use avouch_types::AccessToken;
    /// assert!(AccessToken::parse("SplxlOBeZQQYbYS6WxSbIA").is_ok());
    /// assert!(AccessToken::parse("two\nlines").is_err());
    /// ```
    AccessToken, "access_token", vschars);

secret_newtype!(
    /// A refresh token: visible ASCII and space ([RFC 6749 A.17](https://www.rfc-editor.org/rfc/rfc6749#appendix-A.17)).
    ///
    /// ```
    /// use avouch_types::RefreshToken;
    /// assert!(RefreshToken::parse("SplxlOBeZQQYbYS6WxSbIA").is_ok());
    /// assert!(RefreshToken::parse("two\nlines").is_err());
    /// ```
    RefreshToken, "refresh_token", vschars);

secret_newtype!(
    /// An authorization code: visible ASCII and space ([RFC 6749 A.11](https://www.rfc-editor.org/rfc/rfc6749#appendix-A.11)).
    ///
    /// ```
    /// use avouch_types::AuthorizationCode;
    /// assert!(AuthorizationCode::parse("SplxlOBeZQQYbYS6WxSbIA").is_ok());
    /// assert!(AuthorizationCode::parse("two\nlines").is_err());
    /// ```
    AuthorizationCode, "code", vschars);

secret_newtype!(
    /// A PKCE verifier: 43 to 128 characters of `A-Z a-z 0-9 - . _ ~` ([RFC 7636 §4.1](https://www.rfc-editor.org/rfc/rfc7636#section-4.1)).
    ///
    /// ```
    /// use avouch_types::CodeVerifier;
    /// assert!(CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").is_ok());
    /// assert!(CodeVerifier::parse("too-short").is_err());
    /// ```
    CodeVerifier, "code_verifier", code_verifier);

secret_newtype!(
    /// `state` of an authorization request: visible ASCII and space ([RFC 6749 A.5](https://www.rfc-editor.org/rfc/rfc6749#appendix-A.5)).
    ///
    /// ```
    /// use avouch_types::State;
    /// assert!(State::parse("SplxlOBeZQQYbYS6WxSbIA").is_ok());
    /// assert!(State::parse("two\nlines").is_err());
    /// ```
    State, "state", vschars);

secret_newtype!(
    /// `nonce`: ties an ID Token to the request; passed through untouched, so any text but the empty one
    /// ([OpenID Connect Core §2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)).
    ///
    /// ```
    /// use avouch_types::Nonce;
    /// assert!(Nonce::parse("n-0S6_WzA2Mj").is_ok_and(|nonce| nonce.expose() == "n-0S6_WzA2Mj"));
    /// ```
    Nonce, "nonce", not_empty);

fn code_verifier(text: &str, what: &'static str) -> Result<(), WordError> {
    each(text, what, |byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))?;
    match text.len() {
        len @ ..43 => Err(WordError::TooShort { what, len, least: 43 }),
        len @ 129.. => Err(WordError::TooLong { what, len, most: 128 }),
        _ => Ok(()),
    }
}
