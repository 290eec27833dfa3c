//! All of the provider's storage in one locked value.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};

use avouch_claims::StandardClaims;
use avouch_jose::NumericDate;
use avouch_provider::Client;
use avouch_provider::storage::{
    AccessLookup, AccessRecord, AddTokens, BrowserHash, ClaimsSource, ClientStore, CodeHash, CodeRecord,
    CodeStore, CodeUse, Consent, ConsentStore, Grant, GrantId, GrantStore, InsertCode, InteractionHash,
    InteractionStore, NewTokens, OpenGrant, PendingInteraction, RefreshLookup, RefreshRecord, ReplayKey,
    ReplayStore, ReplayUse, RevokeGrant, RotateTokens, Session, SessionHash, SessionStore, Storage,
    TokenHash, TokenStore,
};
use avouch_types::{ClientId, SubjectIdentifier};

/// A store that forgets everything when it is dropped, and nothing before.
///
/// Each act holds the one lock from beginning to end, so each is atomic.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    clients: BTreeMap<ClientId, Client>,
    people: BTreeMap<SubjectIdentifier, StandardClaims>,
    interactions: BTreeMap<InteractionHash, PendingInteraction>,
    sessions: BTreeMap<SessionHash, Session>,
    consents: BTreeMap<(SubjectIdentifier, ClientId), Consent>,
    codes: BTreeMap<CodeHash, Spendable<CodeRecord>>,
    grants: BTreeMap<GrantId, Opened>,
    access: BTreeMap<TokenHash, AccessRecord>,
    refresh: BTreeMap<TokenHash, Spendable<RefreshRecord>>,
    seen: BTreeMap<ReplayKey, NumericDate>,
}

#[derive(Debug)]
struct Spendable<R> {
    record: R,
    spent: bool,
}

#[derive(Debug)]
struct Opened {
    #[expect(dead_code, reason = "shown by Debug")]
    grant: Grant,
    revoked: bool,
}

impl MemoryStore {
    /// A store of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The store with this client registered, in place of an earlier one of the same name.
    #[must_use]
    pub fn with_client(self, client: Client) -> Self {
        self.register(client);
        self
    }

    /// The store with this person known.
    #[must_use]
    pub fn with_person(self, subject: SubjectIdentifier, claims: StandardClaims) -> Self {
        self.know(subject, claims);
        self
    }

    /// Registers the client, in place of an earlier one of the same name.
    pub fn register(&self, client: Client) {
        self.lock().clients.insert(client.client_id.clone(), client);
    }

    /// Notes what is known about a person, in place of what was known before.
    pub fn know(&self, subject: SubjectIdentifier, claims: StandardClaims) {
        self.lock().people.insert(subject, claims);
    }

    /// Removes a client.
    pub fn unregister(&self, id: &ClientId) {
        self.lock().clients.remove(id);
    }

    /// Removes a person.
    pub fn forget(&self, subject: &SubjectIdentifier) {
        self.lock().people.remove(subject);
    }

    /// Everything that is stored, as text: to see that no secret is in it, or that nothing has changed.
    #[must_use]
    pub fn dump(&self) -> String {
        format!("{:#?}", *self.lock())
    }

