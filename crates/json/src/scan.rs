use std::borrow::Cow;

use crate::{Element, JsonError, Limits, RawValue};

mod stack;
pub(crate) mod string;

pub(crate) use stack::Stack;
use string::RawString;

/// Checks that `input` is one strict JSON value within `limits`, without building it. One pass and no recursion; linear
/// in the input, but for the names of each large object, which are sorted to find duplicates. What has no more members
/// than a token's header or claims set usually has is checked without allocation.
///
/// # Errors
/// A [`JsonError`] that names the first broken rule.
pub fn check(input: &[u8], limits: &Limits) -> Result<(), JsonError> {
    scan(input, limits, None, &mut Members::new(Member::default())).map(drop)
}

/// Does what [`check`] does and gives the document back as text, and in `members`, which are empty, those of the outermost
/// object, if the value is one. The elements of a list are given while the scan passes them.
pub(crate) fn scan<'a>(
    input: &'a [u8],
    limits: &Limits,
    listing: Option<Listing<'_, 'a>>,
    members: &mut Members,
) -> Result<&'a str, JsonError> {
    // offsets are kept in 32 bits
    let limit = limits.bytes.min(u32::MAX as usize);
    if input.len() > limit {
        return Err(JsonError::TooLong { len: input.len(), limit });
    }
    if input.starts_with(b"\xEF\xBB\xBF") {
        return Err(JsonError::ByteOrderMark);
    }
    let text =
        std::str::from_utf8(input).map_err(|error| JsonError::NotUtf8 { offset: error.valid_up_to() })?;
    let scanner = Scanner {
        text,
        bytes: input,
        at: 0,
        limits: *limits,
        values: 0,
        open: Stack::new(Container::Array),
        members,
        escaped: false,
        listing,
        element: 0,
    };
    scanner.document()?;
    Ok(text)
}

/// A member of the outermost object that is an array, and who is given its elements.
pub(crate) struct Listing<'s, 'a> {
    pub(crate) member: &'s str,
    pub(crate) each: &'s mut dyn FnMut(Element<'a, '_>),
}

/// How many containers are open around an element of a list: the object and the array.
const LISTED: usize = 2;

/// Members of open objects while the scan runs, of the outermost object when it is done. So many as are kept without
/// allocation are also compared pair by pair.
pub(crate) type Members = Stack<Member, FEW>;
const FEW: usize = 32;

/// A stretch of the document. Offsets fit 32 bits: longer documents are refused.
#[derive(Clone, Copy, Default)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    fn new(start: usize, end: usize) -> Self {
        #[allow(clippy::cast_possible_truncation, reason = "checked when the scan begins")]
        Self { start: start as u32, end: end as u32 }
    }

    fn start(self) -> usize {
        self.start as usize
    }

    #[inline]
    pub(crate) fn of(self, document: &str) -> &str {
        document.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// Where a member stands.
#[derive(Clone, Copy, Default)]
pub(crate) struct Member {
    /// The first eight bytes of the name: most names differ here already.
    prefix: u64,
    name: Span,
    value: Span,
    name_escaped: bool,
    /// Of a value that is a string: whether escapes stand in it.
    pub(crate) value_escaped: bool,
}

impl Member {
    #[inline]
    pub(crate) fn name<'a>(&self, document: &'a str) -> Cow<'a, str> {
        RawString { span: self.name, escaped: self.name_escaped }.unescape(document)
    }

    #[inline]
    pub(crate) fn value<'a>(&self, document: &'a str) -> &'a str {
        self.value.of(document)
    }

    /// Whether this is its name, whose [`prefix`] the caller has at hand.
    #[inline]
    pub(crate) fn is(&self, document: &str, name: &str, prefix: u64) -> bool {
        self.prefix == prefix && self.name(document) == name
    }

    #[inline]
    fn same_name(&self, other: &Self, document: &str) -> bool {
        self.prefix == other.prefix && self.name(document) == other.name(document)
    }
}

