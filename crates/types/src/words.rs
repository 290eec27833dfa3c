use crate::WordError;
use crate::word::{string_newtype, visible, vschars};

mod acr_order;
mod authentication;
mod error_code;

pub use acr_order::AcrOrder;
pub use authentication::{Acr, AcrForm, Amr};
pub use error_code::{ErrorCode, ErrorDescription, ErrorUri};

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
///
/// ```
/// use avouch_types::ResponseMode;
/// assert_eq!(ResponseMode::parse("form_post")?, ResponseMode::FORM_POST);
/// assert_eq!(ResponseMode::parse("web_message")?.as_str(), "web_message"); // an open set
/// # Ok::<(), avouch_types::WordError>(())
/// ```
ResponseMode, "response_mode", visible, {
    /// In the query of the redirect URI.
    QUERY = "query";
    /// In the fragment of the redirect URI.
    FRAGMENT = "fragment";
    /// In an HTML form that is posted to the redirect URI.
    FORM_POST = "form_post";
    /// A signed response in the default place of the response type ([JARM §2.3](https://openid.net/specs/oauth-v2-jarm.html)).
    JWT = "jwt";
    /// A signed response in the query.
    QUERY_JWT = "query.jwt";
    /// A signed response in the fragment.
    FRAGMENT_JWT = "fragment.jwt";
    /// A signed response in a form that is posted.
    FORM_POST_JWT = "form_post.jwt";
});

string_newtype!(
/// What is presented to the token endpoint ([RFC 6749 §1.3](https://www.rfc-editor.org/rfc/rfc6749#section-1.3)).
///
/// ```
/// use avouch_types::GrantType;
/// assert_eq!(GrantType::parse("refresh_token")?, GrantType::REFRESH_TOKEN);
/// assert_ne!(GrantType::parse("Refresh_Token")?, GrantType::REFRESH_TOKEN);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
GrantType, "grant_type", visible, {
    /// An authorization code.
    AUTHORIZATION_CODE = "authorization_code";
    /// A refresh token.
    REFRESH_TOKEN = "refresh_token";
    /// Tokens straight from the authorization endpoint; appears in metadata only.
    IMPLICIT = "implicit";
    /// The client's own authority.
    CLIENT_CREDENTIALS = "client_credentials";
    /// A device code (RFC 8628).
    DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
    /// A token for another token (RFC 8693).
    TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    /// A JWT assertion (RFC 7523).
    JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    /// A SAML 2.0 assertion (RFC 7522).
    SAML2_BEARER = "urn:ietf:params:oauth:grant-type:saml2-bearer";
    /// An `auth_req_id` of a backchannel authentication (OpenID Connect CIBA).
    CIBA = "urn:openid:params:grant-type:ciba";
});

string_newtype!(
/// How a client authenticates at the token endpoint
/// ([OpenID Connect Core §9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication)).
///
/// ```
/// use avouch_types::ClientAuthMethod;
/// assert_eq!(ClientAuthMethod::parse("private_key_jwt")?, ClientAuthMethod::PRIVATE_KEY_JWT);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
ClientAuthMethod, "token_endpoint_auth_method", visible, {
    /// Secret in the `Authorization: Basic` header; the default where nothing is registered.
    CLIENT_SECRET_BASIC = "client_secret_basic";
    /// Secret in the body.
    CLIENT_SECRET_POST = "client_secret_post";
    /// Assertion with a MAC over the client's secret.
    CLIENT_SECRET_JWT = "client_secret_jwt";
    /// Assertion signed with the client's private key.
    PRIVATE_KEY_JWT = "private_key_jwt";
    /// The subject of a certificate that a CA signed (RFC 8705 §2.1).
    TLS_CLIENT_AUTH = "tls_client_auth";
    /// The key of a self-signed certificate (RFC 8705 §2.2).
    SELF_SIGNED_TLS_CLIENT_AUTH = "self_signed_tls_client_auth";
    /// No authentication: a public client.
    NONE = "none";
});

string_newtype!(
/// Whether all clients see the same `sub`
/// ([OpenID Connect Core §8](https://openid.net/specs/openid-connect-core-1_0.html#SubjectIDTypes)).
///
/// ```
/// use avouch_types::SubjectType;
/// assert_eq!(SubjectType::parse("pairwise")?, SubjectType::PAIRWISE);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
SubjectType, "subject_type", visible, {
    /// One `sub` for all clients.
    PUBLIC = "public";
    /// One `sub` for each sector of clients.
    PAIRWISE = "pairwise";
});

string_newtype!(
/// What kind of application a client is
/// ([OpenID Connect Registration §2](https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata)).
///
/// ```
/// use avouch_types::ApplicationType;
/// assert_eq!(ApplicationType::parse("native")?, ApplicationType::NATIVE);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
ApplicationType, "application_type", visible, {
    /// Runs on a web server; the default.
    WEB = "web";
    /// Runs on the End-User's device.
    NATIVE = "native";
});