    /// How many access tokens and how many refresh tokens are stored, live or not.
    #[must_use]
    pub fn token_counts(&self) -> (usize, usize) {
        let state = self.lock();
        (state.access.len(), state.refresh.len())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_revoked(&self, grant: &GrantId) -> bool {
        self.grants.get(grant).is_none_or(|opened| opened.revoked)
    }

    fn add(&mut self, tokens: NewTokens) {
        self.access.insert(tokens.access.hash, tokens.access.record);
        if let Some(refresh) = tokens.refresh {
            self.refresh.insert(refresh.hash, Spendable { record: refresh.record, spent: false });
        }
    }

    fn refresh(&self, hash: &TokenHash, now: NumericDate) -> RefreshLookup {
        let Some(Spendable { record, spent }) = self.refresh.get(hash) else {
            return RefreshLookup::Unknown;
        };
        if *spent {
            let (grant, client_id) = (record.grant.id.clone(), record.grant.client_id.clone());
            return RefreshLookup::Reused { grant, client_id };
        }
        if self.is_revoked(&record.grant.id) {
            return RefreshLookup::Revoked;
        }
        if now >= record.expires_at {
            return RefreshLookup::Expired;
        }
        RefreshLookup::Active(Box::new(record.clone()))
    }
}

impl Storage for MemoryStore {
    type Error = Infallible;
}

impl ClientStore for MemoryStore {
    async fn client(&self, id: &ClientId) -> Result<Option<Client>, Infallible> {
        Ok(self.lock().clients.get(id).cloned())
    }
}

impl ClaimsSource for MemoryStore {
    async fn claims(&self, subject: &SubjectIdentifier) -> Result<Option<StandardClaims>, Infallible> {
        Ok(self.lock().people.get(subject).cloned())
    }
}

impl InteractionStore for MemoryStore {
    async fn put(&self, hash: &InteractionHash, pending: PendingInteraction) -> Result<(), Infallible> {
        self.lock().interactions.insert(*hash, pending);
        Ok(())
    }

    async fn pending(
        &self,
        hash: &InteractionHash,
        now: NumericDate,
    ) -> Result<Option<PendingInteraction>, Infallible> {
        Ok(self.lock().interactions.get(hash).filter(|pending| now < pending.expires_at).cloned())
    }

    async fn take(
        &self,
        hash: &InteractionHash,
        browser: &BrowserHash,
        now: NumericDate,
    ) -> Result<Option<PendingInteraction>, Infallible> {
        let mut state = self.lock();
        let Some(pending) = state.interactions.get(hash) else { return Ok(None) };
        if pending.browser != *browser || now >= pending.expires_at {
            return Ok(None);
        }
        Ok(state.interactions.remove(hash))
    }
}

impl SessionStore for MemoryStore {
    async fn start(
        &self,
        hash: &SessionHash,
        session: Session,
        replaces: Option<&SessionHash>,
    ) -> Result<(), Infallible> {
        let mut state = self.lock();
        if let Some(replaced) = replaces {
            state.sessions.remove(replaced);
        }
        state.sessions.insert(*hash, session);
        Ok(())
    }

    async fn session(&self, hash: &SessionHash, now: NumericDate) -> Result<Option<Session>, Infallible> {
        Ok(self.lock().sessions.get(hash).filter(|session| now < session.expires_at).cloned())
    }

    async fn end(&self, hash: &SessionHash) -> Result<(), Infallible> {
        self.lock().sessions.remove(hash);
        Ok(())
    }
}

impl ConsentStore for MemoryStore {
    async fn consent(
        &self,
        subject: &SubjectIdentifier,
        client_id: &ClientId,
    ) -> Result<Option<Consent>, Infallible> {
        Ok(self.lock().consents.get(&(subject.clone(), client_id.clone())).cloned())
    }

    async fn remember(&self, consent: Consent) -> Result<(), Infallible> {
        let key = (consent.subject.clone(), consent.client_id.clone());
        self.lock().consents.insert(key, consent);
        Ok(())
    }
}

impl CodeStore for MemoryStore {
    async fn insert(&self, hash: &CodeHash, record: CodeRecord) -> Result<InsertCode, Infallible> {
        let mut state = self.lock();
        if state.codes.contains_key(hash) {
            return Ok(InsertCode::Exists);
        }
        state.codes.insert(*hash, Spendable { record, spent: false });
        Ok(InsertCode::Inserted)
    }