/// The first eight bytes of a name, filled up with zeros.
pub(crate) fn prefix(name: &[u8]) -> u64 {
    match name.first_chunk() {
        Some(first) => u64::from_le_bytes(*first),
        None => name.iter().rev().fold(0, |prefix, &byte| prefix << 8 | u64::from(byte)),
    }
}

struct Scanner<'a, 's, 'm> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    limits: Limits,
    values: usize,
    open: Stack<Container, 16>,
    /// The members of all open objects; each object's begin at its [`Container::Object::members_from`].
    members: &'m mut Members,
    /// Whether escapes stand in the value that was last begun, if that is a string.
    escaped: bool,
    listing: Option<Listing<'s, 'a>>,
    /// Where the element of the listing begins that was last begun.
    element: usize,
}

#[derive(Clone, Copy)]
enum Container {
    Object { members_from: u32 },
    Array,
}

/// Whether the value that was just begun is finished, or has inner values of which the first comes next.
enum Begun {
    Finished,
    Opened,
}

impl Scanner<'_, '_, '_> {
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
        if self.listing.is_some() && self.open.len() == LISTED {
            self.element = self.at;
        }
        match self.peek() {
            b'"' => {
                (self.at, self.escaped) = string::scan(self.bytes, self.at)?;
                Ok(Begun::Finished)
            }
            b'{' => {
                let members_from = Span::new(self.members.len(), 0).start;
                self.open_container(Container::Object { members_from })?;
                if self.peek() == b'}' {
                    return Ok(self.close_container());
                }
                self.member_name(members_from)?;
                Ok(Begun::Opened)
            }
            b'[' => {
                self.open_container(Container::Array)?;
                Ok(if self.peek() == b']' { self.close_container() } else { Begun::Opened })
            }
            b'-' | b'0'..=b'9' => self.number().map(|()| Begun::Finished),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => Err(self.unexpected()),
        }
    }

    /// After a value: closes what closes here, and steps over the comma and the member name to the next value.
    /// `false` when the outermost value is complete.
    fn advance_to_next_value(&mut self) -> Result<bool, JsonError> {
        // where the members of the value begin, if it was an object
        let mut inner = self.members.len();
        loop {
            let end = self.at;
            self.skip_whitespace();
            // the members of the outermost object stay: they are the result
            let Some(&container) = self.open.last() else { return Ok(false) };
            if let Container::Array = container {
                self.list(end, inner);
            }
            self.members.truncate(inner);
            if let (Container::Object { .. }, Some(member)) = (container, self.members.last_mut()) {
                member.value.end = Span::new(0, end).end;
                member.value_escaped = self.escaped;
            }
            match (self.peek(), container) {
                (b',', Container::Object { members_from }) => {
                    self.at += 1;
                    self.skip_whitespace();
                    self.member_name(members_from)?;
                    return Ok(true);
                }
                (b',', Container::Array) => {
                    self.at += 1;
                    self.skip_whitespace();
                    return Ok(true);
                }
                (b'}', Container::Object { members_from }) => {
                    self.refuse_duplicates(members_from as usize)?;
                    inner = members_from as usize;
                    _ = self.close_container();
                }
                (b']', Container::Array) => _ = self.close_container(),
                _ => return Err(self.unexpected()),
            }
        }
    }

    /// Gives an element that ends here, and whose members begin at `inner`, to those who asked for it.
    fn list(&mut self, end: usize, inner: usize) {
        let Some(listing) = &mut self.listing else { return };
        let Some((outer, members)) = self.members.as_slice().split_at_checked(inner) else { return };
        let is_listed =
            |member: &Member| member.is(self.text, listing.member, prefix(listing.member.as_bytes()));
        if self.open.len() == LISTED && outer.last().is_some_and(is_listed) {
            let value = RawValue::new(Span::new(self.element, end).of(self.text), self.escaped);
            (listing.each)(Element { value, document: self.text, members });
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

    fn close_container(&mut self) -> Begun {
        self.open.pop();
        self.at += 1;
        Begun::Finished
    }

    /// A member name and its colon, up to the value.
    fn member_name(&mut self, members_from: u32) -> Result<(), JsonError> {
        let offset = self.at;
        if self.peek() != b'"' {
            return Err(self.unexpected());
        }
        if self.members.len() - members_from as usize == self.limits.members {
            return Err(JsonError::TooManyMembers { limit: self.limits.members, offset });
        }
        let (end, name_escaped) = string::scan(self.bytes, offset)?;
        self.at = end;
        self.skip_whitespace();
        if self.peek() != b':' {
            return Err(self.unexpected());
        }
        self.at += 1;
        self.skip_whitespace();
        let mut member = Member {
            prefix: prefix(self.bytes.get(offset + 1..end - 1).unwrap_or_default()),
            name: Span::new(offset, end),
            value: Span::new(self.at, self.at),
            name_escaped,
            value_escaped: false,
        };
        if name_escaped {
            member.prefix = prefix(member.name(self.text).as_bytes());
        }
        self.members.push(member);
        Ok(())
    }

    fn refuse_duplicates(&self, members_from: usize) -> Result<(), JsonError> {
        let members = self.members.as_slice().get(members_from..).unwrap_or_default();
        let duplicate = |name: Cow<'_, str>, offset: usize| {
            Err(JsonError::DuplicateMember { name: name.into_owned(), offset })
        };
        // A header or claims set has few members: comparing each pair beats sorting. More than that is sorted, so that a
        // hostile object costs n log n; a hash table would have to be defended against chosen collisions.
        if members.len() <= FEW {
            // a bit for each prefix: names before one whose bit is not set yet need not be looked at
            let mut seen = 0_u64;
            for (place, member) in members.iter().enumerate() {
                let bit = 1 << (member.prefix.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58);
                let mut earlier = members.iter().take(place);
                if seen & bit != 0 && earlier.any(|earlier| earlier.same_name(member, self.text)) {
                    return duplicate(member.name(self.text), member.name.start());
                }
                seen |= bit;
            }
            return Ok(());
        }
        let mut names: Vec<_> =
            members.iter().map(|member| (member.name(self.text), member.name.start())).collect();
        names.sort_unstable();
        for pair in names.windows(2) {
            if let [(first, _), (second, offset)] = pair
                && first == second
            {
                return duplicate(second.clone(), *offset);
            }
        }
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<Begun, JsonError> {
        for &expected in word {
            if self.peek() != expected {
                return Err(self.unexpected());
            }
            self.at += 1;
        }
        Ok(Begun::Finished)
    }

    fn number(&mut self) -> Result<(), JsonError> {
        let offset = self.at;
        let malformed = Err(JsonError::MalformedNumber { offset });
        self.at += usize::from(self.peek() == b'-');
        let leading_zero = self.peek() == b'0';
        let digits = self.digits();
        if digits == 0 || (leading_zero && digits > 1) {
            return malformed;
        }
        if self.peek() == b'.' {
            self.at += 1;
            if self.digits() == 0 {
                return malformed;
            }
        }
        let has_exponent = matches!(self.peek(), b'e' | b'E');
        if has_exponent {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), b'+' | b'-'));
            if self.digits() == 0 {
                return malformed;
            }
        }
        // without an exponent, it takes 309 digits to leave the range of `f64`
        if has_exponent || digits > 308 {
            let number = Span::new(offset, self.at).of(self.text);
            serde_json::from_str::<f64>(number).map_err(|_| JsonError::NumberTooLarge { offset })?;
        }
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        self.at - from
    }

    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    /// The next byte, or zero, which no token begins with, at the end.
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    #[cold]
    fn unexpected(&self) -> JsonError {
        match self.bytes.get(self.at) {
            Some(&byte) => JsonError::UnexpectedByte { byte, offset: self.at },
            None => JsonError::UnexpectedEnd,
        }
    }
}
