//! What goes along while a document is read: where the reader stands, and what it found.

use std::borrow::Cow;

use avouch_json::RawValue;

use super::finding::{MetadataFinding, MetadataRule};
use super::member::Member;
use super::members::EssentialMember;
use super::quirk::Quirk;
use super::reader::MetadataReader;

pub(super) struct Reading<'r> {
    reader: &'r MetadataReader,
    loopback: bool,
    member: &'static str,
    inner: Option<&'static str>,
    index: Option<usize>,
    /// Whether a quirk lets the member be malformed.
    tolerant: bool,
    pub(super) findings: Vec<MetadataFinding>,
}

impl<'r> Reading<'r> {
    pub(super) fn new(reader: &'r MetadataReader, loopback: bool) -> Self {
        Self { reader, loopback, member: "", inner: None, index: None, tolerant: false, findings: Vec::new() }
    }

    /// Whether endpoints may be plain http on loopback: only where the expected issuer is.
    pub(super) fn on_loopback(&self) -> bool {
        self.loopback
    }

    pub(super) fn most_elements(&self) -> usize {
        self.reader.elements
    }

    pub(super) fn jose_limits(&self) -> avouch_jose::Limits {
        avouch_jose::Limits::default()
    }

    /// Goes to an element of the member.
    pub(super) fn at(&mut self, index: usize) {
        self.index = Some(index);
    }

    /// Goes to a member of the member, which is an object.
    pub(super) fn within(&mut self, inner: &'static str) {
        self.inner = Some(inner).filter(|inner| !inner.is_empty());
    }

    pub(super) fn fault(&mut self, rule: MetadataRule) {
        let finding = MetadataFinding::at(self.member, self.inner, self.index, rule);
        self.findings.push(finding);
    }

    pub(super) fn wrong_type<T>(&mut self, expected: &'static str, value: RawValue<'_>) -> Option<T> {
        self.fault(MetadataRule::WrongType { expected, found: type_of(value) });
        None
    }

    /// Nobody needs so many: whoever sends them wants something else, so that the document is refused in any case.
    pub(super) fn too_many_elements(&mut self) {
        self.index = None;
        let limit = self.reader.elements;
        let rule = MetadataRule::TooManyElements { limit };
        self.findings.push(MetadataFinding::at(self.member, None, None, rule).that_stops());
    }

    /// Reads a value; `null` stands for absent, and is told.
    pub(super) fn value<T: Member>(&mut self, value: RawValue<'_>) -> Option<T> {
        if value.as_json() == "null" {
            self.fault(MetadataRule::Null);
            return None;
        }
        T::read(value, self)
    }

    pub(super) fn optional<T: Member>(&mut self, member: &'static str, value: RawValue<'_>) -> Option<T> {
        (self.member, self.inner, self.index) = (member, None, None);
        self.value(value)
    }

    /// As [`optional`](Self::optional), but a malformed value stops, unless a quirk lets it pass.
    pub(super) fn essential<T: Member>(&mut self, member: EssentialMember, value: RawValue<'_>) -> Option<T> {
        let read = self.of_provider(member, value);
        self.stop_malformed(member);
        read
    }

    /// As [`essential`](Self::essential); but that a malformed value stops is for
    /// [`stop_malformed`](Self::stop_malformed) to say, where the document is a provider's.
    pub(super) fn of_provider<T: Member>(
        &mut self,
        member: EssentialMember,
        value: RawValue<'_>,
    ) -> Option<T> {
        let before = self.findings.len();
        self.tolerant = self.tolerates(member);
        let read = self.optional(member.name(), value);
        let mut new = self.findings.iter().skip(before);
        if std::mem::take(&mut self.tolerant) && new.any(|finding| finding.rule().is_malformed()) {
            self.tolerated(member.name(), Quirk::Malformed(member));
        }
        read
    }

    /// What is malformed in this member stops, unless a quirk lets it pass.
    pub(super) fn stop_malformed(&mut self, member: EssentialMember) {
        if !self.tolerates(member) {
            let name = member.name();
            let of_member = self.findings.iter_mut().filter(|finding| finding.member() == name);
            of_member.filter(|finding| finding.rule().is_malformed()).for_each(MetadataFinding::stop);
        }
    }

    fn tolerates(&self, member: EssentialMember) -> bool {
        self.reader.quirks.contains(&Quirk::Malformed(member))
    }

    /// A text where something else is due: a quirk may let it stand for what it evidently means.
    pub(super) fn misplaced_text<'v>(&self, value: RawValue<'v>) -> Option<Cow<'v, str>> {
        value.as_str().filter(|_| self.tolerant)
    }

    pub(super) fn tolerated(&mut self, member: &'static str, quirk: Quirk) {
        self.findings.push(MetadataFinding::at(member, None, None, MetadataRule::Tolerated { quirk }));
    }

    /// A required member has no value: because of a fault that is told already, or since it is not there.
    pub(super) fn missing(&mut self, member: EssentialMember) {
        let name = member.name();
        let mut told = false;
        for finding in &mut self.findings {
            if finding.member() == name && finding.rule().leaves_no_value() {
                told = true;
                finding.stop();
            }
        }
        if !told {
            self.findings.push(MetadataFinding::at(name, None, None, MetadataRule::Missing).that_stops());
        }
    }
}

pub(super) fn type_of(value: RawValue<'_>) -> &'static str {
    match value.as_json().as_bytes().first() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}
