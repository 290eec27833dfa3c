//! A profile API of another protocol, in the manner of SCIM: `GET /Me?attributes=...` answers with what the caller's grant
//! covers. It has scopes of its own, one place where claims go, and asks for attributes in its own JSON; it has no ID
//! Token, no JWT and no cryptography, and neither has its dependency tree.
//!
//! ```text
//! cargo run -p avouch-claims --example profile_api
//! ```

use std::collections::BTreeSet;
use std::error::Error;

use avouch_claims::{
    ClaimSet, ClaimsRequestError, ConsentTo, LanguageNaming, MissingReason, RequestedClaims, ScopeClaims,
    StandardClaims,
};
use avouch_json::Limits;
use avouch_types::{LanguageTag, Scopes, WordError};
use serde::Deserialize;
use serde_json::{Value, json};

/// What the directory knows besides the standard claims.
#[derive(Deserialize)]
struct Employee {
    department: String,
    #[serde(default)]
    skills: Vec<String>,
}

/// The API: which scope opens which attributes.
struct ProfileApi {
    scopes: ScopeClaims,
}

/// A call, after the framework has found out whose token it bears.
struct Call<'a> {
    granted: &'a str,
    allowed: &'a BTreeSet<String>,
    languages: &'a [LanguageTag],
    attributes: Value,
}

#[derive(Debug)]
enum CallError {
    Scope(WordError),
    /// Its text names the member: `attributes.email.values[1]`.
    Attributes(ClaimsRequestError),
}

impl ProfileApi {
    fn new() -> Self {
        let scopes = ScopeClaims::empty()
            .with("profile:read", ["name", "locale", "picture"])
            .with("contact:read", ["email", "phone_number"])
            .with("work:read", ["department", "skills"]);
        Self { scopes }
    }

    fn me(&self, person: &StandardClaims, call: Call<'_>) -> Result<Value, CallError> {
        let granted = Scopes::parse(call.granted).map_err(CallError::Scope)?;
        let wanted =
            RequestedClaims::from_value("attributes", call.attributes).map_err(CallError::Attributes)?;
        let asked = ClaimSet::new(&self.scopes, &granted, Some(&wanted), ConsentTo::Claims(call.allowed))
            .with_locales(call.languages, LanguageNaming::PlainIfOne);

        let answer = asked.release(person);
        let missing: Vec<_> = answer
            .missing_essential()
            .map(|claim| match claim.reason {
                MissingReason::NoConsent => json!({"attribute": claim.name, "status": "forbidden"}),
                _ => json!({"attribute": claim.name, "status": "unknown"}),
            })
            .collect();
        Ok(json!({"schemas": ["urn:example:Me"], "attributes": answer.to_members(), "missing": missing}))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let record = json!({
        "name": "Sato Hanako", "name#ja": "佐藤花子", "email": "hanako@example.com", "phone_number": "tel 12",
        "department": "R&D", "skills": ["rust"]
    });
    let person = StandardClaims::from_json(record.to_string().as_bytes(), &Limits::default())?;

    // The operator of the directory sees what is wrong with the data, and the data stays as it is.
    for problem in person.problems() {
        show(&format!("directory: {problem}"));
    }
    let employee: Employee = person.additional()?;
    show(&format!("{} knows {}", employee.department, employee.skills.join(", ")));

    let api = ProfileApi::new();
    let allowed: BTreeSet<String> = ["name", "email", "department"].map(str::to_owned).into();
    let languages = [LanguageTag::parse("ja-JP")?];
    let call = |attributes| Call {
        granted: "profile:read contact:read",
        allowed: &allowed,
        languages: &languages,
        attributes,
    };

    let answer = api.me(&person, call(json!({"skills": {"essential": true}, "department": null})));
    let answer = answer.map_err(|error| format!("{error:?}"))?;
    assert_eq!(
        answer,
        json!({
            "schemas": ["urn:example:Me"],
            "attributes": {"department": "R&D", "email": "hanako@example.com", "name": "佐藤花子"},
            "missing": [{"attribute": "skills", "status": "forbidden"}]
        })
    );
    show(&answer.to_string());

    match api.me(&person, call(json!({"email": {"values": ["a@example.com", 5]}}))) {
        Err(CallError::Attributes(error)) => assert_eq!(error.path(), "attributes.email.values[1]"),
        other => return Err(format!("a number is no e-mail address: {other:?}").into()),
    }
    match api.me(&person, Call { granted: "profile:read\tcontact:read", ..call(json!({})) }) {
        Err(CallError::Scope(error)) => show(&error.to_string()),
        other => return Err(format!("a tab separates nothing: {other:?}").into()),
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what a program is for")]
fn show(line: &str) {
    println!("{line}");
}
