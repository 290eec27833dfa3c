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

/// Writes the encoded text behind what is there.
pub(super) fn encode_into(text: &str, encoded: &mut String) {
    let mut rest = text;
    loop {
        let plain = rest.bytes().position(|byte| class(byte) != Class::Plain).unwrap_or(rest.len());
        let (unchanged, after) = rest.split_at_checked(plain).unwrap_or((rest, ""));
        encoded.push_str(unchanged);
        let mut characters = after.chars();
        match characters.next() {
            None => break,
            Some(' ') => encoded.push('+'),
            Some(character) => {
                character.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| encoded.push_str(escape(byte)));
            }
        }
        rest = characters.as_str();
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
            let literal = rest.iter().position(|byte| class(*byte) > Class::Literal).unwrap_or(rest.len());
            let (unchanged, rest) = rest.split_at_checked(literal).unwrap_or((rest, &[]));
            self.decoded.extend_from_slice(unchanged);
            let offset = self.read + literal;
            let Some((&byte, rest)) = rest.split_first() else {
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
fn escape(byte: u8) -> &'static str {
    let place = usize::from(byte) * 3;
    ESCAPES.get(place..place + 3).unwrap_or_default()
}

const ESCAPES: &str = "%00%01%02%03%04%05%06%07%08%09%0A%0B%0C%0D%0E%0F%10%11%12%13%14%15%16%17%18%19%1A%1B%1C%1D%1E%1F\
     %20%21%22%23%24%25%26%27%28%29%2A%2B%2C%2D%2E%2F%30%31%32%33%34%35%36%37%38%39%3A%3B%3C%3D%3E%3F\
     %40%41%42%43%44%45%46%47%48%49%4A%4B%4C%4D%4E%4F%50%51%52%53%54%55%56%57%58%59%5A%5B%5C%5D%5E%5F\
     %60%61%62%63%64%65%66%67%68%69%6A%6B%6C%6D%6E%6F%70%71%72%73%74%75%76%77%78%79%7A%7B%7C%7D%7E%7F\
     %80%81%82%83%84%85%86%87%88%89%8A%8B%8C%8D%8E%8F%90%91%92%93%94%95%96%97%98%99%9A%9B%9C%9D%9E%9F\
     %A0%A1%A2%A3%A4%A5%A6%A7%A8%A9%AA%AB%AC%AD%AE%AF%B0%B1%B2%B3%B4%B5%B6%B7%B8%B9%BA%BB%BC%BD%BE%BF\
     %C0%C1%C2%C3%C4%C5%C6%C7%C8%C9%CA%CB%CC%CD%CE%CF%D0%D1%D2%D3%D4%D5%D6%D7%D8%D9%DA%DB%DC%DD%DE%DF\
     %E0%E1%E2%E3%E4%E5%E6%E7%E8%E9%EA%EB%EC%ED%EE%EF%F0%F1%F2%F3%F4%F5%F6%F7%F8%F9%FA%FB%FC%FD%FE%FF";

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
