//! Paths of members in documents, for errors: `claims.userinfo.email.values[3]`.

use std::fmt;

/// `parent.name`, or `parent["name"]` for a name that would not be read back from the former.
pub(crate) fn member(parent: &str, name: &str) -> String {
    let plain = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'#'));
    match (plain, parent.is_empty()) {
        (true, true) => name.to_owned(),
        (true, false) => format!("{parent}.{name}"),
        (false, _) => format!("{parent}[{}]", serde_json::Value::from(name)),
    }
}

/// A path of members that were found inside `parent`: `a.b` and `["c d"]` become `parent.a.b` and `parent["c d"]`.
pub(crate) fn inside(parent: &str, path: &str) -> String {
    let between = if parent.is_empty() || path.is_empty() || path.starts_with('[') { "" } else { "." };
    format!("{parent}{between}{path}")
}

/// `parent[index]`.
pub(crate) fn element(parent: &str, index: usize) -> String {
    format!("{parent}[{index}]")
}

/// A path as it is shown: names in it are a peer's choice, so they are escaped, and cut where they are long.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

/// Longer paths are cut when they are shown.
const MOST_CHARACTERS: usize = 120;

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("the document");
        }
        for character in self.0.chars().take(MOST_CHARACTERS) {
            if character == ' ' || character.is_ascii_graphic() {
                write!(f, "{character}")?;
            } else {
                write!(f, "{}", character.escape_unicode())?;
            }
        }
        if self.0.chars().nth(MOST_CHARACTERS).is_some() { f.write_str("..") } else { Ok(()) }
    }
}
