//! A person signs in at the provider, for the client, through a browser without scripts.

use crate::support::{Browser, PASSWORD, Page, Running, TempDir, USERNAME, client};
use http::StatusCode;

/// From the client's start page to the provider's sign-in page.
async fn to_sign_in(browser: &mut Browser, both: &Running, fields: &[(&str, &str)]) -> Page {
    let started = browser.post(&both.rp_url("/sign-in"), fields).await;
    assert!(started.location().starts_with(&both.op_url("/authorize?")), "{}", started.location());
    let page = browser.follow(started).await;
    assert_eq!(page.text_of("h1"), "Sign in");
    page
}

/// All of it, to the client's result page.
async fn sign_in_and_allow(browser: &mut Browser, both: &Running, fields: &[(&str, &str)]) -> Page {
    let page = to_sign_in(browser, both, fields).await;
    let answered = browser.sign_in(&page, USERNAME, PASSWORD).await;
    let consent = browser.follow(answered).await;
    assert_eq!(consent.text_of("h1"), "Allow Avouch demo client?");
    let answered = browser.decide(&consent, "allow").await;
    let result = browser.follow(answered).await;
    assert_eq!(result.text_of("h1"), "Ada Lovelace", "{}", result.body);
    result
}

fn numbers_of_steps(result: &Page) -> usize {
    result.body.matches("<article class=\"step").count()
}

#[tokio::test]
async fn the_whole_sign_in_and_its_report() {
    let directory = TempDir::new("whole");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    let start = browser.get(&both.rp_url("/")).await;
    assert!(start.body.contains("<button>Sign in</button>"));
    let result = sign_in_and_allow(browser, &both, &[]).await;

    let mut rest = result.body.as_str();
    for title in [
        "What the provider publishes",
        "The authorization request",
        "The authorization response",
        "The code for tokens",
        "The provider&#39;s public keys",
        "The ID Token",
        "Who you are",
    ] {
        let heading = format!("-title\">{title} ");
        let Some((_, after)) = rest.split_once(&heading) else {
            panic!("{title} is not there or not in order")
        };
        rest = after;
    }
    for rule in avouch_tokens::IdTokenRule::ALL {
        assert!(result.body.contains(&rule.text().replace('\'', "&#39;")), "{rule} is not shown");
    }
    assert!(!result.body.contains("Failed: "), "a rule failed");
    assert!(result.body.matches("Passed: ").count() >= 14, "{}", result.body.matches("Passed: ").count());
    assert!(result.body.contains("ada@example.org (confirmed)"));
    assert!(!result.body.contains(PASSWORD));
}

/// What the page shows of secrets is too little to act with.
#[tokio::test]
async fn no_secret_is_shown_whole_or_logged() {
    let directory = TempDir::new("secrets");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    let page = to_sign_in(browser, &both, &[("offline", "on")]).await;
    let answered = browser.sign_in(&page, USERNAME, PASSWORD).await;
    let consent = browser.follow(answered).await;
    let answered = browser.decide(&consent, "allow").await;
    let code = answered.answer().get("code").unwrap().to_owned();
    let result = browser.follow(answered).await;
    assert!(result.body.contains(&format!("{}…", &code[..6])), "the code is recognisable");
    for shown in [&result.body, &both.log()] {
        assert!(!shown.contains(&code), "the code");
        assert!(!shown.contains(both.said("client-secret")), "the client's secret");
        assert!(!shown.contains(PASSWORD), "the password");
        for cookie in browser.cookies.values() {
            assert!(!shown.contains(cookie.as_str()), "a cookie");
        }
    }
}

#[tokio::test]
async fn an_existing_session_is_asked_nothing() {
    let directory = TempDir::new("session");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    sign_in_and_allow(browser, &both, &[]).await;
    let started = browser.post(&both.rp_url("/sign-in"), &[]).await;
    let back = browser.follow_until(started, &both.rp_url("/callback")).await;
    let result = browser.follow(back).await;
    assert_eq!(result.text_of("h1"), "Ada Lovelace");
    // The keys are known already: the step about them says how they were fetched the first time.
    assert_eq!(numbers_of_steps(&result), 7);
}

