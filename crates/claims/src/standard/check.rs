//! What is wrong with claims that were kept as received.

use std::collections::BTreeSet;

use avouch_types::{LanguageTag, TaggedName, UriError, check_web_url};
use serde_json::Value;

use super::StandardClaims;
use crate::format::{Birthdate, check_addr_spec, check_phone_number, is_zone_name};
use crate::{Address, ClaimProblem, ClaimRef, JsonType, ProblemLevel, path};

/// The last second of the year 9999.
const LATEST: f64 = 253_402_300_799.0;

impl StandardClaims {
    /// Everything that is wrong with these claims, each with its place: members of the wrong JSON type, formats, and
    /// members in a language. An empty list stands for claims as the specification wants them.
    #[must_use]
    pub fn problems(&self) -> Vec<ClaimProblem> {
        let mut problems: Vec<_> = self
            .wrong_types()
            .map(|(name, expected, value)| wrong_type(name, expected, JsonType::of(value)))
            .collect();
        if self.extra.contains_key("sub") {
            problems.extend(self.sub().err());
        }
        problems.extend(self.address.iter().flat_map(Address::problems));
        for name in Self::NAMES {
            let Some(value) = self.get(name) else { continue };
            problems.extend(self.format_problem(name, name, value));
        }
        self.language_problems(&mut problems);
        problems.extend(
            self.inexact.iter().map(|name| ClaimProblem::InexactNumber { path: path::member("", name) }),
        );
        problems
    }

    /// Holds these claims to more than OpenID Connect does: each of the `names` must be there and be what Core 5.1 says,
    /// and `sub` what Core 2 says.
    /// What is wrong with any other claim does not count, and recommendations do not either; but an empty text is not there.
    ///
    /// ```
    /// use avouch_claims::{ClaimProblem, StandardClaims};
    /// let json = br#"{"name": "Jane", "email": "jane at example", "birthdate": "soon"}"#;
    /// let claims = StandardClaims::from_json(json, &avouch_json::Limits::default())?;
    /// assert!(claims.require(&["name"]).is_ok());
    /// let problems = claims.require(&["name", "email", "locale"]).unwrap_err();
    /// assert_eq!(
    ///     problems,
    ///     [
    ///         ClaimProblem::EmailFormat { path: "email".to_owned(), position: 5 },
    ///         ClaimProblem::Missing { path: "locale".to_owned() }
    ///     ]
    /// );
    /// # Ok::<(), avouch_json::JsonError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Every [`ClaimProblem`] of these claims, in the order of `names`.
    pub fn require(&self, names: &[&str]) -> Result<(), Vec<ClaimProblem>> {
        let all = self.problems();
        let mut problems = Vec::new();
        for name in names {
            if *name == "sub" {
                problems.extend(self.sub().err());
                continue;
            }
            let own = path::member("", name);
            let inside = |problem: &ClaimProblem| {
                problem
                    .path()
                    .strip_prefix(&*own)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            let before = problems.len();
            let hard = |problem: &&ClaimProblem| match problem {
                ClaimProblem::Empty { path } => *path == own,
                problem => inside(problem) && problem.level() == ProblemLevel::Must,
            };
            problems.extend(all.iter().filter(hard).cloned());
            if problems.len() == before && self.get(name).is_none_or(ClaimRef::is_empty) {
                problems.push(ClaimProblem::Missing { path: own });
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// What is wrong with a value of the claim `name` that stands under `path`, its name in a language perhaps.
    fn format_problem(&self, name: &str, path: &str, value: ClaimRef<'_>) -> Option<ClaimProblem> {
        let path = || path.to_owned();
        if let Some(number) = value.as_number().filter(|_| name == "updated_at") {
            let possible = number.as_f64().is_some_and(|seconds| (0.0..=LATEST).contains(&seconds));
            return (!possible).then(|| ClaimProblem::UpdatedAtOutOfRange { path: path() });
        }
        let text = value.as_str()?;
        if text.is_empty() {
            return Some(ClaimProblem::Empty { path: path() });
        }
        match name {
            "profile" | "picture" | "website" => {
                let error = check_web_url(text).err()?;
                // an image in the URL itself is no page and runs nothing
                let image = name == "picture"
                    && error == UriError::DangerousScheme
                    && text.starts_with("data:image/");
                (!image).then(|| ClaimProblem::UrlFormat { path: path(), error })
            }
            "email" => {
                let position = check_addr_spec(text).err()?;
                Some(ClaimProblem::EmailFormat { path: path(), position })
            }
            "birthdate" => {
                Birthdate::parse(text).is_none().then(|| ClaimProblem::BirthdateFormat { path: path() })
            }
            "zoneinfo" => (!is_zone_name(text)).then(|| ClaimProblem::ZoneinfoFormat { path: path() }),
            "locale" => match (LanguageTag::parse(text), LanguageTag::parse_locale(text)) {
                (Ok(_), _) => None,
                (Err(_), Ok(_)) => Some(ClaimProblem::LocaleUnderscore { path: path() }),
                (Err(error), Err(_)) => Some(ClaimProblem::LocaleFormat { path: path(), error }),
            },
            "phone_number" => {
                let verified = self.phone_number_verified == Some(true);
                let error = check_phone_number(text).err()?;
                Some(ClaimProblem::PhoneNumberFormat { path: path(), error, verified })
            }
            _ => None,
        }
    }

    /// Members such as `website#de`. A `#` in a name that the specification does not know may mean something else.
    fn language_problems(&self, problems: &mut Vec<ClaimProblem>) {
        let mut seen = BTreeSet::new();
        for (member, value) in &self.extra {
            let Some((name, written)) = member.split_once('#') else { continue };
            let Some(expected) = Self::type_of(name) else { continue };
            let path = path::member("", member);
            let tagged = match TaggedName::parse(member) {
                Ok(tagged) => tagged,
                Err(error) => {
                    problems.push(ClaimProblem::LanguageTagFormat { path, error });
                    continue;
                }
            };
            if tagged.language.as_ref().is_some_and(|language| language.as_str() != written) {
                problems.push(ClaimProblem::LanguageTagCasing { path: path.clone() });
            }
            if !seen.insert(tagged) {
                problems.push(ClaimProblem::LanguageTwice { path: path.clone() });
            }
            let found = JsonType::of(value);
            match value {
                _ if found != expected => problems.push(ClaimProblem::WrongType { path, expected, found }),
                Value::Object(address) => {
                    problems.extend(Address::from_members(address.clone()).problems_at(&path));
                }
                _ => problems.extend(self.format_problem(name, &path, ClaimRef::Other(value))),
            }
        }
    }
}

fn wrong_type(name: &str, expected: JsonType, found: JsonType) -> ClaimProblem {
    ClaimProblem::WrongType { path: path::member("", name), expected, found }
}
