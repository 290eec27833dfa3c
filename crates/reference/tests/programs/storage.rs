//! The provider's file as storage: the conformance kit that any storage has to pass, and what is special to a file.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::TempDir;
use avouch_jose::NumericDate;
use avouch_provider::storage::{
    AccessLookup, AccessRecord, AddTokens, CodeHash, CodeRecord, CodeStore, CodeUse, Grant, GrantId,
    GrantStore, InsertCode, NewAccessToken, NewTokens, OpenGrant, RefreshLookup, ReplayKey, ReplayKind,
    ReplayStore, ReplayUse, TokenHash, TokenStore,
};
use avouch_reference::op::keys;
use avouch_reference::op::store::{OpenError, SqliteStore};
use avouch_testkit::storage::{Executor, conformance};
use avouch_types::{ClientId, LanguageTag, RedirectUri, Scopes, SubjectIdentifier};

struct Tokio(tokio::runtime::Runtime);

impl Executor for Tokio {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.0.handle().block_on(future)
    }
}

fn tokio() -> Tokio {
    Tokio(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap())
}

fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(seconds).unwrap()
}

#[test]
fn the_conformance_kit_passes() {
    let executor = tokio();
    let directory = TempDir::new("conformance");
    let number = AtomicUsize::new(0);
    for _ in 0..3 {
        conformance::run_all(&executor, || {
            let path = directory.path().join(format!("{}.sqlite", number.fetch_add(1, Ordering::Relaxed)));
            executor.block_on(SqliteStore::open(&path)).unwrap()
        });
    }
}

/// Two programs on one file are one store: the acts of one are seen by the other, and still exactly one is first.
#[test]
fn two_programs_share_a_file() {
    let executor = tokio();
    let directory = TempDir::new("shared");
    let path = directory.path().join("op.sqlite");
    executor.block_on(async {
        let (one, other) = (SqliteStore::open(&path).await.unwrap(), SqliteStore::open(&path).await.unwrap());
        for n in 0..20_u8 {
            let key =
                ReplayKey { kind: ReplayKind::ClientAssertion, issuer: "client".into(), id: n.to_string() };
            let (a, b) = tokio::join!(
                one.insert_if_absent(&key, at(100), at(1)),
                other.insert_if_absent(&key, at(100), at(1))
            );
            let fresh = [a.unwrap(), b.unwrap()].into_iter().filter(|use_| *use_ == ReplayUse::Fresh).count();
            assert_eq!(fresh, 1, "exactly one of two programs is first");
        }
        // Acts that read before they write: each waits for the other, and neither fails.
        let grant = grant(100);
        assert_eq!(one.open(grant.clone()).await.unwrap(), OpenGrant::Opened);
        let redirect_uri = RedirectUri::parse("https://rp.example/cb").unwrap();
        for n in 0..20_u8 {
            let code = CodeHash::from_array([n; 32]);
            let record = CodeRecord::new(grant.clone(), redirect_uri.clone(), None, at(10));
            assert_eq!(one.insert(&code, record).await.unwrap(), InsertCode::Inserted);
            let (a, b) = tokio::join!(one.consume(&code, at(1)), other.consume(&code, at(1)));
            let first =
                [a.unwrap(), b.unwrap()].into_iter().filter(|use_| matches!(use_, CodeUse::First(_))).count();
            assert_eq!(first, 1, "exactly one of two programs is first");
        }
    });
}

fn grant(expires_at: i64) -> Grant {
    Grant::new(
        GrantId::from_stored(format!("grant-{expires_at}")),
        ClientId::parse("client").unwrap(),
        SubjectIdentifier::parse("subject").unwrap(),
        Scopes::parse("openid").unwrap(),
        at(1),
        at(1),
        at(expires_at),
    )
}

