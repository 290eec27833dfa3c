//! A relying party of our client crate: what the crate leaves to its host, over a blocking HTTP client.

use crate::node::script;
use avouch_client::{
    AwaitingKeys, CallbackError, CallbackParams, Client, ClientRegistration, ExchangeError, IdTokenError,
    PendingSignIn, RefreshAnswerError, Refreshed, RuleVerdict, SignIn, SignInMemory, SignedIn,
    TokenEndpointError, TokensAwaitingKeys, UserInfoError, Verdict, Verification, VerificationStep,
};
use avouch_discovery::{KeySource, KeySourcePolicy, MetadataFetchError, ProviderMetadata};
use avouch_jose::NumericDate;
use avouch_jose_ring::SystemRandom;
use avouch_types::{ErrorCode, Issuer, State, dangerous};
use http::StatusCode;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::{Duration, SystemTime};

/// Nothing listens there: the walk ends before it.
pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:1/callback?from=elsewhere";

pub(crate) fn now() -> NumericDate {
    NumericDate::try_from(SystemTime::now()).unwrap()
}

pub(crate) fn rng() -> SystemRandom {
    SystemRandom::new()
}

/// Sends one request: no redirect is followed, no proxy used, every status is an answer.
pub(crate) fn send(request: http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
    let host = request.uri().host().unwrap();
    assert!(["127.0.0.1", "[::1]", "localhost"].contains(&host), "refusing to leave this machine: {host}");
    let config = ureq::Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(20)))
        .build();
    let (head, mut body) = ureq::Agent::new_with_config(config).run(request).unwrap().into_parts();
    http::Response::from_parts(head, body.read_to_vec().unwrap())
}

pub(crate) fn discover(issuer: &str) -> Result<ProviderMetadata, MetadataFetchError> {
    let issuer: Issuer = dangerous::loopback_http_issuer(issuer).unwrap();
    let fetch = ProviderMetadata::fetch(&issuer);
    let response = send(fetch.request().unwrap());
    fetch.complete(&response)
}

/// The person's browser: who signs in, and what is said to the consent page.
pub(crate) struct Browser<'b> {
    pub(crate) username: &'b str,
    pub(crate) password: &'b str,
    pub(crate) decision: &'b str,
}

impl Browser<'_> {
    /// Goes to the address, answers the provider's pages, and gives the query of the redirect back.
    pub(crate) fn walk(&self, url: &str) -> CallbackParams {
        let landed = crate::node::run(
            script("walk.mjs")
                .args([url, REDIRECT_URI])
                .env("USERNAME", self.username)
                .env("PASSWORD", self.password)
                .env("DECISION", self.decision),
        );
        let (_, query) = landed.trim().split_once('?').unwrap();
        CallbackParams::parse(query).unwrap()
    }
}

/// One registration, the provider's keys as they come in, and the sign-ins under way.
pub(crate) struct RelyingParty {
    pub(crate) client: Client,
    keys: RefCell<KeySource>,
    fetches: Cell<u64>,
    /// Serialized, as a session would keep them.
    pending: RefCell<HashMap<String, String>>,
}

impl RelyingParty {
    pub(crate) fn new(metadata: ProviderMetadata, registration: ClientRegistration) -> Self {
        let keys = KeySource::new(metadata.jwks_uri.clone(), KeySourcePolicy::default());
        let client = Client::new(metadata, registration, avouch_jose_ring::provider()).unwrap();
        Self { client, keys: RefCell::new(keys), fetches: Cell::new(0), pending: RefCell::default() }
    }

    /// Where to send the browser.
    pub(crate) fn start(&self, sign_in: SignIn<'_>) -> String {
        let (url, pending) = sign_in.start(now(), &rng()).unwrap().into_parts();
        let stored = serde_json::to_string(&pending).unwrap();
        self.pending.borrow_mut().insert(pending.state().expose().to_owned(), stored);
        url
    }

    /// A sign-in under way as it was stored. Not taken out, so that a test may answer it twice.
    pub(crate) fn pending(&self, state: &State) -> PendingSignIn {
        serde_json::from_str(&self.pending.borrow()[state.expose()]).unwrap()
    }

