//! What parameters and claims are for, in a sentence each, and which values are shortened when they are shown.

use avouch_jose::NumericDate;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What a parameter of a request or response is for; empty for one that is not of the flow.
pub fn parameter(name: &str) -> &'static str {
    match name {
        "response_type" => "The code flow: the answer is to be a code, not tokens.",
        "client_id" => "Which client asks.",
        "redirect_uri" => {
            "Where the browser is to be sent back to. It must equal a registered one, byte by byte."
        }
        "scope" => "What is asked for. openid makes it a sign-in.",
        "state" => {
            "Made for this sign-in. It must come back unchanged, so nobody can slip in the answer of another."
        }
        "nonce" => {
            "Made for this sign-in. It must stand in the ID Token, which ties the token to this request."
        }
        "code_challenge" => {
            "The SHA-256 hash of the code verifier. Whoever redeems the code must know the verifier."
        }
        "code_challenge_method" => "How the challenge was made from the verifier.",
        "prompt" => "What the provider must ask the person, whatever it remembers.",
        "max_age" => "How many seconds ago the person may have signed in at the provider.",
        "login_hint" => "Who is expected to sign in.",
        "id_token_hint" => "An earlier ID Token of the person who is expected.",
        "response_mode" => "How the answer travels.",
        "display" => "What kind of page fits.",
        "ui_locales" => "Which languages the person reads.",
        "claims_locales" => "In which languages the claims are wanted.",
        "acr_values" => "How strongly the person should be authenticated.",
        "claims" => "Single claims that are asked for.",
        "code" => "Stands for what the person allowed. Good once, for a minute, for this client alone.",
        "iss" => "Who answers. It must be the provider that was asked (RFC 9207).",
        "error" => "Why there is no code.",
        "error_description" => "The same for the client's makers.",
        "error_uri" => "Where the error is described.",
        "grant_type" => "What is exchanged for tokens.",
        "code_verifier" => {
            "Its hash is the code challenge of the first request: the same client is at both ends."
        }
        "refresh_token" => "Gets new tokens without the person. It is replaced each time.",
        "client_secret" => "Proves which client this is.",
        "client_assertion" => "A statement signed by the client's key: it proves which client this is.",
        "client_assertion_type" => "What kind of assertion it is.",
        _ => "",
    }
}

/// What a header is for.
pub fn header(name: &str, value: &str) -> &'static str {
    match name {
        "authorization" if value.starts_with("Basic ") => "The client's identifier and secret.",
        "authorization" if value.starts_with("Bearer ") => "The access token: whoever bears it may ask.",
        "www-authenticate" => "Which authentication is wanted, and what was wrong with the one presented.",
        "cache-control" => "Nobody on the way may keep this.",
        _ => "",
    }
}

/// What a member of a JOSE header is for.
pub fn jose_header(name: &str) -> &'static str {
    match name {
        "alg" => "How it is signed. The client takes only what it is registered for, whatever stands here.",
        "kid" => "Which of the provider's keys it is signed with.",
        "typ" => "What kind of token it is.",
        _ => "",
    }
}

/// What a claim says.
pub fn claim(name: &str) -> &'static str {
    match name {
        "iss" => "Who says it.",
        "sub" => "Who it is about: the same person is never called otherwise by this provider.",
        "aud" => "Who it is for.",
        "azp" => "Who asked for it.",
        "exp" => "From when on it is not to be believed.",
        "iat" => "When it was said.",
        "auth_time" => "When the person last proved who they are.",
        "nonce" => "The value that was sent with the request.",
        "acr" => "How strongly the person was authenticated.",
        "amr" => "By which means.",
        "at_hash" => "Half of the access token's hash: it ties the two tokens together.",
        "c_hash" => "Half of the code's hash: it ties the two together.",
        "sid" => "The person's session at the provider.",
        "name" => "The name to be shown.",
        "email" => "The preferred address.",
        "email_verified" => "Whether the provider made sure of it.",
        _ => "",
    }
}

/// The order in which members of an ID Token are shown: who says what about whom for whom comes first.
pub fn rank(name: &str) -> usize {
    const ORDER: [&str; 17] = [
        "alg",
        "kid",
        "typ",
        "iss",
        "sub",
        "aud",
        "azp",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "acr",
        "amr",
        "at_hash",
        "c_hash",
        "sid",
        "name",
    ];
    ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len())
}

/// A claim's value as text; instants with their date.
pub fn claim_value(name: &str, value: &Value) -> String {
    let instant = matches!(name, "exp" | "iat" | "auth_time" | "nbf" | "updated_at");
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if instant => match number.as_i64().and_then(date) {
            Some(date) => format!("{number} · {date}"),
            None => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// An instant for people.
pub fn instant(at: NumericDate) -> String {
    date(at.seconds()).unwrap_or_else(|| at.seconds().to_string())
}

fn date(seconds: i64) -> Option<String> {
    let text = OffsetDateTime::from_unix_timestamp(seconds).ok()?.format(&Rfc3339).ok()?;
    Some(text.replace('T', " ").replace('Z', " UTC"))
}

/// Whether whoever knows the value could act with it.
fn is_secret(name: &str) -> bool {
    matches!(
        name,
        "code"
            | "code_verifier"
            | "access_token"
            | "refresh_token"
            | "id_token"
            | "id_token_hint"
            | "client_secret"
            | "client_assertion"
    )
}

/// The value as it is shown: of a secret just enough to recognise it.
pub fn shown(name: &str, value: &str) -> String {
    if is_secret(name) { shortened(value) } else { value.to_owned() }
}

/// A header's value as it is shown.
pub fn shown_header(name: &str, value: &str) -> String {
    match value.split_once(' ') {
        Some((scheme, credentials)) if name == "authorization" => {
            format!("{scheme} {}", shortened(credentials))
        }
        _ if name == "authorization" || name == "set-cookie" => shortened(value),
        _ => value.to_owned(),
    }
}

/// The beginning of a value, and how long it is.
pub fn shortened(value: &str) -> String {
    let length = value.chars().count();
    if length <= 12 {
        return format!("… ({length} characters)");
    }
    format!("{}… ({length} characters)", value.chars().take(6).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_shortened() {
        let token = "2YotnFZFEjr1zCsicMWpAA";
        for name in ["code", "code_verifier", "access_token", "refresh_token", "id_token", "client_secret"] {
            assert_eq!(shown(name, token), "2YotnF… (22 characters)");
        }
        assert_eq!(shown("client_secret", "short"), "… (5 characters)");
        assert_eq!(shown("scope", "openid email profile"), "openid email profile");
        assert_eq!(
            shown_header("authorization", &format!("Bearer {token}")),
            "Bearer 2YotnF… (22 characters)"
        );
        assert_eq!(shown_header("content-type", "text/html"), "text/html");
    }

    #[test]
    fn instants_have_their_date() {
        assert_eq!(claim_value("exp", &Value::from(1_300_819_380)), "1300819380 · 2011-03-22 18:43:00 UTC");
        assert_eq!(claim_value("exp", &Value::from("soon")), "soon");
        assert_eq!(claim_value("aud", &serde_json::json!(["a", "b"])), r#"["a","b"]"#);
    }
}
