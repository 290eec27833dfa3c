use crate::{JsonError, Limits};

mod stack;
mod string;

use stack::Stack;
use string::RawString;

/// Checks that `input` is one strict JSON value within `limits`, without building it. One pass and no recursion; linear
/// in the input, but for the names of each object, which are sorted to find duplicates. What has no more members than a
/// token's header or claims set usually has is checked without allocation.
///
/// # Errors
/// A [`JsonError`] that names the first broken rule.
pub fn check(input: &[u8], limits: &Limits) -> Result<(), JsonError> {
    if input.len() > limits.bytes {
        return Err(JsonError::TooLong { len: input.len(), limit: limits.bytes });
    }
    if input.starts_with(b"\xEF\xBB\xBF") {
        return Err(JsonError::ByteOrderMark);
    }
    let text =
        std::str::from_utf8(input).map_err(|error| JsonError::NotUtf8 { offset: error.valid_up_to() })?;
    Scanner {
        text,
        bytes: input,
        at: 0,
        limits,
        values: 0,
        open: Stack::new(Container::Array),
        names: Stack::new(RawString::default()),
    }
    .document()
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    limits: &'a Limits,
    values: usize,
    open: Stack<Container, 16>,
    /// The names of all open objects; each object's begin at its [`Container::Object::names_from`].
    names: Stack<RawString, 32>,
}

#[derive(Clone, Copy)]
enum Container {
    Object { names_from: usize },
    Array,
}

/// Whether the value that was just begun is finished, or has inner values of which the first comes next.
enum Begun {
    Finished,
    Opened,
}

impl<'a> Scanner<'a> {
    fn document(mut self) -> Result<(), JsonError> {
        self.skip_whitespace();
        loop {
            if let Begun::Opened = self.begin_value()? {
                continue;
            }
            if !self.advance_to_next_value()? {
                break;
            }
        }
        if self.at < self.bytes.len() {
            return Err(JsonError::TrailingData { offset: self.at });
        }
        Ok(())
    }

    fn begin_value(&mut self) -> Result<Begun, JsonError> {
        if self.values == self.limits.elements {
            return Err(JsonError::TooManyValues { limit: self.limits.elements, offset: self.at });
        }
        self.values += 1;
        match self.peek()? {
            b'{' => {
                let names_from = self.names.len();
                self.open_container(Container::Object { names_from })?;
                if self.peek()? == b'}' {
                    return Ok(Begun::Finished);
                }
                self.member_name(names_from)?;
                Ok(Begun::Opened)
            }
            b'[' => {
                self.open_container(Container::Array)?;
                Ok(if self.peek()? == b']' { Begun::Finished } else { Begun::Opened })
            }
            b'"' => self.string().map(|_| Begun::Finished),
            b'-' | b'0'..=b'9' => self.number().map(|()| Begun::Finished),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            byte => Err(self.unexpected(byte)),
        }
    }

    /// After a value: closes what closes here, and steps over the comma and the member name to the next value.
    /// `false` when the outermost value is complete.
    fn advance_to_next_value(&mut self) -> Result<bool, JsonError> {
        loop {
            self.skip_whitespace();
            let Some(&container) = self.open.as_slice().last() else { return Ok(false) };
            match (self.peek()?, container) {
                (b',', Container::Object { names_from }) => {
                    self.at += 1;
                    self.skip_whitespace();
                    self.member_name(names_from)?;
                    return Ok(true);
                }
                (b',', Container::Array) => {
                    self.at += 1;
                    self.skip_whitespace();
                    return Ok(true);
                }
                (b'}', Container::Object { names_from }) => {
                    self.refuse_duplicates(names_from)?;
                    self.close_container();
                }
                (b']', Container::Array) => self.close_container(),
                (byte, _) => return Err(self.unexpected(byte)),
            }
        }
    }

    fn open_container(&mut self, container: Container) -> Result<(), JsonError> {
        if self.open.len() == self.limits.depth {
            return Err(JsonError::TooDeep { limit: self.limits.depth, offset: self.at });
        }
        self.open.push(container);
        self.at += 1;
        self.skip_whitespace();
        Ok(())
    }

