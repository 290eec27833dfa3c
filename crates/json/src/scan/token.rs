//! The smallest parts of a document. Each function takes the offset where its part begins and gives that where it ends.

use super::{Scanned, string};
use crate::JsonError;

/// The byte at an offset, or zero, which no token begins with, at the end.
#[inline]
pub(crate) fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

#[inline(always)]
pub(super) fn whitespace(bytes: &[u8], at: usize) -> usize {
    // there is none in most documents
    if byte(bytes, at) > b' ' { at } else { whitespace_end(bytes, at) }
}

fn whitespace_end(bytes: &[u8], mut at: usize) -> usize {
    while matches!(byte(bytes, at), b' ' | b'\t' | b'\n' | b'\r') {
        at += 1;
    }
    at
}

pub(super) fn word(bytes: &[u8], mut at: usize, word: &[u8]) -> Scanned<usize> {
    for &expected in word {
        if byte(bytes, at) != expected {
            return Err(unexpected(bytes, at));
        }
        at += 1;
    }
    Ok(at)
}

pub(super) fn number(text: &str, offset: usize) -> Scanned<usize> {
    let bytes = text.as_bytes();
    let malformed = || Err(JsonError::MalformedNumber { offset }.into());
    let mut at = offset + usize::from(byte(bytes, offset) == b'-');
    let whole = at;
    at = digits(bytes, at);
    let count = at - whole;
    if count == 0 || (count > 1 && byte(bytes, whole) == b'0') {
        return malformed();
    }
    if byte(bytes, at) == b'.' {
        let fraction = at + 1;
        at = digits(bytes, fraction);
        if at == fraction {
            return malformed();
        }
    }
    let has_exponent = matches!(byte(bytes, at), b'e' | b'E');
    if has_exponent {
        let sign = at + 1;
        let exponent = sign + usize::from(matches!(byte(bytes, sign), b'+' | b'-'));
        at = digits(bytes, exponent);
        if at == exponent {
            return malformed();
        }
    }
    // without an exponent, it takes 309 digits to leave the range of `f64`
    if has_exponent || count > 308 {
        let number = text.get(offset..at).unwrap_or_default();
        serde_json::from_str::<f64>(number).map_err(|_| JsonError::NumberTooLarge { offset })?;
    }
    Ok(at)
}

#[inline]
fn digits(bytes: &[u8], mut at: usize) -> usize {
    // as for the seconds of a time
    if string::word(bytes, at).is_some_and(are_digits) {
        at += 8;
    }
    while byte(bytes, at).is_ascii_digit() {
        at += 1;
    }
    at
}

/// Whether eight bytes are digits: 0x30 to 0x39, also when six is added to each, which carries nowhere from those.
fn are_digits(word: u64) -> bool {
    const UPPER: u64 = u64::from_ne_bytes([0xF0; 8]);
    const THREES: u64 = u64::from_ne_bytes([0x30; 8]);
    const SIXES: u64 = u64::from_ne_bytes([0x06; 8]);
    word & UPPER == THREES && word.wrapping_add(SIXES) & UPPER == THREES
}

#[cold]
pub(super) fn unexpected(bytes: &[u8], at: usize) -> Box<JsonError> {
    Box::new(match bytes.get(at) {
        Some(&byte) => JsonError::UnexpectedByte { byte, offset: at },
        None => JsonError::UnexpectedEnd,
    })
}
