//! Starting a sign-in: the Authentication Request of the code flow ([Core §3.1.2.1]).
//!
//! [Core §3.1.2.1]: https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest

use crate::{Client, PendingSignIn};
use avouch_claims::{ClaimRequest, ClaimsRequest};
use avouch_jose::crypto::{RandomError, SecureRandom, random_token};
use avouch_jose::jws::UnverifiedJws;
use avouch_jose::{Limits, NumericDate};
use avouch_messages::{AuthorizationRequest, AuthorizationRequestError, CodeChallenge};
use avouch_types::{
    Acr, CodeVerifier, Display, LanguageTag, Nonce, Prompt, Prompts, ResponseMode, ResponseType, Scope,
    Scopes, Secret, State, SubjectIdentifier,
};
use serde_json::Value;
use std::fmt;

/// Octets of randomness in `state`, `nonce` and the PKCE verifier each: 256 bits, 43 characters.
const RANDOM_OCTETS: usize = 32;

/// What to ask the provider for. Made by [`Client::sign_in`], ended by [`start`](Self::start). What is insisted on here is
/// remembered and compared with the ID Token.
///
/// ```
/// # use avouch_client::{Client, NumericDate, Prompt, Scopes, SecureRandom, SignInMemory, StartError, StartedSignIn};
/// /// Asks the person who is signed in to authenticate again.
/// fn confirm(
///     client: &Client,
///     memory: &SignInMemory,
///     now: NumericDate,
///     rng: &dyn SecureRandom,
/// ) -> Result<StartedSignIn, StartError> {
///     client.sign_in().prompt(Prompt::LOGIN).max_age(0).expect_subject(memory.sub.clone()).start(now, rng)
/// }
/// ```
#[derive(Debug)]
#[must_use]
pub struct SignIn<'c> {
    client: &'c Client,
    request: AuthorizationRequest,
    required_acr: Vec<Acr>,
    expected_subject: Option<SubjectIdentifier>,
    consent_for_offline_access: bool,
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
    /// An extra parameter was given twice; only `resource` may be.
    #[error("{name} was given twice")]
    RepeatedParameter {
        /// The name.
        name: String,
    },
    /// The hint is no signed ID Token, or names nobody.
    #[error("the hint is not an ID Token with a subject")]
    IdTokenHint,
    /// The hint, the `claims` parameter and [`SignIn::expect_subject`] name different people, or one that cannot be.
    #[error("different subjects are expected")]
    SubjectContradiction,
    /// The `claims` parameter and [`SignIn::require_acr`] have no authentication context in common.
    #[error("no authentication context is good for all that is required")]
    AcrContradiction,
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
        SignIn {
            client: self,
            request,
            required_acr: Vec::new(),
            expected_subject: None,
            consent_for_offline_access: true,
        }
    }
}

impl SignIn<'_> {
    /// What is asked for; `openid` is always in it. With `offline_access`, `prompt=consent` is sent too, unless
    /// [`prompt`](Self::prompt) or
    /// [`offline_access_without_consent_prompt`](Self::offline_access_without_consent_prompt) says otherwise ([Core §11]).
    ///
    /// [Core §11]: https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess
    pub fn scope(mut self, scope: Scopes) -> Self {
        self.request.scope = [Scope::OPENID].into_iter().chain(scope.iter().cloned()).collect();
        self
    }

    /// Does not add `prompt=consent` for `offline_access`: for providers that issue refresh tokens under other conditions,
    /// such as a consent that they remember.
    pub fn offline_access_without_consent_prompt(mut self) -> Self {
        self.consent_for_offline_access = false;
        self
    }

    /// Has the answer posted to the redirect URI instead of put into its query. The POST comes from another site: the
    /// cookie that leads to the [`PendingSignIn`] must be `SameSite=None; Secure`.
    pub fn form_post(mut self) -> Self {
        self.request.response_mode = Some(ResponseMode::FORM_POST);
        self
    }

    /// The greatest allowed age of the authentication in seconds; zero asks for a new one. The ID Token's `auth_time`
    /// is checked against it; an authentication after this sign-in was started is recent enough, however long the user
    /// then took.
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

    /// An earlier ID Token of the user who is expected (such as [`SignInMemory::id_token`](crate::SignInMemory::id_token)).
    /// An ID Token about anybody else is refused.
    pub fn id_token_hint(mut self, id_token: Secret) -> Self {
        self.request.id_token_hint = Some(id_token);
        self
    }

    /// The user who is expected: an ID Token about anybody else is refused. Nothing is sent for it.
    pub fn expect_subject(mut self, sub: SubjectIdentifier) -> Self {
        self.expected_subject = Some(sub);
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

    /// Individual claims that are asked for ([Core §5.5]). What the answer must be then is checked: the value of `sub`, an
    /// essential `auth_time`, and the values of an essential `acr`, each of the ID Token.
    ///
    /// [Core §5.5]: https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter
    pub fn claims(mut self, claims: ClaimsRequest) -> Self {
        self.request.claims = Some(claims);
        self
    }

    /// A parameter of an extension; each once, but for `resource`.
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.request.extra = self.request.extra.with(name, value);
        self
    }

    /// Draws `state`, `nonce` and the PKCE verifier, and gives the address to send the browser to.
    ///
    /// # Errors
    /// [`StartError`]: no randomness, or parameters that cannot stand together.
    pub fn start(mut self, now: NumericDate, rng: &dyn SecureRandom) -> Result<StartedSignIn, StartError> {
        self.check_extra()?;
        let expected = self.expected()?;
        if self.consent_for_offline_access
            && self.request.scope.contains(&Scope::OFFLINE_ACCESS)
            && self.request.prompt.is_empty()
        {
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
            required_acr: expected.acr,
            expected_subject: expected.subject,
            auth_time_required: expected.auth_time,
            created_at: now,
            expires_at: now.saturating_add(registration.sign_in_lifetime),
        };
        Ok(StartedSignIn {
            url: metadata.authorization_endpoint.with_query(&self.request.to_form()),
            pending,
        })
    }
}

