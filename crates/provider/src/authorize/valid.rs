//! The second step: everything about a request that can be judged without knowing who sits in front of it.

use std::collections::BTreeSet;
use std::time::Duration;

use avouch_claims::{ClaimRequest, ClaimsRequest, ConsentTo, PROTOCOL_CLAIMS, ReleaseInput, ReleasePlan};
use avouch_messages::AuthorizationRequest;
use avouch_types::{CodeChallengeMethod, GrantType, Prompt, RedirectUri, ResponseType, Scope, Scopes};

use super::suspend::Resumed;
use super::{AuthorizationFailure, ErrorResponse, KnownRequest};
use crate::client::Client;
use crate::policy::{PkceRequirement, Policy};

/// A request that its client may make.
#[derive(Debug)]
#[must_use]
pub struct ValidRequest<'a> {
    known: KnownRequest<'a>,
    policy: &'a Policy,
    request: AuthorizationRequest,
    scopes: Scopes,
    pub(super) resumed: Resumed,
}

impl<'a> KnownRequest<'a> {
    /// Checks the request against the specifications, the client's registration and the policy.
    ///
    /// - no parameter is repeated; `request`, `request_uri` and `registration` are refused by their own errors;
    /// - parameters, values of `prompt` and `display`, and scopes that nobody knows are ignored;
    /// - the response type is `code`, and the client is registered for it;
    /// - there is a challenge of method S256 if the policy demands one, and no other in any case;
    /// - `offline_access` stays only with `prompt=consent`, and for clients with refresh tokens ([Core §11]).
    ///
    /// [Core §11]: https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess
    ///
    /// # Errors
    /// An [`ErrorResponse`] for the client, which knows the broken rule.
    pub fn parse_and_validate(self, policy: &'a Policy) -> Result<ValidRequest<'a>, Box<ErrorResponse>> {
        let checked = self
            .check_form()
            .and_then(|()| self.envelope.parse().map_err(AuthorizationFailure::Malformed))
            .and_then(|request| self.check(&request, policy).map(|scopes| (request, scopes)));
        match checked {
            Ok((request, scopes)) => {
                Ok(ValidRequest { known: self, policy, request, scopes, resumed: Resumed::default() })
            }
            Err(failure) => Err(Box::new(self.error(policy, failure))),
        }
    }

    /// What makes it useless to read on: parameters that change the meaning of all others.
    fn check_form(&self) -> Result<(), AuthorizationFailure> {
        let form = self.envelope.form();
        if form.get("request").is_some() {
            return Err(AuthorizationFailure::RequestObject);
        }
        if form.get("request_uri").is_some() {
            return Err(AuthorizationFailure::RequestUri);
        }
        if form.get("registration").is_some() {
            return Err(AuthorizationFailure::Registration);
        }
        Ok(())
    }

    fn check(&self, request: &AuthorizationRequest, policy: &Policy) -> Result<Scopes, AuthorizationFailure> {
        let response_type = &request.response_type;
        if *response_type != ResponseType::CODE {
            return Err(AuthorizationFailure::ResponseTypeNotSupported(response_type.clone()));
        }
        if !self.client.response_types.contains(response_type) {
            return Err(AuthorizationFailure::ResponseTypeNotRegistered(response_type.clone()));
        }
        if !self.client.grant_types.contains(&GrantType::AUTHORIZATION_CODE) {
            return Err(AuthorizationFailure::GrantTypeNotRegistered(GrantType::AUTHORIZATION_CODE));
        }
        let required = match policy.pkce {
            PkceRequirement::Everyone => true,
            PkceRequirement::PublicClients => !self.client.is_confidential(),
        };
        match &request.code_challenge {
            None if required => return Err(AuthorizationFailure::ChallengeMissing),
            Some(challenge) if *challenge.method() != CodeChallengeMethod::S256 => {
                return Err(AuthorizationFailure::ChallengeMethod(challenge.method().clone()));
            }
            _ => {}
        }
        let scopes: Scopes =
            request.scope.iter().filter(|scope| self.may_grant(scope, request, policy)).cloned().collect();
        if !scopes.contains(&Scope::OPENID) {
            return Err(AuthorizationFailure::OpenidNotAllowed);
        }
        Ok(scopes)
    }

    fn may_grant(&self, scope: &Scope, request: &AuthorizationRequest, policy: &Policy) -> bool {
        let known = policy.scopes.contains(scope);
        let allowed = self.client.scopes.as_ref().is_none_or(|scopes| scopes.contains(scope));
        let offline = *scope != Scope::OFFLINE_ACCESS
            || (request.prompt.contains(&Prompt::CONSENT)
                && self.client.grant_types.contains(&GrantType::REFRESH_TOKEN));
        known && allowed && offline
    }
}

impl<'a> ValidRequest<'a> {
    /// Who asks.
    pub fn client(&self) -> &'a Client {
        self.known.client
    }

    /// The request as it was parsed.
    pub fn parameters(&self) -> &AuthorizationRequest {
        &self.request
    }

    /// The scopes that may be granted, out of those asked for.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// How long ago the person may have authenticated: `max_age`, or the client's default.
    pub fn max_age(&self) -> Option<Duration> {
        self.request.max_age.or(self.client().default_max_age).map(Duration::from_secs)
    }

    /// The `id_token_hint`, to be verified before [`ValidRequest::evaluate`].
    pub fn id_token_hint(&self) -> Option<&str> {
        self.request.id_token_hint.as_ref().map(avouch_types::Secret::expose)
    }

    /// Names of the claims that are asked for one by one, beyond what the scopes give.
    pub fn single_claims(&self) -> BTreeSet<String> {
        let by_scope = ReleaseInput::new(&self.scopes, ConsentTo::Everything);
        let plan =
            ReleasePlan::new(&self.policy.release, &by_scope.with_request(self.request.claims.as_ref()));
        let by_scope = ReleasePlan::new(&self.policy.release, &by_scope);
        let given = |name| by_scope.userinfo().contains(name) || by_scope.id_token().contains(name);
        plan.userinfo()
            .iter()
            .chain(plan.id_token().iter())
            .map(|claim| claim.name)
            .filter(|name| !PROTOCOL_CLAIMS.contains(name) && !given(name))
            .map(str::to_owned)
            .collect()
    }

    pub(super) fn prompts(&self, prompt: &Prompt) -> bool {
        self.request.prompt.contains(prompt)
    }

    pub(super) fn id_token_claim(&self, name: &str) -> Option<&ClaimRequest> {
        self.claims()?.id_token.as_ref()?.get(name)
    }

    /// How `acr` is asked for, if it is essential and only some values will do ([Core §5.5.1.1]).
    ///
    /// [Core §5.5.1.1]: https://openid.net/specs/openid-connect-core-1_0.html#acrSemantics
    pub(super) fn essential_acr(&self) -> Option<&ClaimRequest> {
        self.id_token_claim("acr")
            .filter(|wanted| wanted.essential && (wanted.value.is_some() || wanted.values.is_some()))
    }

    pub(super) fn claims(&self) -> Option<&ClaimsRequest> {
        self.request.claims.as_ref()
    }

    pub(super) fn policy(&self) -> &'a Policy {
        self.policy
    }

    pub(crate) fn known(&self) -> &KnownRequest<'a> {
        &self.known
    }

    /// Where the answer goes.
    pub fn redirect_uri(&self) -> &RedirectUri {
        &self.known.redirect_uri
    }

    /// An error for the client.
    pub fn error(&self, failure: AuthorizationFailure) -> ErrorResponse {
        self.known.error(self.policy, failure)
    }
}
