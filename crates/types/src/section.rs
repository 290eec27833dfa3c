//! Which section says otherwise, for each error that a text can meet with.

use crate::{FormError, UriError, WordError};

impl UriError {
    /// The section that says otherwise; none where the rule is one of this crate: a limit, or a scheme that is not run.
    ///
    /// ```
    /// use avouch_types::Issuer;
    /// let error = Issuer::parse("https://user@op.example").unwrap_err();
    /// assert_eq!(error.section(), Some("RFC 9110, 4.2.4"));
    /// ```
    #[must_use]
    pub fn section(&self) -> Option<&'static str> {
        match self {
            Self::TooLong { .. } | Self::DangerousScheme => None,
            Self::NotHttps | Self::HasQuery | Self::IssuerHasFragment => Some("OpenID Connect Core 1.0, 1.2"),
            Self::NotLoopbackHttp => Some("RFC 8252, 7.3"),
            Self::NoScheme => Some("RFC 3986, 4.3"),
            Self::ForbiddenCharacter { .. } => Some("RFC 3986, 2"),
            Self::MalformedPercentEncoding { .. } => Some("RFC 3986, 2.1"),
            Self::NoHost => Some("RFC 9110, 4.2.2"),
            Self::HasUserInfo => Some("RFC 9110, 4.2.4"),
            Self::MalformedHost => Some("RFC 3986, 3.2.2"),
            Self::MalformedPort => Some("RFC 3986, 3.2.3"),
            Self::DotSegment => Some("RFC 3986, 6.2.2.3"),
            Self::HasFragment => Some("RFC 6749, 3.1"),
        }
    }
}

impl WordError {
    /// What was to be read: the parameter or member by its name where it has one, so the place of the fault.
    #[must_use]
    pub fn what(&self) -> &'static str {
        match self {
            Self::Empty { what }
            | Self::ForbiddenCharacter { what, .. }
            | Self::TooShort { what, .. }
            | Self::TooLong { what, .. }
            | Self::RepeatedWord { what, .. } => what,
            Self::MalformedLanguageTag { .. } => "language tag",
        }
    }

    /// The section that says otherwise; none for words that no specification gives characters to.
    ///
    /// ```
    /// use avouch_types::Scopes;
    /// let error = Scopes::parse("openid\temail").unwrap_err();
    /// assert_eq!((error.what(), error.section()), ("scope", Some("RFC 6749, 3.3")));
    /// ```
    #[must_use]
    pub fn section(&self) -> Option<&'static str> {
        Some(match self.what() {
            "client_id" => "RFC 6749, A.1",
            "client_secret" => "RFC 6749, A.2",
            "response_type" => "RFC 6749, A.3",
            "scope" => "RFC 6749, 3.3",
            "state" => "RFC 6749, A.5",
            "error" => "RFC 6749, A.7",
            "error_description" => "RFC 6749, A.8",
            "error_uri" => "RFC 6749, A.9",
            "grant_type" => "RFC 6749, A.10",
            "code" => "RFC 6749, A.11",
            "access_token" => "RFC 6749, A.12",
            "token_type" => "RFC 6749, A.13",
            "refresh_token" => "RFC 6749, A.17",
            "code_verifier" => "RFC 7636, 4.1",
            "sub" | "nonce" => "OpenID Connect Core 1.0, 2",
            "prompt" | "display" | "acr_values" => "OpenID Connect Core 1.0, 3.1.2.1",
            "response_mode" => "OAuth 2.0 Multiple Response Type Encoding Practices, 2.1",
            "member name" => "OpenID Connect Core 1.0, 5.2",
            "sector" => "OpenID Connect Core 1.0, 8.1",
            "media type" => "RFC 9110, 8.3.1",
            "language tag" => "RFC 5646, 2.1",
            _ => return None,
        })
    }
}

impl FormError {
    /// The section that says otherwise; none for the limits, which are each reader's own.
    ///
    /// ```
    /// use avouch_types::{Form, FormLimits};
    /// let error = Form::parse(b"code=1&code=2", &FormLimits::default()).unwrap_err();
    /// assert_eq!(error.section(), Some("RFC 6749, 3.1"));
    /// ```
    #[must_use]
    pub fn section(&self) -> Option<&'static str> {
        match self {
            Self::TooLong { .. } | Self::TooManyParameters { .. } => None,
            Self::DuplicateParameter { .. } => Some("RFC 6749, 3.1"),
            Self::MalformedPercentEncoding { .. } | Self::ForbiddenByte { .. } | Self::NotUtf8 { .. } => {
                Some("RFC 6749, B")
            }
        }
    }
}
