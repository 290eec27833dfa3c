//! A provider in memory, its clients and its people, and someone who walks through it.

use std::cell::RefCell;
use std::time::Duration;

use avouch_claims::StandardClaims;
use avouch_jose::crypto::{CryptoProvider, random_token};
use avouch_jose::{JwsAlgorithm, NumericDate, SigningKey, VerifyingKeys};
use avouch_messages::CodeChallenge;
use avouch_provider::storage::CodeHash;
use avouch_provider::{
    Answer, AuthorizeOutcome, Browser, BrowserId, Client, ClientAuthentication, ClientSecretHash,
    EndpointError, Endpoints, Interaction, InteractionId, InteractionResult, Login, Policy, Provider,
    ProviderKeys, Refused, SessionId,
};
use avouch_testkit::storage::{Executor, Fault, FaultyStore, MemoryStore, ThisThread};
use avouch_testkit::{FixedClock, FixedRandom};
use avouch_tokens::{ClientAssertion, IdTokenClaims};
use avouch_types::{
    ApplicationType, ClientId, ClientSecret, CodeVerifier, Form, FormLimits, Issuer, RedirectUri, Scopes,
    SubjectIdentifier,
};
use http::{Method, Request, Response, StatusCode, header};
use serde_json::{Map, Value};

pub(crate) type Store = FaultyStore<MemoryStore>;
pub(crate) type Error = Fault<std::convert::Infallible>;
pub(crate) type Outcome = AuthorizeOutcome<Error>;

pub(crate) const ISSUER: &str = "https://op.example";
pub(crate) const REDIRECT: &str = "https://rp.example/cb?shop=7";
pub(crate) const LOOPBACK: &str = "http://127.0.0.1:8400/cb";
pub(crate) const SECRET: &str = "a secret: of 100% + more \u{fc}mlauts";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A provider in memory, and one browser in front of it.
pub(crate) struct World {
    pub(crate) op: Provider<Store>,
    pub(crate) clock: FixedClock,
    pub(crate) rng: FixedRandom,
    pub(crate) crypto: CryptoProvider,
    pub(crate) client_key: SigningKey,
    pub(crate) op_key: SigningKey,
    pub(crate) browser: BrowserId,
    pub(crate) session: RefCell<Option<SessionId>>,
}

pub(crate) fn run<F: Future>(future: F) -> F::Output {
    ThisThread.block_on(future)
}

pub(crate) fn client_id(name: &str) -> ClientId {
    ClientId::parse(name).unwrap()
}

pub(crate) fn subject(name: &str) -> SubjectIdentifier {
    SubjectIdentifier::parse(name).unwrap()
}

pub(crate) fn scopes(text: &str) -> Scopes {
    Scopes::parse(text).unwrap()
}

pub(crate) fn redirect(text: &str) -> RedirectUri {
    RedirectUri::parse(text).unwrap()
}

pub(crate) fn claims(json: Value) -> StandardClaims {
    let Value::Object(members) = json else { panic!("an object") };
    StandardClaims::from_members(members)
}

pub(crate) fn secret_hash(crypto: &CryptoProvider) -> ClientSecretHash {
    ClientSecretHash::of(&ClientSecret::new(SECRET), crypto).unwrap()
}

pub(crate) fn web_client(crypto: &CryptoProvider) -> Client {
    let secret = secret_hash(crypto);
    let authentication = ClientAuthentication::ClientSecretBasic { secret };
    Client::new(
        client_id("web"),
        authentication,
        vec![redirect(REDIRECT), redirect("https://rp.example/other")],
    )
    .with_refresh_tokens()
}

pub(crate) fn alice() -> StandardClaims {
    claims(serde_json::json!({
        "name": "Alice Adams", "given_name": "Alice", "nickname": "", "email": "alice@op.example",
        "email_verified": true, "phone_number": "+1 555 0100", "address": { "locality": "Ghent" },
        "zoneinfo": null, "favourite_colour": "green",
    }))
}

