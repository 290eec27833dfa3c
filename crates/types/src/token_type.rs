use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use crate::WordError;
use crate::word::{string_traits, visible};

/// `token_type`: how an access token is presented; compared without regard to case
/// ([RFC 6749 §5.1, §7.1](https://www.rfc-editor.org/rfc/rfc6749#section-7.1)).
///
/// ```
/// use avouch_types::TokenType;
/// assert_eq!(TokenType::parse("bearer")?, TokenType::BEARER);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
#[derive(Clone, Debug)]
pub struct TokenType(Cow<'static, str>);

impl TokenType {
    /// Whoever holds the token may use it (RFC 6750).
    pub const BEARER: Self = Self(Cow::Borrowed("Bearer"));
    /// Whoever holds the token and proves a key may use it (RFC 9449 §7.1).
    pub const DPOP: Self = Self(Cow::Borrowed("DPoP"));
    /// What an exchange issues is no access token (RFC 8693 §2.2.1).
    pub const NOT_APPLICABLE: Self = Self(Cow::Borrowed("N_A"));

    /// Reads the type; its spelling is kept.
    ///
    /// # Errors
    /// A [`WordError`] for an empty text and for anything but visible ASCII.
    pub fn parse(text: &str) -> Result<Self, WordError> {
        visible(text, "token_type")?;
        Ok(Self(Cow::Owned(text.to_owned())))
    }

    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

string_traits!(TokenType);

impl PartialEq for TokenType {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for TokenType {}

impl PartialOrd for TokenType {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for TokenType {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl Hash for TokenType {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.folded() {
            state.write_u8(byte);
        }
        state.write_u8(0xff);
    }
}
