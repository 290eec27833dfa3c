//! A real Chromium walks the pages of our client and our provider.

use crate::node::{outcome, run, script};
use crate::reference::Demonstration;

/// The scenarios of `browser.mjs`, each of which has its test here.
const SCENARIOS: [&str; 6] = [
    "sign in and allow",
    "a wrong password",
    "a refused consent",
    "signing in again with the session",
    "with the keyboard alone",
    "without scripts",
];

/// Programs of its own for each, since the provider remembers a consent.
fn walks(scenario: &str) {
    let programs = Demonstration::start();
    let told = run(script("browser.mjs")
        .env("RP_URL", &programs.client)
        .env("USERNAME", &programs.username)
        .env("PASSWORD", &programs.password)
        .env("NAME", "Ada Lovelace")
        .env("ONLY", scenario));
    assert_eq!(told, format!("ok {scenario}\nPASS\n"));
}

#[test]
fn sign_in_and_allow() {
    walks(SCENARIOS[0]);
}

#[test]
fn a_wrong_password() {
    walks(SCENARIOS[1]);
}

#[test]
fn a_refused_consent() {
    walks(SCENARIOS[2]);
}

#[test]
fn signing_in_again_with_the_session() {
    walks(SCENARIOS[3]);
}

#[test]
fn with_the_keyboard_alone() {
    walks(SCENARIOS[4]);
}

#[test]
fn without_scripts() {
    walks(SCENARIOS[5]);
}

#[test]
fn no_scenario_is_left_out() {
    let (_, _, told) = outcome(
        script("browser.mjs").env("RP_URL", "http://127.0.0.1:1").envs([
            ("USERNAME", "-"),
            ("PASSWORD", "-"),
            ("NAME", "-"),
            ("ONLY", "?"),
        ]),
        "",
    );
    assert_eq!(told, format!("FAIL usage: no scenario \"?\"; there are: {}\n", SCENARIOS.join(", ")));
}
