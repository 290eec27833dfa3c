use std::borrow::Cow;

use crate::JsonError;

/// Where a string stands in the document, quotes included.
#[derive(Clone, Copy, Default)]
pub(super) struct RawString {
    start: usize,
    pub(super) end: usize,
    escaped: bool,
}

impl RawString {
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Length in bytes as written, quotes included.
    pub(super) fn len(&self) -> usize {
        self.end - self.start
    }

    pub(super) fn is_escaped(&self) -> bool {
        self.escaped
    }

    /// The text between the quotes, escapes not undone.
    pub(super) fn raw<'a>(&self, document: &'a str) -> &'a str {
        document.get(self.start + 1..self.end - 1).unwrap_or_default()
    }

    pub(super) fn unescape<'a>(&self, document: &'a str) -> Result<Cow<'a, str>, JsonError> {
        if !self.escaped {
            return Ok(Cow::Borrowed(self.raw(document)));
        }
        // The escapes are already checked; serde_json only has to undo them.
        let quoted = document.get(self.start..self.end).unwrap_or_default();
        serde_json::from_str(quoted).map(Cow::Owned).map_err(JsonError::Data)
    }
}

/// Scans the string whose opening quote stands at `start`.
pub(super) fn scan(bytes: &[u8], start: usize) -> Result<RawString, JsonError> {
    let mut at = start + 1;
    let mut escaped = false;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        at += rest
            .iter()
            .position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20)
            .ok_or(JsonError::UnexpectedEnd)?;
        match bytes.get(at) {
            Some(b'"') => return Ok(RawString { start, end: at + 1, escaped }),
            Some(b'\\') => {
                escaped = true;
                at += escape_len(bytes, at)?;
            }
            _ => return Err(JsonError::ControlCharacter { offset: at }),
        }
    }
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
