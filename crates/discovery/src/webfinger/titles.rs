//! The one place of a JRD where a name may stand twice: titles in the same language "MUST NOT be treated as an error"
//! ([RFC 7033 §4.4.4.4]), while the reader of JSON refuses every repeated name.
//!
//! [RFC 7033 §4.4.4.4]: https://www.rfc-editor.org/rfc/rfc7033#section-4.4.4.4

use std::collections::BTreeSet;

/// An object or array that is open around the place where the walk is.
struct Open {
    is_object: bool,
    /// The name of the member whose value is being walked over, as it is written, with its quotes.
    member: String,
    /// Of `titles`: the languages that were seen.
    seen: Option<BTreeSet<String>>,
}

/// The document without the titles whose language was seen before in the same `titles`; `None` where there are none.
///
/// This is no reader: it follows strings and brackets only, and whatever comes out is read strictly.
pub(super) fn without_repeats(document: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(document).ok()?;
    let mut open: Vec<Open> = Vec::new();
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = document.get(at) {
        let end = if byte == b'"' { end_of_string(document, at)? } else { at + 1 };
        match byte {
            b'{' | b'[' => {
                let seen = is_titles(&open).then(BTreeSet::new);
                open.push(Open { is_object: byte == b'{', member: String::new(), seen });
            }
            b'}' | b']' => drop(open.pop()),
            b'"' => {
                let colon = end_of_space(document, end);
                let here =
                    open.last_mut().filter(|open| open.is_object && document.get(colon) == Some(&b':'));
                if let Some(here) = here {
                    here.member = text.get(at..end)?.to_owned();
                    let language = here.seen.as_ref().and_then(|_| unquoted(&here.member));
                    if let (Some(seen), Some(language)) = (&mut here.seen, language)
                        && !seen.insert(language)
                    {
                        at = end_of_string(document, end_of_space(document, colon + 1))?;
                        // the comma before it goes, too
                        kept.truncate(kept.trim_end().strip_suffix(',')?.len());
                        continue;
                    }
                }
            }
            _ => {}
        }
        kept.push_str(text.get(at..end)?);
        at = end;
    }
    (kept.len() < text.len()).then(|| kept.into_bytes())
}

/// Whether the object that opens here is the `titles` of one of the `links`.
fn is_titles(open: &[Open]) -> bool {
    let [document, links, link] = open else { return false };
    let is = |open: &Open, name| open.is_object && unquoted(&open.member).as_deref() == Some(name);
    is(document, "links") && !links.is_object && is(link, "titles")
}

fn unquoted(name: &str) -> Option<String> {
    serde_json::from_str(name).ok()
}

/// Where the string ends that begins at `at`; `None` if none does.
fn end_of_string(document: &[u8], at: usize) -> Option<usize> {
    if document.get(at) != Some(&b'"') {
        return None;
    }
    let mut at = at + 1;
    loop {
        match document.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn end_of_space(document: &[u8], mut at: usize) -> usize {
    while document.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}
