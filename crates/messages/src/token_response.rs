use avouch_json::Limits;
use avouch_types::{AccessToken, RefreshToken, Scopes, Secret, TokenType};
use serde_json::{Map, Value};

use crate::AnswerError;
use crate::json::Members;

/// The success answer of the token endpoint
/// ([RFC 6749 §5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1),
/// [OpenID Connect Core §3.1.3.3](https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse)):
/// status 200, `application/json`, and the headers of [`TokenResponse::HEADERS`].
///
/// ```
/// use avouch_messages::TokenResponse;
/// use avouch_types::TokenType;
///
/// let body = br#"{"access_token":"SlAV32hkKG","token_type":"bearer","expires_in":3600,"id_token":"eyJ..."}"#;
/// let response = TokenResponse::parse(Some("application/json"), body, &avouch_json::Limits::default())?;
/// assert_eq!(response.token_type, TokenType::BEARER);
/// assert_eq!(response.expires_in, Some(3600));
/// # Ok::<(), avouch_messages::AnswerError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenResponse {
    /// The access token.
    pub access_token: AccessToken,
    /// How it is presented. Who does not know the type must not use the token.
    pub token_type: TokenType,
    /// How long it lives from now on, in seconds; absent means unknown, not for ever.
    pub expires_in: Option<u64>,
    /// Replaces the one that was presented.
    pub refresh_token: Option<RefreshToken>,
    /// What was granted; absent means: what was asked for.
    pub scope: Option<Scopes>,
    /// The ID Token; not looked into here.
    pub id_token: Option<Secret>,
    /// All other members.
    pub extra: Map<String, Value>,
    /// Optional members with a value that is none, as received: an `expires_in` of -1, a `scope` that is an array. They
    /// count as absent, so that a fault in one of them does not cost a code or a refresh token that is spent already.
    pub malformed: Map<String, Value>,
}

impl TokenResponse {
    /// The headers of every answer with tokens.
    pub const HEADERS: [(&'static str, &'static str); 3] =
        [("content-type", "application/json"), ("cache-control", "no-store"), ("pragma", "no-cache")];

    /// An answer with the two members that each one has.
    #[must_use]
    pub fn new(access_token: AccessToken, token_type: TokenType) -> Self {
        Self {
            access_token,
            token_type,
            expires_in: None,
            refresh_token: None,
            scope: None,
            id_token: None,
            extra: Map::new(),
            malformed: Map::new(),
        }
    }

    /// Reads the body of an answer with status 200. An `expires_in` of digits in a string is tolerated; `null` counts as
    /// absent, and so does an optional member that is [`malformed`](Self::malformed).
    ///
    /// # Errors
    /// An [`AnswerError`] that names the broken rule: no strict JSON object, or without `access_token` or `token_type`.
    pub fn parse(content_type: Option<&str>, body: &[u8], limits: &Limits) -> Result<Self, AnswerError> {
        let mut members = Members::read(content_type, body, limits)?;
        Ok(Self {
            access_token: members.required("access_token", AccessToken::parse)?,
            token_type: members.required("token_type", TokenType::parse)?,
            expires_in: members.lenient("expires_in", lifetime),
            refresh_token: members
                .lenient("refresh_token", |value| RefreshToken::parse(value.as_str()?).ok()),
            scope: members.lenient("scope", |value| Scopes::parse(value.as_str()?).ok()),
            id_token: members.lenient("id_token", |value| value.as_str().map(Secret::new)),
            malformed: members.take_malformed(),
            extra: members.rest(),
        })
    }

    /// The body.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut members = self.extra.clone();
        let mut text = |name: &str, value: &str| members.insert(name.to_owned(), value.into());
        text("access_token", self.access_token.expose());
        text("token_type", self.token_type.as_str());
        if let Some(refresh_token) = &self.refresh_token {
            text("refresh_token", refresh_token.expose());
        }
        if let Some(scope) = &self.scope {
            text("scope", &scope.to_string());
        }
        if let Some(id_token) = &self.id_token {
            text("id_token", id_token.expose());
        }
        if let Some(expires_in) = self.expires_in {
            members.insert("expires_in".to_owned(), expires_in.into());
        }
        Value::Object(members).to_string()
    }
}

/// Unknown members may hold tokens too (of other types), so only their names are shown.
impl std::fmt::Debug for TokenResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenResponse")
            .field("access_token", &self.access_token)
            .field("token_type", &self.token_type)
            .field("expires_in", &self.expires_in)
            .field("refresh_token", &self.refresh_token)
            .field("scope", &self.scope)
            .field("id_token", &self.id_token)
            .field("extra", &self.extra.keys().collect::<Vec<_>>())
            .field("malformed", &self.malformed.keys().collect::<Vec<_>>())
            .finish()
    }
}

fn lifetime(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        // u64's own parser takes a plus sign
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}
