//! The answer of the authorization endpoint, compared with what was remembered ([Core §3.1.2.7], [RFC 9207 §2.4]).
//!
//! [Core §3.1.2.7]: https://openid.net/specs/openid-connect-core-1_0.html#AuthResponseValidation
//! [RFC 9207 §2.4]: https://www.rfc-editor.org/rfc/rfc9207#section-2.4

use crate::{Client, PendingSignIn};
use avouch_jose::NumericDate;
use avouch_messages::{AuthorizationError, AuthorizationResponse, AuthorizationResponseError};
use avouch_types::{AuthorizationCode, Form, FormError, FormLimits, Issuer, RedirectUri, State, form};
use std::borrow::Cow;

/// The parameters that the browser brought to the redirect URI, in the query or, after
/// [`SignIn::form_post`](crate::SignIn::form_post), in the body; nothing of them is trusted yet.
///
/// ```
/// # use avouch_client::CallbackParams;
/// let params = CallbackParams::parse("code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj")?;
/// assert_eq!(params.state().map(|state| state.expose().to_owned()).as_deref(), Some("af0ifjsldkj"));
/// assert!(CallbackParams::parse("code=a&code=b").is_err());
/// # Ok::<(), avouch_types::FormError>(())
/// ```
#[derive(Debug, Clone)]
pub struct CallbackParams {
    form: Form,
    arrived_at: Option<String>,
}

/// A code that answers this sign-in. It is given away to [`Client::exchange`], so that it is used once.
#[derive(Debug)]
#[must_use]
pub struct AuthorizedCode {
    pub(crate) code: AuthorizationCode,
    pub(crate) pending: PendingSignIn,
}

/// Why a callback does not continue the sign-in. The pending sign-in is spent in any case.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// The pending sign-in was started by another client or at another provider.
    #[error("the sign-in was started by another client")]
    OtherClient,
    /// The response arrived at another address than the redirect URI that was sent: it is the answer to another
    /// provider's request.
    #[error("the response arrived at {arrived_at:?}, not at {:?}", redirect_uri.as_str())]
    ArrivedElsewhere {
        /// The redirect URI of the request.
        redirect_uri: RedirectUri,
        /// What was given to [`CallbackParams::arrived_at`].
        arrived_at: String,
    },
    /// The user took too long.
    #[error("the sign-in expired at {expires_at}; it is {now}")]
    Expired {
        /// When this was found.
        now: NumericDate,
        /// When it expired.
        expires_at: NumericDate,
    },
    /// There is no `state`: the response was not made for any sign-in of ours.
    #[error("the response has no state")]
    StateMissing,
    /// `state` is not the one that was sent: the response belongs to another browser or sign-in.
    #[error("the response has another state than the request")]
    StateMismatch,
    /// `iss` names another provider than the one the user was sent to; an error in such a response is not from it either.
    #[error("the response is from {found:?}, not from {}", expected.as_str())]
    IssuerMismatch {
        /// The provider the user was sent to.
        expected: Issuer,
        /// What the response says.
        found: String,
    },
    /// The provider announces `iss` in responses, and this one has none.
    #[error("the response has no iss, which the provider announces")]
    IssuerMissing,
    /// The response has `iss`, which the provider does not announce; see
    /// [`accept_unadvertised_iss`](crate::ClientRegistration::accept_unadvertised_iss).
    #[error("the response has an iss, which the provider does not announce")]
    IssuerNotAdvertised,
    /// The response is neither a code nor an error, or both.
    #[error("the response is malformed")]
    Malformed(#[from] AuthorizationResponseError),
    /// The provider answered with an error, such as `access_denied`.
    #[error("the provider answered {}", _0.error)]
    Refused(Box<AuthorizationError>),
}

impl CallbackParams {
    /// Reads the query of the callback (with or without its question mark), or the body when it was posted. The explanation
    /// of an error may be in any encoding: what is not UTF-8 in it is left as it came.
    ///
    /// # Errors
    /// [`FormError`], also for a parameter that stands there twice.
    pub fn parse(query_or_body: &str) -> Result<Self, FormError> {
        let encoded = query_or_body.strip_prefix('?').unwrap_or(query_or_body);
        let pairs: Vec<_> = encoded.split('&').map(readable).collect();
        let form = Form::parse(pairs.join("&").as_bytes(), &FormLimits::default())?;
        Ok(Self { form, arrived_at: None })
    }

