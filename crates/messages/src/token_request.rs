use avouch_types::{
    AuthorizationCode, ClientId, ClientSecret, CodeVerifier, Form, FormLimits, GrantType, RedirectUri,
    RefreshToken, Scopes, Secret,
};

mod credentials;
mod error;

pub use credentials::PresentedCredentials;
pub use error::TokenRequestError;

use crate::{client_auth, media_type};

/// What is sent to the token endpoint ([RFC 6749 §4.1.3, §6](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3)).
///
/// ```
/// use avouch_messages::{Grant, PresentedCredentials, TokenRequest};
/// use avouch_types::FormLimits;
///
/// let body = b"grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA&redirect_uri=https%3A%2F%2Frp.example%2Fcb";
/// let request = TokenRequest::parse(
///     Some("Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW"),
///     Some("application/x-www-form-urlencoded"),
///     body,
///     &FormLimits::default(),
/// )?;
/// assert_eq!(request.client_id().map(|id| id.as_str()), Some("s6BhdRkqt3"));
/// assert!(matches!(request.grant, Grant::AuthorizationCode { .. }));
/// # Ok::<(), avouch_messages::TokenRequestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenRequest {
    /// How the client says who it is; nothing is verified yet.
    pub credentials: PresentedCredentials,
    /// What it wants tokens for.
    pub grant: Grant,
    /// All other parameters.
    pub extra: Form,
}

/// What a token request presents.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grant {
    /// `authorization_code`.
    AuthorizationCode {
        /// The code.
        code: AuthorizationCode,
        /// The redirect URI of the authorization request.
        redirect_uri: Option<RedirectUri>,
        /// PKCE.
        code_verifier: Option<CodeVerifier>,
    },
    /// `refresh_token`.
    RefreshToken {
        /// The token.
        refresh_token: RefreshToken,
        /// Less than was granted; absent means all of it.
        scope: Option<Scopes>,
    },
    /// Any other; its parameters are in [`TokenRequest::extra`].
    Other {
        /// The grant type.
        grant_type: GrantType,
    },
}

/// Parameters that may stand more than once (RFC 8707 §2, RFC 8693 §2.1).
const REPEATABLE: [&str; 2] = ["resource", "audience"];

impl TokenRequest {
    /// A request without further parameters.
    #[must_use]
    pub fn new(credentials: PresentedCredentials, grant: Grant) -> Self {
        Self { credentials, grant, extra: Form::new() }
    }

    /// Reads a POST request: the values of the `Authorization` and `Content-Type` headers, and the body.
    ///
    /// # Errors
    /// A [`TokenRequestError`], which knows its OAuth error code.
    pub fn parse(
        authorization: Option<&str>,
        content_type: Option<&str>,
        body: &[u8],
        limits: &FormLimits,
    ) -> Result<Self, TokenRequestError> {
        if !media_type::is(content_type, media_type::FORM) {
            return Err(TokenRequestError::ContentType);
        }
        let form =
            Form::parse_allowing_repeats(body, limits, &REPEATABLE).map_err(TokenRequestError::Form)?;
        let credentials = PresentedCredentials::read(authorization, &form)?;
        let grant = Grant::read(&form)?;
        let extra =
            form.without(&credentials::PARAMETERS).without(grant.parameters()).without(&["grant_type"]);
        Ok(Self { credentials, grant, extra })
    }

    /// Who the client says it is; `None` if only an assertion says so, which is not read here.
    #[must_use]
    pub fn client_id(&self) -> Option<&ClientId> {
        self.credentials.client_id()
    }

    /// The `Authorization` value, if the credentials travel there.
    #[must_use]
    pub fn authorization(&self) -> Option<String> {
        match &self.credentials {
            PresentedCredentials::Basic { client_id, client_secret } => {
                Some(client_auth::basic_header(client_id, client_secret))
            }
            _ => None,
        }
    }

    /// The parameters of the body, which is posted as `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn to_form(&self) -> Form {
        let form = Form::new();
        let form = match &self.grant {
            Grant::AuthorizationCode { code, redirect_uri, code_verifier } => form
                .with("grant_type", GrantType::AUTHORIZATION_CODE.as_str())
                .with("code", code.expose())
                .with_some("redirect_uri", redirect_uri.as_ref().map(RedirectUri::as_str))
                .with_some("code_verifier", code_verifier.as_ref().map(CodeVerifier::expose)),
            Grant::RefreshToken { refresh_token, scope } => form
                .with("grant_type", GrantType::REFRESH_TOKEN.as_str())
                .with("refresh_token", refresh_token.expose())
                .with_some("scope", scope.as_ref().map(Scopes::to_string)),
            Grant::Other { grant_type } => form.with("grant_type", grant_type.as_str()),
        };
        let mut form = match &self.credentials {
            PresentedCredentials::None { client_id } => form.with("client_id", client_id.as_str()),
            PresentedCredentials::Basic { .. } => form,
            PresentedCredentials::Post { client_id, client_secret } => form
                .with("client_id", client_id.as_str())
                .with("client_secret", ClientSecret::expose(client_secret)),
            PresentedCredentials::Assertion { client_id, assertion_type, assertion } => form
                .with_some("client_id", client_id.as_ref().map(ClientId::as_str))
                .with("client_assertion_type", assertion_type.as_str())
                .with("client_assertion", Secret::expose(assertion)),
        };
        form.extend(self.extra.iter());
        form
    }
}

impl Grant {
    /// Its name on the wire.
    #[must_use]
    pub fn grant_type(&self) -> GrantType {
        match self {
            Self::AuthorizationCode { .. } => GrantType::AUTHORIZATION_CODE,
            Self::RefreshToken { .. } => GrantType::REFRESH_TOKEN,
            Self::Other { grant_type } => grant_type.clone(),
        }
    }

    fn read(form: &Form) -> Result<Self, TokenRequestError> {
        use TokenRequestError as Refused;
        let required = |name: &'static str| form.get(name).ok_or(Refused::MissingParameter { name });
        let grant_type = GrantType::parse(required("grant_type")?).map_err(Refused::GrantType)?;
        if grant_type == GrantType::AUTHORIZATION_CODE {
            Ok(Self::AuthorizationCode {
                code: AuthorizationCode::parse(required("code")?)
                    .map_err(|source| Refused::MalformedGrant { name: "code", source })?,
                redirect_uri: form
                    .get("redirect_uri")
                    .map(RedirectUri::parse)
                    .transpose()
                    .map_err(Refused::RedirectUri)?,
                code_verifier: form
                    .get("code_verifier")
                    .map(CodeVerifier::parse)
                    .transpose()
                    .map_err(|source| Refused::MalformedGrant { name: "code_verifier", source })?,
            })
        } else if grant_type == GrantType::REFRESH_TOKEN {
            Ok(Self::RefreshToken {
                refresh_token: RefreshToken::parse(required("refresh_token")?)
                    .map_err(|source| Refused::MalformedGrant { name: "refresh_token", source })?,
                scope: form.get("scope").map(Scopes::parse).transpose().map_err(Refused::Scope)?,
            })
        } else {
            Ok(Self::Other { grant_type })
        }
    }

    fn parameters(&self) -> &'static [&'static str] {
        match self {
            Self::AuthorizationCode { .. } => &["code", "redirect_uri", "code_verifier"],
            Self::RefreshToken { .. } => &["refresh_token", "scope"],
            Self::Other { .. } => &[],
        }
    }
}
