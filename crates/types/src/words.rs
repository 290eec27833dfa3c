use crate::WordError;
use crate::word::{any_text, nqchars, nqschars, string_newtype, visible, vschars};

string_newtype!(
    /// The identifier of a client at one OP: visible ASCII and space, [RFC 6749 §2.2, A.1].
    ///
    /// ```
    /// let client_id = avouch_types::ClientId::parse("s6BhdRkqt3")?;
    /// assert_eq!(client_id.as_str(), "s6BhdRkqt3");
    /// # Ok::<(), avouch_types::WordError>(())
    /// ```
    ///
    /// [RFC 6749 §2.2, A.1]: https://www.rfc-editor.org/rfc/rfc6749#section-2.2
    ClientId, "client_id", vschars);

string_newtype!(
    /// `sub`: the identifier of an End-User at one issuer, at most 255 ASCII characters, compared exactly
    /// ([OpenID Connect Core §2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)).
    ///
    /// ```
    /// use avouch_types::SubjectIdentifier;
    /// assert!(SubjectIdentifier::parse(&"x".repeat(255)).is_ok());
    /// assert!(SubjectIdentifier::parse(&"x".repeat(256)).is_err());
    /// ```
    SubjectIdentifier, "sub", subject);

fn subject(text: &str, what: &'static str) -> Result<(), WordError> {
    crate::word::each(text, what, |byte| byte.is_ascii())?;
    if text.len() > 255 {
        return Err(WordError::TooLong { what, len: text.len(), most: 255 });
    }
    Ok(())
}

string_newtype!(
/// How the parameters of an authorization response travel
/// ([OAuth 2.0 Multiple Response Types §2.1](https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes)).
ResponseMode, "response_mode", visible, {
    /// In the query of the redirect URI.
    QUERY = "query";
    /// In the fragment of the redirect URI.
    FRAGMENT = "fragment";
    /// In an HTML form that is posted to the redirect URI.
    FORM_POST = "form_post";
});

string_newtype!(
/// What is presented to the token endpoint ([RFC 6749 §1.3](https://www.rfc-editor.org/rfc/rfc6749#section-1.3)).
GrantType, "grant_type", visible, {
    /// An authorization code.
    AUTHORIZATION_CODE = "authorization_code";
    /// A refresh token.
    REFRESH_TOKEN = "refresh_token";
    /// Tokens straight from the authorization endpoint; appears in metadata only.
    IMPLICIT = "implicit";
    /// The client's own authority.
    CLIENT_CREDENTIALS = "client_credentials";
});

string_newtype!(
/// How a client authenticates at the token endpoint
/// ([OpenID Connect Core §9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication)).
ClientAuthMethod, "token_endpoint_auth_method", visible, {
    /// Secret in the `Authorization: Basic` header; the default where nothing is registered.
    CLIENT_SECRET_BASIC = "client_secret_basic";
    /// Secret in the body.
    CLIENT_SECRET_POST = "client_secret_post";
    /// Assertion with a MAC over the client's secret.
    CLIENT_SECRET_JWT = "client_secret_jwt";
    /// Assertion signed with the client's private key.
    PRIVATE_KEY_JWT = "private_key_jwt";
    /// No authentication: a public client.
    NONE = "none";
});

string_newtype!(
/// Whether all clients see the same `sub`
/// ([OpenID Connect Core §8](https://openid.net/specs/openid-connect-core-1_0.html#SubjectIDTypes)).
SubjectType, "subject_type", visible, {
    /// One `sub` for all clients.
    PUBLIC = "public";
    /// One `sub` for each sector of clients.
    PAIRWISE = "pairwise";
});

string_newtype!(
/// What kind of application a client is
/// ([OpenID Connect Registration §2](https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata)).
ApplicationType, "application_type", visible, {
    /// Runs on a web server; the default.
    WEB = "web";
    /// Runs on the End-User's device.
    NATIVE = "native";
});

string_newtype!(
/// One value of `prompt`
/// ([OpenID Connect Core §3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)).
Prompt, "prompt", visible, {
    /// Show nothing; answer with an error if something would have to be shown.
    NONE = "none";
    /// Authenticate again.
    LOGIN = "login";
    /// Ask for consent again.
    CONSENT = "consent";
    /// Let the End-User choose an account.
    SELECT_ACCOUNT = "select_account";
});

string_newtype!(
/// How the OP's pages are shown
/// ([OpenID Connect Core §3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)).
Display, "display", visible, {
    /// A full page; the default.
    PAGE = "page";
    /// A popup window.
    POPUP = "popup";
    /// A device with a touch interface.
    TOUCH = "touch";
    /// A feature phone.
    WAP = "wap";
});

string_newtype!(
/// An Authentication Context Class Reference: an absolute URI or a registered name, compared exactly
/// ([OpenID Connect Core §2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)).
Acr, "acr", any_text, {
    /// No confidence that the same person is there.
    ZERO = "0";
});

string_newtype!(
/// An Authentication Method Reference ([RFC 8176 §2](https://www.rfc-editor.org/rfc/rfc8176#section-2)).
Amr, "amr", any_text, {
    /// A password.
    PWD = "pwd";
    /// A one-time password.
    OTP = "otp";
    /// More than one factor.
    MFA = "mfa";
    /// Proof of a hardware-secured key.
    HWK = "hwk";
    /// Proof of a software-secured key.
    SWK = "swk";
    /// A personal identification number.
    PIN = "pin";
});