    /// The address at which the parameters arrived, as the browser knows it (before any proxy). It is compared with the
    /// redirect URI of the request, parameters aside: with a redirect URI for each provider, no provider's answer is taken
    /// for another's, also where they do not send `iss` ([RFC 9700 §4.4]).
    ///
    /// ```
    /// # use avouch_client::CallbackParams;
    /// let params = CallbackParams::parse("code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj")?
    ///     .arrived_at("https://rp.example/callback/some-provider");
    /// # Ok::<(), avouch_types::FormError>(())
    /// ```
    ///
    /// [RFC 9700 §4.4]: https://www.rfc-editor.org/rfc/rfc9700#section-4.4
    #[must_use]
    pub fn arrived_at(mut self, address: impl Into<String>) -> Self {
        self.arrived_at = Some(address.into());
        self
    }

    /// The key to look up the [`PendingSignIn`] with, among those of this browser's session.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        self.form.get("state").and_then(|state| State::parse(state).ok())
    }
}

impl CallbackParams {
    /// A redirect URI may tell providers apart by its path or by parameters of its own.
    fn check_arrival(&self, redirect_uri: &RedirectUri) -> Result<(), CallbackError> {
        let Some(arrived_at) = &self.arrived_at else { return Ok(()) };
        let (address, query) = redirect_uri.as_str().split_once('?').unwrap_or((redirect_uri.as_str(), ""));
        let same_address = arrived_at.split(['?', '#']).next() == Some(address);
        // Parameters of its own that nobody can compare tell nothing apart.
        let own = Form::parse(query.as_bytes(), &FormLimits::default());
        let same_query =
            own.is_ok_and(|own| own.iter().all(|(name, value)| self.form.raw(name) == Some(value)));
        if same_address && same_query {
            return Ok(());
        }
        Err(CallbackError::ArrivedElsewhere {
            redirect_uri: redirect_uri.clone(),
            arrived_at: arrived_at.clone(),
        })
    }
}

/// A parameter that only people read does not make the response unreadable.
fn readable(pair: &str) -> Cow<'_, str> {
    match pair.split_once('=') {
        Some((name @ ("error_description" | "error_uri"), value)) if form::decode(value).is_err() => {
            format!("{name}={}", value.replace('%', "%25")).into()
        }
        _ => pair.into(),
    }
}

impl Client {
    /// Compares a callback with the sign-in it should answer: `state`, where it arrived (if that is told), `iss`, and only
    /// then what it says.
    ///
    /// # Errors
    /// [`CallbackError`]. The sign-in is over then: the caller starts another one.
    pub fn callback(
        &self,
        pending: PendingSignIn,
        params: &CallbackParams,
        now: NumericDate,
    ) -> Result<AuthorizedCode, CallbackError> {
        if pending.issuer != self.metadata.issuer || pending.client_id != self.registration.client_id {
            return Err(CallbackError::OtherClient);
        }
        match params.state() {
            None => return Err(CallbackError::StateMissing),
            Some(state) if state != pending.state => return Err(CallbackError::StateMismatch),
            Some(_) => {}
        }
        if now >= pending.expires_at {
            return Err(CallbackError::Expired { now, expires_at: pending.expires_at });
        }
        params.check_arrival(&pending.redirect_uri)?;
        self.check_iss(params.form.get("iss"))?;
        match AuthorizationResponse::parse(&params.form)? {
            AuthorizationResponse::Code(response) => Ok(AuthorizedCode { code: response.code, pending }),
            AuthorizationResponse::Error(error) => Err(CallbackError::Refused(Box::new(error))),
            _ => Err(CallbackError::Malformed(AuthorizationResponseError::NeitherCodeNorError)),
        }
    }

    fn check_iss(&self, iss: Option<&str>) -> Result<(), CallbackError> {
        let expected = &self.metadata.issuer;
        let advertised = self.metadata.supports_authorization_response_iss();
        match iss {
            Some(found) if found != expected.as_str() => {
                Err(CallbackError::IssuerMismatch { expected: expected.clone(), found: found.to_owned() })
            }
            Some(_) if !advertised && !self.registration.accept_unadvertised_iss => {
                Err(CallbackError::IssuerNotAdvertised)
            }
            None if advertised => Err(CallbackError::IssuerMissing),
            _ => Ok(()),
        }
    }
}
