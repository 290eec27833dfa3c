//! Records to try a store with. All optional members are set, so that one that is lost shows.

use std::time::Duration;

use avouch_claims::{ClaimRequest, ClaimsRequest};
use avouch_jose::NumericDate;
use avouch_messages::CodeChallenge;
use avouch_provider::storage::{
    AccessRecord, BrowserHash, CodeHash, CodeRecord, Grant, GrantId, GrantStore, NewAccessToken,
    NewRefreshToken, NewTokens, OpenGrant, PendingInteraction, RefreshRecord, TokenHash,
};
use avouch_types::{Acr, Amr, ClientId, LanguageTag, Nonce, RedirectUri, Scopes, SubjectIdentifier};

use super::super::Executor;
use crate::clock::START;

/// Unwraps what the kit itself wrote, or a store's answer.
pub(super) fn sure<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => fail(format_args!("{error:?}")),
    }
}

#[expect(clippy::panic, reason = "this is a test kit")]
fn fail(message: std::fmt::Arguments<'_>) -> ! {
    panic!("{message}")
}

/// So many seconds after the start.
pub(super) fn at(seconds: u64) -> NumericDate {
    sure(NumericDate::from_seconds(START)).saturating_add(Duration::from_secs(seconds))
}

/// When the fixture code expires.
pub(super) const CODE_END: u64 = 60;
/// When the fixture access tokens expire.
pub(super) const ACCESS_END: u64 = 900;
/// When the fixture refresh tokens expire.
pub(super) const REFRESH_END: u64 = 5_000;
/// When the fixture grants can be forgotten.
pub(super) const GRANT_END: u64 = 10_000;

pub(super) fn client_id() -> ClientId {
    sure("client".parse())
}

pub(super) fn subject() -> SubjectIdentifier {
    sure("somebody".parse())
}

pub(super) fn code(number: u8) -> CodeHash {
    CodeHash::from_array([number; 32])
}

pub(super) fn token(kind: u8, number: usize) -> TokenHash {
    let mut octets = [kind; 32];
    for (octet, value) in octets.iter_mut().zip(number.to_le_bytes()) {
        *octet = value;
    }
    TokenHash::from_array(octets)
}

pub(super) fn access_hash(number: usize) -> TokenHash {
    token(0xAA, number)
}

pub(super) fn refresh_hash(number: usize) -> TokenHash {
    token(0xEE, number)
}

pub(super) fn grant(id: &str) -> Grant {
    let mut grant = Grant::new(
        GrantId::from_stored(id),
        client_id(),
        subject(),
        sure(Scopes::parse("openid email offline_access")),
        at(0),
        at(1),
        at(GRANT_END),
    );
    grant.claims = Some(
        ClaimsRequest::new()
            .with_userinfo("email", ClaimRequest::essential())
            .with_id_token("name", ClaimRequest::voluntary()),
    );
    grant.claims_locales = vec![sure(LanguageTag::parse("ja-Kana-JP")), sure(LanguageTag::parse("de"))];
    grant.acr = Some(sure(Acr::parse("urn:example:silver")));
    grant.amr = vec![sure(Amr::parse("pwd")), sure(Amr::parse("otp"))];
    grant.nonce = Some(Nonce::new("a nonce \u{e9} \"quoted\""));
    grant
}

/// A code of the grant.
pub(super) fn code_record(grant: Grant) -> CodeRecord {
    let redirect_uri = sure(RedirectUri::parse("https://rp.example/cb?keep=%20this"));
    let challenge = sure(CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", Some("S256")));
    CodeRecord::new(grant, redirect_uri, Some(challenge), at(CODE_END))
}

/// The access token and the refresh token of this number.
pub(super) fn tokens(grant: &Grant, number: usize) -> NewTokens {
    let access = AccessRecord::new(grant, sure(Scopes::parse("openid email")), at(ACCESS_END));
    let refresh = RefreshRecord::new(grant.clone(), at(2), at(REFRESH_END));
    NewTokens::new(
        NewAccessToken { hash: access_hash(number), record: access },
        Some(NewRefreshToken { hash: refresh_hash(number), record: refresh }),
    )
}

/// Opens a fixture grant of this name.
pub(super) fn opened<S: GrantStore>(executor: &impl Executor, store: &S, id: &str) -> Grant {
    let grant = grant(id);
    let answer = sure(executor.block_on(store.open(grant.clone())));
    assert_eq!(answer, OpenGrant::Opened, "a new grant opens");
    grant
}

/// The browser of this number.
pub(super) fn browser(number: u8) -> BrowserHash {
    BrowserHash::from_array([number; 32])
}

/// A request that waits, of browser 1.
pub(super) fn interaction() -> PendingInteraction {
    PendingInteraction::new(
        client_id(),
        "client_id=client&scope=openid%20email&state=%C3%A9+%22".to_owned(),
        browser(1),
        at(0),
        at(600),
    )
}
