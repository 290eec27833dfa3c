//! Starting a sign-in: the Authentication Request of the code flow ([Core §3.1.2.1]).
//!
//! [Core §3.1.2.1]: https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest

use crate::{Client, PendingSignIn};
use avouch_claims::ClaimsRequest;
use avouch_jose::NumericDate;
use avouch_jose::crypto::{RandomError, SecureRandom, random_token};
use avouch_messages::{AuthorizationRequest, AuthorizationRequestError, CodeChallenge};
use avouch_types::{
    Acr, CodeVerifier, Display, LanguageTag, Nonce, Prompt, Prompts, ResponseType, Scope, Scopes, Secret,
    State,
};
use std::fmt;

/// Octets of randomness in `state`, `nonce` and the PKCE verifier each: 256 bits, 43 characters.
const RANDOM_OCTETS: usize = 32;

/// Parameters that have a method of their own or come from the client itself: as extra ones they would not be
/// remembered.
const RESERVED: [&str; 21] = [
    "acr_values",
    "claims",
    "claims_locales",
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "display",
    "id_token_hint",
    "login_hint",
    "max_age",
    "nonce",
    "prompt",
    "redirect_uri",
    "registration",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
    "ui_locales",
];

/// What to ask the provider for. Made by [`Client::sign_in`], ended by [`start`](Self::start).
#[derive(Debug)]
#[must_use]
pub struct SignIn<'c> {
    client: &'c Client,
    request: AuthorizationRequest,
    required_acr: Vec<Acr>,
}

/// A sign-in that can begin: send the browser to [`url`](Self::url), keep [`pending`](Self::pending).
#[must_use]
pub struct StartedSignIn {
    url: String,
    pending: PendingSignIn,
}

/// Why a sign-in could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// No randomness for `state`, `nonce` and the PKCE verifier.
    #[error("no randomness for state, nonce and PKCE")]
    Random(#[from] RandomError),
    /// The parameters contradict each other.
    #[error("the request contradicts itself")]
    Request(#[from] AuthorizationRequestError),
    /// An extra parameter has the name of one that has a method of its own, or that the client itself sets.
    #[error("{name} cannot be an extra parameter")]
    ReservedParameter {
        /// The name.
        name: String,
    },
}

impl Client {
    /// Begins to put together a sign-in; scope is `openid` until more is asked for.
    pub fn sign_in(&self) -> SignIn<'_> {
        let request = AuthorizationRequest::new(
            self.registration.client_id.clone(),
            self.registration.redirect_uri.clone(),
            ResponseType::CODE,
            Scopes::from_iter([Scope::OPENID]),
        );
        SignIn { client: self, request, required_acr: Vec::new() }
    }
}

