//! The steps of a sign-in as they are shown.

use std::collections::BTreeMap;

use avouch_client::{RuleVerdict as TokenRule, SignInMemory, SignedIn};
use avouch_jose::NumericDate;
use avouch_jose::base64url;
use avouch_messages::UserInfo;
use avouch_tokens::Verdict;
use http::{Request, Response};
use serde_json::{Map, Value};

use super::super::explain;
use super::super::provider::Found;
use super::super::record;
use super::super::sessions::SignedInView;
use crate::pages::rp::{Field, Message, Party, Rule, RuleVerdict, Step, TokenView};

fn step(number: usize, title: &str, section: &str, (from, to): (Party, Party), text: &str) -> Step {
    Step {
        number,
        title: title.to_owned(),
        section: short(section),
        from,
        to,
        text: text.to_owned(),
        messages: Vec::new(),
        token: None,
        rules: Vec::new(),
    }
}

fn rule(section: &str, text: &str, verdict: RuleVerdict) -> Rule {
    Rule { section: short(section), text: text.to_owned(), verdict }
}

/// The same place in fewer words: the whole page is about OpenID Connect.
pub(super) fn short(section: &str) -> String {
    section.replace("OpenID Connect ", "")
}

fn passed(section: &str, text: &str) -> Rule {
    rule(section, text, RuleVerdict::Passed)
}

const ASKS: (Party, Party) = (Party::Client, Party::Provider);

pub(super) fn metadata(number: usize, found: &Found) -> Step {
    Step {
        messages: found.messages.clone(),
        rules: vec![passed(
            "Discovery 1.0, 4.3",
            "The issuer in the document is exactly the one that was asked for.",
        )],
        ..step(
            number,
            "What the provider publishes",
            "Discovery 1.0, 4",
            ASKS,
            &format!(
                "One document at a known address says where everything is and what is supported. Fetched {}; it is used for a while.",
                explain::instant(found.at)
            ),
        )
    }
}

pub(super) fn authorization_request(number: usize, url: &str) -> Step {
    Step {
        messages: vec![record::redirect(url, "request, by redirect")],
        ..step(
            number,
            "The authorization request",
            "Core 1.0, 3.1.2.1",
            (Party::Browser, Party::Provider),
            "Your browser was sent to the provider with this request. What happened there, your password above all, this client never saw.",
        )
    }
}

/// `announced` is whether the provider says that it sends `iss`; `failed` is how many checks were passed before the
/// one that failed, and that one.
pub(super) fn authorization_response(
    number: usize,
    callback: &str,
    query: &str,
    announced: bool,
    failed: Option<(usize, Rule)>,
) -> Step {
    let iss = if announced {
        RuleVerdict::Passed
    } else {
        RuleVerdict::Skipped("this provider does not send iss".to_owned())
    };
    let mut rules = vec![
        passed("Core 1.0, 3.1.2.7", "state is the one that this browser was sent away with."),
        rule("RFC 9207, 2.4", "iss is the provider that the browser was sent to.", iss),
        passed("RFC 6749, 4.1.2", "There is a code, and no parameter stands twice."),
    ];
    if let Some((before, broken)) = failed {
        rules.truncate(before);
        rules.push(broken);
    }
    Step {
        messages: vec![record::redirect(&format!("{callback}?{query}"), "response, by redirect")],
        rules,
        ..step(
            number,
            "The authorization response",
            "Core 1.0, 3.1.2.5",
            (Party::Browser, Party::Client),
            "The provider sent your browser back here with its answer.",
        )
    }
}

pub(super) fn token_exchange(
    number: usize,
    request: &Request<Vec<u8>>,
    response: &Response<Vec<u8>>,
) -> Step {
    Step {
        messages: vec![record::request(request), record::response(response)],
        ..step(
            number,
            "The code for tokens",
            "Core 1.0, 3.1.3",
            ASKS,
            "Directly, not through your browser: the client proves who it is, and by the code verifier that it started this sign-in.",
        )
    }
}

pub(super) fn refresh(number: usize, request: &Request<Vec<u8>>, response: &Response<Vec<u8>>) -> Step {
    Step {
        messages: vec![record::request(request), record::response(response)],
        ..step(
            number,
            "The refresh token for new tokens",
            "Core 1.0, 12",
            ASKS,
            "Without you. The old refresh token is worthless now; whoever uses it again ends the new one too.",
        )
    }
}

pub(super) fn keys(number: usize, messages: Vec<Message>) -> Step {
    Step {
        messages,
        ..step(
            number,
            "The provider's public keys",
            "Core 1.0, 10.1.1",
            ASKS,
            "The ID Token names the key it is signed with. The keys are fetched from where the metadata says, and kept.",
        )
    }
}

