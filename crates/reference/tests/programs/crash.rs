//! A provider that is killed in the middle of token exchanges, and started again on the same file.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::StatusCode;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::support::{
    Browser, Page, Running, TempDir, authorization, client, read, redeeming, signed_in, token_request,
};

/// Exchanges under way at the same time.
const AT_ONCE: usize = 12;

/// What became of an exchange.
#[derive(Debug)]
enum Outcome {
    /// The provider answered with tokens.
    Answered(Tokens),
    /// The provider died first.
    Lost,
}

#[derive(Debug, Clone)]
struct Tokens {
    access: String,
    refresh: String,
}

fn tokens(page: &Page) -> Tokens {
    let json = page.json();
    let text = |name: &str| json[name].as_str().unwrap_or_else(|| panic!("no {name}: {json}")).to_owned();
    Tokens { access: text("access_token"), refresh: text("refresh_token") }
}

fn refreshing(refresh: &str) -> [(&str, &str); 2] {
    [("grant_type", "refresh_token"), ("refresh_token", refresh)]
}

async fn code(op: &Running, browser: &mut Browser) -> String {
    // A code that gives a refresh token needs a consent of its own.
    let query = authorization(op, &[("scope", Some("openid offline_access")), ("prompt", Some("consent"))]);
    let page = browser.get(&op.op_url(&format!("/authorize?{query}"))).await;
    let page = browser.follow(page).await;
    let answer = browser.decide(&page, "allow").await.answer();
    answer.get("code").expect("a session that survived").to_owned()
}