string_newtype!(
/// How a PKCE challenge is made of its verifier, case-sensitive ([RFC 7636 §4.2](https://www.rfc-editor.org/rfc/rfc7636#section-4.2)).
CodeChallengeMethod, "code_challenge_method", visible, {
    /// The SHA-256 of the verifier, base64url.
    S256 = "S256";
    /// The verifier itself.
    PLAIN = "plain";
});

string_newtype!(
/// `error` of an error response: %x20-21, %x23-5B, %x5D-7E ([RFC 6749 A.7](https://www.rfc-editor.org/rfc/rfc6749#appendix-A.7)).
///
/// ```
/// use avouch_types::ErrorCode;
/// assert_eq!(ErrorCode::parse("login_required")?, ErrorCode::LOGIN_REQUIRED);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
ErrorCode, "error", nqschars, {
    /// A parameter is missing, repeated or malformed (RFC 6749 §4.1.2.1, §5.2; RFC 6750 §3.1).
    INVALID_REQUEST = "invalid_request";
    /// Client authentication failed (RFC 6749 §5.2).
    INVALID_CLIENT = "invalid_client";
    /// The code or refresh token is invalid, expired, revoked or another client's (RFC 6749 §5.2).
    INVALID_GRANT = "invalid_grant";
    /// The client may not use this response type or grant (RFC 6749 §4.1.2.1, §5.2).
    UNAUTHORIZED_CLIENT = "unauthorized_client";
    /// The grant type is not supported (RFC 6749 §5.2).
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type";
    /// The response type is not supported (RFC 6749 §4.1.2.1).
    UNSUPPORTED_RESPONSE_TYPE = "unsupported_response_type";
    /// The scope is unknown, malformed or beyond the grant (RFC 6749 §4.1.2.1, §5.2).
    INVALID_SCOPE = "invalid_scope";
    /// The End-User or the OP refused (RFC 6749 §4.1.2.1).
    ACCESS_DENIED = "access_denied";
    /// The OP met something unexpected (RFC 6749 §4.1.2.1).
    SERVER_ERROR = "server_error";
    /// The OP is overloaded or in maintenance (RFC 6749 §4.1.2.1).
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable";
    /// The access token is expired, revoked or malformed (RFC 6750 §3.1).
    INVALID_TOKEN = "invalid_token";
    /// The access token lacks a scope (RFC 6750 §3.1).
    INSUFFICIENT_SCOPE = "insufficient_scope";
    /// Some interaction is needed (Core §3.1.2.6).
    INTERACTION_REQUIRED = "interaction_required";
    /// Authentication is needed (Core §3.1.2.6).
    LOGIN_REQUIRED = "login_required";
    /// The End-User has to choose an account (Core §3.1.2.6).
    ACCOUNT_SELECTION_REQUIRED = "account_selection_required";
    /// Consent is needed (Core §3.1.2.6).
    CONSENT_REQUIRED = "consent_required";
    /// `request_uri` fails or gives bad data (Core §3.1.2.6).
    INVALID_REQUEST_URI = "invalid_request_uri";
    /// The Request Object is invalid (Core §3.1.2.6).
    INVALID_REQUEST_OBJECT = "invalid_request_object";
    /// `request` is not supported (Core §3.1.2.6).
    REQUEST_NOT_SUPPORTED = "request_not_supported";
    /// `request_uri` is not supported (Core §3.1.2.6).
    REQUEST_URI_NOT_SUPPORTED = "request_uri_not_supported";
    /// `registration` is not supported (Core §3.1.2.6).
    REGISTRATION_NOT_SUPPORTED = "registration_not_supported";
    /// An essential `acr` cannot be met (OpenID Connect Core Error Code unmet_authentication_requirements §2).
    UNMET_AUTHENTICATION_REQUIREMENTS = "unmet_authentication_requirements";
});

string_newtype!(
    /// `error_description`: a sentence for the developer, %x20-21, %x23-5B, %x5D-7E ([RFC 6749 A.8](https://www.rfc-editor.org/rfc/rfc6749#appendix-A.8)).
    ///
    /// ```
    /// use avouch_types::ErrorDescription;
    /// assert!(ErrorDescription::parse("no such \"client\"").is_err());
    /// assert_eq!(ErrorDescription::from_text("no such \"client\"").as_str(), "no such 'client'");
    /// ```
    ErrorDescription, "error_description", nqschars);

impl ErrorDescription {
    /// A description made of any text: double quotes become single ones, whatever else is not allowed a question mark, and
    /// so does no text at all.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let text = if text.is_empty() { "?" } else { text };
        let allowed = text.chars().map(|character| match character {
            '"' => '\'',
            '\\' => '/',
            ' '..='~' => character,
            _ => '?',
        });
        Self(allowed.collect::<String>().into())
    }
}

string_newtype!(
    /// `error_uri`: a page about the error, %x21, %x23-5B, %x5D-7E ([RFC 6749 A.9](https://www.rfc-editor.org/rfc/rfc6749#appendix-A.9)).
    ErrorUri, "error_uri", nqchars);
