use super::FormError;

/// Form-encodes a text: UTF-8, space as `+`, everything but letters, digits, `*`, `-`, `.` and `_` as `%XX`
/// (RFC 6749 appendix B).
///
/// ```
/// assert_eq!(avouch_types::form::encode(" %&+£€"), "+%25%26%2B%C2%A3%E2%82%AC");
/// ```
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    encode_into(text, &mut encoded);
    encoded
}

pub(super) fn encode_into(text: &str, encoded: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                encoded.push(char::from(byte))
            }
            b' ' => encoded.push('+'),
            _ => {
                encoded.push('%');
                for digit in [byte >> 4, byte & 0x0F] {
                    encoded.push(char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase());
                }
            }
        }
    }
}

/// Undoes [`encode`]; `%20` is a space too.
///
/// # Errors
/// [`FormError::MalformedPercentEncoding`], [`FormError::ForbiddenByte`] for what no encoder leaves as it is (controls,
/// space, non-ASCII), [`FormError::NotUtf8`].
///
/// ```
/// assert_eq!(avouch_types::form::decode("a+b%20c").as_deref(), Ok("a b c"));
/// ```
pub fn decode(encoded: &str) -> Result<String, FormError> {
    decode_bytes(encoded.as_bytes(), 0)
}

/// Decodes a piece of a form that begins at `start`.
pub(super) fn decode_bytes(encoded: &[u8], start: usize) -> Result<String, FormError> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((&byte, after)) = rest.split_first() {
        let offset = start + (encoded.len() - rest.len());
        rest = after;
        match byte {
            b'+' => decoded.push(b' '),
            b'%' => {
                let (value, after) = hex_pair(rest).ok_or(FormError::MalformedPercentEncoding { offset })?;
                decoded.push(value);
                rest = after;
            }
            0x21..=0x7E => decoded.push(byte),
            _ => return Err(FormError::ForbiddenByte { byte, offset }),
        }
    }
    String::from_utf8(decoded).map_err(|_| FormError::NotUtf8 { offset: start })
}

fn hex_pair(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (&[high, low], rest) = bytes.split_first_chunk()?;
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some((digit(high)? << 4 | digit(low)?, rest))
}