/// Sends all requests at once, kills the provider when `enough` were answered, and tells what became of each.
async fn kill_amid(op: &mut Running, requests: Vec<reqwest::RequestBuilder>, enough: usize) -> Vec<Outcome> {
    let answered = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = requests
        .into_iter()
        .map(|request| {
            let answered = Arc::clone(&answered);
            tokio::spawn(async move {
                let Ok(response) = request.send().await else { return Outcome::Lost };
                let status = response.status();
                let Ok(body) = response.text().await else { return Outcome::Lost };
                assert_eq!(status, StatusCode::OK, "{body}");
                answered.fetch_add(1, Ordering::SeqCst);
                let page = Page { url: String::new(), status, headers: http::HeaderMap::new(), body };
                Outcome::Answered(tokens(&page))
            })
        })
        .collect();
    while answered.load(Ordering::SeqCst) < enough {
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
    op.kill();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

async fn works(op: &Running, access: &str) -> bool {
    let page = read(client().get(op.op_url("/userinfo")).bearer_auth(access).send().await.unwrap()).await;
    page.status == StatusCode::OK
}

async fn post(op: &Running, fields: &[(&str, &str)]) -> Page {
    read(token_request(op, fields).send().await.unwrap()).await
}

/// The file as it is on the disk, read by nobody else.
async fn look_into(directory: &TempDir) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(directory.path().join("op.sqlite"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn number(file: &mut SqliteConnection, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(file).await.unwrap()
}

async fn is_whole(directory: &TempDir) {
    let mut file = look_into(directory).await;
    let check: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut file).await.unwrap();
    assert_eq!(check, "ok");
    let orphans = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut file).await.unwrap();
    assert!(orphans.is_empty(), "tokens or codes without a grant");
    let unused_with_tokens = number(
        &mut file,
        "SELECT count(*) FROM code JOIN access_token USING (grant_id) WHERE used_at IS NULL",
    )
    .await;
    assert_eq!(unused_with_tokens, 0, "a code that is still usable has given tokens");
    let half = number(
        &mut file,
        "SELECT count(*) FROM access_token WHERE grant_id NOT IN (SELECT grant_id FROM refresh_token)",
    )
    .await;
    assert_eq!(half, 0, "an access token was stored without its refresh token");
    file.close().await.unwrap();
}

/// Killed with SIGKILL while codes are exchanged: every token that was answered still works; a code whose answer was
/// lost is either used or usable, never both; session, consent and keys are still there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_amid_code_exchanges_nothing_is_lost_but_the_requests_in_flight() {
    let directory = TempDir::new("kill-codes");
    let mut op = Running::op(&directory);
    let address = op.said("provider").strip_prefix("http://").unwrap().to_owned();
    let mut browser = signed_in(&op, "openid offline_access").await;
    let keys = browser.get(&op.op_url("/jwks")).await.body;
    let (mut lost, mut unused) = (0, 0);

    for enough in [1, 2, 3, 5, 8, 11] {
        let mut codes = Vec::new();
        for _ in 0..AT_ONCE {
            codes.push(code(&op, &mut browser).await);
        }
        let requests = codes.iter().map(|code| token_request(&op, &redeeming(&op, code))).collect();
        let outcomes = kill_amid(&mut op, requests, enough).await;
        op = Running::op_at(&directory, &address);
        is_whole(&directory).await;

        for (code, outcome) in codes.iter().zip(outcomes) {
            let redeemed = match outcome {
                Outcome::Answered(tokens) => Some(tokens),
                Outcome::Lost => {
                    lost += 1;
                    let again = post(&op, &redeeming(&op, code)).await;
                    match again.status {
                        StatusCode::OK => {
                            unused += 1;
                            Some(tokens(&again))
                        }
                        _ => {
                            assert_eq!(again.json()["error"], "invalid_grant", "used, its answer lost");
                            None
                        }
                    }
                }
            };
            if let Some(given) = redeemed {
                assert!(works(&op, &given.access).await, "a token that was answered works");
                let refreshed = post(&op, &refreshing(&given.refresh)).await;
                assert_eq!(refreshed.status, StatusCode::OK, "{}", refreshed.body);
                let again = post(&op, &redeeming(&op, code)).await;
                assert_eq!(again.json()["error"], "invalid_grant", "a code is good once");
                assert!(!works(&op, &given.access).await, "and its second use ends what it gave");
            }
        }
        assert_eq!(browser.get(&op.op_url("/jwks")).await.body, keys, "the keys are the same");
        assert!(browser.get(&op.op_url("/")).await.body.contains("Ada Lovelace"), "the session lives");
    }
    assert!(lost > 0, "no exchange was in flight when the provider was killed: nothing was tried");
    println!("{lost} exchanges were in flight, {unused} of their codes were still unused");
}

/// The same amid refreshes: a refresh token whose answer was lost is either spent or usable.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_amid_refreshes_nothing_is_lost_but_the_requests_in_flight() {
    let directory = TempDir::new("kill-refreshes");
    let mut op = Running::op(&directory);
    let address = op.said("provider").strip_prefix("http://").unwrap().to_owned();
    let mut browser = signed_in(&op, "openid offline_access").await;
    let mut families = BTreeMap::new();
    let mut lost = 0;

    for (round, enough) in [1, 4, 8].into_iter().enumerate() {
        for family in families.len()..AT_ONCE {
            let code = code(&op, &mut browser).await;
            let page = post(&op, &redeeming(&op, &code)).await;
            families.insert((round, family), tokens(&page));
        }
        let requests =
            families.values().map(|tokens| token_request(&op, &refreshing(&tokens.refresh))).collect();
        let outcomes = kill_amid(&mut op, requests, enough).await;
        op = Running::op_at(&directory, &address);
        is_whole(&directory).await;

        let mut survivors = BTreeMap::new();
        for ((name, old), outcome) in families.into_iter().zip(outcomes) {
            let new = match outcome {
                Outcome::Answered(new) => new,
                Outcome::Lost => {
                    lost += 1;
                    let again = post(&op, &refreshing(&old.refresh)).await;
                    if again.status != StatusCode::OK {
                        assert_eq!(again.json()["error"], "invalid_grant", "spent, its answer lost");
                        assert!(!works(&op, &old.access).await, "a second use ends the family");
                        continue;
                    }
                    tokens(&again)
                }
            };
            assert!(works(&op, &new.access).await, "a token that was answered works");
            assert_ne!(new.refresh, old.refresh);
            survivors.insert(name, new);
        }
        families = survivors;
    }
    assert!(lost > 0, "no refresh was in flight when the provider was killed: nothing was tried");
}