pub(super) fn id_token(number: usize, response: &Response<Vec<u8>>, report: &[TokenRule]) -> Step {
    Step {
        token: decoded(response.body()),
        rules: report.iter().map(token_rule).collect(),
        ..step(
            number,
            "The ID Token",
            "Core 1.0, 3.1.3.7",
            (Party::Client, Party::Client),
            "What the provider says about your sign-in, signed. It is three parts in base64url, and nothing of it is believed before every rule was applied.",
        )
    }
}

pub(super) fn userinfo(
    number: usize,
    request: &Request<Vec<u8>>,
    response: &Response<Vec<u8>>,
    accepted: bool,
) -> Step {
    let verdict = if accepted {
        RuleVerdict::Passed
    } else {
        RuleVerdict::Failed("the answer was not used".to_owned())
    };
    Step {
        messages: vec![record::request(request), record::response(response)],
        rules: vec![rule(
            "Core 1.0, 5.3.2",
            "sub is the person of the ID Token: the answer is about nobody else.",
            verdict,
        )],
        ..step(
            number,
            "Who you are",
            "Core 1.0, 5.3",
            ASKS,
            "With the access token the client asks for what you allowed it to know.",
        )
    }
}

fn token_rule(found: &TokenRule) -> Rule {
    let verdict = match &found.verdict {
        Verdict::Passed => RuleVerdict::Passed,
        Verdict::NotApplicable(why) => RuleVerdict::Skipped((*why).to_owned()),
        Verdict::Failed(why) => RuleVerdict::Failed(why.clone()),
        // `NotReached`, and whatever later versions find between passed and failed.
        _ => RuleVerdict::Skipped("not looked at: an earlier rule was broken".to_owned()),
    };
    rule(found.rule.section(), found.rule.text(), verdict)
}

/// The ID Token of a token response, taken apart to be looked at. This checks nothing.
fn decoded(body: &[u8]) -> Option<TokenView> {
    let response: Value = serde_json::from_slice(body).ok()?;
    let token = response.get("id_token")?.as_str()?;
    let (header, rest) = token.split_once('.')?;
    let (claims, signature) = rest.split_once('.')?;
    let members = |part: &str| -> Option<Map<String, Value>> {
        serde_json::from_slice(&base64url::decode(part).ok()?).ok()
    };
    let fields = |members: Map<String, Value>, meaning: fn(&str) -> &'static str| {
        let mut members: Vec<_> = members.into_iter().collect();
        members.sort_by_key(|(name, _)| explain::rank(name));
        members
            .into_iter()
            .map(|(name, value)| Field {
                value: explain::claim_value(&name, &value),
                meaning: meaning(&name).to_owned(),
                name,
            })
            .collect()
    };
    Some(TokenView {
        header: fields(members(header)?, explain::jose_header),
        claims: fields(members(claims)?, explain::claim),
        header_part: header.to_owned(),
        claims_part: claims.to_owned(),
        signature_part: explain::shortened(signature),
    })
}

pub(super) fn signed_in(
    signed_in: &SignedIn,
    memory: SignInMemory,
    userinfo: Option<UserInfo>,
    steps: Vec<Step>,
    now: NumericDate,
) -> SignedInView {
    // What UserInfo says comes first; the ID Token may say something too.
    let mut claims: BTreeMap<String, Value> = signed_in.id_token.claims.to_members().into_iter().collect();
    claims.extend(userinfo.into_iter().flat_map(|userinfo| userinfo.claims.to_members()));
    let text = |name: &str| claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let name = text("name")
        .or_else(|| text("preferred_username"))
        .or_else(|| text("email"))
        .unwrap_or(memory.sub.as_str())
        .to_owned();
    let mut about = Vec::new();
    let mut add = |label: &str, value: String| {
        about.push(Field { name: String::new(), value, meaning: label.to_owned() });
    };
    if let Some(email) = text("email") {
        let verified = claims.get("email_verified").and_then(Value::as_bool) == Some(true);
        add("Email", format!("{email} ({})", if verified { "confirmed" } else { "not confirmed" }));
    }
    for (label, claim) in [
        ("Username", "preferred_username"),
        ("Birthdate", "birthdate"),
        ("Website", "website"),
        ("Language", "locale"),
        ("Time zone", "zoneinfo"),
    ] {
        if let Some(value) = text(claim) {
            add(label, value.to_owned());
        }
    }
    add("Subject", memory.sub.as_str().to_owned());
    if let Some(auth_time) = memory.auth_time {
        add("Authenticated", explain::instant(auth_time));
    }
    add("Scope granted", memory.scope.to_string());
    SignedInView { memory, name, at: now, about, steps }
}