    async fn consume(&self, hash: &CodeHash, now: NumericDate) -> Result<CodeUse, Infallible> {
        let mut state = self.lock();
        let Some(Spendable { record, spent }) = state.codes.get_mut(hash) else {
            return Ok(CodeUse::Unknown);
        };
        if *spent {
            let (grant, client_id) = (record.grant.id.clone(), record.grant.client_id.clone());
            return Ok(CodeUse::Replay { grant, client_id });
        }
        if now >= record.expires_at {
            return Ok(CodeUse::Expired);
        }
        *spent = true;
        Ok(CodeUse::First(Box::new(record.clone())))
    }
}

impl GrantStore for MemoryStore {
    async fn open(&self, grant: Grant) -> Result<OpenGrant, Infallible> {
        let mut state = self.lock();
        if state.grants.contains_key(&grant.id) {
            return Ok(OpenGrant::Exists);
        }
        state.grants.insert(grant.id.clone(), Opened { grant, revoked: false });
        Ok(OpenGrant::Opened)
    }

    async fn add_tokens(
        &self,
        grant: &GrantId,
        tokens: NewTokens,
        _now: NumericDate,
    ) -> Result<AddTokens, Infallible> {
        let mut state = self.lock();
        match state.grants.get(grant) {
            None => Ok(AddTokens::GrantUnknown),
            Some(Opened { revoked: true, .. }) => Ok(AddTokens::GrantRevoked),
            Some(_) => {
                state.add(tokens);
                Ok(AddTokens::Stored)
            }
        }
    }

    async fn rotate(
        &self,
        old: &TokenHash,
        tokens: NewTokens,
        now: NumericDate,
    ) -> Result<RotateTokens, Infallible> {
        let mut state = self.lock();
        match state.refresh(old, now) {
            RefreshLookup::Unknown => Ok(RotateTokens::Unknown),
            RefreshLookup::Reused { grant, client_id } => Ok(RotateTokens::Reused { grant, client_id }),
            RefreshLookup::Revoked => Ok(RotateTokens::Revoked),
            RefreshLookup::Expired => Ok(RotateTokens::Expired),
            RefreshLookup::Active(_) => {
                if let Some(spendable) = state.refresh.get_mut(old) {
                    spendable.spent = true;
                }
                state.add(tokens);
                Ok(RotateTokens::Rotated)
            }
        }
    }

    async fn revoke(&self, grant: &GrantId, _now: NumericDate) -> Result<RevokeGrant, Infallible> {
        match self.lock().grants.get_mut(grant) {
            None => Ok(RevokeGrant::Unknown),
            Some(Opened { revoked: true, .. }) => Ok(RevokeGrant::AlreadyRevoked),
            Some(opened) => {
                opened.revoked = true;
                Ok(RevokeGrant::Revoked)
            }
        }
    }
}

impl TokenStore for MemoryStore {
    async fn access(&self, hash: &TokenHash, now: NumericDate) -> Result<AccessLookup, Infallible> {
        let state = self.lock();
        Ok(match state.access.get(hash) {
            None => AccessLookup::Unknown,
            Some(record) if state.is_revoked(&record.grant) => AccessLookup::Revoked,
            Some(record) if now >= record.expires_at => AccessLookup::Expired,
            Some(record) => AccessLookup::Active(Box::new(record.clone())),
        })
    }

    async fn refresh(&self, hash: &TokenHash, now: NumericDate) -> Result<RefreshLookup, Infallible> {
        Ok(self.lock().refresh(hash, now))
    }
}

impl ReplayStore for MemoryStore {
    async fn insert_if_absent(
        &self,
        key: &ReplayKey,
        expires_at: NumericDate,
        now: NumericDate,
    ) -> Result<ReplayUse, Infallible> {
        let mut state = self.lock();
        state.seen.retain(|_, expires_at| now < *expires_at);
        Ok(match state.seen.insert(key.clone(), expires_at) {
            None => ReplayUse::Fresh,
            Some(earlier) => {
                state.seen.insert(key.clone(), earlier);
                ReplayUse::Seen
            }
        })
    }
}
