use super::CertificateError;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
/// `[0]`, constructed: the version of a certificate.
pub(super) const CONTEXT_0: u8 = 0xa0;

/// Octets of a length field at most, after its first: enough for the longest certificate that is read.
const LONGEST_LENGTH: usize = 3;

/// Reads one value after the other. Nothing is copied, and nothing is read into but what is asked for.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(der: &'a [u8]) -> Self {
        Self(der)
    }

    /// The content of the next value, which must have this tag.
    pub(super) fn read(&mut self, tag: u8, field: &'static str) -> Result<&'a [u8], CertificateError> {
        let malformed = CertificateError::Malformed { field };
        let (content, rest) = self.0.strip_prefix(&[tag]).and_then(split_content).ok_or(malformed)?;
        self.0 = rest;
        Ok(content)
    }

    /// The same, as the values inside it.
    pub(super) fn enter(&mut self, tag: u8, field: &'static str) -> Result<Self, CertificateError> {
        self.read(tag, field).map(Self)
    }

    pub(super) fn next_is(&self, tag: u8) -> bool {
        self.0.first() == Some(&tag)
    }

    /// Nothing may follow.
    pub(super) fn end(&self, field: &'static str) -> Result<(), CertificateError> {
        if self.0.is_empty() { Ok(()) } else { Err(CertificateError::Malformed { field }) }
    }

    /// A positive integer without the sign octet.
    pub(super) fn positive(&mut self, field: &'static str) -> Result<&'a [u8], CertificateError> {
        match self.read(INTEGER, field)? {
            [0, rest @ ..] if rest.first().is_some_and(|first| *first >= 0x80) => Ok(rest),
            octets @ [1..=0x7f, ..] => Ok(octets),
            // empty, zero, negative or longer than it must be
            _ => Err(CertificateError::Malformed { field }),
        }
    }

    /// A string of whole octets.
    pub(super) fn bits(&mut self, field: &'static str) -> Result<&'a [u8], CertificateError> {
        match self.read(BIT_STRING, field)? {
            [0, octets @ ..] => Ok(octets),
            _ => Err(CertificateError::Malformed { field }),
        }
    }
}

/// Splits what follows a tag into the content and the rest: length definite, and in its shortest form.
fn split_content(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.split_first()?;
    if first < 0x80 {
        return rest.split_at_checked(usize::from(first));
    }
    let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
    if length.len() > LONGEST_LENGTH || length.first() == Some(&0) {
        return None;
    }
    let length = length.iter().fold(0, |length, octet| length << 8 | usize::from(*octet));
    if length < 0x80 { None } else { rest.split_at_checked(length) }
}
