//! `Content-Type` values, as far as messages need them.

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json";
pub(crate) const JWT: &str = "application/jwt";

/// Whether `content_type` names `expected`, in any casing; parameters after the semicolon are not looked at, but for a
/// charset other than UTF-8, which none of the three has.
pub(crate) fn is(content_type: Option<&str>, expected: &str) -> bool {
    let Some(content_type) = content_type else { return false };
    let mut parts = content_type.split(';').map(str::trim);
    parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case(expected))
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case("charset") => {
                value.trim_matches('"').eq_ignore_ascii_case("utf-8")
            }
            _ => true,
        })
}