/// What the request asks for and an ID Token must therefore say.
struct Expected {
    subject: Option<SubjectIdentifier>,
    acr: Vec<Acr>,
    auth_time: bool,
}

impl SignIn<'_> {
    /// Parameters with a method of their own, or from the client itself, would not be remembered as extra ones.
    fn check_extra(&self) -> Result<(), StartError> {
        let extra = &self.request.extra;
        let own = AuthorizationRequest::OWN_PARAMETERS;
        if let Some((name, _)) = extra.iter().find(|(name, _)| own.contains(name)) {
            return Err(StartError::ReservedParameter { name: name.to_owned() });
        }
        let repeatable = AuthorizationRequest::REPEATABLE_PARAMETERS;
        if let Some(name) = extra.repeated().into_iter().find(|name| !repeatable.contains(name)) {
            return Err(StartError::RepeatedParameter { name: name.to_owned() });
        }
        Ok(())
    }

    fn expected(&self) -> Result<Expected, StartError> {
        let claims = self.request.claims.as_ref().and_then(|claims| claims.id_token.as_ref());
        let claim = |name: &str| claims.and_then(|claims| claims.get(name));
        let hint = self.request.id_token_hint.as_ref();
        let hinted = hint.map(|hint| subject_of(hint).ok_or(StartError::IdTokenHint)).transpose()?;
        let claimed = claim("sub").and_then(|sub| sub.value.as_ref());
        let claimed =
            claimed.map(|value| subject(value).ok_or(StartError::SubjectContradiction)).transpose()?;
        let mut subjects = [self.expected_subject.clone(), hinted, claimed].into_iter().flatten();
        let subject = subjects.next();
        if subjects.any(|other| Some(&other) != subject.as_ref()) {
            return Err(StartError::SubjectContradiction);
        }
        Ok(Expected {
            subject,
            acr: self.expected_acr(claim("acr"))?,
            auth_time: claim("auth_time").is_some_and(|auth_time| auth_time.essential),
        })
    }

    fn expected_acr(&self, claim: Option<&ClaimRequest>) -> Result<Vec<Acr>, StartError> {
        let required = self.required_acr.clone();
        let Some(claim) = claim.filter(|claim| claim.essential) else { return Ok(required) };
        let values = claim.value.iter().chain(claim.values.iter().flatten());
        let essential: Vec<Acr> = values.filter_map(|value| Acr::parse(value.as_str()?).ok()).collect();
        match (required.is_empty(), essential.is_empty()) {
            (_, true) => Ok(required),
            (true, false) => Ok(essential),
            (false, false) => {
                let both: Vec<Acr> = required.into_iter().filter(|acr| essential.contains(acr)).collect();
                if both.is_empty() { Err(StartError::AcrContradiction) } else { Ok(both) }
            }
        }
    }
}

fn subject(value: &Value) -> Option<SubjectIdentifier> {
    SubjectIdentifier::parse(value.as_str()?).ok()
}

/// Whom a hint is about. The hint is the caller's own and is not verified again.
fn subject_of(hint: &Secret) -> Option<SubjectIdentifier> {
    let jws = UnverifiedJws::parse(hint.expose(), &Limits::default()).ok()?;
    let claims =
        avouch_json::object(&jws.unverified_payload().ok()?, &avouch_json::Limits::default()).ok()?;
    subject(claims.get("sub")?)
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
