use std::fmt;

/// Why a telephone number is not in the recommended format
/// ([Core 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)): E.164, an extension as RFC 3966
/// writes it.
///
/// ```
/// use avouch_claims::{ClaimProblem, PhoneNumberError, StandardClaims};
/// let claims = StandardClaims { phone_number: Some("555-1212".to_owned()), ..StandardClaims::default() };
/// let error = PhoneNumberError::NoCountryCode;
/// let path = "phone_number".to_owned();
/// assert_eq!(claims.problems(), [ClaimProblem::PhoneNumberFormat { path, error, verified: false }]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PhoneNumberError {
    /// It does not begin with `+` and a country code, whose first digit is no zero.
    NoCountryCode,
    /// A character that is neither a digit nor one that groups digits (space, `-`, `.`, brackets), or brackets that
    /// are not closed.
    ForbiddenCharacter {
        /// Where it stands, in bytes.
        position: usize,
    },
    /// Fewer than 2 or more than 15 digits.
    DigitCount {
        /// How many there are.
        digits: usize,
    },
    /// What follows the number is not `;ext=` and digits.
    Extension,
}

impl fmt::Display for PhoneNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCountryCode => f.write_str("it does not begin with + and a country code"),
            Self::ForbiddenCharacter { position } => {
                write!(f, "it has a character that is not allowed, at byte {position}")
            }
            Self::DigitCount { digits } => write!(f, "it has {digits} digits, E.164 allows up to 15"),
            Self::Extension => f.write_str("what follows the number is not ;ext= and digits"),
        }
    }
}

impl std::error::Error for PhoneNumberError {}

/// Checks `+` and up to 15 digits in groups, as in Core's own examples, and `;ext=` with digits behind it.
pub(crate) fn check_phone_number(text: &str) -> Result<(), PhoneNumberError> {
    let (number, extension) = match text.split_once(';') {
        Some((number, extension)) => (number, Some(extension)),
        None => (text, None),
    };
    let rest = number.strip_prefix('+').ok_or(PhoneNumberError::NoCountryCode)?;
    if !rest.starts_with(|first: char| matches!(first, '1'..='9')) {
        return Err(PhoneNumberError::NoCountryCode);
    }
    let (mut digits, mut open) = (0, false);
    for (position, byte) in number.bytes().enumerate().skip(1) {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'(' if !open => open = true,
            b')' if open => open = false,
            b' ' | b'-' | b'.' => {}
            _ => return Err(PhoneNumberError::ForbiddenCharacter { position }),
        }
    }
    if open {
        return Err(PhoneNumberError::ForbiddenCharacter { position: number.len() });
    }
    if !(2..=15).contains(&digits) {
        return Err(PhoneNumberError::DigitCount { digits });
    }
    extension.map_or(Ok(()), check_extension)
}

/// `ext=1*phonedigit` of [RFC 3966 §3](https://www.rfc-editor.org/rfc/rfc3966#section-3); names of parameters have no case.
fn check_extension(parameter: &str) -> Result<(), PhoneNumberError> {
    let value = parameter
        .split_once('=')
        .filter(|(name, _)| name.eq_ignore_ascii_case("ext"))
        .map(|(_, value)| value);
    let grouped = |value: &&str| value.bytes().all(|byte| byte.is_ascii_digit() || b"-.()".contains(&byte));
    let digits = |value: &&str| value.bytes().any(|byte| byte.is_ascii_digit());
    value.filter(grouped).filter(digits).map(drop).ok_or(PhoneNumberError::Extension)
}
