//! The UserInfo endpoint.

use avouch_jose::NumericDate;
use avouch_messages::UserInfo;
use http::{Method, Request};

use super::{Answer, EndpointError, Provider};
use crate::reply::method_not_allowed;
use crate::storage::Store;
use crate::userinfo::{self, UserInfoError};

impl<S: Store> Provider<S> {
    /// The UserInfo endpoint, GET or POST ([Core §5.3]).
    ///
    /// [Core §5.3]: https://openid.net/specs/openid-connect-core-1_0.html#UserInfo
    pub async fn userinfo(&self, request: &Request<Vec<u8>>, now: NumericDate) -> Answer<S::Error> {
        if ![Method::GET, Method::POST].contains(request.method()) {
            return Answer::failed(method_not_allowed("GET, POST"), EndpointError::Method);
        }
        match self.claims_for(request, now).await {
            Ok(Ok(userinfo)) => Answer::good(userinfo::respond(&userinfo)),
            Ok(Err(error)) => Answer::failed(userinfo::respond_with_error(&error), error),
            Err(cause) => Answer::failed(
                userinfo::respond_with_error(&UserInfoError::Unavailable),
                EndpointError::Store(cause),
            ),
        }
    }

    async fn claims_for(
        &self,
        request: &Request<Vec<u8>>,
        now: NumericDate,
    ) -> Result<Result<UserInfo, UserInfoError>, S::Error> {
        let presented = match userinfo::present(request, &self.crypto) {
            Ok(presented) => presented,
            Err(error) => return Ok(Err(error)),
        };
        let token = self.store.access(presented.token_hash(), now).await?;
        let access = match presented.found(token) {
            Ok(access) => access,
            Err(error) => return Ok(Err(error)),
        };
        let person = self.store.claims(&access.record().subject).await?;
        Ok(access.answer(person.as_ref(), &self.policy))
    }
}
