//! The provider's pages.

use askama::Template;

/// The sign-in form.
#[derive(Debug, Template)]
#[template(path = "op/sign_in.html")]
pub struct SignInPage<'a> {
    /// The issuer, for the foot of the page.
    pub issuer: &'a str,
    /// Who sent the person here.
    pub client_name: &'a str,
    /// Where the form is posted.
    pub action: &'a str,
    /// The token that must come back with the form.
    pub csrf: &'a str,
    /// What stands in the username field at first.
    pub username: &'a str,
    /// Why somebody with a session is asked again.
    pub reason: Option<&'a str>,
    /// What was wrong with the last try.
    pub alert: Option<&'a str>,
}

/// One thing that a client asks for, in plain words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeLine<'a> {
    /// What the client would be able to do.
    pub title: &'a str,
    /// What that means in detail.
    pub detail: &'a str,
}

impl<'a> ScopeLine<'a> {
    /// The words for one scope value; a scope that this provider has no words for is shown by its name.
    pub fn for_scope(scope: &'a str) -> Self {
        let (title, detail) = match scope {
            "openid" => {
                ("Know that it is you", "An identifier that stays the same, but says nothing else about you.")
            }
            "profile" => {
                ("See your profile", "Your name, nickname, picture, birthdate, language and time zone.")
            }
            "email" => ("See your email address", "And whether it was confirmed."),
            "address" => ("See your postal address", "As you gave it to this provider."),
            "phone" => ("See your telephone number", "And whether it was confirmed."),
            "offline_access" => (
                "Keep access while you are away",
                "It can ask again without you, until you or this provider end it.",
            ),
            other => (other, "This provider has no description for it."),
        };
        Self { title, detail }
    }
}

/// The question whether a client may have what it asks for.
#[derive(Debug, Template)]
#[template(path = "op/consent.html")]
pub struct ConsentPage<'a> {
    /// The issuer, for the foot of the page.
    pub issuer: &'a str,
    /// Who asks.
    pub client_name: &'a str,
    /// The name of the person who is signed in.
    pub person: &'a str,
    /// What is asked for.
    pub scopes: &'a [ScopeLine<'a>],
    /// Where the answer will go: scheme and host of the redirect URI.
    pub destination: &'a str,
    /// Where the form is posted.
    pub action: &'a str,
    /// The token that must come back with the form.
    pub csrf: &'a str,
}

/// The choice between the account that is signed in and another one.
#[derive(Debug, Template)]
#[template(path = "op/account.html")]
pub struct AccountPage<'a> {
    /// The issuer, for the foot of the page.
    pub issuer: &'a str,
    /// Who asks.
    pub client_name: &'a str,
    /// The name of the person who is signed in.
    pub person: &'a str,
    /// Where the form is posted.
    pub action: &'a str,
    /// The token that must come back with the form.
    pub csrf: &'a str,
}

/// What is shown where an error may not be sent to a client.
#[derive(Debug, Template)]
#[template(path = "op/error.html")]
pub struct ErrorPage<'a> {
    /// The issuer, for the foot of the page.
    pub issuer: &'a str,
    /// A few words.
    pub title: &'a str,
    /// What happened, for the person in front of the browser.
    pub what: &'a str,
    /// What that person can do.
    pub next: Option<&'a str>,
    /// The error code of the specification, for the person who wrote the client.
    pub code: Option<&'a str>,
    /// The rule that was broken, for the same.
    pub detail: Option<&'a str>,
}

/// The page at `/`: what this is, who is signed in.
#[derive(Debug, Template)]
#[template(path = "op/home.html")]
pub struct HomePage<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// The name of the person who is signed in.
    pub person: Option<&'a str>,
    /// The token that must come back with the sign-out form.
    pub csrf: &'a str,
    /// The address of a client to try.
    pub demo_client: Option<&'a str>,
    /// The published documents: what it is, where it is.
    pub documents: &'a [(&'a str, &'a str)],
}

/// What is shown when a session has ended.
#[derive(Debug, Template)]
#[template(path = "op/signed_out.html")]
pub struct SignedOutPage<'a> {
    /// The issuer, for the foot of the page.
    pub issuer: &'a str,
}
