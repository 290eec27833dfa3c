use std::fmt;

use avouch_claims::{ClaimsRequest, UserInfoReach};
use avouch_json::Limits;
use avouch_types::{
    AcrValues, ClientId, Display, Form, LanguageTag, Nonce, Prompt, Prompts, RedirectUri, ResponseMode,
    ResponseType, Scope, Scopes, Secret, State,
};

mod envelope;
mod error;

pub use envelope::{EnvelopeError, RequestEnvelope};
pub use error::AuthorizationRequestError;

use crate::CodeChallenge;

/// An Authentication Request
/// ([OpenID Connect Core §3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)).
///
/// ```
/// use avouch_messages::AuthorizationRequest;
/// use avouch_types::{ClientId, EndpointUrl, Form, FormLimits, RedirectUri, ResponseType, Scopes, State};
///
/// let mut request = AuthorizationRequest::new(
///     ClientId::parse("s6BhdRkqt3")?,
///     RedirectUri::parse("https://rp.example/cb")?,
///     ResponseType::CODE,
///     Scopes::parse("openid email")?,
/// );
/// request.state = Some(State::new("af0ifjsldkj"));
/// let endpoint = EndpointUrl::parse("https://op.example/authorize")?;
/// let url = endpoint.with_query(&request.to_form());
///
/// let query = url.split_once('?').map(|(_, query)| query).unwrap_or_default();
/// let form = Form::parse(query.as_bytes(), &FormLimits::default())?;
/// assert_eq!(AuthorizationRequest::parse(&form)?, request);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// `Debug` shows the names of the parameters only: values may be secret or personal.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthorizationRequest {
    /// What is to be answered with.
    pub response_type: ResponseType,
    /// Who asks.
    pub client_id: ClientId,
    /// Where the answer goes.
    pub redirect_uri: RedirectUri,
    /// What is asked for; contains `openid`.
    pub scope: Scopes,
    /// Comes back in the response.
    pub state: Option<State>,
    /// Comes back in the ID Token; required where an ID Token comes from the authorization endpoint.
    pub nonce: Option<Nonce>,
    /// How the answer travels; absent means the default of the response type.
    pub response_mode: Option<ResponseMode>,
    /// How the OP's pages are shown; absent means `page`.
    pub display: Option<Display>,
    /// What the OP must do before it answers; empty if absent.
    pub prompt: Prompts,
    /// The greatest allowed age of the authentication in seconds; zero asks for a new one.
    pub max_age: Option<u64>,
    /// Languages for the OP's pages in order of preference. Entries that are no language tags are left out.
    pub ui_locales: Vec<LanguageTag>,
    /// Languages for claims in order of preference. Entries that are no language tags are left out.
    pub claims_locales: Vec<LanguageTag>,
    /// An ID Token that names the End-User who is expected; not looked into here.
    pub id_token_hint: Option<Secret>,
    /// What the End-User might sign in with.
    pub login_hint: Option<String>,
    /// Authentication contexts in order of preference.
    pub acr_values: AcrValues,
    /// Individual claims that are asked for.
    pub claims: Option<ClaimsRequest>,
    /// PKCE.
    pub code_challenge: Option<CodeChallenge>,
    /// A Request Object by value; not looked into here. Excludes `request_uri`.
    pub request: Option<Secret>,
    /// A Request Object by reference; not fetched here. Excludes `request`.
    pub request_uri: Option<String>,
    /// Client metadata for a self-issued OP; not looked into here.
    pub registration: Option<String>,
    /// All other parameters.
    pub extra: Form,
}

const OWN: [&str; 21] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "response_mode",
    "display",
    "prompt",
    "max_age",
    "ui_locales",
    "claims_locales",
    "id_token_hint",
    "login_hint",
    "acr_values",
    "claims",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
    "registration",
];

