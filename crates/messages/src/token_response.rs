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
        }
    }

    /// Reads the body of an answer with status 200. An `expires_in` of digits in a string is tolerated; `null` counts as
    /// absent.
    ///
    /// # Errors
    /// An [`AnswerError`] that names the broken rule.
    pub fn parse(content_type: Option<&str>, body: &[u8], limits: &Limits) -> Result<Self, AnswerError> {
        let mut members = Members::read(content_type, body, limits)?;
        Ok(Self {
            access_token: members.required("access_token", AccessToken::parse)?,
            token_type: members.required("token_type", TokenType::parse)?,
            expires_in: members.value("expires_in").map(lifetime).transpose()?,
            refresh_token: members.word("refresh_token", RefreshToken::parse)?,
            scope: members.word("scope", Scopes::parse)?,
            id_token: members.text("id_token")?.map(Secret::new),
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
            .finish()
    }
}

fn lifetime(value: Value) -> Result<u64, AnswerError> {
    let seconds = match &value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        Value::String(_) => None,
        _ => return Err(AnswerError::WrongType { name: "expires_in" }),
    };
    seconds.ok_or(AnswerError::MalformedLifetime)
}
