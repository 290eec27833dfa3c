//! The scanner beside `serde_json`, on generated documents.
#![allow(clippy::unwrap_used)]

use avouch_json::{JsonError, Limits, Names, ObjectView, RawValue, check, from_slice};
use proptest::prelude::*;
use serde_json::{Value, json};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 20, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..20).prop_map(Value::from),
            prop::collection::btree_map(any_name(), inner, 0..20)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Any, and often one that is [`KNOWN`] or nearly so.
fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ab\u{e9}\"]{0,2}",
        "issuer-[12][0-2\\x00]{0,2}",
        "client_i[de](_issued_(at|by))?"
    ]
}

/// Names with the same first eight bytes, or that a prefix filled up with zeros could be taken for.
const KNOWN: [&str; 8] =
    ["a", "\u{e9}", "\"b", "issuer-1", "issuer-1\0", "issuer-12", "client_id", "client_id_issued_at"];
static NAMES: Names<8> = Names::new(KNOWN);

/// Something near JSON: most of it breaks one rule.
fn nearly_json() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        "[\\[\\]{},:]",
        "(\"(a|b|\\\\u0061|\\\\ud83d|\\\\ude00|\\\\\\\\|\\\\n)?\":)",
        "-?[0-9]{0,2}(\\.[0-9]?)?([eE][+-]?[0-9]?)?",
        "true|false|null| |\"",
    ];
    prop::collection::vec(token, 0..14).prop_map(|tokens| tokens.concat())
}

/// Holds every way of reading a raw value against what serde read.
fn shows(raw: RawValue<'_>, value: &Value) {
    assert_eq!(raw.read::<Value>().unwrap(), *value);
    assert_eq!(raw.to_value().unwrap(), *value);
    assert_eq!(raw.as_str().as_deref(), value.as_str());
    assert_eq!(raw.as_bool(), value.as_bool());
    assert_eq!((raw.is_string(), raw.is_array()), (value.is_string(), value.is_array()));
    assert_eq!(raw.as_i64(), value.as_i64().or((raw.as_json() == "-0").then_some(0)));
    assert_eq!(raw.elements().is_some(), value.is_array());
    if let (Some(elements), Some(values)) = (raw.elements(), value.as_array()) {
        assert_eq!(elements.clone().count(), values.len());
        elements.zip(values).for_each(|(element, value)| shows(element, value));
    }
    assert_eq!(raw.as_object().is_some(), value.is_object());
    if let Some(object) = raw.as_object() {
        shows_all(&object, value);
    }
}

fn shows_all(view: &ObjectView<'_>, value: &Value) {
    assert_eq!(view.members().len(), value.as_object().unwrap().len());
    view.members().for_each(|(name, raw)| shows(raw, &value[&*name]));
    selects(view.clone());
}

