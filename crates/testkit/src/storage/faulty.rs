//! A store that fails on demand.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use avouch_claims::StandardClaims;
use avouch_jose::NumericDate;
use avouch_provider::Client;
use avouch_provider::storage::{
    AccessLookup, AddTokens, BrowserHash, ClaimsSource, ClientStore, CodeHash, CodeRecord, CodeStore,
    CodeUse, Consent, ConsentStore, Grant, GrantId, GrantStore, InsertCode, InteractionHash,
    InteractionStore, NewTokens, OpenGrant, PendingInteraction, RefreshLookup, ReplayKey, ReplayStore,
    ReplayUse, RevokeGrant, RotateTokens, Session, SessionHash, SessionStore, Storage, TokenHash, TokenStore,
};
use avouch_types::{ClientId, SubjectIdentifier};

/// The failure of a [`FaultyStore`], or of the store in it.
#[derive(Debug)]
pub enum Fault<E> {
    /// The operation that was told to fail; it has done nothing.
    Injected(Operation),
    /// The store failed by itself.
    Store(E),
}

impl<E> fmt::Display for Fault<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Injected(operation) => write!(f, "injected fault in {operation:?}"),
            Self::Store(_) => f.write_str("the store failed"),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for Fault<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Injected(_) => None,
            Self::Store(error) => Some(error),
        }
    }
}

/// A store around another one, in which one kind of operation fails.
///
/// It also notes what it was asked to do, in order.
#[derive(Debug)]
pub struct FaultyStore<S> {
    store: S,
    failing: Mutex<Option<Operation>>,
    asked: Mutex<Vec<Operation>>,
}

impl<S> FaultyStore<S> {
    /// Nothing fails yet.
    #[must_use]
    pub const fn new(store: S) -> Self {
        Self { store, failing: Mutex::new(None), asked: Mutex::new(Vec::new()) }
    }

    /// From now on this operation fails, and only this; `None` heals the store.
    pub fn fail(&self, operation: Option<Operation>) {
        *self.failing.lock().unwrap_or_else(PoisonError::into_inner) = operation;
    }

    /// What was asked since the last call of this function, in order.
    pub fn asked(&self) -> Vec<Operation> {
        std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The store inside.
    pub const fn inner(&self) -> &S {
        &self.store
    }

    fn ask<E>(&self, operation: Operation) -> Result<(), Fault<E>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(operation);
        match *self.failing.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(failing) if failing == operation => Err(Fault::Injected(operation)),
            _ => Ok(()),
        }
    }
}

impl<S: Storage> Storage for FaultyStore<S> {
    type Error = Fault<S::Error>;
}

/// Forwards every method, and lists the operations.
macro_rules! faulty {
    ($($trait:ident { $($operation:ident = fn $method:ident($($argument:ident: $type:ty),*) -> $answer:ty;)* })*) => {
        /// The operations of all storage traits.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Operation {
            $($(#[doc = concat!("`", stringify!($trait), "::", stringify!($method), "`")] $operation,)*)*
        }

        impl Operation {
            /// Each operation once.
            pub const ALL: &'static [Self] = &[$($(Self::$operation,)*)*];
        }

        $(impl<S: $trait> $trait for FaultyStore<S> {
            $(async fn $method(&self, $($argument: $type),*) -> Result<$answer, Self::Error> {
                self.ask(Operation::$operation)?;
                self.store.$method($($argument),*).await.map_err(Fault::Store)
            })*
        })*
    };
}

faulty! {
    ClientStore {
        Client = fn client(id: &ClientId) -> Option<Client>;
    }
    ClaimsSource {
        Claims = fn claims(subject: &SubjectIdentifier) -> Option<StandardClaims>;
    }
    InteractionStore {
        PutInteraction = fn put(hash: &InteractionHash, pending: PendingInteraction) -> ();
        PendingInteraction = fn pending(hash: &InteractionHash, now: NumericDate) -> Option<PendingInteraction>;
        TakeInteraction = fn take(hash: &InteractionHash, browser: &BrowserHash, now: NumericDate) -> Option<PendingInteraction>;
    }
    SessionStore {
        StartSession = fn start(hash: &SessionHash, session: Session, replaces: Option<&SessionHash>) -> ();
        Session = fn session(hash: &SessionHash, now: NumericDate) -> Option<Session>;
        EndSession = fn end(hash: &SessionHash) -> ();
    }
    ConsentStore {
        Consent = fn consent(subject: &SubjectIdentifier, client_id: &ClientId) -> Option<Consent>;
        RememberConsent = fn remember(consent: Consent) -> ();
    }
    CodeStore {
        InsertCode = fn insert(hash: &CodeHash, record: CodeRecord) -> InsertCode;
        ConsumeCode = fn consume(hash: &CodeHash, now: NumericDate) -> CodeUse;
    }
    GrantStore {
        OpenGrant = fn open(grant: Grant) -> OpenGrant;
        AddTokens = fn add_tokens(grant: &GrantId, tokens: NewTokens, now: NumericDate) -> AddTokens;
        RotateTokens = fn rotate(old: &TokenHash, tokens: NewTokens, now: NumericDate) -> RotateTokens;
        RevokeGrant = fn revoke(grant: &GrantId, now: NumericDate) -> RevokeGrant;
    }
    TokenStore {
        AccessToken = fn access(hash: &TokenHash, now: NumericDate) -> AccessLookup;
        RefreshToken = fn refresh(hash: &TokenHash, now: NumericDate) -> RefreshLookup;
    }
    ReplayStore {
        InsertReplay = fn insert_if_absent(key: &ReplayKey, expires_at: NumericDate, now: NumericDate) -> ReplayUse;
    }
}