impl SignIn<'_> {
    /// What is asked for; `openid` is always in it. With `offline_access`, `prompt=consent` is sent too, unless
    /// [`prompt`](Self::prompt) says otherwise ([Core §11]).
    ///
    /// [Core §11]: https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess
    pub fn scope(mut self, scope: Scopes) -> Self {
        self.request.scope = [Scope::OPENID].into_iter().chain(scope.iter().cloned()).collect();
        self
    }

    /// The greatest allowed age of the authentication in seconds; zero asks for a new one. The ID Token's `auth_time`
    /// is checked against it.
    pub fn max_age(mut self, seconds: u64) -> Self {
        self.request.max_age = Some(seconds);
        self
    }

    /// What the provider must do before it answers; may be called more than once.
    pub fn prompt(mut self, prompt: Prompt) -> Self {
        self.request.prompt = self.request.prompt.iter().cloned().chain([prompt]).collect();
        self
    }

    /// How the provider's pages are to be shown.
    pub fn display(mut self, display: Display) -> Self {
        self.request.display = Some(display);
        self
    }

    /// Languages for the provider's pages, in order of preference.
    pub fn ui_locales(mut self, locales: Vec<LanguageTag>) -> Self {
        self.request.ui_locales = locales;
        self
    }

    /// Languages for claims, in order of preference.
    pub fn claims_locales(mut self, locales: Vec<LanguageTag>) -> Self {
        self.request.claims_locales = locales;
        self
    }

    /// What the user might sign in with.
    pub fn login_hint(mut self, hint: impl Into<String>) -> Self {
        self.request.login_hint = Some(hint.into());
        self
    }

    /// An earlier ID Token of the user who is expected.
    pub fn id_token_hint(mut self, id_token: Secret) -> Self {
        self.request.id_token_hint = Some(id_token);
        self
    }

    /// Authentication contexts in order of preference. The provider may answer with another one; see
    /// [`require_acr`](Self::require_acr).
    pub fn acr_values(mut self, values: impl IntoIterator<Item = Acr>) -> Self {
        self.request.acr_values = values.into_iter().collect();
        self
    }

    /// As [`acr_values`](Self::acr_values), and an ID Token with another `acr`, or with none, is refused.
    pub fn require_acr(mut self, values: impl IntoIterator<Item = Acr>) -> Self {
        self.required_acr = values.into_iter().collect();
        let required = self.required_acr.clone();
        self.acr_values(required)
    }

    /// Individual claims that are asked for ([Core §5.5]).
    ///
    /// [Core §5.5]: https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter
    pub fn claims(mut self, claims: ClaimsRequest) -> Self {
        self.request.claims = Some(claims);
        self
    }

    /// A parameter of an extension.
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.request.extra = self.request.extra.with(name.to_owned(), value);
        self
    }

    /// Draws `state`, `nonce` and the PKCE verifier, and gives the address to send the browser to.
    ///
    /// # Errors
    /// [`StartError`]: no randomness, or parameters that cannot stand together.
    pub fn start(mut self, now: NumericDate, rng: &dyn SecureRandom) -> Result<StartedSignIn, StartError> {
        if let Some((name, _)) = self.request.extra.iter().find(|(name, _)| RESERVED.contains(name)) {
            return Err(StartError::ReservedParameter { name: name.to_owned() });
        }
        if self.request.scope.contains(&Scope::OFFLINE_ACCESS) && self.request.prompt.is_empty() {
            self.request.prompt = Prompts::from_iter([Prompt::CONSENT]);
        }
        let state = State::new(random_token(rng, RANDOM_OCTETS)?);
        let nonce = Nonce::new(random_token(rng, RANDOM_OCTETS)?);
        let code_verifier = CodeVerifier::new(random_token(rng, RANDOM_OCTETS)?);
        let Client { metadata, registration, crypto, .. } = self.client;

        self.request.code_challenge =
            Some(CodeChallenge::s256(&code_verifier, |octets| crypto.sha256(octets)));
        self.request.state = Some(state.clone());
        self.request.nonce = Some(nonce.clone());
        self.request.check()?;
        let pending = PendingSignIn {
            issuer: metadata.issuer.clone(),
            client_id: registration.client_id.clone(),
            redirect_uri: registration.redirect_uri.clone(),
            state,
            nonce,
            code_verifier,
            scope: self.request.scope.clone(),
            max_age: self.request.max_age,
            required_acr: self.required_acr,
            created_at: now,
            expires_at: now.saturating_add(registration.sign_in_lifetime),
        };
        Ok(StartedSignIn {
            url: metadata.authorization_endpoint.with_query(&self.request.to_form()),
            pending,
        })
    }
}

impl StartedSignIn {
    /// Where to send the browser, by a redirect with status 303 or 302.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What to keep until the callback.
    #[must_use]
    pub fn pending(&self) -> &PendingSignIn {
        &self.pending
    }

    /// Both parts.
    #[must_use]
    pub fn into_parts(self) -> (String, PendingSignIn) {
        (self.url, self.pending)
    }
}

/// The address holds `state` and `nonce` in the clear.
impl fmt::Debug for StartedSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartedSignIn").field("pending", &self.pending).finish_non_exhaustive()
    }
}
