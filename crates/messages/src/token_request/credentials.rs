use avouch_types::{ClientAuthMethod, ClientId, ClientSecret, Form, Secret};

use super::TokenRequestError;
use crate::client_auth;

/// How a client says who it is, at most one way per request (RFC 6749 §2.3). Nothing is verified yet; who presents a
/// `client_id` alone proves nothing.
///
/// ```
/// use avouch_messages::{Grant, PresentedCredentials, TokenRequest};
/// use avouch_types::{ClientId, ClientSecret, RefreshToken};
///
/// let credentials = PresentedCredentials::Post {
///     client_id: ClientId::parse("s6BhdRkqt3")?,
///     client_secret: ClientSecret::new("7Fjfp0ZBr1KtDRbnfVdmIw"),
/// };
/// let grant = Grant::RefreshToken { refresh_token: RefreshToken::new("8xLOxBtZp8"), scope: None };
/// let request = TokenRequest::new(credentials, grant);
/// assert_eq!(request.authorization(), None);
/// assert_eq!(request.to_form().get("client_secret"), Some("7Fjfp0ZBr1KtDRbnfVdmIw"));
/// # Ok::<(), avouch_types::WordError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PresentedCredentials {
    /// A `client_id` alone: a public client.
    None {
        /// Who it says it is.
        client_id: ClientId,
    },
    /// `client_secret_basic`: in the `Authorization` header.
    Basic {
        /// Who it says it is.
        client_id: ClientId,
        /// Its secret.
        client_secret: ClientSecret,
    },
    /// `client_secret_post`: in the body.
    Post {
        /// Who it says it is.
        client_id: ClientId,
        /// Its secret.
        client_secret: ClientSecret,
    },
    /// `private_key_jwt` or `client_secret_jwt`: an assertion in the body (RFC 7521 §4.2).
    Assertion {
        /// Who it says it is; if present, it must be the `sub` of the assertion.
        client_id: Option<ClientId>,
        /// What kind of assertion; for a JWT it is
        /// [`JWT_BEARER_ASSERTION_TYPE`](crate::client_auth::JWT_BEARER_ASSERTION_TYPE).
        assertion_type: String,
        /// The assertion; not looked into here.
        assertion: Secret,
    },
}

pub(super) const PARAMETERS: [&str; 4] =
    ["client_id", "client_secret", "client_assertion", "client_assertion_type"];

impl PresentedCredentials {
    /// Who the client says it is; `None` if only an assertion says so.
    #[must_use]
    pub fn client_id(&self) -> Option<&ClientId> {
        match self {
            Self::None { client_id } | Self::Basic { client_id, .. } | Self::Post { client_id, .. } => {
                Some(client_id)
            }
            Self::Assertion { client_id, .. } => client_id.as_ref(),
        }
    }

    /// Whether this is how a client registered for `method` presents itself. Which of the two JWT methods an assertion is
    /// shows only when it is verified.
    #[must_use]
    pub fn fit(&self, method: &ClientAuthMethod) -> bool {
        match self {
            Self::None { .. } => *method == ClientAuthMethod::NONE,
            Self::Basic { .. } => *method == ClientAuthMethod::CLIENT_SECRET_BASIC,
            Self::Post { .. } => *method == ClientAuthMethod::CLIENT_SECRET_POST,
            Self::Assertion { .. } => {
                [ClientAuthMethod::PRIVATE_KEY_JWT, ClientAuthMethod::CLIENT_SECRET_JWT].contains(method)
            }
        }
    }

    pub(super) fn read(authorization: Option<&str>, form: &Form) -> Result<Self, TokenRequestError> {
        use TokenRequestError as Refused;
        let client_id = form.get("client_id").map(ClientId::parse).transpose().map_err(Refused::ClientId)?;
        let assertion = match (form.get("client_assertion"), form.get("client_assertion_type")) {
            (Some(assertion), Some(assertion_type)) => Some((assertion, assertion_type)),
            (None, None) => None,
            _ => return Err(Refused::IncompleteAssertion),
        };
        let secret = form.get("client_secret");
        if let Some((assertion, assertion_type)) = assertion {
            if authorization.is_some() || secret.is_some() {
                return Err(Refused::AssertionAndOtherMethod);
            }
            return Ok(Self::Assertion {
                client_id,
                assertion_type: assertion_type.to_owned(),
                assertion: Secret::new(assertion),
            });
        }
        match (authorization, secret) {
            (Some(_), Some(_)) => Err(Refused::SeveralMethods),
            (Some(authorization), None) => {
                let (basic_id, client_secret) =
                    client_auth::parse_basic(authorization).map_err(Refused::Authorization)?;
                if client_id.is_some_and(|client_id| client_id != basic_id) {
                    return Err(Refused::ClientIdMismatch);
                }
                Ok(Self::Basic { client_id: basic_id, client_secret })
            }
            (None, Some(secret)) => Ok(Self::Post {
                client_id: client_id.ok_or(Refused::MissingClient)?,
                client_secret: ClientSecret::parse(secret).map_err(Refused::ClientSecret)?,
            }),
            (None, None) => Ok(Self::None { client_id: client_id.ok_or(Refused::MissingClient)? }),
        }
    }
}
