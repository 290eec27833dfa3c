use crate::word::{nqchars, nqschars, string_newtype};

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
    /// The authentication of the End-User does not suffice for the resource (RFC 9470 §3).
    INSUFFICIENT_USER_AUTHENTICATION = "insufficient_user_authentication";
    /// The End-User has not decided yet (RFC 8628 §3.5; CIBA §11).
    AUTHORIZATION_PENDING = "authorization_pending";
    /// As `authorization_pending`, and the client asks too often (RFC 8628 §3.5; CIBA §11).
    SLOW_DOWN = "slow_down";
    /// The device code or `auth_req_id` has expired (RFC 8628 §3.5; CIBA §11).
    EXPIRED_TOKEN = "expired_token";
    /// The server does not revoke tokens of this kind (RFC 7009 §2.2.1).
    UNSUPPORTED_TOKEN_TYPE = "unsupported_token_type";
    /// The resource or audience is unknown, malformed or not allowed (RFC 8707 §2; RFC 8693 §2.2.2).
    INVALID_TARGET = "invalid_target";
    /// The authorization details are not acceptable (RFC 9396 §5).
    INVALID_AUTHORIZATION_DETAILS = "invalid_authorization_details";
    /// The DPoP proof is not valid (RFC 9449 §5).
    INVALID_DPOP_PROOF = "invalid_dpop_proof";
    /// The DPoP proof needs a nonce of the server (RFC 9449 §8).
    USE_DPOP_NONCE = "use_dpop_nonce";
    /// The login hint token is no longer good (CIBA §13).
    EXPIRED_LOGIN_HINT_TOKEN = "expired_login_hint_token";
    /// The hints of the client name nobody (CIBA §13).
    UNKNOWN_USER_ID = "unknown_user_id";
    /// The person's code is needed (CIBA §13).
    MISSING_USER_CODE = "missing_user_code";
    /// The person's code is wrong (CIBA §13).
    INVALID_USER_CODE = "invalid_user_code";
    /// The binding message cannot be shown (CIBA §13).
    INVALID_BINDING_MESSAGE = "invalid_binding_message";
    /// Something unexpected ended the transaction; pushed to the client only (CIBA §12).
    TRANSACTION_FAILED = "transaction_failed";
    /// A redirect URI is not acceptable (RFC 7591 §3.2.2).
    INVALID_REDIRECT_URI = "invalid_redirect_uri";
    /// Some client metadata is not acceptable (RFC 7591 §3.2.2).
    INVALID_CLIENT_METADATA = "invalid_client_metadata";
    /// The software statement is not valid (RFC 7591 §3.2.2).
    INVALID_SOFTWARE_STATEMENT = "invalid_software_statement";
    /// The software statement is not one this server accepts (RFC 7591 §3.2.2).
    UNAPPROVED_SOFTWARE_STATEMENT = "unapproved_software_statement";
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
    ///
    /// ```
    /// use avouch_types::ErrorUri;
    /// assert!(ErrorUri::parse("https://op.example/errors#17").is_ok());
    /// assert!(ErrorUri::parse("https://op.example/two words").is_err());
    /// ```
    ErrorUri, "error_uri", nqchars);