    /// Changes what was stored of a sign-in under way.
    pub(crate) fn tamper(&self, params: &CallbackParams, member: &str, value: &str) {
        let mut pending = self.pending.borrow_mut();
        let stored = pending.get_mut(params.state().unwrap().expose()).unwrap();
        let mut edited: serde_json::Value = serde_json::from_str(stored).unwrap();
        assert!(edited[member].is_string(), "{member} is stored");
        edited[member] = value.into();
        *stored = edited.to_string();
    }

    pub(crate) fn answered(&self, params: &CallbackParams) -> Result<TokensAwaitingKeys<'_>, Stopped> {
        let pending = self.pending(&params.state().unwrap());
        let exchange =
            self.client.exchange(self.client.callback(pending, params, now())?, now(), &rng()).unwrap();
        let response = send(exchange.request());
        Ok(exchange.complete(&response)?)
    }

    /// Verifies with the provider's keys, fetched only when the key source says so.
    fn verified<T: AwaitingKeys>(
        &self,
        mut verification: Verification<'_, T>,
    ) -> (Result<T::Done, T::Refused>, Vec<RuleVerdict>) {
        let mut keys = self.keys.borrow_mut();
        loop {
            match verification.step(&mut keys, now()) {
                Ok(VerificationStep::Done(done)) => return (Ok(done), verification.report().to_vec()),
                Ok(VerificationStep::Fetch(fetch)) => {
                    self.fetches.set(self.fetches.get() + 1);
                    keys.report(Some(&send(fetch.request().unwrap())), now());
                    assert!(keys.fault().is_none(), "{:?}", keys.fault());
                }
                Ok(VerificationStep::InFlight { .. } | VerificationStep::Wait { .. }) => {
                    panic!("the provider publishes the key")
                }
                Err(refused) => return (Err(refused), verification.report().to_vec()),
            }
        }
    }

    pub(crate) fn key_sets_fetched(&self) -> u64 {
        self.fetches.get()
    }

    /// From the callback to a person who is signed in.
    pub(crate) fn finish(&self, params: &CallbackParams) -> Result<(SignedIn, Vec<RuleVerdict>), Stopped> {
        let tokens = self.answered(params)?;
        let (signed_in, report) = self.verified(tokens.verification());
        Ok((signed_in?, report))
    }

    pub(crate) fn userinfo(
        &self,
        memory: &SignInMemory,
    ) -> Result<avouch_claims::StandardClaims, UserInfoError> {
        let request = self.client.userinfo(memory)?;
        let response = send(request.request());
        Ok(request.complete(&response)?.claims)
    }

    pub(crate) fn refresh(&self, memory: &SignInMemory) -> Result<Refreshed, RefreshAnswerError> {
        // What is remembered goes through the session's store too.
        let memory: SignInMemory = serde_json::from_str(&serde_json::to_string(memory).unwrap()).unwrap();
        let refresh = self.client.refresh(&memory, now(), &rng()).unwrap();
        let response = send(refresh.request());
        let tokens = refresh.complete(&response)?;
        Ok(self.verified(tokens.verification()).0.unwrap())
    }
}

/// Where a sign-in ended that did not succeed.
#[derive(Debug)]
pub(crate) enum Stopped {
    Callback(CallbackError),
    Exchange(ExchangeError),
    IdToken(IdTokenError),
}

impl From<CallbackError> for Stopped {
    fn from(error: CallbackError) -> Self {
        Self::Callback(error)
    }
}

impl From<ExchangeError> for Stopped {
    fn from(error: ExchangeError) -> Self {
        Self::Exchange(error)
    }
}

impl From<IdTokenError> for Stopped {
    fn from(error: IdTokenError) -> Self {
        Self::IdToken(error)
    }
}

/// The token endpoint's refusal: status and error.
pub(crate) fn refusal(error: &TokenEndpointError) -> (StatusCode, ErrorCode) {
    let TokenEndpointError::Refused { status, response } = error else { panic!("no OAuth error: {error:?}") };
    (*status, response.error.clone())
}

/// Every rule of the report was kept or had nothing to decide.
pub(crate) fn assert_all_kept(report: &[RuleVerdict]) {
    for line in report {
        assert!(matches!(line.verdict, Verdict::Passed | Verdict::NotApplicable(_)), "{line:?}");
    }
}