string_newtype!(
/// One value of `prompt`
/// ([OpenID Connect Core §3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)).
///
/// ```
/// use avouch_types::Prompt;
/// assert_eq!(Prompt::parse("none")?, Prompt::NONE);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
Prompt, "prompt", visible, {
    /// Show nothing; answer with an error if something would have to be shown.
    NONE = "none";
    /// Authenticate again.
    LOGIN = "login";
    /// Ask for consent again.
    CONSENT = "consent";
    /// Let the End-User choose an account.
    SELECT_ACCOUNT = "select_account";
    /// Create an account (Initiating User Registration 1.0).
    CREATE = "create";
});

string_newtype!(
/// How the OP's pages are shown
/// ([OpenID Connect Core §3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)).
///
/// ```
/// use avouch_types::Display;
/// assert_eq!(Display::parse("popup")?, Display::POPUP);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
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
/// How a PKCE challenge is made of its verifier, case-sensitive ([RFC 7636 §4.2](https://www.rfc-editor.org/rfc/rfc7636#section-4.2)).
///
/// ```
/// use avouch_types::CodeChallengeMethod;
/// assert_ne!(CodeChallengeMethod::parse("s256")?, CodeChallengeMethod::S256);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
CodeChallengeMethod, "code_challenge_method", visible, {
    /// The SHA-256 of the verifier, base64url.
    S256 = "S256";
    /// The verifier itself.
    PLAIN = "plain";
});

string_newtype!(
/// Who asserts a claim, and whether it comes along
/// ([OpenID Connect Core §5.6](https://openid.net/specs/openid-connect-core-1_0.html#ClaimTypes)).
///
/// ```
/// use avouch_types::ClaimType;
/// assert_eq!(ClaimType::parse("distributed")?, ClaimType::DISTRIBUTED);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
ClaimType, "claim type", visible, {
    /// Asserted by the OP.
    NORMAL = "normal";
    /// Asserted by another party, and handed on by the OP.
    AGGREGATED = "aggregated";
    /// Asserted by another party, and to be fetched there.
    DISTRIBUTED = "distributed";
});

string_newtype!(
/// What kind a token is thought to be, where it is revoked or asked about
/// ([RFC 7009 §2.1](https://www.rfc-editor.org/rfc/rfc7009#section-2.1),
/// [RFC 7662 §2.1](https://www.rfc-editor.org/rfc/rfc7662#section-2.1)).
///
/// ```
/// use avouch_types::TokenTypeHint;
/// assert_eq!(TokenTypeHint::parse("refresh_token")?, TokenTypeHint::REFRESH_TOKEN);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
TokenTypeHint, "token_type_hint", visible, {
    /// An access token.
    ACCESS_TOKEN = "access_token";
    /// A refresh token.
    REFRESH_TOKEN = "refresh_token";
});

string_newtype!(
/// What a token is in an exchange of tokens ([RFC 8693 §3](https://www.rfc-editor.org/rfc/rfc8693#section-3)).
///
/// ```
/// use avouch_types::TokenTypeIdentifier;
/// let kind = TokenTypeIdentifier::parse("urn:ietf:params:oauth:token-type:id_token")?;
/// assert_eq!(kind, TokenTypeIdentifier::ID_TOKEN);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
TokenTypeIdentifier, "token type", visible, {
    /// An access token.
    ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    /// A refresh token.
    REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";
    /// An ID Token.
    ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
    /// A JWT of whatever kind.
    JWT = "urn:ietf:params:oauth:token-type:jwt";
    /// A SAML 1.1 assertion, base64url.
    SAML1 = "urn:ietf:params:oauth:token-type:saml1";
    /// A SAML 2.0 assertion, base64url.
    SAML2 = "urn:ietf:params:oauth:token-type:saml2";
});

string_newtype!(
/// How tokens reach a client after an authentication on another device (OpenID Connect CIBA §5).
///
/// ```
/// use avouch_types::TokenDeliveryMode;
/// assert_eq!(TokenDeliveryMode::parse("ping")?, TokenDeliveryMode::PING);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
TokenDeliveryMode, "token delivery mode", visible, {
    /// The client asks the token endpoint again and again.
    POLL = "poll";
    /// The client is notified, and then asks the token endpoint.
    PING = "ping";
    /// The tokens are sent to the client.
    PUSH = "push";
});

string_newtype!(
/// How a client becomes known to a provider in a federation
/// ([OpenID Federation 1.0 §12](https://openid.net/specs/openid-federation-1_0.html#name-openid-connect-client-regis)).
///
/// ```
/// use avouch_types::ClientRegistrationType;
/// assert_eq!(ClientRegistrationType::parse("explicit")?, ClientRegistrationType::EXPLICIT);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
ClientRegistrationType, "client registration type", visible, {
    /// By its first request.
    AUTOMATIC = "automatic";
    /// At an endpoint, beforehand.
    EXPLICIT = "explicit";
});
