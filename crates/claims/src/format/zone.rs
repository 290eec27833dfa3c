/// Whether a text is built as the IANA Time Zone Database builds its names: parts of at most 14 letters, digits and
/// `.+-_` that begin with a letter, with slashes between. Whether the zone exists takes the database itself, which
/// changes several times a year; an offset (`+01:00`) or an abbreviation with blanks is found without it.
pub(crate) fn is_zone_name(text: &str) -> bool {
    text.split('/').all(|part| {
        part.len() <= 14
            && part.starts_with(|first: char| first.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-_".contains(&byte))
    })
}
