//! The JSON Resource Descriptor: what is read, what is refused and where, what is written (RFC 7033, 4.4).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use avouch_discovery::webfinger::{Jrd, JrdError, JrdLimits, Link};
use avouch_types::Issuer;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn read(text: &str) -> Result<Jrd, JrdError> {
    Jrd::from_json(text.as_bytes(), &JrdLimits::default())
}

/// The example of RFC 7033 §3.2.
const BLOG: &str = r#"{
    "subject" : "http://blog.example.com/article/id/314",
    "aliases" : ["http://blog.example.com/cool_new_thing", "http://blog.example.com/steve/article/7"],
    "properties" : {"http://blgx.example.net/ns/version" : "1.3", "http://blgx.example.net/ns/ext" : null},
    "links" : [
        {"rel" : "copyright", "href" : "http://www.example.com/copyright"},
        {
            "rel" : "author",
            "href" : "http://blog.example.com/author/steve",
            "titles" : {"en-us" : "The Magical World of Steve", "fr" : "Le Monde Magique de Steve"},
            "properties" : {"http://example.com/role" : "editor"}
        }
    ]
}"#;

/// Proves RFC7033-4.4.3-01: values of properties are strings or null.
#[test]
fn the_example_of_the_specification_is_read() {
    let jrd = read(BLOG).unwrap();
    assert_eq!(jrd.subject.as_deref(), Some("http://blog.example.com/article/id/314"));
    assert_eq!(jrd.aliases.len(), 2);
    assert_eq!(jrd.properties["http://blgx.example.net/ns/version"].as_deref(), Some("1.3"));
    assert_eq!(jrd.properties["http://blgx.example.net/ns/ext"], None);
    let author = &jrd.links[1];
    assert_eq!(author.titles["fr"], "Le Monde Magique de Steve");
    assert_eq!(author.properties["http://example.com/role"].as_deref(), Some("editor"));
    assert_eq!((&*author.rel, &author.media_type), ("author", &None));
}

/// The wire form, member by member: unknown members are kept, what is empty is left out.
#[test]
fn golden() {
    let jrd = Jrd::about("acct:bob@example.com")
        .with_alias("https://www.example.com/~bob/")
        .with_property("http://example.com/ns/role", Some("employee"))
        .with_property("http://example.com/ns/none", None)
        .with_issuer(&Issuer::parse("https://server.example.com").unwrap())
        .with_link(
            Link::new("http://webfinger.example/rel/businesscard")
                .with_href("https://www.example.com/~bob/bob.vcf")
                .with_type("text/vcard")
                .with_title("und", "Bob")
                .with_property("http://example.com/ns/port", Some("993")),
        );
    let golden = concat!(
        r#"{"aliases":["https://www.example.com/~bob/"],"#,
        r#""links":[{"href":"https://server.example.com","rel":"http://openid.net/specs/connect/1.0/issuer"},"#,
        r#"{"href":"https://www.example.com/~bob/bob.vcf","properties":{"http://example.com/ns/port":"993"},"#,
        r#""rel":"http://webfinger.example/rel/businesscard","titles":{"und":"Bob"},"type":"text/vcard"}],"#,
        r#""properties":{"http://example.com/ns/none":null,"http://example.com/ns/role":"employee"},"#,
        r#""subject":"acct:bob@example.com"}"#,
    );
    assert_eq!(jrd.to_json(), golden);
    assert_eq!(read(golden).unwrap(), jrd);
    assert_eq!(Jrd::default().to_json(), "{}");
}

/// Proves RFC7033-4.4-01 and RFC7033-8.5-01: members that nobody defined are no error, of whatever type.
#[test]
fn unknown_members_are_no_error() {
    let text = r#"{"expires":1,"links":[{"rel":"a","template":{"x":[null]}}],"subject":"acct:a@b"}"#;
    let jrd = read(text).unwrap();
    assert_eq!(jrd.to_json(), text);
}

