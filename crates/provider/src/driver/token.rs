//! The token endpoint.

use avouch_claims::StandardClaims;
use avouch_jose::NumericDate;
use avouch_jose::crypto::SecureRandom;
use avouch_messages::{TokenRequest, TokenResponse};
use avouch_types::{FormLimits, SubjectIdentifier};
use http::{HeaderMap, Method, Request, header};

use super::{Answer, EndpointError, Provider};
use crate::reply::method_not_allowed;
use crate::storage::Store;
use crate::token::{
    self, Authentication, CodeExchange, Exchange, RefreshExchange, Refusal, TokenError, authenticate,
    claimed_client,
};

impl<S: Store> Provider<S> {
    /// The token endpoint, POST only ([Core §3.1.3]).
    ///
    /// [Core §3.1.3]: https://openid.net/specs/openid-connect-core-1_0.html#TokenEndpoint
    pub async fn token(
        &self,
        request: &Request<Vec<u8>>,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> Answer<S::Error> {
        if request.method() != Method::POST {
            return Answer::failed(method_not_allowed("POST"), EndpointError::Method);
        }
        let refused = match self.tokens(request, now, rng).await {
            Ok(tokens) => return Answer::good(token::respond(&tokens)),
            Err(Stop::Refusal(Refusal::Refuse(error))) => Ok(error),
            // What was presented is spent. If the grant cannot be revoked now, that is what is answered.
            Err(Stop::Refusal(Refusal::Revoke(revocation))) => {
                let answer = self.store.revoke(revocation.grant(), now).await;
                answer.map(|answer| revocation.revoked(answer))
            }
            Err(Stop::Store(cause)) => Err(cause),
        };
        match refused {
            Ok(error) => Answer::failed(token::respond_with_error(&error), error),
            Err(cause) => Answer::failed(
                token::respond_with_error(&TokenError::Unavailable),
                EndpointError::Store(cause),
            ),
        }
    }

    async fn tokens(
        &self,
        request: &Request<Vec<u8>>,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> Result<TokenResponse, Stop<S::Error>> {
        let headers = request.headers();
        let request = TokenRequest::parse(
            text(headers, &header::AUTHORIZATION).as_deref(),
            text(headers, &header::CONTENT_TYPE).as_deref(),
            request.body(),
            &FormLimits::default(),
        )
        .map_err(TokenError::from)?;
        let client_id = claimed_client(&request)?;
        let client = self.store.client(&client_id).await.map_err(Stop::Store)?;
        let authenticated = match authenticate(request, client.as_ref(), &self.policy, now, &self.crypto)? {
            Authentication::Done(authenticated) => authenticated,
            Authentication::CheckReplay(check) => {
                let answer = self.store.insert_if_absent(check.key(), check.expires_at(), now).await;
                check.seen(answer.map_err(Stop::Store)?)?
            }
        };
        match authenticated.exchange(&self.crypto)? {
            Exchange::Code(exchange) => self.tokens_for_code(exchange, now, rng).await,
            Exchange::Refresh(exchange) => self.tokens_for_refresh(exchange, now, rng).await,
        }
    }

    async fn tokens_for_code(
        &self,
        exchange: CodeExchange<'_>,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> Result<TokenResponse, Stop<S::Error>> {
        let code = self.store.consume(exchange.code_hash(), now).await.map_err(Stop::Store)?;
        let redeemed = exchange.consumed(code, &self.crypto)?;
        let person = self.person(redeemed.subject()).await?;
        let unstored = redeemed.issue(person.as_ref(), &self.keys, now, rng, &self.crypto)?;
        let answer = self.store.add_tokens(unstored.grant(), unstored.records().clone(), now).await;
        Ok(unstored.stored(answer.map_err(Stop::Store)?)?)
    }

    async fn tokens_for_refresh(
        &self,
        exchange: RefreshExchange<'_>,
        now: NumericDate,
        rng: &dyn SecureRandom,
    ) -> Result<TokenResponse, Stop<S::Error>> {
        let token = self.store.refresh(exchange.token_hash(), now).await.map_err(Stop::Store)?;
        let redeemed = exchange.found(token)?;
        let person = self.person(redeemed.subject()).await?;
        let unstored = redeemed.issue(person.as_ref(), &self.keys, now, rng, &self.crypto)?;
        let answer = self.store.rotate(unstored.old(), unstored.records().clone(), now).await;
        Ok(unstored.rotated(answer.map_err(Stop::Store)?)?)
    }

    async fn person(&self, subject: &SubjectIdentifier) -> Result<Option<StandardClaims>, Stop<S::Error>> {
        self.store.claims(subject).await.map_err(Stop::Store)
    }
}

/// Why there are no tokens.
enum Stop<E> {
    Refusal(Refusal),
    Store(E),
}

impl<E> From<Refusal> for Stop<E> {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl<E> From<TokenError> for Stop<E> {
    fn from(error: TokenError) -> Self {
        Self::Refusal(error.into())
    }
}

/// A header as text. What stands there more than once, or is no text, is joined into something that no
/// parser accepts, and is never taken for absent.
fn text(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    let values: Vec<_> =
        headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    if values.is_empty() { None } else { Some(values.join("\n")) }
}
