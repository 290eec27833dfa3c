use std::borrow::Cow;

use super::{Scanned, prefix};
use crate::JsonError;

/// After so many plain bytes, a string is worth being looked at in larger blocks.
const LONG: usize = 64;
const BLOCK: usize = 32;

/// The text of a string in which escapes stand.
pub(crate) fn unescape(quoted: &str) -> Cow<'_, str> {
    // The escapes are already checked; serde_json only has to undo them.
    Cow::Owned(serde_json::from_str(quoted).unwrap_or_default())
}

/// Scans the string whose opening quote stands at `start`: gives the offset after the closing quote, and whether there
/// are escapes.
#[inline(always)]
pub(crate) fn scan(bytes: &[u8], start: usize) -> Scanned<(usize, bool)> {
    end(bytes, plain_end(bytes, start + 1))
}

/// Does the same with the name of a member, and gives its [`prefix`] as long as there are no escapes.
#[inline(always)]
pub(crate) fn scan_name(bytes: &[u8], start: usize) -> Scanned<(usize, bool, u64)> {
    let first = start + 1;
    let Some(word) = word(bytes, first) else {
        let (end, escaped) = scan(bytes, start)?;
        return Ok((end, escaped, prefix(bytes.get(first..end - 1).unwrap_or_default())));
    };
    // most names end within it
    let (at, prefix) = match special_bytes(word) {
        0 => (plain_end(bytes, first + 8), word),
        special => {
            let octets = special.trailing_zeros() / 8;
            (first + octets as usize, word & ((1 << (8 * octets)) - 1))
        }
    };
    end(bytes, at).map(|(end, escaped)| (end, escaped, prefix))
}

/// The end of a string whose plain characters end at `at`.
#[inline(always)]
fn end(bytes: &[u8], at: usize) -> Scanned<(usize, bool)> {
    match bytes.get(at) {
        Some(b'"') => Ok((at + 1, false)),
        _ => escaped_end(bytes, at).map(|end| (end, true)),
    }
}

/// The same from the first character on that is neither plain nor a quote. Apart, so that most strings do without it.
#[inline(never)]
fn escaped_end(bytes: &[u8], mut at: usize) -> Scanned<usize> {
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at += escape_len(bytes, at)?,
            Some(_) => return Err(JsonError::ControlCharacter { offset: at }.into()),
            None => return Err(JsonError::UnexpectedEnd.into()),
        }
        at = plain_end(bytes, at);
    }
}

/// Where the first quote, backslash or control character stands from `at` on. Eight bytes are looked at in one step,
/// since most of a token's JSON is inside strings.
#[inline(always)]
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    let long = at + LONG;
    while let Some(word) = word(bytes, at) {
        let special = special_bytes(word);
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
        if at == long {
            at = plain_blocks_end(bytes, at);
        }
    }
    let is_plain = |byte: &u8| *byte >= 0x20 && !matches!(byte, b'"' | b'\\');
    while bytes.get(at).is_some_and(is_plain) {
        at += 1;
    }
    at
}

/// Where the blocks end, from `at` on, that are plain as a whole. Apart, so that most strings do without it: those of a
/// key are long.
#[inline(never)]
fn plain_blocks_end(bytes: &[u8], mut at: usize) -> usize {
    let block = |at: usize| bytes.get(at..).and_then(|rest| rest.first_chunk::<BLOCK>());
    // every byte is looked at, and none by a branch, of which the compiler makes vector instructions
    let special = |sum: u8, byte: &u8| {
        sum | u8::from(*byte < 0x20) | u8::from(*byte == b'"') | u8::from(*byte == b'\\')
    };
    while block(at).is_some_and(|block| block.iter().fold(0, special) == 0) {
        at += BLOCK;
    }
    at
}

/// The eight bytes from `at` on, the first of them the lowest.
#[inline(always)]
pub(super) fn word(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|word| u64::from_le_bytes(*word))
}

/// The high bit of each byte that ends a run of plain text. Only the lowest bit that is set can be relied on: the borrow
/// of a subtraction runs into the bytes above.
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);
    const fn all(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
    // turned over in this bit, a quote comes right behind the control characters, and they stay among themselves
    let control_or_quote = (word ^ all(b'"' ^ 0x20)).wrapping_sub(all(0x21));
    let backslash = (word ^ all(b'\\')).wrapping_sub(ONES);
    // a byte of a longer UTF-8 sequence has its own high bit set and is none of the three
    (control_or_quote | backslash) & !word & HIGH_BITS
}

/// Length of the escape whose backslash stands at `offset`; a surrogate pair counts as one.
fn escape_len(bytes: &[u8], offset: usize) -> Result<usize, JsonError> {
    match bytes.get(offset + 1) {
        None => Err(JsonError::UnexpectedEnd),
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
        Some(b'u') => match code_unit(bytes, offset).ok_or(JsonError::MalformedEscape { offset })? {
            0xD800..=0xDBFF => match code_unit(bytes, offset + 6) {
                Some(0xDC00..=0xDFFF) => Ok(12),
                _ => Err(JsonError::LoneSurrogate { offset }),
            },
            0xDC00..=0xDFFF => Err(JsonError::LoneSurrogate { offset }),
            _ => Ok(6),
        },
        Some(_) => Err(JsonError::MalformedEscape { offset }),
    }
}

/// The value of the `\uXXXX` that stands at `offset`, if one does.
fn code_unit(bytes: &[u8], offset: usize) -> Option<u32> {
    let [b'\\', b'u', digits @ ..] = bytes.get(offset..offset + 6)? else { return None };
    digits.iter().try_fold(0, |value, &digit| Some(value * 16 + char::from(digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves JSN-01. Wherever in a long text a character stands that ends it or must be escaped, it is seen: by words, by
    /// blocks and by single bytes.
    #[test]
    fn special_characters_are_seen_anywhere() {
        for len in 0..(LONG + 3 * BLOCK) / 3 {
            let plain = format!("\"{}\"", "ä~".repeat(len));
            assert_eq!(scan(plain.as_bytes(), 0).ok(), Some((plain.len(), false)));
            for at in 1..plain.len() - 1 {
                let with = |byte: u8| {
                    let mut bytes = plain.clone().into_bytes();
                    bytes[at] = byte;
                    scan(&bytes, 0)
                };
                assert_eq!(with(b'"').ok(), Some((at + 1, false)));
                for control in [0, 0x1F] {
                    let refused = with(control).map_err(|error| *error);
                    assert!(matches!(refused, Err(JsonError::ControlCharacter { offset }) if offset == at));
                }
                assert_eq!(with(b' ').ok(), Some((plain.len(), false)));
                assert!(with(b'\\').is_err(), "{at} in {len}");
            }
        }
    }
}