/// Proves RFC7033-4.4.4.4-01: titles in the same language are no error; the first stands. Nothing else may be there twice.
#[test]
fn titles_in_the_same_language_are_no_error() {
    for titles in [
        r#"{"en":"one","en":"two"}"#,
        r#"{"en":"one", "fr":"un" , "en":"two","\u0065n":"three","fr":"deux"}"#,
        r#"{"en":"one","en":"{\"en\":\"}\\"}"#,
        r#"{ "en" : "one" , "en" : "two" }"#,
    ] {
        let text = format!(r#"{{"links":[{{"rel":"a"}},{{"titles":{titles},"rel":"b"}}],"\"":"{{é"}}"#);
        let jrd = read(&text).unwrap_or_else(|refused| panic!("{titles}: {refused:?}"));
        assert_eq!(jrd.links[1].titles["en"], "one", "{titles}");
        assert_eq!(jrd.links[1].rel, "b", "{titles}");
        assert_eq!(jrd.extra.len(), 1, "{titles}");
    }
    for text in [
        r#"{"subject":"a","subject":"b"}"#,
        r#"{"links":[],"links":[]}"#,
        r#"{"links":[{"rel":"a","rel":"b"}]}"#,
        r#"{"links":[{"rel":"a","titles":{"en":"1","en":"2"},"rel":"b"}]}"#,
        r#"{"links":[{"rel":"a","titles":{},"titles":{}}]}"#,
        r#"{"links":[{"rel":"a","properties":{"a":"1","a":"2"}}]}"#,
        r#"{"titles":{"en":"1","en":"2"}}"#,
        r#"{"links":{"a":{"titles":{"en":"1","en":"2"}}}}"#,
        r#"{"links":[{"rel":"a","titles":{"en":1,"en":2}}]}"#,
        r#"{"links":[{"rel":"a","titles":{"en":"1","en":"2"}}]"#,
        r#"{"links":[{"rel":"a","titles":{"en":"1","en":"2"é}}]}"#,
        r#"{"links":[{"rel":"a","titles":{"en":"1","en":"2",}}]}"#,
        r#"{"links":[{"rel":"a","titles":{"en":"1","en":"2"}}]}{}"#,
    ] {
        assert!(matches!(read(text), Err(JrdError::Json { .. })), "{text}: {:?}", read(text));
    }
}

/// Proves RFC7033-4.4.4.1-01: each link has `rel` with exactly one value. And what is no JRD is refused with its place.
#[test]
fn faults_are_told_with_their_place() {
    for (text, path) in [
        (r#"{"subject":1}"#, "subject"),
        (r#"{"subject":null}"#, "subject"),
        (r#"{"aliases":"a"}"#, "aliases"),
        (r#"{"aliases":["a",1]}"#, "aliases[1]"),
        (r#"{"properties":[]}"#, "properties"),
        (r#"{"properties":{"http://a":1}}"#, r#"properties["http://a"]"#),
        (r#"{"links":{}}"#, "links"),
        (r#"{"links":null}"#, "links"),
        (r#"{"links":[{"rel":"a"},"b"]}"#, "links[1]"),
        (r#"{"links":[{"href":"b"}]}"#, "links[0].rel"),
        (r#"{"links":[{"rel":"a"},{"rel":""}]}"#, "links[1].rel"),
        (r#"{"links":[{"rel":"a b"}]}"#, "links[0].rel"),
        (r#"{"links":[{"rel":"a\u00a0b"}]}"#, "links[0].rel"),
        (r#"{"links":[{"rel":["a"]}]}"#, "links[0].rel"),
        (r#"{"links":[{"rel":"a","href":{}}]}"#, "links[0].href"),
        (r#"{"links":[{"rel":"a","type":1}]}"#, "links[0].type"),
        (r#"{"links":[{"rel":"a","titles":["b"]}]}"#, "links[0].titles"),
        (r#"{"links":[{"rel":"a","titles":{"en":null}}]}"#, "links[0].titles.en"),
        (r#"{"links":[{"rel":"a","properties":{"u":true}}]}"#, "links[0].properties.u"),
    ] {
        let refused = read(text).unwrap_err();
        assert_eq!(refused.path(), path, "{text}: {refused}");
        assert!(refused.section().starts_with("RFC 7033, 4.4"), "{text}");
    }
    for (text, path, section) in [
        ("", "", "RFC 8259, 2"),
        ("[]", "", "RFC 7033, 4.4"),
        ("null", "", "RFC 7033, 4.4"),
        ("{\"subject\":NaN}", "subject", "RFC 8259, 2"),
        ("{\"links\":[{\"rel\":1e999}]}", "links[0].rel", "RFC 8259, 6"),
        ("{\"links\":[{},{\"rel\":\"a\",\"r\\u0065l\":\"b\"}]}", "links[1].rel", "RFC 8259, 4"),
        ("\u{feff}{}", "", "RFC 8259, 8.1"),
    ] {
        let refused = read(text).unwrap_err();
        assert_eq!((refused.path(), refused.section()), (path, section), "{text}");
        let at = if path.is_empty() { String::new() } else { format!(", at {path}") };
        assert_eq!(refused.to_string(), format!("the answer is not a strict JSON object{at}"));
    }
    // a path is a stranger's text: in a message it is escaped and cut
    let long = format!(r#"{{"properties":{{"{}\u0007":1}}}}"#, "a".repeat(60));
    assert!(read(&long).unwrap_err().to_string().contains("\\u0007"));
    let long = format!(r#"{{"properties":{{"{}":1}}}}"#, "a".repeat(2000));
    assert!(read(&long).unwrap_err().to_string().len() < 200);
}

#[test]
fn budgets_hold() {
    let many = |what: &str, count: usize| vec![what; count].join(",");
    let limits = JrdLimits::default();
    let links = |count| format!(r#"{{"links":[{}]}}"#, many(r#"{"rel":"a"}"#, count));
    assert!(read(&links(limits.links)).is_ok());
    let refused = read(&links(limits.links + 1)).unwrap_err();
    assert!(matches!(refused, JrdError::TooMany { path: "links", found: 257, limit: 256 }));

    let aliases = |count| format!(r#"{{"aliases":[{}]}}"#, many(r#""a""#, count));
    assert!(read(&aliases(limits.aliases)).is_ok());
    assert_eq!(read(&aliases(limits.aliases + 1)).unwrap_err().path(), "aliases");

    let properties = |count| {
        let members: Vec<_> = (0..count).map(|at| format!(r#""a:{at}":null"#)).collect();
        format!(r#"{{"properties":{{{}}}}}"#, members.join(","))
    };
    assert!(read(&properties(limits.members)).is_ok());
    assert!(matches!(read(&properties(limits.members + 1)), Err(JrdError::Json { .. })));

    let padded = |bytes: usize| format!("{{}}{}", " ".repeat(bytes - 2));
    assert!(read(&padded(limits.bytes)).is_ok());
    assert!(matches!(read(&padded(limits.bytes + 1)), Err(JrdError::Json { .. })));
    // and repeated titles are no way around them
    let repeated = format!(r#"{{"links":[{{"rel":"a","titles":{{{}}}}}]}}"#, many(r#""en":"a""#, 6000));
    assert!(repeated.len() < limits.bytes);
    assert!(matches!(read(&repeated), Err(JrdError::Json { .. })));
    assert!(matches!(read(&format!("{}{}", "[".repeat(1000), "]".repeat(1000))), Err(JrdError::Json { .. })));
}

fn texts() -> impl Strategy<Value = BTreeMap<String, Option<String>>> {
    prop::collection::btree_map("\\PC{0,8}", prop::option::of("\\PC{0,8}"), 0..3)
}

prop_compose! {
    fn link()(
        rel in "[a-z:/.]{1,12}",
        href in prop::option::of("\\PC{0,12}"),
        media_type in prop::option::of("[a-z/]{0,8}"),
        titles in prop::collection::btree_map("[a-z-]{1,5}", "\\PC{0,8}", 0..3),
        properties in texts(),
    ) -> Link {
        let mut link = Link::new(rel);
        (link.href, link.media_type, link.titles, link.properties) = (href, media_type, titles, properties);
        link
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        subject in prop::option::of("\\PC{0,12}"),
        aliases in prop::collection::vec("\\PC{0,8}", 0..3),
        properties in texts(),
        links in prop::collection::vec(link(), 0..4),
    ) {
        let mut jrd = Jrd::default();
        (jrd.subject, jrd.aliases, jrd.properties, jrd.links) = (subject, aliases, properties, links);
        let text = jrd.to_json();
        let again = read(&text).unwrap();
        prop_assert_eq!(&again, &jrd);
        prop_assert_eq!(again.to_json(), text);
    }

    /// Repeated titles anywhere change nothing about the rest.
    #[test]
    fn repeated_titles_are_as_good_as_one(link in link(), second in "\\PC{0,8}") {
        let text = Jrd::default().with_link(link.clone().with_title("xx", "first")).to_json();
        let quoted = serde_json::to_string(&second).unwrap();
        let repeated = text.replacen(r#""xx":"first""#, &format!(r#""xx":"first","xx":{quoted}"#), 1);
        prop_assert_eq!(read(&repeated).unwrap(), read(&text).unwrap());
    }
}