#[tokio::test]
async fn a_refresh_is_shown_too() {
    let directory = TempDir::new("refresh");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    let result = sign_in_and_allow(browser, &both, &[("offline", "on")]).await;
    let steps = numbers_of_steps(&result);
    for round in 1..=2 {
        let csrf = result.hidden("csrf");
        let answered = browser.post(&both.rp_url("/refresh"), &[("csrf", &csrf)]).await;
        let refreshed = browser.get(&both.rp_url("/result")).await;
        assert!(answered.location().starts_with("/result#step-"));
        assert_eq!(refreshed.text_of("h1"), "Ada Lovelace");
        assert_eq!(numbers_of_steps(&refreshed), steps + 3 * round, "refresh, ID Token, UserInfo");
        assert!(!refreshed.body.contains("Failed: "));
    }
    let forged = browser.post(&both.rp_url("/refresh"), &[("csrf", "made up")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn without_offline_access_there_is_no_refresh_token() {
    let directory = TempDir::new("online");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    let result = sign_in_and_allow(browser, &both, &[]).await;
    assert!(!result.body.contains("Refresh the tokens"));
    let csrf = result.hidden("csrf");
    let answered = browser.post(&both.rp_url("/refresh"), &[("csrf", &csrf)]).await;
    let page = browser.follow(answered).await;
    assert!(page.body.contains("there is no refresh token"));
}

#[tokio::test]
async fn a_wrong_password_is_told_and_can_be_corrected() {
    let directory = TempDir::new("wrong");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    let page = to_sign_in(browser, &both, &[]).await;
    let mut alerts = Vec::new();
    for (username, password) in [(USERNAME, "wrong-password-1"), ("nobody", PASSWORD), (USERNAME, "")] {
        let again = browser.sign_in(&page, username, password).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST);
        assert!(!again.body.contains("wrong-password-1"), "the password comes back");
        assert!(!browser.cookies.contains_key("avouch_op_session"));
        alerts.push(again.alert());
    }
    assert!(!alerts[0].is_empty());
    assert!(
        alerts.iter().all(|alert| *alert == alerts[0]),
        "whether the username exists is not told: {alerts:?}"
    );
    let answered = browser.sign_in(&page, USERNAME, PASSWORD).await;
    assert_eq!(browser.follow(answered).await.text_of("h1"), "Allow Avouch demo client?");
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let directory = TempDir::new("throttle");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    let page = to_sign_in(browser, &both, &[]).await;
    for _ in 0..6 {
        assert_eq!(browser.sign_in(&page, USERNAME, "guess").await.status, StatusCode::BAD_REQUEST);
    }
    let slowed = browser.sign_in(&page, USERNAME, PASSWORD).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS, "even the right password has to wait");
    assert!(slowed.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert!(slowed.alert().contains("Wait"));
    for _ in 0..8 {
        let refused = browser.sign_in(&page, &"x".repeat(129), "guess").await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "nobody has so long a name: no work, no count");
    }
}

#[tokio::test]
async fn guessing_many_times_at_once_is_slowed_down() {
    let directory = TempDir::new("throttle-parallel");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    let page = to_sign_in(browser, &both, &[]).await;
    let csrf = page.hidden("csrf");
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..30 {
        let (mut browser, url, csrf) = (browser.clone(), page.url.clone(), csrf.clone());
        tries.spawn(async move {
            let fields =
                [("csrf", csrf.as_str()), ("step", "sign-in"), ("username", USERNAME), ("password", "guess")];
            browser.post(&url, &fields).await.status
        });
    }
    let answers = tries.join_all().await;
    let passed = answers.iter().filter(|status| **status != StatusCode::TOO_MANY_REQUESTS).count();
    assert!(passed <= 6, "{answers:?}");
}

#[tokio::test]
async fn a_refused_consent_is_not_remembered() {
    let directory = TempDir::new("refused");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    let page = to_sign_in(browser, &both, &[]).await;
    let answered = browser.sign_in(&page, USERNAME, PASSWORD).await;
    let consent = browser.follow(answered).await;
    let answered = browser.decide(&consent, "deny").await;
    assert_eq!(answered.answer().get("error"), Some("access_denied"));
    let refused = browser.follow(answered).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.url.starts_with(&both.rp_url("/")) && refused.body.contains("access_denied"));
    assert!(!refused.body.contains("Ada Lovelace"));

    let started = browser.post(&both.rp_url("/sign-in"), &[]).await;
    let asked = browser.follow(started).await;
    assert_eq!(asked.text_of("h1"), "Allow Avouch demo client?", "asked again, and not to sign in");
}