fn rsa_key(crypto: &CryptoProvider) -> SigningKey {
    let der = include_bytes!("../data/rsa-2048.pk8");
    SigningKey::from_pkcs8(der, JwsAlgorithm::RS256, None, crypto).unwrap()
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with_policy(|_| {})
    }

    pub(crate) fn with_policy(change: impl FnOnce(&mut Policy)) -> Self {
        let crypto = avouch_jose_ring::provider();
        let mut policy = Policy::new(Issuer::parse(ISSUER).unwrap());
        change(&mut policy);
        let op_key = rsa_key(&crypto);
        let (es256, _) = SigningKey::generate(JwsAlgorithm::ES256, None, &crypto).unwrap();
        let (client_key, _) = SigningKey::generate(JwsAlgorithm::ES256, Some("c1"), &crypto).unwrap();
        let keys = ProviderKeys::new(vec![op_key.clone(), es256], Vec::new(), &crypto).unwrap();

        let web = web_client(&crypto);
        let mut other = web.clone();
        other.client_id = client_id("other");
        let mut post = web.clone();
        post.client_id = client_id("post");
        post.authentication = ClientAuthentication::ClientSecretPost { secret: secret_hash(&crypto) };
        let mut jwt = web.clone();
        jwt.client_id = client_id("jwt");
        jwt.authentication = ClientAuthentication::PrivateKeyJwt {
            keys: client_key.public_jwk().cloned().into_iter().collect(),
            algorithm: JwsAlgorithm::ES256,
        };
        let mut native = web.clone();
        native.client_id = client_id("native");
        native.authentication = ClientAuthentication::None;
        native.application_type = ApplicationType::NATIVE;
        native.redirect_uris = vec![redirect(LOOPBACK), redirect("com.example.app:/cb")];

        let store = MemoryStore::new()
            .with_client(web)
            .with_client(other)
            .with_client(post)
            .with_client(jwt)
            .with_client(native)
            .with_person(subject("alice"), alice())
            .with_person(subject("bob"), claims(serde_json::json!({ "name": "Bob" })));
        let endpoints = Endpoints::beneath(&policy.issuer).unwrap();
        let op = Provider::new(policy, endpoints, keys, crypto.clone(), FaultyStore::new(store)).unwrap();
        let rng = FixedRandom::new(1);
        let browser = BrowserId::generate(&rng).unwrap();
        let clock = FixedClock::new();
        Self { op, clock, rng, crypto, client_key, op_key, browser, session: RefCell::new(None) }
    }

    pub(crate) fn memory(&self) -> &MemoryStore {
        self.op.store().inner()
    }

    pub(crate) fn now(&self) -> NumericDate {
        self.clock.now()
    }

    pub(crate) fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Registers a changed copy of the client `web`.
    pub(crate) fn change_client(&self, name: &str, change: impl FnOnce(&mut Client)) {
        let mut client = run(avouch_provider::storage::ClientStore::client(self.memory(), &client_id(name)))
            .unwrap()
            .unwrap();
        change(&mut client);
        self.memory().register(client);
    }

    // The authorization endpoint

    pub(crate) fn get(&self, query: &str) -> Outcome {
        let request = Request::get(format!("{ISSUER}/authorize?{query}")).body(Vec::new()).unwrap();
        self.authorize(&request)
    }

    pub(crate) fn authorize(&self, request: &Request<Vec<u8>>) -> Outcome {
        let session = self.session.borrow().clone();
        let browser = Browser { id: &self.browser, session: session.as_ref() };
        run(self.op.authorize(request, browser, self.now(), &self.rng))
    }

    pub(crate) fn ask(&self, ask: &Ask) -> Outcome {
        self.get(&ask.query())
    }

    pub(crate) fn resume(&self, id: &InteractionId, result: InteractionResult) -> Outcome {
        let session = self.session.borrow().clone();
        let browser = Browser { id: &self.browser, session: session.as_ref() };
        let resumed = run(self.op.resume(id, browser, result, self.now(), &self.rng));
        if let Some(new) = resumed.session {
            *self.session.borrow_mut() = Some(new.id);
        }
        resumed.outcome
    }

    pub(crate) fn log_in(&self, id: &InteractionId, name: &str) -> Outcome {
        self.resume(id, InteractionResult::LoggedIn(Login::new(subject(name))))
    }

    pub(crate) fn consent(&self, id: &InteractionId, allowed: &str) -> Outcome {
        self.consent_as("alice", id, allowed)
    }

    pub(crate) fn consent_as(&self, name: &str, id: &InteractionId, allowed: &str) -> Outcome {
        self.resume(id, InteractionResult::Consented { subject: subject(name), scopes: scopes(allowed) })
    }

    /// Walks through whatever pages come: signs in as Alice, and allows what is asked for.
    pub(crate) fn walk(&self, ask: &Ask) -> Form {
        let mut outcome = self.ask(ask);
        for _ in 0..5 {
            outcome = match outcome {
                Outcome::Interact(interaction) => self.obey(*interaction),
                Outcome::Respond(answer) => return parameters(&answer.response),
                Outcome::Refuse(refused) => panic!("{refused:?}"),
            };
        }
        panic!("there is no end of pages: {outcome:?}")
    }

    fn obey(&self, interaction: Interaction) -> Outcome {
        use avouch_provider::authorize::Need;
        let result = match interaction.need {
            Need::Login(_) => InteractionResult::LoggedIn(Login::new(subject("alice"))),
            Need::SelectAccount => InteractionResult::AccountChosen { subject: interaction.subject.unwrap() },
            Need::Consent { scopes, .. } => {
                InteractionResult::Consented { subject: interaction.subject.unwrap(), scopes }
            }
            other => panic!("{other:?}"),
        };
        self.resume(&interaction.id, result)
    }

    /// Walks, and brings back the code.
    pub(crate) fn code(&self, ask: &Ask) -> String {
        let response = self.walk(ask);
        response.get("code").unwrap_or_else(|| panic!("no code: {}", response.to_urlencoded())).to_owned()
    }

    // The token endpoint

    pub(crate) fn token_request(
        &self,
        authorization: Option<&str>,
        form: &Form,
    ) -> Result<Map<String, Value>, Box<TokenFailure>> {
        let mut request = Request::post(format!("{ISSUER}/token"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        self.token(&request.body(form.to_urlencoded().into_bytes()).unwrap())
    }

    pub(crate) fn token(&self, request: &Request<Vec<u8>>) -> Result<Map<String, Value>, Box<TokenFailure>> {
        let Answer { response, cause } = run(self.op.token(request, self.now(), &self.rng));
        if request.method() == Method::POST {
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
            assert_eq!(response.headers()[header::PRAGMA], "no-cache");
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
        }
        if response.status() == StatusCode::OK {
            assert!(cause.is_none());
            return Ok(json(&response));
        }
        Err(Box::new(TokenFailure { response, cause: cause.unwrap() }))
    }

    pub(crate) fn basic(&self, name: &str) -> String {
        avouch_messages::client_auth::basic_header(&client_id(name), &ClientSecret::new(SECRET))
    }

    pub(crate) fn exchange(&self, code: &str) -> Result<Map<String, Value>, Box<TokenFailure>> {
        self.token_request(Some(&self.basic("web")), &code_form(code))
    }

    pub(crate) fn refresh(&self, token: &str) -> Result<Map<String, Value>, Box<TokenFailure>> {
        self.token_request(Some(&self.basic("web")), &refresh_form(token))
    }

    /// Signs in with refresh tokens, and brings back the first tokens.
    pub(crate) fn offline(&self) -> Map<String, Value> {
        let ask = Ask::new().with("scope", "openid email offline_access").with("prompt", "consent");
        self.exchange(&self.code(&ask)).unwrap()
    }

    pub(crate) fn assertion(&self, change: impl FnOnce(&mut ClientAssertion)) -> String {
        let jti = random_token(&self.rng, 16).unwrap();
        let mut assertion =
            ClientAssertion::new(&client_id("jwt"), ISSUER, jti, self.now(), Duration::from_secs(60));
        change(&mut assertion);
        assertion.sign(&self.client_key).unwrap()
    }

    // UserInfo

    pub(crate) fn userinfo(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let Answer { response, cause } = run(self.op.userinfo(request, self.now()));
        assert_eq!(response.status() == StatusCode::OK, cause.is_none());
        response
    }

    pub(crate) fn userinfo_with(&self, access_token: &str) -> Response<Vec<u8>> {
        self.userinfo(&bearer(access_token))
    }

    /// The claims of an ID Token, its signature checked with the published keys.
    pub(crate) fn id_token(&self, tokens: &Map<String, Value>) -> IdTokenClaims {
        let jwks = avouch_jose::JwkSet::from_json(self.op.jwks().body(), &Default::default()).unwrap();
        let algorithms = [JwsAlgorithm::RS256, JwsAlgorithm::ES256];
        let keys = VerifyingKeys::prepare(&jwks, &algorithms, &self.crypto).unwrap();
        let token = tokens["id_token"].as_str().unwrap();
        let jws = avouch_jose::jws::UnverifiedJws::parse(token, &Default::default()).unwrap();
        let content = jws.verify(&keys).unwrap();
        let members = avouch_json::object(content.payload(), &Default::default()).unwrap();
        IdTokenClaims::from_members(members).unwrap()
    }

    pub(crate) fn code_hash(&self, code: &str) -> CodeHash {
        CodeHash::of(code, &self.crypto)
    }
}

/// A token request that was refused.
#[derive(Debug)]
pub(crate) struct TokenFailure {
    pub(crate) response: Response<Vec<u8>>,
    pub(crate) cause: EndpointError<Error>,
}

impl TokenFailure {
    /// Status and error code on the wire.
    pub(crate) fn told(&self) -> (u16, String) {
        let code = json(&self.response).get("error").and_then(Value::as_str).unwrap_or_default().to_owned();
        (self.response.status().as_u16(), code)
    }
}

/// Asserts how a token request was refused.
#[track_caller]
pub(crate) fn refused_with(result: Result<Map<String, Value>, Box<TokenFailure>>, status: u16, error: &str) {
    assert_eq!(result.unwrap_err().told(), (status, error.to_owned()));
}

pub(crate) fn code_form(code: &str) -> Form {
    Form::new()
        .with("grant_type", "authorization_code")
        .with("code", code)
        .with("redirect_uri", REDIRECT)
        .with("code_verifier", VERIFIER)
}

pub(crate) fn refresh_form(token: &str) -> Form {
    Form::new().with("grant_type", "refresh_token").with("refresh_token", token)
}

pub(crate) fn bearer(access_token: &str) -> Request<Vec<u8>> {
    Request::get(format!("{ISSUER}/userinfo"))
        .header(header::AUTHORIZATION, format!("Bearer {access_token}"))
        .body(Vec::new())
        .unwrap()
}

pub(crate) fn json(response: &Response<Vec<u8>>) -> Map<String, Value> {
    avouch_json::object(response.body(), &Default::default()).unwrap_or_default()
}

pub(crate) fn location(response: &Response<Vec<u8>>) -> &str {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    response.headers()[header::LOCATION].to_str().unwrap()
}

/// The parameters of a redirect back to the client.
pub(crate) fn parameters(response: &Response<Vec<u8>>) -> Form {
    let (_, query) = location(response).split_once('?').unwrap();
    Form::parse(query.as_bytes(), &FormLimits::default()).unwrap()
}

/// The error that went to the client.
#[track_caller]
pub(crate) fn error_of(outcome: Outcome) -> String {
    let Outcome::Respond(answer) = outcome else { panic!("no response but {outcome:?}") };
    assert!(answer.cause.is_some());
    let form = parameters(&answer.response);
    assert!(form.get("code").is_none(), "no code beside an error");
    form.get("error").unwrap().to_owned()
}

/// What is shown on the error page.
#[track_caller]
pub(crate) fn refusal_of(outcome: Outcome) -> Refused<Error> {
    let Outcome::Refuse(refused) = outcome else { panic!("not refused but {outcome:?}") };
    refused
}

#[track_caller]
pub(crate) fn interaction_of(outcome: Outcome) -> Interaction {
    let Outcome::Interact(interaction) = outcome else { panic!("no interaction but {outcome:?}") };
    *interaction
}

#[track_caller]
pub(crate) fn code_of(outcome: Outcome) -> String {
    let Outcome::Respond(answer) = outcome else { panic!("no response but {outcome:?}") };
    parameters(&answer.response).get("code").unwrap().to_owned()
}

/// An authorization request that is right in every way, to be spoilt in one.
#[derive(Clone)]
pub(crate) struct Ask(Form);

impl Ask {
    pub(crate) fn new() -> Self {
        Self::of("web", REDIRECT)
    }

    pub(crate) fn of(client: &str, redirect_uri: &str) -> Self {
        Self(
            Form::new()
                .with("response_type", "code")
                .with("client_id", client)
                .with("redirect_uri", redirect_uri)
                .with("scope", "openid")
                .with("state", "a state +&")
                .with("nonce", "a nonce")
                .with("code_challenge", CHALLENGE)
                .with("code_challenge_method", "S256"),
        )
    }

    /// With this value in place of the one that was there.
    pub(crate) fn with(&self, name: &'static str, value: &str) -> Self {
        Self(self.0.clone().without(&[name]).with(name, value))
    }

    pub(crate) fn without(&self, name: &str) -> Self {
        Self(self.0.clone().without(&[name]))
    }

    /// With one more parameter, also if there is one of this name.
    pub(crate) fn and(&self, name: &'static str, value: &str) -> Self {
        Self(self.0.clone().with(name, value))
    }

    pub(crate) fn query(&self) -> String {
        self.0.to_urlencoded()
    }
}

#[test]
fn the_challenge_of_these_tests_is_that_of_the_verifier() {
    let crypto = avouch_jose_ring::provider();
    let verifier = CodeVerifier::parse(VERIFIER).unwrap();
    assert_eq!(CodeChallenge::s256(&verifier, |octets| crypto.sha256(octets)).value(), CHALLENGE);
}
