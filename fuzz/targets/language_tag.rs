//! Language tags, one a line, and the same lines as member names: casing is all that changes, each fallback is a tag that
//! covers the one before, and what Lookup finds was offered and is wanted.
#![no_main]

use avouch_claims::StandardClaims;
use avouch_types::{LanguageTag, TaggedName};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut tags = Vec::new();
    for line in text.lines() {
        if let Ok(name) = TaggedName::parse(line) {
            let written = name.to_string();
            assert!(written.eq_ignore_ascii_case(line));
            assert_eq!(TaggedName::parse(&written).unwrap(), name);
        }
        let Ok(tag) = LanguageTag::parse(line) else { continue };
        assert!(tag.as_str().eq_ignore_ascii_case(line));
        assert_eq!(LanguageTag::parse(tag.as_str()).unwrap().as_str(), tag.as_str());
        assert_eq!(LanguageTag::parse(&line.to_ascii_uppercase()).unwrap(), tag);
        assert_eq!(LanguageTag::parse_locale(&line.replace('-', "_")).unwrap(), tag);
        let mut length = usize::MAX;
        for step in tag.fallbacks() {
            assert!(step.len() < length);
            length = step.len();
            assert!(LanguageTag::parse(step).unwrap().covers(tag.as_str()), "{step} {tag}");
        }
        tags.push(tag);
    }
    let (wanted, offered) = tags.split_at(tags.len() / 2);
    let wanted_steps = || wanted.iter().flat_map(LanguageTag::fallbacks);
    match LanguageTag::lookup(wanted, offered) {
        Some(found) => assert!(
            offered.contains(found) && wanted_steps().any(|step| step.eq_ignore_ascii_case(found.as_str()))
        ),
        None => assert!(
            !wanted_steps().any(|step| offered.iter().any(|tag| tag.as_str().eq_ignore_ascii_case(step)))
        ),
    }
    let mut claims = StandardClaims::default();
    for tag in offered {
        claims.insert_in_language("name", tag, tag.as_str());
    }
    // whatever Lookup finds, claims in languages find too; they also know more specific ones
    let best = claims.in_best_language("name", wanted).and_then(|(_, value)| value.as_str());
    if let Some(found) = LanguageTag::lookup(wanted.get(..1).unwrap_or_default(), offered) {
        assert_eq!(best, Some(found.as_str()));
    }
    assert!(best.is_none_or(|tag| offered.iter().any(|offered| offered.as_str() == tag)));
});
