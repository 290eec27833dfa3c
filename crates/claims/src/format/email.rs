/// Checks `addr-spec` of [RFC 5322 §3.4.1](https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1): with quoted local part,
/// domain literal, comments and folding white space, but without the obsolete forms of §4, which nobody may generate.
/// The error is the byte where it fails.
pub(crate) fn check_addr_spec(text: &str) -> Result<(), usize> {
    let mut reader = Reader { text: text.as_bytes(), at: 0 };
    reader.comments_and_space()?;
    if reader.next_is(b'"') {
        reader.quoted_string()?
    } else {
        reader.dot_atom()?
    }
    reader.comments_and_space()?;
    reader.expect(b'@')?;
    reader.comments_and_space()?;
    if reader.next_is(b'[') {
        reader.domain_literal()?
    } else {
        reader.dot_atom()?
    }
    reader.comments_and_space()?;
    if reader.at == text.len() { Ok(()) } else { Err(reader.at) }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Over the byte that was looked at.
    fn step(&mut self) -> Result<(), usize> {
        self.at += 1;
        Ok(())
    }

    fn next_is(&self, byte: u8) -> bool {
        self.peek() == Some(byte)
    }

    fn expect(&mut self, byte: u8) -> Result<(), usize> {
        if self.next_is(byte) { self.step() } else { Err(self.at) }
    }

    /// Steps over as many bytes as fit and says how many they were.
    fn take_while(&mut self, fits: fn(u8) -> bool) -> usize {
        let start = self.at;
        while self.peek().is_some_and(fits) {
            self.at += 1;
        }
        self.at - start
    }

    /// `dot-atom-text`
    fn dot_atom(&mut self) -> Result<(), usize> {
        loop {
            if self.take_while(is_atext) == 0 {
                return Err(self.at);
            }
            if !self.next_is(b'.') {
                return Ok(());
            }
            self.at += 1;
        }
    }

    /// `[FWS]`: white space, with at most one line end before its last piece.
    fn folding_space(&mut self) -> Result<(), usize> {
        self.take_while(is_wsp);
        if self.next_is(b'\r') {
            self.at += 1;
            self.expect(b'\n')?;
            if self.take_while(is_wsp) == 0 {
                return Err(self.at);
            }
        }
        Ok(())
    }

    /// `[CFWS]`; the nesting of comments is counted, not followed by calls.
    fn comments_and_space(&mut self) -> Result<(), usize> {
        let mut depth = 0_usize;
        loop {
            self.folding_space()?;
            match (self.peek(), depth) {
                (Some(b'('), _) => depth += 1,
                (_, 0) => return Ok(()),
                (Some(b')'), _) => depth -= 1,
                (Some(b'\\'), _) => {
                    self.quoted_pair()?;
                    continue;
                }
                (Some(0x21..=0x7E), _) => {}
                _ => return Err(self.at),
            }
            self.at += 1;
        }
    }

    fn quoted_pair(&mut self) -> Result<(), usize> {
        self.expect(b'\\')?;
        match self.peek() {
            Some(0x20..=0x7E | b'\t') => self.step(),
            _ => Err(self.at),
        }
    }

    fn quoted_string(&mut self) -> Result<(), usize> {
        self.expect(b'"')?;
        loop {
            self.folding_space()?;
            match self.peek() {
                Some(b'"') => return self.step(),
                Some(b'\\') => self.quoted_pair()?,
                Some(0x21..=0x7E) => self.at += 1,
                _ => return Err(self.at),
            }
        }
    }

    fn domain_literal(&mut self) -> Result<(), usize> {
        self.expect(b'[')?;
        loop {
            self.folding_space()?;
            match self.peek() {
                Some(b']') => return self.step(),
                Some(0x21..=0x5A | 0x5E..=0x7E) => self.at += 1,
                _ => return Err(self.at),
            }
        }
    }
}

fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn is_wsp(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}