/// What is selected and what is not are all members together, each as it was.
fn selects(mut view: ObjectView<'_>) {
    let json = |(name, raw): (std::borrow::Cow<'_, str>, RawValue<'_>)| {
        (name.into_owned(), raw.as_json().to_owned())
    };
    let all: Vec<_> = view.members().map(json).collect();
    for (name, selected) in KNOWN.into_iter().zip(view.select(&NAMES)) {
        let expected = all.iter().find(|(other, _)| name == other).map(|(_, json)| json.as_str());
        assert_eq!(selected.map(RawValue::as_json), expected);
    }
    let unselected: Vec<_> = view.unselected().map(json).collect();
    let others = all.iter().filter(|(name, _)| !KNOWN.contains(&name.as_str()));
    assert_eq!(unselected, others.cloned().collect::<Vec<_>>());
    assert_eq!(view.members().map(json).collect::<Vec<_>>(), all);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    /// Proves JSN-01: what serde_json prints is accepted and read back unchanged.
    #[test]
    fn printed_json_is_read_back(value in any_json()) {
        let compact = serde_json::to_vec(&value).unwrap();
        // serde_json reads a float back to the nearest value only, so its own reading is the reference
        let expected: Value = serde_json::from_slice(&compact).unwrap();
        prop_assert_eq!(from_slice::<Value>(&compact, &Limits::default()).unwrap(), expected.clone());
        let pretty = serde_json::to_vec_pretty(&value).unwrap();
        prop_assert_eq!(from_slice::<Value>(&pretty, &Limits::default()).unwrap(), expected);
    }

    /// Proves JSN-01: on anything near JSON, the scan refuses what serde_json refuses, and beyond that only duplicates.
    #[test]
    fn the_scan_agrees_with_serde_json(input in nearly_json()) {
        match (check(input.as_bytes(), &Limits::default()), serde_json::from_str::<Value>(&input)) {
            (Ok(()), Ok(_)) | (Err(_), Err(_)) | (Err(JsonError::DuplicateMember { .. }), Ok(_)) => {}
            (ours, theirs) => prop_assert!(false, "{:?} beside {:?}", ours, theirs),
        }
    }

    /// Proves JSN-04, JSN-12: what the scan refuses, the view refuses in the same words.
    #[test]
    fn the_view_refuses_what_the_scan_refuses(input in nearly_json()) {
        for input in [input.clone(), format!("{{{input}}}"), format!("{{\"a\":{input}}}")] {
            let checked = check(input.as_bytes(), &Limits::default());
            match (checked, ObjectView::read(input.as_bytes(), &Limits::default())) {
                (Ok(()), Ok(view)) => shows_all(&view, &serde_json::from_str(&input).unwrap()),
                (Ok(()), Err(JsonError::NotAnObject)) => {
                    prop_assert!(!serde_json::from_str::<Value>(&input).unwrap().is_object());
                }
                (Err(one), Err(other)) => prop_assert_eq!(one.to_string(), other.to_string()),
                (one, other) => prop_assert!(false, "{:?} beside {:?}", one, other),
            }
        }
    }

    /// A table finds the names that a search through all of them finds.
    #[test]
    fn a_table_finds_its_names(name in any_name()) {
        prop_assert_eq!(NAMES.place(&name), KNOWN.iter().position(|known| *known == name));
    }

    #[test]
    fn any_bytes_get_an_answer(input in prop::collection::vec(any::<u8>(), 0..64)) {
        if check(&input, &Limits::default()).is_ok() {
            prop_assert!(std::str::from_utf8(&input).is_ok());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Proves JSN-01: the view of an object shows the members that `serde_json` reads, by iteration and by name.
    #[test]
    fn the_view_agrees_with_serde_json(value in any_json(), pretty in any::<bool>()) {
        let print = if pretty { serde_json::to_vec_pretty } else { serde_json::to_vec };
        let document = print(&value).unwrap();
        let parsed: Value = serde_json::from_slice(&document).unwrap();
        let view = ObjectView::read(&document, &Limits::default());
        let Value::Object(members) = parsed else {
            prop_assert!(matches!(view, Err(JsonError::NotAnObject)));
            return Ok(());
        };
        let view = view.unwrap();
        prop_assert_eq!(view.members().len(), members.len());
        for (name, raw) in view.members() {
            shows(raw, &members[&*name]);
            shows(view.get(&name).unwrap(), &members[&*name]);
        }
    }

    /// Proves JSN-01: a list is given element by element, as `serde_json` reads it; no other array is.
    #[test]
    fn the_list_agrees_with_serde_json(list in prop::collection::vec(any_json(), 0..4), other in any_json()) {
        let document = json!({"a": other, "keys": list, "z": {"keys": list}, "y": [{"keys": [1]}], "x": [[1]]});
        let document = serde_json::to_vec(&document).unwrap();
        let parsed: Value = serde_json::from_slice(&document).unwrap();
        let mut expected = parsed["keys"].as_array().unwrap().iter();
        let view = ObjectView::read_list(&document, &Limits::default(), "keys", &mut |element| {
            let value = expected.next().unwrap();
            shows(element.value(), value);
            let count = value.as_object().map_or(0, |members| members.len());
            assert_eq!(element.members().len(), count);
            element.members().for_each(|(name, raw)| shows(raw, &value[&*name]));
        });
        shows_all(&view.unwrap(), &parsed);
        prop_assert!(expected.next().is_none());
    }
}

/// Also where names fill the slots between that of one and that of the same with zeros behind it, which its prefix cannot
/// tell from it.
#[test]
fn a_table_tells_lengths_apart() {
    const CROWDED: [&str; 11] = ["d", "ab", "ca", "ap", "bd", "dc", "ag", "cf", "au", "bi", "a"];
    static TABLE: Names<11> = Names::new(CROWDED);
    assert!(CROWDED.iter().enumerate().all(|(place, name)| TABLE.place(name) == Some(place)));
    assert_eq!(TABLE.place("a\0\0\0"), None);
}

/// A name that is given twice has its first place.
#[test]
fn a_table_with_a_name_twice() {
    static TABLE: Names<3> = Names::new(["iss", "exp", "iss"]);
    assert_eq!(TABLE.place("iss"), Some(0));
}

/// The slot of each of these is the last one: behind it, the first one follows.
#[test]
fn a_table_is_a_ring() {
    const LAST: [&str; 4] = ["bk", "cv", "gf", "hq"];
    static TABLE: Names<4> = Names::new(LAST);
    assert!(LAST.iter().enumerate().all(|(place, name)| TABLE.place(name) == Some(place)));
    assert_eq!(TABLE.place("jb"), None);
}