    fn close_container(&mut self) {
        self.open.pop();
        self.at += 1;
    }

    /// A member name and its colon, up to the value.
    fn member_name(&mut self, names_from: usize) -> Result<(), JsonError> {
        let offset = self.at;
        match self.peek()? {
            b'"' => {}
            byte => return Err(self.unexpected(byte)),
        }
        if self.names.len() - names_from == self.limits.members {
            return Err(JsonError::TooManyMembers { limit: self.limits.members, offset });
        }
        let name = self.string()?;
        self.names.push(name);
        self.skip_whitespace();
        match self.peek()? {
            b':' => self.at += 1,
            byte => return Err(self.unexpected(byte)),
        }
        self.skip_whitespace();
        Ok(())
    }

    fn refuse_duplicates(&mut self, names_from: usize) -> Result<(), JsonError> {
        let names = self.names.as_slice().get(names_from..).unwrap_or_default();
        // A header or claims set has few members: comparing each pair beats sorting. More than that is sorted, so that a
        // hostile object costs n log n; a hash table would have to be defended against chosen collisions.
        const FEW: usize = 12;
        if names.len() <= FEW && names.iter().all(|name| !name.is_escaped()) {
            let mut rest = names;
            while let Some((name, before)) = rest.split_last() {
                let same_len = |earlier: &&RawString| earlier.len() == name.len();
                if before.iter().filter(same_len).any(|earlier| earlier.raw(self.text) == name.raw(self.text))
                {
                    let (name, offset) = (name.raw(self.text).to_owned(), name.start());
                    return Err(JsonError::DuplicateMember { name, offset });
                }
                rest = before;
            }
        } else {
            let mut unescaped = Vec::with_capacity(names.len());
            for name in names {
                unescaped.push((name.unescape(self.text)?, name.start()));
            }
            unescaped.sort_unstable();
            for pair in unescaped.windows(2) {
                if let [(first, _), (second, offset)] = pair
                    && first == second
                {
                    let name = second.clone().into_owned();
                    return Err(JsonError::DuplicateMember { name, offset: *offset });
                }
            }
        }
        self.names.truncate(names_from);
        Ok(())
    }

    fn string(&mut self) -> Result<RawString, JsonError> {
        let raw = string::scan(self.bytes, self.at)?;
        self.at = raw.end;
        Ok(raw)
    }

    fn word(&mut self, word: &[u8]) -> Result<Begun, JsonError> {
        for &expected in word {
            match self.peek()? {
                byte if byte == expected => self.at += 1,
                byte => return Err(self.unexpected(byte)),
            }
        }
        Ok(Begun::Finished)
    }

    fn number(&mut self) -> Result<(), JsonError> {
        let malformed = JsonError::MalformedNumber { offset: self.at };
        self.at += usize::from(self.next_is(b"-"));
        let leading_zero = self.next_is(b"0");
        let digits = self.digits();
        if digits == 0 || (leading_zero && digits > 1) {
            return Err(malformed);
        }
        if self.next_is(b".") {
            self.at += 1;
            if self.digits() == 0 {
                return Err(malformed);
            }
        }
        if self.next_is(b"eE") {
            self.at += 1;
            self.at += usize::from(self.next_is(b"+-"));
            if self.digits() == 0 {
                return Err(malformed);
            }
        }
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        digits
    }

    fn skip_whitespace(&mut self) {
        self.at += self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn next_is(&self, any_of: &[u8]) -> bool {
        self.bytes.get(self.at).is_some_and(|byte| any_of.contains(byte))
    }

    fn peek(&self) -> Result<u8, JsonError> {
        self.bytes.get(self.at).copied().ok_or(JsonError::UnexpectedEnd)
    }

    fn unexpected(&self, byte: u8) -> JsonError {
        JsonError::UnexpectedByte { byte, offset: self.at }
    }
}