impl AuthorizationRequest {
    /// The parameters with a field of their own, in the order in which they are written. None of them belongs into
    /// [`extra`](Self::extra).
    pub const OWN_PARAMETERS: [&'static str; 21] = OWN;

    /// The parameters that may stand more than once (RFC 8707 §2).
    pub const REPEATABLE_PARAMETERS: [&'static str; 1] = ["resource"];

    /// A request with the four parameters that each one has.
    #[must_use]
    pub fn new(
        client_id: ClientId,
        redirect_uri: RedirectUri,
        response_type: ResponseType,
        scope: Scopes,
    ) -> Self {
        Self {
            response_type,
            client_id,
            redirect_uri,
            scope,
            state: None,
            nonce: None,
            response_mode: None,
            display: None,
            prompt: Prompts::default(),
            max_age: None,
            ui_locales: Vec::new(),
            claims_locales: Vec::new(),
            id_token_hint: None,
            login_hint: None,
            acr_values: AcrValues::default(),
            claims: None,
            code_challenge: None,
            request: None,
            request_uri: None,
            registration: None,
            extra: Form::new(),
        }
    }

    /// Reads a request and checks what needs nothing but the request. Whether the client may ask this is not known here;
    /// and before an error is sent anywhere, [`RequestEnvelope`] tells whether and how it may be.
    ///
    /// # Errors
    /// An [`AuthorizationRequestError`], which knows its OAuth error code.
    pub fn parse(form: &Form) -> Result<Self, AuthorizationRequestError> {
        use AuthorizationRequestError as Refused;
        if let Some(name) =
            form.repeated().into_iter().find(|name| !Self::REPEATABLE_PARAMETERS.contains(name))
        {
            return Err(Refused::RepeatedParameter { name: name.to_owned() });
        }
        let (own, extra) = form.take_apart(&OWN);
        let [
            response_type,
            client_id,
            redirect_uri,
            scope,
            state,
            nonce,
            response_mode,
            display,
            prompt,
            max_age,
            ui_locales,
            claims_locales,
            id_token_hint,
            login_hint,
            acr_values,
            claims,
            code_challenge,
            code_challenge_method,
            request_object,
            request_uri,
            registration,
        ] = own;
        let word = |name| move |source| Refused::MalformedWord { name, source };
        let missing = |name| Refused::MissingParameter { name };

        let client_id = client_id.ok_or_else(|| missing("client_id"))?;
        let redirect_uri = redirect_uri.ok_or_else(|| missing("redirect_uri"))?;
        let response_type = response_type.ok_or_else(|| missing("response_type"))?;
        let mut request = Self::new(
            ClientId::parse(client_id).map_err(word("client_id"))?,
            RedirectUri::parse(redirect_uri).map_err(Refused::RedirectUri)?,
            ResponseType::parse(response_type).map_err(Refused::ResponseType)?,
            Scopes::parse(scope.ok_or(Refused::MissingScope)?).map_err(Refused::Scope)?,
        );
        request.state = state.map(State::parse).transpose().map_err(word("state"))?;
        request.nonce = nonce.map(Nonce::parse).transpose().map_err(word("nonce"))?;
        request.response_mode =
            response_mode.map(ResponseMode::parse).transpose().map_err(word("response_mode"))?;
        request.display = display.map(Display::parse).transpose().map_err(word("display"))?;
        request.prompt = Prompts::parse(prompt.unwrap_or_default()).map_err(word("prompt"))?;
        request.max_age = max_age.map(seconds).transpose()?;
        request.ui_locales = LanguageTag::parse_preferences(ui_locales.unwrap_or_default());
        request.claims_locales = LanguageTag::parse_preferences(claims_locales.unwrap_or_default());
        request.id_token_hint = id_token_hint.map(Secret::new);
        request.login_hint = login_hint.map(str::to_owned);
        request.acr_values = AcrValues::parse(acr_values.unwrap_or_default()).map_err(word("acr_values"))?;
        request.claims = claims
            .map(|json| ClaimsRequest::from_json(json.as_bytes(), &Limits::default()))
            .transpose()
            .map_err(Refused::Claims)?;
        request.code_challenge = match (code_challenge, code_challenge_method) {
            (Some(value), method) => Some(CodeChallenge::parse(value, method)?),
            (None, Some(_)) => return Err(crate::CodeChallengeError::MethodAlone.into()),
            (None, None) => None,
        };
        request.request = request_object.map(Secret::new);
        request.request_uri = request_uri.map(str::to_owned);
        request.registration = registration.map(str::to_owned);
        request.extra = extra;
        request.check()?;
        Ok(request)
    }

    /// The rules between the parameters of one request; [`AuthorizationRequest::parse`] applies them, and whoever builds a
    /// request can.
    ///
    /// # Errors
    /// An [`AuthorizationRequestError`], which knows its OAuth error code.
    pub fn check(&self) -> Result<(), AuthorizationRequestError> {
        use AuthorizationRequestError as Refused;
        if !self.scope.contains(&Scope::OPENID) {
            return Err(Refused::ScopeWithoutOpenid);
        }
        if self.prompt.contains(&Prompt::NONE) && self.prompt.len() > 1 {
            return Err(Refused::PromptNoneWithOthers);
        }
        if self.request.is_some() && self.request_uri.is_some() {
            return Err(Refused::RequestAndRequestUri);
        }
        let default_mode = self.response_type.default_response_mode();
        if self.response_mode == Some(ResponseMode::QUERY) && default_mode == ResponseMode::FRAGMENT {
            return Err(Refused::QueryModeWithTokens);
        }
        if self.response_type.contains("id_token") && self.nonce.is_none() {
            return Err(Refused::MissingParameter { name: "nonce" });
        }
        if let Some(claims) = &self.claims {
            let gives_access = self.response_type.contains("code") || self.response_type.contains("token");
            let reach = if gives_access { UserInfoReach::Within } else { UserInfoReach::Beyond };
            claims.check_reach(reach).and_then(|()| claims.check()).map_err(Refused::Claims)?;
        }
        self.acr_values.check().map_err(|source| Refused::MalformedWord { name: "acr_values", source })?;
        Ok(())
    }

    /// The parameters, for the query or body of the request.
    #[must_use]
    pub fn to_form(&self) -> Form {
        // room for what clients usually send
        let mut form = Form::with_capacity(16, 512)
            .with("response_type", self.response_type.as_str())
            .with("client_id", self.client_id.as_str())
            .with("redirect_uri", self.redirect_uri.as_str())
            .with_words("scope", &self.scope)
            .with_some("state", self.state.as_ref().map(State::expose))
            .with_some("nonce", self.nonce.as_ref().map(Nonce::expose))
            .with_some("response_mode", self.response_mode.as_ref())
            .with_some("display", self.display.as_ref())
            .with_words("prompt", &self.prompt)
            .with_some("max_age", self.max_age.map(|seconds| seconds.to_string()))
            .with_words("ui_locales", &self.ui_locales)
            .with_words("claims_locales", &self.claims_locales)
            .with_some("id_token_hint", self.id_token_hint.as_ref().map(Secret::expose))
            .with_some("login_hint", self.login_hint.as_deref())
            .with_words("acr_values", &self.acr_values)
            .with_some("claims", self.claims.as_ref().map(ClaimsRequest::to_json));
        if let Some(challenge) = &self.code_challenge {
            form = form
                .with("code_challenge", challenge.value())
                .with("code_challenge_method", challenge.method().as_str());
        }
        form = form
            .with_some("request", self.request.as_ref().map(Secret::expose))
            .with_some("request_uri", self.request_uri.as_deref())
            .with_some("registration", self.registration.as_deref());
        form.extend(self.extra.iter());
        form
    }
}

impl fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AuthorizationRequest").field(&self.to_form()).finish()
    }
}

fn seconds(text: &str) -> Result<u64, AuthorizationRequestError> {
    // u64's own parser takes a plus sign
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or(AuthorizationRequestError::MalformedMaxAge)
}
