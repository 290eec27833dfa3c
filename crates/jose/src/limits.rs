/// How much of the peer's input is read before it is refused: a budget per kind, each with its own error.
///
/// ```
/// let limits = avouch_jose::Limits::default().with_token_bytes(8 * 1024);
/// assert_eq!(limits.token_bytes, 8 * 1024);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a whole compact token, or of the text of a JWS or JWE in JSON; 64 KiB by default. A detached payload is
    /// under no limit here: whoever fetched it has it already.
    pub token_bytes: usize,
    /// Bytes of an encoded protected header; 8 KiB by default.
    pub header_bytes: usize,
    /// Keys in one JWK Set; 1024 by default.
    pub keys: usize,
    /// Recipients of one JWE in JSON; 16 by default.
    pub recipients: usize,
    /// Keys tried for one JWE, over all its recipients; 8 by default. Each trial can cost an RSA decryption.
    pub key_trials: usize,
    /// JSON documents: headers, claims, keys and key sets.
    pub json: avouch_json::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            token_bytes: 64 * 1024,
            header_bytes: 8 * 1024,
            keys: 1024,
            recipients: 16,
            key_trials: 8,
            json: avouch_json::Limits::default(),
        }
    }
}

impl Limits {
    /// Sets the bytes of a whole token, compact or in JSON.
    #[must_use]
    pub fn with_token_bytes(mut self, bytes: usize) -> Self {
        self.token_bytes = bytes;
        self
    }

    /// Sets the bytes of an encoded protected header.
    #[must_use]
    pub fn with_header_bytes(mut self, bytes: usize) -> Self {
        self.header_bytes = bytes;
        self
    }

    /// Sets the number of keys in one JWK Set.
    #[must_use]
    pub fn with_keys(mut self, keys: usize) -> Self {
        self.keys = keys;
        self
    }

    /// Sets the number of recipients of one JWE.
    #[must_use]
    pub fn with_recipients(mut self, recipients: usize) -> Self {
        self.recipients = recipients;
        self
    }

    /// Sets the number of keys tried for one JWE.
    #[must_use]
    pub fn with_key_trials(mut self, keys: usize) -> Self {
        self.key_trials = keys;
        self
    }

    /// Sets the budget of JSON documents.
    #[must_use]
    pub fn with_json(mut self, json: avouch_json::Limits) -> Self {
        self.json = json;
        self
    }
}