/// A form that another site made this browser send does nothing.
///
/// Proves CORE-3.1.2.3-03.
#[tokio::test]
async fn forms_without_their_token_do_nothing() {
    let directory = TempDir::new("csrf");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    let page = to_sign_in(browser, &both, &[]).await;
    let credentials = [("step", "sign-in"), ("username", USERNAME), ("password", PASSWORD)];
    let mut forged = credentials.to_vec();
    forged.push(("csrf", "made up"));
    for fields in [credentials.as_slice(), forged.as_slice()] {
        let answered = browser.post(&page.url, fields).await;
        assert_eq!(answered.status, StatusCode::FORBIDDEN);
        assert!(!browser.cookies.contains_key("avouch_op_session"), "nobody is signed in");
    }
    let answered = browser.sign_in(&page, USERNAME, PASSWORD).await;
    let consent = browser.follow(answered).await;
    let answered = browser.post(&consent.url, &[("step", "consent"), ("decision", "allow")]).await;
    assert_eq!(answered.status, StatusCode::FORBIDDEN);
    let answered = browser
        .post(&consent.url, &[("csrf", &page.hidden("csrf")), ("decision", "allow"), ("step", "consent")])
        .await;
    assert_eq!(answered.status, StatusCode::FORBIDDEN, "the token of another step");
    let answered = browser.post(&both.op_url("/sign-out"), &[]).await;
    assert_eq!(answered.status, StatusCode::FORBIDDEN);
    let asked = browser.get(&consent.url).await;
    assert_eq!(asked.text_of("h1"), "Allow Avouch demo client?", "the question still stands");
}

/// Whoever learns the address of a waiting request cannot answer it from another browser.
#[tokio::test]
async fn a_waiting_request_belongs_to_its_browser() {
    let directory = TempDir::new("browser");
    let both = Running::both(&directory);
    let (victim, thief) = (&mut Browser::default(), &mut Browser::default());
    let page = to_sign_in(victim, &both, &[]).await;
    for thief in [&mut Browser::default(), &mut {
        to_sign_in(thief, &both, &[]).await;
        thief.clone()
    }] {
        let seen = thief.get(&page.url).await;
        assert_eq!(seen.status, StatusCode::BAD_REQUEST);
        assert!(seen.text_of("h1").contains("expired"));
        let csrf = page.hidden("csrf");
        let answered = thief
            .post(
                &page.url,
                &[("csrf", &csrf), ("step", "sign-in"), ("username", USERNAME), ("password", PASSWORD)],
            )
            .await;
        assert!(answered.status.is_client_error());
        assert!(!thief.cookies.contains_key("avouch_op_session"));
    }
    assert_eq!(victim.get(&page.url).await.status, StatusCode::OK, "it still waits for its own browser");
}

#[tokio::test]
async fn each_page_can_be_answered_once() {
    let directory = TempDir::new("once");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    let page = to_sign_in(browser, &both, &[]).await;
    let answered = browser.sign_in(&page, USERNAME, PASSWORD).await;
    let consent = browser.follow(answered).await;
    let answered = browser.decide(&consent, "allow").await;
    assert!(answered.answer().get("code").is_some());
    let again = browser.decide(&consent, "allow").await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert!(again.text_of("h1").contains("expired"));
    assert_eq!(browser.get(&page.url).await.status, StatusCode::BAD_REQUEST);
}

