use std::borrow::Cow;

use crate::{Element, JsonError, Limits, Names, RawValue};

mod stack;
pub(crate) mod string;
pub(crate) mod token;

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
    scan(input, limits, None, &mut Members::new()).map(drop)
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
        around: Stack::new(),
        members,
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

#[allow(clippy::cast_possible_truncation, reason = "checked when the scan begins")]
fn offset32(offset: usize) -> u32 {
    offset as u32
}

impl Span {
    #[inline]
    fn new(start: usize, end: usize) -> Self {
        Self { start: offset32(start), end: offset32(end) }
    }

    #[inline]
    fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    #[inline]
    pub(crate) fn of(self, document: &str) -> &str {
        document.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// As [`of`](Self::of), where nobody asks whether characters are whole.
    #[inline]
    pub(crate) fn octets_of(self, document: &str) -> &[u8] {
        document.as_bytes().get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// Without the quotes or brackets at both ends.
    #[inline]
    pub(crate) fn inside(self) -> Self {
        Self { start: self.start + 1, end: self.end - 1 }
    }

    /// So many bytes after the first `skipped`, and what is left behind them.
    #[inline]
    pub(crate) fn split(self, skipped: usize, len: usize) -> (Self, Self) {
        let start = self.start + offset32(skipped);
        let end = start + offset32(len);
        (Self { start, end }, Self { start: end, end: self.end })
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
    value_escaped: bool,
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
    pub(crate) fn value<'a>(&self, document: &'a str) -> RawValue<'a> {
        RawValue::new(document, self.value, self.value_escaped)
    }

    /// Where its name stands among these.
    #[inline]
    pub(crate) fn place<const N: usize>(&self, document: &str, names: &Names<N>) -> Option<usize> {
        match self.name_escaped {
            false => names.place_of(self.prefix, self.name.len(), || self.name.of(document)),
            true => names.place(&self.name(document)),
        }
    }

    /// Whether this is its name, whose [`prefix`] the caller has at hand.
    #[inline]
    pub(crate) fn is(&self, document: &str, name: &str, prefix: u64) -> bool {
        self.prefix == prefix && self.name(document) == name
    }

    /// One of 64 bits; most names of an object have different ones.
    #[inline]
    fn bit(&self) -> u64 {
        1 << (hash(self.prefix, self.name.len()) >> 58)
    }

    #[inline]
    fn same_name(&self, other: &Self, document: &str) -> bool {
        self.prefix == other.prefix && self.name(document) == other.name(document)
    }
}

/// Spreads names over the values of 64 bits, by what of them is at hand. The upper bits are the best.
#[inline]
pub(crate) const fn hash(prefix: u64, len: usize) -> u64 {
    // many names of metadata begin alike
    prefix.wrapping_add(len as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// So many bytes are a prefix.
pub(crate) const PREFIX: usize = size_of::<u64>();

/// The first bytes of a name, filled up with zeros.
pub(crate) const fn prefix(name: &[u8]) -> u64 {
    if let Some(first) = name.first_chunk() {
        return u64::from_le_bytes(*first);
    }
    let (mut rest, mut prefix) = (name, 0);
    while let [before @ .., last] = rest {
        prefix = prefix << 8 | *last as u64;
        rest = before;
    }
    prefix
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
    /// The members of all open objects, also those whose value is being read; each object's begin at its
    /// [`Container::Object::members_from`].
    members: &'m mut Members,
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
                    let members_from = offset32(self.members.len());
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
            Some(Container::Object { .. }) => self.end_member(end, escaped),
            Some(Container::Array) if self.listing.is_some() => self.list(end, self.members.len(), escaped),
            _ => {}
        }
        end
    }

    #[inline(always)]
    fn end_member(&mut self, end: usize, escaped: bool) {
        if let Some(member) = self.members.last_mut() {
            member.value.end = offset32(end);
            member.value_escaped = escaped;
        }
    }

    /// Gives an element to those who asked for it. If it is an object, its members begin at `inner`.
    fn list(&mut self, end: usize, inner: usize, escaped: bool) {
        let Some(listing) = &mut self.listing else { return };
        let Some((outer, members)) = self.members.as_slice().split_at_checked(inner) else { return };
        let is_listed =
            |member: &Member| member.is(self.text, listing.member, prefix(listing.member.as_bytes()));
        if self.around.len() == LISTED && outer.last().is_some_and(is_listed) {
            let value = RawValue::new(self.text, Span::new(self.element, end), escaped);
            (listing.each)(Element { value, document: self.text, members });
        }
    }

    /// Opens a container. The members inside it will stand behind the one whose value it is.
    fn open(&mut self, at: usize) -> Scanned<()> {
        if self.around.len() == self.limits.depth {
            return Err(JsonError::TooDeep { limit: self.limits.depth, offset: at }.into());
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
                self.end_member(end, false);
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
        let (end, name_escaped, prefix) = string::scan_name(bytes, offset)?;
        let colon = whitespace(bytes, end);
        if byte(bytes, colon) != b':' {
            return Err(unexpected(bytes, colon));
        }
        let at = whitespace(bytes, colon + 1);
        let name = Span::new(offset + 1, end - 1);
        let value = Span::new(at, at);
        self.members.push_with(|member| {
            member.prefix = prefix;
            member.name = name;
            member.value = value;
            member.name_escaped = name_escaped;
            // whether the value is escaped is said where it ends
            member.selected = false;
        });
        if name_escaped {
            self.unescape_prefix();
        }
        Ok(at)
    }

    /// Names are compared as what they mean, not as they are written.
    #[cold]
    fn unescape_prefix(&mut self) {
        if let Some(member) = self.members.last_mut() {
            member.prefix = prefix(member.name(self.text).as_bytes());
        }
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
            let mut seen = 0_u64;
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
