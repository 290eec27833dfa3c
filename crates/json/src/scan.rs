use std::borrow::Cow;

use crate::{Element, JsonError, Limits, RawValue};

mod stack;
pub(crate) mod string;
mod token;

pub(crate) use stack::Stack;
use token::{byte, unexpected, whitespace};

/// What one step of the scan gives: small, since there are many steps and few errors.
pub(crate) type Scanned<T> = Result<T, Box<JsonError>>;

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
        limits: *limits,
        values: 0,
        inside: None,
        around: Stack::new(None),
        members,
        member: Member::default(),
        listing,
        element: 0,
    };
    scanner.document().map_err(|error| *error)?;
    Ok(text)
}

/// A member of the outermost object that is an array, and who is given its elements.
pub(crate) struct Listing<'s, 'a> {
    pub(crate) member: &'s str,
    pub(crate) each: &'s mut dyn FnMut(Element<'a, '_>),
}

/// How many containers are open around an element of a list: the object and the array.
const LISTED: usize = 2;

/// Members of open objects while the scan runs, of the outermost object when it is done. There are seldom more.
pub(crate) type Members = Stack<Member, 32>;

/// So many names are compared pair by pair at most.
const FEW: usize = 64;

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
    /// Without the quotes.
    name: Span,
    value: Span,
    name_escaped: bool,
    /// Of a value that is a string: whether escapes stand in it.
    pub(crate) value_escaped: bool,
    /// Whether a reader took the value: [`ObjectView::select`](crate::ObjectView::select).
    pub(crate) selected: bool,
}

