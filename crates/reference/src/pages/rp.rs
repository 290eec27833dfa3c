//! The client's pages, and the view of a sign-in that they show.

use askama::Template;

/// Who takes part in a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// The person's browser.
    Browser,
    /// This program.
    Client,
    /// The OpenID Provider.
    Provider,
}

impl Party {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Browser => "Your browser",
            Self::Client => "This client",
            Self::Provider => "The provider",
        }
    }

    /// Its class in the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Client => "client",
            Self::Provider => "provider",
        }
    }
}

/// A named value and what it is for. Empty text is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name as it is spelled on the wire.
    pub name: String,
    /// The value, shortened where it is a secret.
    pub value: String,
    /// What it is for, in a sentence.
    pub meaning: String,
}

/// A piece of pretty-printed JSON with the class that colours it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPiece {
    /// `k` a member's name, `s` a string, `l` another literal, `p` punctuation, or empty.
    pub class: &'static str,
    /// The text.
    pub text: String,
}

/// A part of a message: parameters, or JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// What these are.
    pub caption: String,
    /// Named values, in order.
    pub fields: Vec<Field>,
    /// JSON.
    pub json: Vec<JsonPiece>,
    /// Whether the JSON is long, and opened only when somebody wants it.
    pub folded: bool,
}

/// A request or a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// `GET`, `POST`, or the status.
    pub verb: String,
    /// The URL without its query, or the status text.
    pub target: String,
    /// `request` or `response`, or how it travelled.
    pub kind: String,
    /// What is in it.
    pub parts: Vec<Part>,
}

/// How a rule came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleVerdict {
    /// It holds.
    Passed,
    /// It does not apply here, and why.
    Skipped(String),
    /// It is broken, and how.
    Failed(String),
}

impl RuleVerdict {
    /// Its class in the stylesheet.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Skipped(_) => "skipped",
            Self::Failed(_) => "failed",
        }
    }

    /// The sign that stands before the rule.
    pub fn sign(&self) -> &'static str {
        match self {
            Self::Passed => "✓",
            Self::Skipped(_) => "–",
            Self::Failed(_) => "✕",
        }
    }

    /// The sign as a word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Passed => "Passed",
            Self::Skipped(_) => "Not applicable",
            Self::Failed(_) => "Failed",
        }
    }

    /// Why; empty for a rule that holds.
    pub fn why(&self) -> &str {
        match self {
            Self::Passed => "",
            Self::Skipped(why) | Self::Failed(why) => why,
        }
    }
}

/// One rule and its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Where it is written.
    pub section: String,
    /// What it says.
    pub text: String,
    /// How it came out.
    pub verdict: RuleVerdict,
}

/// A decoded token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenView {
    /// The first part as it was sent.
    pub header_part: String,
    /// The second part as it was sent.
    pub claims_part: String,
    /// The third part as it was sent, shortened.
    pub signature_part: String,
    /// The header's members.
    pub header: Vec<Field>,
    /// The claims.
    pub claims: Vec<Field>,
}

/// One step of the sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its place, from 1.
    pub number: usize,
    /// What it is.
    pub title: String,
    /// Where it is specified.
    pub section: String,
    /// Who starts it.
    pub from: Party,
    /// Who answers.
    pub to: Party,
    /// What it is for.
    pub text: String,
    /// What travelled.
    pub messages: Vec<Message>,
    /// The token that this step is about.
    pub token: Option<TokenView>,
    /// What was checked, in order.
    pub rules: Vec<Rule>,
}

/// A step as announced before it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedStep {
    /// What it is.
    pub title: &'static str,
    /// Who starts it.
    pub from: Party,
    /// Who answers.
    pub to: Party,
    /// What it is for.
    pub text: &'static str,
}

/// The code flow as announced on the start page.
pub const PLAN: &[PlannedStep] = &[
    PlannedStep {
        title: "The client reads what the provider publishes",
        from: Party::Client,
        to: Party::Provider,
        text: "One document at a known address says where everything is and what is supported.",
    },
    PlannedStep {
        title: "Your browser is sent to the provider",
        from: Party::Browser,
        to: Party::Provider,
        text: "The request carries three values made for this sign-in alone: state, nonce and a code challenge. You sign in there, and allow or deny what is asked.",
    },
    PlannedStep {
        title: "Your browser comes back with a code",
        from: Party::Browser,
        to: Party::Client,
        text: "The code is good once, for a minute, and worthless to anybody who merely sees it.",
    },
    PlannedStep {
        title: "The client exchanges the code for tokens",
        from: Party::Client,
        to: Party::Provider,
        text: "Directly, not through your browser: it proves who it is, and that it started this sign-in.",
    },
    PlannedStep {
        title: "The client checks the ID Token",
        from: Party::Client,
        to: Party::Client,
        text: "A signed statement about you. Every rule of the specification is applied before anything in it is believed.",
    },
    PlannedStep {
        title: "The client asks who you are",
        from: Party::Client,
        to: Party::Provider,
        text: "Your name and email address, with the access token, at the UserInfo endpoint.",
    },
];

/// Who can sign in at a demonstration provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPerson {
    /// What to type first.
    pub username: String,
    /// What to type second.
    pub password: String,
}

/// A newcomer's first sight.
#[derive(Debug, Template)]
#[template(path = "rp/start.html")]
pub struct StartPage<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// How this client is known there.
    pub client_id: &'a str,
    /// How it authenticates at the token endpoint.
    pub auth_method: &'a str,
    /// Where the provider sends the browser back to.
    pub redirect_uri: &'a str,
    /// What it asks for.
    pub scope: &'a str,
    /// Who can sign in, where that is no secret.
    pub demo: Option<&'a DemoPerson>,
    /// What will happen: [`PLAN`].
    pub plan: &'a [PlannedStep],
    /// Who is signed in here already.
    pub signed_in: Option<&'a str>,
}

/// Who signed in, and how it went.
#[derive(Debug, Template)]
#[template(path = "rp/result.html")]
pub struct ResultPage<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// How this client is known there.
    pub client_id: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// One or two letters of it.
    pub initials: &'a str,
    /// When and where they signed in.
    pub how: &'a str,
    /// What is known about them; `meaning` is the label.
    pub about: &'a [Field],
    /// The verdicts in a sentence.
    pub summary: &'a str,
    /// Whether there is a refresh token.
    pub can_refresh: bool,
    /// The token that must come back with the forms.
    pub csrf: &'a str,
    /// What happened.
    pub steps: &'a [Step],
}

/// Why nobody is signed in.
#[derive(Debug, Template)]
#[template(path = "rp/error.html")]
pub struct ErrorPage<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// How this client is known there.
    pub client_id: &'a str,
    /// A few words.
    pub title: &'a str,
    /// What happened, in a sentence.
    pub what: &'a str,
    /// The error code, where the specification has one.
    pub code: &'a str,
    /// More about it: the rule that failed, what the provider said.
    pub facts: &'a [Field],
    /// What happened up to there.
    pub steps: &'a [Step],
}
