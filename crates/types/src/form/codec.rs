use super::FormError;

/// Form-encodes a text: UTF-8, space as `+`, everything but letters, digits, `*`, `-`, `.` and `_` as `%XX`
/// (RFC 6749 appendix B).
///
/// ```
/// assert_eq!(avouch_types::form::encode(" %&+£€"), "+%25%26%2B%C2%A3%E2%82%AC");
/// ```
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = Vec::with_capacity(text.len());
    encode_into(text, &mut encoded);
    into_text(encoded)
}

/// Writes the encoded text, which is ASCII, behind what is there. The texts are short: a call for each is felt.
#[inline(always)]
pub(super) fn encode_into(text: &str, encoded: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    loop {
        let plain = copy_while(rest, encoded, |byte| class(byte) == Class::Plain);
        let Some((byte, after)) = rest.get(plain..).and_then(<[u8]>::split_first) else { break };
        match byte {
            b' ' => encoded.push(b'+'),
            byte => encoded.extend_from_slice(&escape(*byte)),
        }
        rest = after;
    }
}

/// What is encoded is ASCII, whatever text it stands behind.
pub(super) fn into_text(encoded: Vec<u8>) -> String {
    String::from_utf8(encoded).unwrap_or_default()
}

/// How many bytes are copied in one step, wanted or not: the runs are short, and a copy of known length is no call.
const STEP: usize = 8;

/// Copies the bytes before the first one that is not `wanted`, and gives their number.
#[inline(always)]
fn copy_while(from: &[u8], to: &mut Vec<u8>, wanted: impl Fn(u8) -> bool) -> usize {
    let mut copied = 0;
    while let Some(step) = from.get(copied..).and_then(<[u8]>::first_chunk::<STEP>) {
        let run = step.iter().position(|byte| !wanted(*byte)).unwrap_or(STEP);
        to.extend_from_slice(step);
        to.truncate(to.len() - STEP + run);
        copied += run;
        if run < STEP {
            return copied;
        }
    }
    for byte in from.get(copied..).unwrap_or_default() {
        if !wanted(*byte) {
            break;
        }
        to.push(*byte);
        copied += 1;
    }
    copied
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
    let mut decoder = Decoder::new(encoded.as_bytes());
    decoder.piece(&[])?;
    decoder.finish()
}

/// Decodes piece by piece into one text.
pub(super) struct Decoder<'a> {
    encoded: &'a [u8],
    /// How many of the encoded bytes are read.
    read: usize,
    decoded: Vec<u8>,
}

/// What a piece became.
pub(super) struct Piece {
    /// Length of the decoded piece; it is UTF-8 by itself.
    pub(super) len: usize,
    /// The separator behind it, which is read too; `None` at the end.
    pub(super) end: Option<u8>,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(encoded: &'a [u8]) -> Self {
        Self { encoded, read: 0, decoded: Vec::with_capacity(encoded.len()) }
    }

    /// Steps over separators that separate nothing; whether there is a piece.
    pub(super) fn has_piece(&mut self) -> bool {
        while self.encoded.get(self.read) == Some(&b'&') {
            self.read += 1;
        }
        self.read < self.encoded.len()
    }

    /// Decodes up to the next of the `separators`; they are `=` or `&` or both, and each stands for itself otherwise.
    pub(super) fn piece(&mut self, separators: &[u8]) -> Result<Piece, FormError> {
        let (start, begin) = (self.read, self.decoded.len());
        let mut is_ascii = true;
        let end = loop {
            let rest = self.encoded.get(self.read..).unwrap_or_default();
            let offset =
                self.read + copy_while(rest, &mut self.decoded, |byte| class(byte) <= Class::Literal);
            let Some((&byte, rest)) = self.encoded.get(offset..).and_then(<[u8]>::split_first) else {
                self.read = offset;
                break None;
            };
            self.read = offset + 1;
            match byte {
                b'+' => self.decoded.push(b' '),
                b'%' => {
                    let value = hex_pair(rest).ok_or(FormError::MalformedPercentEncoding { offset })?;
                    is_ascii &= value.is_ascii();
                    self.decoded.push(value);
                    self.read += 2;
                }
                b'&' | b'=' if separators.contains(&byte) => break Some(byte),
                b'&' | b'=' => self.decoded.push(byte),
                _ => return Err(FormError::ForbiddenByte { byte, offset }),
            }
        };
        let piece = self.decoded.get(begin..).unwrap_or_default();
        if !is_ascii && std::str::from_utf8(piece).is_err() {
            return Err(FormError::NotUtf8 { offset: start });
        }
        Ok(Piece { len: piece.len(), end })
    }

    /// All decoded pieces, one after the other.
    pub(super) fn finish(self) -> Result<String, FormError> {
        String::from_utf8(self.decoded).map_err(|_| FormError::NotUtf8 { offset: 0 })
    }
}

fn hex_pair(bytes: &[u8]) -> Option<u8> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let &[high, low] = bytes.first_chunk()?;
    Some(digit(high)? << 4 | digit(low)?)
}

/// A byte as `%XX`.
fn escape(byte: u8) -> [u8; 3] {
    let digit = |half: u8| if half < 10 { b'0' + half } else { b'A' - 10 + half };
    [b'%', digit(byte >> 4), digit(byte & 0xF)]
}

/// What a byte is in an encoded form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Class {
    /// Written as it is.
    Plain,
    /// Written as `%XX`, and read as what it is too: visible ASCII.
    Literal,
    /// Read as something else, or nowhere allowed.
    Special,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Special; 256];
    let mut byte = 0;
    while byte < 256 {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::indexing_slicing,
            reason = "below 256, while compiling"
        )]
        {
            classes[byte] = match byte as u8 {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => Class::Plain,
                b'&' | b'=' | b'+' | b'%' => Class::Special,
                0x21..=0x7E => Class::Literal,
                _ => Class::Special,
            };
        }
        byte += 1;
    }
    classes
};

fn class(byte: u8) -> Class {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(Class::Special)
}
