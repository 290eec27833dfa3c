use avouch_types::{ErrorCode, ErrorDescription, ErrorUri, Scopes};

use super::Challenge;

/// A `WWW-Authenticate: Bearer` challenge ([RFC 6750 §3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).
///
/// ```
/// use avouch_messages::bearer::BearerChallenge;
/// use avouch_types::ErrorCode;
///
/// // no token was sent: no error information
/// assert_eq!(BearerChallenge::new("userinfo").to_header(), r#"Bearer realm="userinfo""#);
///
/// let expired = BearerChallenge::new("userinfo").error(ErrorCode::INVALID_TOKEN).description("expired");
/// assert_eq!(expired.to_header(), r#"Bearer realm="userinfo", error="invalid_token", error_description="expired""#);
/// assert_eq!(expired.status(), 401);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BearerChallenge {
    /// What is protected.
    pub realm: Option<String>,
    /// What a token would have to allow.
    pub scope: Option<Scopes>,
    /// What was wrong with the token; absent if none was sent.
    pub error: Option<ErrorCode>,
    /// For the developer.
    pub error_description: Option<ErrorDescription>,
    /// A page about the error.
    pub error_uri: Option<ErrorUri>,
}

impl BearerChallenge {
    /// A challenge without error information.
    #[must_use]
    pub fn new(realm: impl Into<String>) -> Self {
        Self { realm: Some(realm.into()), ..Self::default() }
    }

    /// With an error code.
    #[must_use]
    pub fn error(self, error: ErrorCode) -> Self {
        Self { error: Some(error), ..self }
    }

    /// With a sentence for the developer; characters that are not allowed are replaced.
    #[must_use]
    pub fn description(self, text: &str) -> Self {
        Self { error_description: Some(ErrorDescription::from_text(text)), ..self }
    }

    /// With the scope a token needs.
    #[must_use]
    pub fn scope(self, scope: Scopes) -> Self {
        Self { scope: Some(scope), ..self }
    }

    /// The status that goes with it: 400 for invalid_request, 403 for insufficient_scope, else 401 (RFC 6750 §3.1).
    #[must_use]
    pub fn status(&self) -> u16 {
        match self.error.as_ref().map(ErrorCode::as_str) {
            Some("invalid_request") => 400,
            Some("insufficient_scope") => 403,
            _ => 401,
        }
    }

    /// The header's value. RFC 6750 §3 wants at least one parameter; where nothing is said, that is an empty realm.
    #[must_use]
    pub fn to_header(&self) -> String {
        let scope = self.scope.as_ref().map(Scopes::to_string);
        let parameters = [
            ("realm", self.realm.as_deref()),
            ("scope", scope.as_deref()),
            ("error", self.error.as_ref().map(ErrorCode::as_str)),
            ("error_description", self.error_description.as_ref().map(ErrorDescription::as_str)),
            ("error_uri", self.error_uri.as_ref().map(ErrorUri::as_str)),
        ];
        let mut said: Vec<String> = parameters
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", quoted(value?))))
            .collect();
        if said.is_empty() {
            said.push("realm=\"\"".to_owned());
        }
        format!("Bearer {}", said.join(", "))
    }

    /// The first Bearer challenge in the values of the `WWW-Authenticate` fields of an answer. Other schemes and parameters
    /// are ignored, and so is a parameter that is malformed or stands twice: a challenge is advice, not permission. For the
    /// same reason a URL without quotes, which the grammar does not allow, costs nothing.
    #[must_use]
    pub fn find<'a>(fields: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let challenge = fields
            .into_iter()
            .filter_map(|field| {
                Challenge::parse_all(field).or_else(|_| Challenge::parse_leniently(field)).ok()
            })
            .flatten()
            .find(|challenge| challenge.scheme.eq_ignore_ascii_case("bearer"))?;
        Some(Self {
            realm: challenge.parameter("realm").map(str::to_owned),
            scope: challenge.parameter("scope").and_then(|text| text.parse().ok()),
            error: challenge.parameter("error").and_then(|text| text.parse().ok()),
            error_description: challenge.parameter("error_description").map(ErrorDescription::from_text),
            error_uri: challenge.parameter("error_uri").and_then(|text| text.parse().ok()),
        })
    }
}

/// `quoted-string` of RFC 9110 §5.6.4; what no header may carry becomes a question mark.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            ' '..='~' => quoted.push(character),
            _ => quoted.push('?'),
        }
    }
    quoted.push('"');
    quoted
}