/// A spent code is known as spent until its grant is over, then everything that came of the grant is forgotten.
#[test]
fn pruning_forgets_what_is_over_and_nothing_else() {
    let executor = tokio();
    let directory = TempDir::new("prune");
    executor.block_on(async {
        let store = SqliteStore::open(&directory.path().join("op.sqlite")).await.unwrap();
        for (n, expires_at) in [(1, 100), (2, 200)] {
            let grant = grant(expires_at);
            assert_eq!(store.open(grant.clone()).await.unwrap(), OpenGrant::Opened);
            let record = CodeRecord::new(
                grant.clone(),
                RedirectUri::parse("https://rp.example/cb").unwrap(),
                None,
                at(10),
            );
            let code = CodeHash::from_array([n; 32]);
            assert_eq!(store.insert(&code, record).await.unwrap(), InsertCode::Inserted);
            assert!(matches!(store.consume(&code, at(5)).await.unwrap(), CodeUse::First(_)));
            let access = NewAccessToken {
                hash: TokenHash::from_array([n; 32]),
                record: AccessRecord::new(&grant, grant.scopes.clone(), at(50)),
            };
            let added = store.add_tokens(&grant.id, NewTokens::new(access, None), at(5)).await.unwrap();
            assert_eq!(added, AddTokens::Stored);
        }
        store.prune(at(60)).await.unwrap();
        for n in [1, 2] {
            let replayed = store.consume(&CodeHash::from_array([n; 32]), at(60)).await.unwrap();
            assert!(
                matches!(replayed, CodeUse::Replay { .. }),
                "a spent code is known while its grant lives"
            );
            let access = store.access(&TokenHash::from_array([n; 32]), at(60)).await.unwrap();
            assert_eq!(access, AccessLookup::Unknown, "an access token that is over is forgotten");
        }
        let pruned = store.prune(at(101)).await.unwrap();
        assert_eq!(pruned.grants, 1);
        let gone = store.consume(&CodeHash::from_array([1; 32]), at(101)).await.unwrap();
        assert_eq!(gone, CodeUse::Unknown);
        let kept = store.consume(&CodeHash::from_array([2; 32]), at(101)).await.unwrap();
        assert!(matches!(kept, CodeUse::Replay { .. }));
    });
}

#[test]
fn keys_are_made_once_and_kept() {
    let executor = tokio();
    let directory = TempDir::new("keys");
    let path = directory.path().join("op.sqlite");
    let crypto = avouch_jose_ring::provider();
    let kids = || {
        executor.block_on(async {
            let store = SqliteStore::open(&path).await.unwrap();
            let keys = keys::load_or_make(&store, &crypto, at(1)).await.unwrap();
            let named: Vec<_> = keys
                .iter()
                .map(|key| (key.algorithm().name().to_owned(), key.kid().unwrap().to_owned()))
                .collect();
            assert!(keys.iter().all(|key| key.public_jwk().is_some_and(|jwk| !jwk.is_private())));
            store.close().await;
            named
        })
    };
    let first = kids();
    let algorithms: Vec<_> = first.iter().map(|(algorithm, _)| algorithm.as_str()).collect();
    assert_eq!(algorithms, ["RS256", "ES256", "EdDSA"]);
    assert_eq!(kids(), first);
}