/// The session of somebody who signs in has a name that nobody could have planted, and the old one is worth nothing.
#[tokio::test]
async fn a_session_gets_a_new_name_with_each_login() {
    let directory = TempDir::new("fixation");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    browser.cookies.insert("avouch_op_session".to_owned(), "planted".to_owned());
    browser.cookies.insert("avouch_rp".to_owned(), "planted".to_owned());
    sign_in_and_allow(browser, &both, &[]).await;
    let first = browser.cookies["avouch_op_session"].clone();
    assert_ne!(first, "planted");
    let mut planter = Browser::default();
    planter.cookies.insert("avouch_rp".to_owned(), "planted".to_owned());
    assert_eq!(planter.get(&both.rp_url("/result")).await.location(), "/", "the client's session, too");

    let started = browser.post(&both.rp_url("/sign-in"), &[]).await;
    let again = format!("{}&prompt=login", started.location());
    let page = browser.get(&again).await;
    let page = browser.follow(page).await;
    assert_eq!(page.text_of("h1"), "Sign in");
    let answered = browser.sign_in(&page, USERNAME, PASSWORD).await;
    assert!(answered.status.is_redirection());
    assert_ne!(browser.cookies["avouch_op_session"], first);

    let mut old = Browser::default();
    old.cookies.insert("avouch_op_session".to_owned(), first);
    assert!(old.get(&both.op_url("/")).await.body.contains("Nobody is signed in"));
    assert!(browser.get(&both.op_url("/")).await.body.contains("Ada Lovelace"));
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let directory = TempDir::new("sign-out");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    sign_in_and_allow(browser, &both, &[]).await;
    let before = browser.clone();
    let home = browser.get(&both.op_url("/")).await;
    assert!(home.body.contains("Ada Lovelace"));
    let out = browser.post(&both.op_url("/sign-out"), &[("csrf", &home.hidden("csrf"))]).await;
    assert_eq!(out.text_of("h1"), "You are signed out");
    assert!(
        before.clone().get(&both.op_url("/")).await.body.contains("Nobody is signed in"),
        "the cookie is dead"
    );

    // The client keeps its own session until it is told to forget.
    let result = browser.get(&both.rp_url("/result")).await;
    assert_eq!(result.text_of("h1"), "Ada Lovelace");
    browser.post(&both.rp_url("/sign-out"), &[("csrf", &result.hidden("csrf"))]).await;
    assert_eq!(before.clone().get(&both.rp_url("/result")).await.location(), "/");
}

/// A callback that this browser did not ask for, or that comes twice, signs nobody in.
///
/// Proves COD-06, ISS-02, CORE-3.1.2.7-01.
#[tokio::test]
async fn the_client_takes_each_answer_once_and_only_its_own() {
    let directory = TempDir::new("callback");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    let page = to_sign_in(browser, &both, &[]).await;
    let answered = browser.sign_in(&page, USERNAME, PASSWORD).await;
    let consent = browser.follow(answered).await;
    let callback = browser.decide(&consent, "allow").await.location().to_owned();

    let stranger = &mut Browser::default();
    let refused = stranger.get(&callback).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "another browser's answer");
    let repeated = browser.get(&format!("{callback}&state=x")).await;
    assert_eq!(repeated.status, StatusCode::BAD_REQUEST, "a parameter that stands twice");

    let mixed_up = callback.replace("iss=http%3A%2F%2F127.0.0.1", "iss=http%3A%2F%2Felsewhere.example");
    assert_ne!(mixed_up, callback);
    let answered = browser.get(&mixed_up).await;
    let failed = browser.follow(answered).await;
    assert_eq!(failed.status, StatusCode::BAD_REQUEST);
    assert!(
        failed.body.contains("RFC 9207, 2.4") && failed.body.contains("Failed: "),
        "the broken rule is named"
    );
    let again = browser.get(&callback).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "the sign-in is spent, even by a wrong answer");
}

