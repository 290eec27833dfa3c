//! Where in a document a rule is broken, as a path of members: for messages, so it is looked for only once there is one.

use crate::JsonError;

impl JsonError {
    /// Where the rule is broken, in bytes from the beginning; none for what is true of the whole document, and for
    /// [`Data`](Self::Data), which has a line and a column.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        match self {
            Self::TooDeep { offset, .. }
            | Self::TooManyMembers { offset, .. }
            | Self::TooManyValues { offset, .. }
            | Self::NotUtf8 { offset }
            | Self::UnexpectedByte { offset, .. }
            | Self::MalformedNumber { offset }
            | Self::NumberTooLarge { offset }
            | Self::ControlCharacter { offset }
            | Self::MalformedEscape { offset }
            | Self::LoneSurrogate { offset }
            | Self::DuplicateMember { offset, .. }
            | Self::TrailingData { offset } => Some(*offset),
            Self::TooLong { .. }
            | Self::ByteOrderMark
            | Self::UnexpectedEnd
            | Self::NotAnObject
            | Self::Data(_) => None,
        }
    }

    /// The member in which the rule is broken, found in `input`, the document that was refused: `userinfo.email.values[3]`.
    /// Names beyond letters, digits, `_`, `-` and `#` are quoted: `["a.b"]`. Empty for the document itself.
    ///
    /// ```
    /// let input = br#"{"userinfo": {"email": null, "em\u0061il": {"essential": true}}}"#;
    /// let error = avouch_json::check(input, &avouch_json::Limits::default()).unwrap_err();
    /// assert_eq!(error.path(input), "userinfo.email");
    /// assert_eq!(error.section(), Some("RFC 8259, 4"));
    /// ```
    #[must_use]
    pub fn path(&self, input: &[u8]) -> String {
        match self {
            Self::UnexpectedEnd => path_at(input, input.len()),
            _ => self.offset().map(|offset| path_at(input, offset)).unwrap_or_default(),
        }
    }

    /// The section that says otherwise; none where it is the reader who wants something else than what is there. Limits are
    /// each reader's own, and section 9 of RFC 8259 is what allows them.
    #[must_use]
    pub fn section(&self) -> Option<&'static str> {
        match self {
            Self::UnexpectedEnd | Self::UnexpectedByte { .. } | Self::TrailingData { .. } => {
                Some("RFC 8259, 2")
            }
            Self::DuplicateMember { .. } => Some("RFC 8259, 4"),
            Self::MalformedNumber { .. } | Self::NumberTooLarge { .. } => Some("RFC 8259, 6"),
            Self::ControlCharacter { .. } | Self::MalformedEscape { .. } => Some("RFC 8259, 7"),
            Self::ByteOrderMark | Self::NotUtf8 { .. } => Some("RFC 8259, 8.1"),
            Self::LoneSurrogate { .. } => Some("RFC 8259, 8.2"),
            Self::TooLong { .. }
            | Self::TooDeep { .. }
            | Self::TooManyMembers { .. }
            | Self::TooManyValues { .. } => Some("RFC 8259, 9"),
            Self::NotAnObject | Self::Data(_) => None,
        }
    }
}

/// What is open at a place of the document.
enum Open<'a> {
    /// An object, in which a name comes next.
    BeforeName,
    /// An object, in the member of this name: the literal as it stands.
    Member(&'a [u8]),
    /// An array, in the element of this index.
    Element(usize),
}

/// Levels that a path tells at most: so many `serde_json` reads. What is not UTF-8 has not been through the scanner and its
/// limits.
const DEEPEST: usize = 127;

/// The path of the value or name in which the byte at `offset` stands.
fn path_at(input: &[u8], offset: usize) -> String {
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(byte) = input.get(at).filter(|_| at <= offset) {
        let mut next = at + 1;
        match byte {
            b'"' => {
                next = end_of_string(input, at);
                if let (Some(last @ Open::BeforeName), Some(literal)) = (open.last_mut(), input.get(at..next))
                {
                    *last = Open::Member(literal);
                }
            }
            _ if at == offset => break,
            b'{' | b'[' if open.len() == DEEPEST => break,
            b'{' => open.push(Open::BeforeName),
            b'[' => open.push(Open::Element(0)),
            b'}' | b']' => drop(open.pop()),
            b',' => match open.last_mut() {
                Some(Open::Element(index)) => *index += 1,
                Some(last) => *last = Open::BeforeName,
                None => {}
            },
            _ => {}
        }
        at = next;
    }
    let mut path = String::new();
    for place in &open {
        match place {
            Open::BeforeName => {}
            Open::Member(literal) => push_member(&mut path, literal),
            Open::Element(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

/// Behind the quote that ends the string that begins at `start`, or the end of the input.
fn end_of_string(input: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        match input.get(at) {
            None => return input.len(),
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

fn push_member(path: &mut String, literal: &[u8]) {
    let name = serde_json::from_slice::<String>(literal)
        .unwrap_or_else(|_| String::from_utf8_lossy(literal).into_owned());
    let plain = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'#'));
    match (plain, path.is_empty()) {
        (true, true) => path.push_str(&name),
        (true, false) => path.push_str(&format!(".{name}")),
        (false, _) => path.push_str(&format!("[{}]", serde_json::Value::from(name))),
    }
}