#[test]
fn a_file_that_is_not_ours_is_left_alone() {
    let executor = tokio();
    let directory = TempDir::new("foreign");
    let open = |path: &std::path::Path| executor.block_on(SqliteStore::open(path)).unwrap_err();

    let text = directory.path().join("text");
    std::fs::write(&text, "a text that is much longer than a header, and no database at all, ".repeat(10))
        .unwrap();
    assert!(matches!(open(&text), OpenError::Database { .. }));

    let foreign = directory.path().join("foreign.sqlite");
    executor.block_on(async {
        use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
        let options = SqliteConnectOptions::new().filename(&foreign).create_if_missing(true);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql("CREATE TABLE theirs (x)").execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
    assert!(matches!(open(&foreign), OpenError::Foreign { .. }));

    let newer = directory.path().join("newer.sqlite");
    executor.block_on(async {
        use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
        SqliteStore::open(&newer).await.unwrap().close().await;
        let options = SqliteConnectOptions::new().filename(&newer);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql("PRAGMA user_version = 99").execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
    assert!(matches!(open(&newer), OpenError::TooNew { found: 99, .. }));

    assert!(matches!(open(directory.path()), OpenError::NotWritable { .. }), "a directory is no file");
}

/// A file of version 1, as that version made and filled it: it is brought up to date, nobody is signed out, and what was
/// not kept then is not there now.
#[test]
fn a_file_of_the_first_version_still_opens() {
    const GRANT: &str = r#"{"id":"g1","client_id":"client","subject":"subject","scopes":"openid profile offline_access",
        "claims":{"userinfo":{"name":null}},"auth_time":1,"acr":null,"amr":["pwd"],"nonce":"n","created_at":1,"expires_at":900}"#;
    const ACCESS: &str = r#"{"grant":"g1","client_id":"client","subject":"subject","scopes":"openid profile",
        "claims":{"userinfo":{"name":null}},"expires_at":500}"#;
    let executor = tokio();
    let directory = TempDir::new("old");
    let path = directory.path().join("op.sqlite");
    executor.block_on(async {
        use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut old = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(include_str!("../../src/op/store/schema.sql")).execute(&mut old).await.unwrap();
        let marks = "PRAGMA application_id = 0x61766f75; PRAGMA user_version = 1";
        sqlx::raw_sql(marks).execute(&mut old).await.unwrap();
        sqlx::query("INSERT INTO grant_given (id, client_id, subject, expires_at, record) VALUES ('g1', 'client', 'subject', 900, ?1)")
            .bind(GRANT)
            .execute(&mut old)
            .await
            .unwrap();
        sqlx::query("INSERT INTO access_token (hash, grant_id, expires_at, record) VALUES (?1, 'g1', 500, ?2)")
            .bind([7_u8; 32].as_slice())
            .bind(ACCESS)
            .execute(&mut old)
            .await
            .unwrap();
        sqlx::query("INSERT INTO refresh_token (hash, grant_id, record) VALUES (?1, 'g1', ?2)")
            .bind([8_u8; 32].as_slice())
            .bind(format!(r#"{{"grant":{GRANT},"issued_at":2,"expires_at":800}}"#))
            .execute(&mut old)
            .await
            .unwrap();
        old.close().await.unwrap();

        let store = SqliteStore::open(&path).await.unwrap();
        let access = store.access(&TokenHash::from_array([7; 32]), at(10)).await.unwrap();
        let AccessLookup::Active(access) = access else { panic!("{access:?}") };
        assert_eq!((access.subject.as_str(), access.claims_locales.len()), ("subject", 0));
        assert!(access.claims.is_some());
        let refresh = store.refresh(&TokenHash::from_array([8; 32]), at(10)).await.unwrap();
        let RefreshLookup::Active(refresh) = refresh else { panic!("{refresh:?}") };
        assert_eq!((refresh.grant.id.as_str(), refresh.grant.claims_locales.len()), ("g1", 0));
        // and in the tables of today there is room for what is new
        let mut grant = grant(900);
        grant.claims_locales = vec![LanguageTag::parse("ja-Kana-JP").unwrap()];
        assert_eq!(store.open(grant.clone()).await.unwrap(), OpenGrant::Opened);
        store.close().await;
    });
}

/// Requests that nobody answers do not fill the disk: of a browser's, the oldest are forgotten.
#[test]
fn only_so_many_requests_of_a_browser_wait() {
    use avouch_provider::storage::{BrowserHash, InteractionHash, InteractionStore, PendingInteraction};
    let executor = tokio();
    let directory = TempDir::new("waiting");
    executor.block_on(async {
        let store = SqliteStore::open(&directory.path().join("op.sqlite")).await.unwrap();
        let put = async |browser: u8, number: u8| {
            let pending = PendingInteraction::new(
                ClientId::parse("client").unwrap(),
                String::new(),
                BrowserHash::from_array([browser; 32]),
                at(i64::from(number)),
                at(1000 + i64::from(number)),
            );
            store.put(&InteractionHash::from_array([number; 32]), pending).await.unwrap();
        };
        let waits = async |number: u8| {
            store.pending(&InteractionHash::from_array([number; 32]), at(100)).await.unwrap().is_some()
        };
        put(2, 0).await;
        for number in 1..=25 {
            put(1, number).await;
        }
        assert!(waits(0).await, "another browser's");
        for number in 1..=25 {
            assert_eq!(waits(number).await, number > 5, "{number}");
        }
        store.close().await;
    });
}

/// Others on the machine cannot read the private keys.
#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let executor = tokio();
    let directory = TempDir::new("mode");
    let path = directory.path().join("op.sqlite");
    let store = executor.block_on(SqliteStore::open(&path)).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
    let log = std::fs::metadata(directory.path().join("op.sqlite-wal")).unwrap().permissions().mode();
    assert_eq!(log & 0o077, 0, "nor what is in the write-ahead log");
    executor.block_on(store.close());
}