/// Pages cannot be framed, kept by caches, or made to run a script.
///
/// Proves END-18, CORE-3.1.2.3-03.
#[tokio::test]
async fn pages_carry_the_headers_that_protect_them() {
    let directory = TempDir::new("headers");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    let sign_in = to_sign_in(browser, &both, &[]).await;
    let answered = browser.sign_in(&sign_in, USERNAME, PASSWORD).await;
    let consent = browser.follow(answered).await;
    let refused = browser.get(&both.op_url("/authorize")).await;
    let home = browser.get(&both.op_url("/")).await;
    let start = browser.get(&both.rp_url("/")).await;
    let missing = browser.get(&both.rp_url("/nothing")).await;
    for page in [&sign_in, &consent, &refused, &home, &start, &missing] {
        let policy = page.header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"),
            "{}",
            page.url
        );
        assert_eq!(page.header("x-frame-options"), "DENY");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(!page.body.contains("<script") && page.body.contains("<html lang=\"en\">"));
    }
}

/// A form that another site posts brings no SameSite=Lax cookies; as a GET it has them, and the session counts.
///
/// Proves CORE-3.1.2.1-01.
#[tokio::test]
async fn an_authorization_request_may_be_posted() {
    let directory = TempDir::new("post");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    sign_in_and_allow(browser, &both, &[]).await;
    let started = browser.post(&both.rp_url("/sign-in"), &[]).await;
    let (endpoint, query) = started.location().split_once('?').unwrap();
    let request = || {
        client()
            .post(endpoint)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(query.to_owned())
    };
    let with_cookies = browser.send(request()).await;
    assert!(with_cookies.answer().get("code").is_some());
    let without = Browser::default().send(request()).await;
    assert_eq!(without.location(), format!("/authorize?{query}"));
}

#[tokio::test]
async fn an_account_can_be_chosen_or_changed() {
    let directory = TempDir::new("account");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    sign_in_and_allow(browser, &both, &[]).await;
    let started = browser.post(&both.rp_url("/sign-in"), &[]).await;
    let page = browser.get(&format!("{}&prompt=select_account", started.location())).await;
    let chooser = browser.follow(page).await;
    assert_eq!(chooser.text_of("h1"), "Go on as Ada Lovelace?");

    let other = browser.get(&format!("{}?other", chooser.url)).await;
    assert_eq!(other.text_of("h1"), "Sign in", "another account can be used");
    let forged = browser.post(&chooser.url, &[("step", "account")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let fields = [("step", "account"), ("csrf", &chooser.hidden("csrf"))];
    let answered = browser.post(&chooser.url, &fields).await;
    let result = browser.follow(answered).await;
    assert_eq!(result.text_of("h1"), "Ada Lovelace", "without a password");
}

/// Somebody who has a session and is asked for the password all the same is told why.
#[tokio::test]
async fn being_asked_again_has_a_reason() {
    let directory = TempDir::new("again");
    let both = Running::both(&directory);
    let browser = &mut Browser::default();
    sign_in_and_allow(browser, &both, &[]).await;
    for (parameter, reason) in [("prompt=login", "sign in again"), ("max_age=0", "some time ago")] {
        let started = browser.post(&both.rp_url("/sign-in"), &[]).await;
        let page = browser.get(&format!("{}&{parameter}&login_hint=ada", started.location())).await;
        let page = browser.follow(page).await;
        assert_eq!(page.text_of("h1"), "Sign in");
        assert!(page.body.contains(reason), "{}", page.body);
        assert!(page.body.contains("value=\"ada\""), "the hint stands in the form");
        let answered = browser.sign_in(&page, USERNAME, PASSWORD).await;
        assert_eq!(browser.follow(answered).await.text_of("h1"), "Ada Lovelace");
    }
}