impl Member {
    #[inline]
    pub(crate) fn name<'a>(&self, document: &'a str) -> Cow<'a, str> {
        match self.name_escaped {
            false => Cow::Borrowed(self.name.of(document)),
            true => {
                string::unescape(document.get(self.offset()..self.name.end as usize + 1).unwrap_or_default())
            }
        }
    }

    /// Where the name begins, with its quote.
    fn offset(&self) -> usize {
        self.name.start as usize - 1
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

    /// One of 128 bits; most names of an object have different ones.
    #[inline]
    fn bit(&self) -> u128 {
        // many names of metadata begin alike
        let mixed = self.prefix.wrapping_add(u64::from(self.name.end - self.name.start));
        1 << (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 57)
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

/// The same of the name that stands here, most often in one step.
#[inline]
fn prefix_within(bytes: &[u8], start: usize, end: usize) -> u64 {
    match (bytes.get(start..).and_then(|rest| rest.first_chunk()), end - start) {
        (Some(first), len @ 0..8) => u64::from_le_bytes(*first) & ((1 << (8 * len)) - 1),
        (Some(first), _) => u64::from_le_bytes(*first),
        (None, _) => prefix(bytes.get(start..end).unwrap_or_default()),
    }
}

struct Scanner<'a, 's, 'm> {
    text: &'a str,
    bytes: &'a [u8],
    limits: Limits,
    values: usize,
    /// The innermost open container.
    inside: Option<Container>,
    /// Those around it, the outermost first.
    around: Stack<Option<Container>, 16>,
    /// The members of all open objects; each object's begin at its [`Container::Object::members_from`].
    members: &'m mut Members,
    /// The member whose value is being read, while it is not among them yet.
    member: Member,
    listing: Option<Listing<'s, 'a>>,
    /// Where the element of the listing begins that was last begun.
    element: usize,
}

#[derive(Clone, Copy)]
enum Container {
    Object { members_from: u32 },
    Array,
}

impl Scanner<'_, '_, '_> {
    fn document(mut self) -> Scanned<()> {
        let bytes = self.bytes;
        let mut at = whitespace(bytes, 0);
        // one value, or what of it comes before its first inner value, in each turn
        'values: loop {
            self.begin_value(at)?;
            let mut end = match byte(bytes, at) {
                b'"' => {
                    let (end, escaped) = string::scan(bytes, at)?;
                    self.end_scalar(end, escaped)
                }
                b'{' => {
                    self.open(at)?;
                    let members_from = Span::new(self.members.len(), 0).start;
                    self.inside = Some(Container::Object { members_from });
                    at = whitespace(bytes, at + 1);
                    if byte(bytes, at) != b'}' {
                        at = self.member_name(at, members_from)?;
                        continue 'values;
                    }
                    self.close(at, members_from as usize)
                }
                b'[' => {
                    self.open(at)?;
                    self.inside = Some(Container::Array);
                    at = whitespace(bytes, at + 1);
                    if byte(bytes, at) != b']' {
                        continue 'values;
                    }
                    self.close(at, self.members.len())
                }
                b'-' | b'0'..=b'9' => {
                    let end = token::number(self.text, at)?;
                    self.end_scalar(end, false)
                }
                b't' => self.end_scalar(token::word(bytes, at, b"true")?, false),
                b'f' => self.end_scalar(token::word(bytes, at, b"false")?, false),
                b'n' => self.end_scalar(token::word(bytes, at, b"null")?, false),
                _ => return Err(unexpected(bytes, at)),
            };
            // after a value: whatever closes here, then the comma
            loop {
                at = whitespace(bytes, end);
                match (byte(bytes, at), self.inside) {
                    (b',', Some(Container::Object { members_from })) => {
                        at = self.member_name(whitespace(bytes, at + 1), members_from)?;
                        continue 'values;
                    }
                    (b',', Some(Container::Array)) => {
                        at = whitespace(bytes, at + 1);
                        continue 'values;
                    }
                    (b'}', Some(Container::Object { members_from })) => {
                        self.refuse_duplicates(members_from as usize)?;
                        end = self.close(at, members_from as usize);
                    }
                    (b']', Some(Container::Array)) => end = self.close(at, self.members.len()),
                    (_, None) => break 'values,
                    _ => return Err(unexpected(bytes, at)),
                }
            }
        }
        if at < bytes.len() {
            return Err(JsonError::TrailingData { offset: at }.into());
        }
        Ok(())
    }

    #[inline(always)]
    fn begin_value(&mut self, at: usize) -> Scanned<()> {
        if self.values == self.limits.elements {
            return Err(JsonError::TooManyValues { limit: self.limits.elements, offset: at }.into());
        }
        self.values += 1;
        if self.listing.is_some() && self.around.len() == LISTED {
            self.element = at;
        }
        Ok(())
    }

    /// Puts a value that is no container and ends here where it belongs.
    #[inline(always)]
    fn end_scalar(&mut self, end: usize, escaped: bool) -> usize {
        match self.inside {
            Some(Container::Object { .. }) => {
                self.member.value.end = Span::new(0, end).end;
                self.member.value_escaped = escaped;
                self.members.push(self.member);
            }
            Some(Container::Array) if self.listing.is_some() => self.list(end, self.members.len(), escaped),
            _ => {}
        }
        end
    }

    /// Gives an element to those who asked for it. If it is an object, its members begin at `inner`.
    fn list(&mut self, end: usize, inner: usize, escaped: bool) {
        let Some(listing) = &mut self.listing else { return };
        let Some((outer, members)) = self.members.as_slice().split_at_checked(inner) else { return };
        let is_listed =
            |member: &Member| member.is(self.text, listing.member, prefix(listing.member.as_bytes()));
        if self.around.len() == LISTED && outer.last().is_some_and(is_listed) {
            let value = RawValue::new(Span::new(self.element, end).of(self.text), escaped);
            (listing.each)(Element { value, document: self.text, members });
        }
    }

    /// Opens a container. The members inside it stand behind the one whose value it is.
    fn open(&mut self, at: usize) -> Scanned<()> {
        if self.around.len() == self.limits.depth {
            return Err(JsonError::TooDeep { limit: self.limits.depth, offset: at }.into());
        }
        if let Some(Container::Object { .. }) = self.inside {
            self.members.push(self.member);
        }
        self.around.push(self.inside);
        Ok(())
    }

    /// Closes the innermost container with the bracket that stands here. If it is an object, its own members begin at
    /// `inner`; they have served. Those of the outermost object stay: they are the result.
    fn close(&mut self, at: usize, inner: usize) -> usize {
        let end = at + 1;
        self.inside = self.around.pop().flatten();
        match self.inside {
            Some(Container::Object { .. }) => {
                self.members.truncate(inner);
                if let Some(member) = self.members.last_mut() {
                    member.value.end = Span::new(0, end).end;
                }
            }
            Some(Container::Array) => {
                self.list(end, inner, false);
                self.members.truncate(inner);
            }
            None => {}
        }
        end
    }

    /// A member name and its colon, up to the value.
    #[inline(always)]
    fn member_name(&mut self, offset: usize, members_from: u32) -> Scanned<usize> {
        let bytes = self.bytes;
        if byte(bytes, offset) != b'"' {
            return Err(unexpected(bytes, offset));
        }
        if self.members.len() - members_from as usize == self.limits.members {
            return Err(JsonError::TooManyMembers { limit: self.limits.members, offset }.into());
        }
        let (end, name_escaped) = string::scan(bytes, offset)?;
        let colon = whitespace(bytes, end);
        if byte(bytes, colon) != b':' {
            return Err(unexpected(bytes, colon));
        }
        let at = whitespace(bytes, colon + 1);
        self.member = Member {
            prefix: prefix_within(bytes, offset + 1, end - 1),
            name: Span::new(offset + 1, end - 1),
            value: Span::new(at, at),
            name_escaped,
            value_escaped: false,
            selected: false,
        };
        if name_escaped {
            self.member.prefix = prefix(self.member.name(self.text).as_bytes());
        }
        Ok(at)
    }

    fn refuse_duplicates(&self, members_from: usize) -> Scanned<()> {
        let members = self.members.as_slice().get(members_from..).unwrap_or_default();
        let duplicate = |name: Cow<'_, str>, offset: usize| {
            Err(JsonError::DuplicateMember { name: name.into_owned(), offset }.into())
        };
        // Headers, claims sets and metadata have few members: comparing pairs beats sorting. More than that is sorted, and so are
        // names with escapes, which are then undone once and not for each pair, so that a
        // hostile object costs n log n; a hash table would have to be defended against chosen collisions.
        if is_compared_by_pairs(members) {
            // a bit for each name: names before one whose bit is not set yet need not be looked at
            let mut seen = 0_u128;
            for (place, member) in members.iter().enumerate() {
                let bit = member.bit();
                let is_same = |earlier: &Member| earlier.same_name(member, self.text);
                if seen & bit != 0 && members.iter().take(place).any(is_same) {
                    return duplicate(member.name(self.text), member.offset());
                }
                seen |= bit;
            }
            return Ok(());
        }
        let mut names: Vec<_> =
            members.iter().map(|member| (member.name(self.text), member.offset())).collect();
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
}

/// Few members, and all names as they stand in the document.
fn is_compared_by_pairs(members: &[Member]) -> bool {
    members.len() <= FEW && !members.iter().any(|member| member.name_escaped)
}

#[cfg(test)]
mod tests {
    use super::{FEW, Member, is_compared_by_pairs};

    /// Proves JSN-12: no name is unescaped more often than once to find duplicates.
    #[test]
    fn escaped_names_are_not_compared_by_pairs() {
        let plain = Member::default();
        let escaped = Member { name_escaped: true, ..plain };
        assert!(is_compared_by_pairs(&[plain; FEW]));
        assert!(!is_compared_by_pairs(&[plain; FEW + 1]));
        assert!(!is_compared_by_pairs(&[plain, escaped]));
    }
}
