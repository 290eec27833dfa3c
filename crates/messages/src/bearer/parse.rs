//! `WWW-Authenticate` ([RFC 9110 §11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1)).

/// One challenge of a `WWW-Authenticate` field, of any scheme.
///
/// ```
/// use avouch_messages::bearer::Challenge;
///
/// let challenges = Challenge::parse_all(r#"Negotiate YWJj==, Bearer realm="a, \"b\"", error=invalid_token"#)?;
/// assert_eq!(challenges[0].token68.as_deref(), Some("YWJj=="));
/// assert_eq!(challenges[1].parameter("Realm"), Some(r#"a, "b""#));
/// assert_eq!(challenges[1].parameter("error"), Some("invalid_token"));
/// # Ok::<(), avouch_messages::bearer::ChallengeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The scheme as it is written; compared without regard to case.
    pub scheme: String,
    /// The scheme's data, if it is one token instead of parameters.
    pub token68: Option<String>,
    /// Names as they are written, values unquoted.
    pub parameters: Vec<(String, String)>,
}

/// Why a `WWW-Authenticate` value was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChallengeError {
    /// Longer than 8 KiB.
    #[error("WWW-Authenticate value of {len} bytes is too long")]
    TooLong {
        /// Its length.
        len: usize,
    },
    /// A character stands where the grammar allows none like it.
    #[error("WWW-Authenticate value is malformed at byte {offset}")]
    Malformed {
        /// Where it stands.
        offset: usize,
    },
}

const MAX_FIELD_BYTES: usize = 8 * 1024;

impl Challenge {
    /// Reads the value of one `WWW-Authenticate` field, which may hold several challenges.
    ///
    /// # Errors
    /// A [`ChallengeError`] that names the broken rule.
    pub fn parse_all(field: &str) -> Result<Vec<Self>, ChallengeError> {
        Self::parse(field, |reader| reader.token())
    }

    /// As [`parse_all`](Self::parse_all), but a value without quotes goes up to the next comma or space.
    pub(super) fn parse_leniently(field: &str) -> Result<Vec<Self>, ChallengeError> {
        Self::parse(field, |reader| reader.take_while(|byte| !b", \t\"".contains(&byte)))
    }

    fn parse(field: &str, bare_value: BareValue) -> Result<Vec<Self>, ChallengeError> {
        if field.len() > MAX_FIELD_BYTES {
            return Err(ChallengeError::TooLong { len: field.len() });
        }
        let mut reader = Reader { rest: field, len: field.len(), bare_value };
        let mut challenges: Vec<Self> = Vec::new();
        reader.skip_list_separators();
        while !reader.rest.is_empty() {
            reader.element(&mut challenges)?;
            reader.end_of_element()?;
        }
        Ok(challenges)
    }

    /// The value of a parameter, its name compared without regard to case; `None` also if it stands there twice.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut values = self.parameters.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
        let (_, value) = values.next()?;
        if values.next().is_some() { None } else { Some(value) }
    }
}

/// Reads a parameter's value that stands without quotes.
type BareValue = for<'r, 'a> fn(&'r mut Reader<'a>) -> Option<&'a str>;

struct Reader<'a> {
    rest: &'a str,
    len: usize,
    bare_value: BareValue,
}

impl<'a> Reader<'a> {
    /// One element of the comma list: a parameter of the last challenge, or a scheme that begins a new one, alone or with
    /// its token68 or first parameter after it.
    fn element(&mut self, challenges: &mut Vec<Challenge>) -> Result<(), ChallengeError> {
        if let Some(challenge) = challenges.last_mut()
            && challenge.token68.is_none()
            && let Some(parameter) = self.parameter()?
        {
            challenge.parameters.push(parameter);
            return Ok(());
        }
        let scheme = self.token().ok_or_else(|| self.malformed())?.to_owned();
        let mut challenge = Challenge { scheme, token68: None, parameters: Vec::new() };
        if self.rest.starts_with(' ') {
            self.skip(&[' ']);
            if let Some(parameter) = self.parameter()? {
                challenge.parameters.push(parameter);
            } else {
                challenge.token68 = self.token68();
            }
        }
        challenges.push(challenge);
        Ok(())
    }

    /// `token BWS "=" BWS ( token / quoted-string )`, or nothing read at all.
    fn parameter(&mut self) -> Result<Option<(String, String)>, ChallengeError> {
        let start = self.rest;
        let Some(name) = self.token() else { return Ok(None) };
        self.skip(&[' ', '\t']);
        if !self.rest.starts_with('=') {
            self.rest = start;
            return Ok(None);
        }
        self.rest = self.rest.get(1..).unwrap_or_default();
        self.skip(&[' ', '\t']);
        if self.rest.starts_with('"') {
            return Ok(Some((name.to_owned(), self.quoted_string()?)));
        }
        match (self.bare_value)(self) {
            Some(value) => Ok(Some((name.to_owned(), value.to_owned()))),
            None => {
                // `abc=` and `abc==` are token68
                self.rest = start;
                Ok(None)
            }
        }
    }

    fn quoted_string(&mut self) -> Result<String, ChallengeError> {
        let mut text = String::new();
        let mut characters = self.rest.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = self.rest.get(at + 1..).unwrap_or_default();
                    return Ok(text);
                }
                '\\' => match characters.next() {
                    Some((_, escaped)) if !escaped.is_control() => text.push(escaped),
                    _ => break,
                },
                '\t' => text.push(character),
                character if character.is_control() => break,
                _ => text.push(character),
            }
        }
        Err(self.malformed())
    }

    fn token(&mut self) -> Option<&'a str> {
        self.take_while(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    }

    fn token68(&mut self) -> Option<String> {
        let body = self.take_while(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))?;
        let padding = self.take_while(|byte| byte == b'=').unwrap_or_default();
        Some(format!("{body}{padding}"))
    }

    fn take_while(&mut self, fits: impl Fn(u8) -> bool) -> Option<&'a str> {
        let end = self.rest.bytes().position(|byte| !fits(byte)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(taken).filter(|taken| !taken.is_empty())
    }

    fn end_of_element(&mut self) -> Result<(), ChallengeError> {
        self.skip(&[' ', '\t']);
        if !self.rest.is_empty() && !self.rest.starts_with(',') {
            return Err(self.malformed());
        }
        self.skip_list_separators();
        Ok(())
    }

    fn skip_list_separators(&mut self) {
        self.skip(&[' ', '\t', ',']);
    }

    fn skip(&mut self, any_of: &[char]) {
        self.rest = self.rest.trim_start_matches(any_of);
    }

    fn malformed(&self) -> ChallengeError {
        ChallengeError::Malformed { offset: self.len - self.rest.len() }
    }
}
