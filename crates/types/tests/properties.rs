//! What is printed is read back; and any text gets an answer.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use avouch_types::form::{FormError, decode, encode};
use avouch_types::{
    ClientId, EndpointUrl, Form, FormLimits, Issuer, LanguageTag, RedirectUri, ResponseType, Scopes, repeats,
    with_query,
};
use proptest::prelude::*;
use url::form_urlencoded;

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9-]{0,8}(\\.[a-z][a-z0-9]{0,5}){0,3}",
        Just("127.0.0.1".to_owned()),
        Just("[2001:db8::7]".to_owned()),
    ]
}

/// Few or many parameters, of names that repeat or of any.
fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof![4 => "[ab]{1,3}", 1 => any::<String>()];
    let value = prop_oneof!["", "[ -~]{0,8}", any::<String>()];
    prop::collection::vec((name, value), 0..40)
}

prop_compose! {
    fn https_url()(host in host(), port in prop::option::of(1u16..), path in "(/[a-zA-Z0-9_~!$&'()*+,;=:@-]{1,6}){0,3}")
        -> String
    {
        format!("https://{host}{}{path}", port.map(|port| format!(":{port}")).unwrap_or_default())
    }
}

proptest! {
    #[test]
    fn encoding_is_undone_by_decoding(text in any::<String>()) {
        let encoded = encode(&text);
        prop_assert!(encoded.is_ascii());
        prop_assert_eq!(decode(&encoded).unwrap(), text);
    }

    /// Proves CORE-13-01: whatever names and values are, also several of a name, and also more than are compared by hand.
    #[test]
    fn forms_are_read_back(pairs in pairs()) {
        let form: Form = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let encoded = form.to_urlencoded();
        let read = Form::parse_noting_repeats(encoded.as_bytes(), &FormLimits::default()).unwrap();
        // a parameter with neither name nor value is written as a lone equal sign and still there
        prop_assert_eq!(&read, &form);
        prop_assert!(read.iter().eq(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))));
        let mut theirs = form_urlencoded::Serializer::new(String::new());
        prop_assert_eq!(encoded, theirs.extend_pairs(&pairs).finish());
    }

    /// Proves END-03, END-04: each way to ask a form agrees with what was put in.
    #[test]
    fn values_are_found_by_their_names(pairs in pairs(), name in "[ab]{1,3}") {
        let form: Form = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let count = |name: &str| pairs.iter().filter(|(own, _)| own == name).count();
        let values: Vec<&str> =
            pairs.iter().filter(|(own, _)| *own == name).map(|(_, value)| value.as_str()).collect();
        prop_assert_eq!(form.get_all(&name).collect::<Vec<_>>(), values.clone());
        let sole = if let [value] = values.as_slice() { Some(*value) } else { None };
        prop_assert_eq!(form.raw(&name), sole);
        prop_assert_eq!(form.get(&name), sole.filter(|value| !value.is_empty()));
        let ([first, second], others) = form.take_apart(&[name.as_str(), "aa"]);
        prop_assert_eq!(first, form.get(&name));
        prop_assert!(second == form.get("aa") || name == "aa");
        prop_assert_eq!(&others, &form.without(&[name.as_str(), "aa"]));
        prop_assert_eq!(others.iter().count(), pairs.len() - values.len() - if name == "aa" { 0 } else { count("aa") });

        // in the order in which they stand there again
        let mut repeated: Vec<&str> = Vec::new();
        for (place, (name, _)) in pairs.iter().enumerate() {
            if pairs[..place].iter().any(|(own, _)| own == name) && !repeated.contains(&name.as_str()) {
                repeated.push(name);
            }
        }
        prop_assert_eq!(form.repeated(), repeated);
    }

    #[test]
    fn any_octets_get_an_answer(octets in prop::collection::vec(any::<u8>(), 0..80)) {
        if let Ok(form) = Form::parse(&octets, &FormLimits::default()) {
            prop_assert_eq!(Form::parse(form.to_urlencoded().as_bytes(), &FormLimits::default()).unwrap(), form);
        }
    }

    /// Proves CORE-13-01: of what the WHATWG's codec reads, which reads anything, we refuse three things: percent signs without
    /// two digits, bytes that every encoder escapes, and what is not UTF-8. All else is read the same.
    #[test]
    fn forms_are_read_as_by_another_codec(encoded in "([a-c]|[;+&=/?]|%[0-9A-Fa-f]{2}|%[0-9g]{0,2}| |\x00|\x7f|\u{e9}){0,24}") {
        let octets = encoded.as_bytes();
        let theirs: Vec<_> = form_urlencoded::parse(octets).collect();
        let digits = |at: usize| octets.get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        let malformed = (0..octets.len()).any(|at| octets[at] == b'%' && !digits(at));
        let unescaped = octets.iter().any(|byte| !byte.is_ascii_graphic());
        let not_utf8 = theirs.iter().any(|(name, value)| name.contains('\u{fffd}') || value.contains('\u{fffd}'));
        match Form::parse_noting_repeats(octets, &FormLimits::default()) {
            Ok(form) => {
                prop_assert!(!malformed && !unescaped && !not_utf8);
                prop_assert!(form.iter().eq(theirs.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))));
            }
            Err(FormError::MalformedPercentEncoding { .. }) => prop_assert!(malformed),
            Err(FormError::ForbiddenByte { .. }) => prop_assert!(unescaped),
            Err(FormError::NotUtf8 { .. }) => prop_assert!(not_utf8),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }

    #[test]
    fn urls_keep_their_text(url in https_url()) {
        let issuer = Issuer::parse(&url).unwrap();
        prop_assert_eq!(issuer.as_str(), &url);
        prop_assert_eq!(format!("{}{}", issuer.origin(), issuer.path()), url.clone());
        prop_assert_eq!(serde_json::from_str::<Issuer>(&serde_json::to_string(&issuer).unwrap()).unwrap(), issuer);
        prop_assert!(EndpointUrl::parse(&url).is_ok() && RedirectUri::parse(&url).is_ok());
    }

    /// Proves END-04, END-02: whatever the URL's query held, afterwards each added name stands there once.
    #[test]
    fn an_added_parameter_stands_in_the_query_once(
        url in https_url(),
        own in prop::collection::vec(("(code|c%6Fde|state|x|%78)", "[a-z0-9]{0,3}"), 0..6),
        code in "[ -~]{1,12}",
    ) {
        let own: Vec<String> = own.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let url = format!("{url}?{}", own.join("&"));
        let with_code = with_query(&url, &Form::new().with("code", code.clone()));
        let (_, query) = with_code.split_once('?').unwrap();
        let form = Form::parse_noting_repeats(query.as_bytes(), &FormLimits::default()).unwrap();
        prop_assert_eq!(form.get_all("code").collect::<Vec<_>>(), [code.as_str()]);
        let kept = own.iter().filter(|pair| pair.starts_with("state")).count();
        prop_assert_eq!(form.get_all("state").count(), kept);
        prop_assert!(EndpointUrl::parse(&with_code).is_ok());
    }

    #[test]
    fn any_text_gets_an_answer_from_each_parser(text in any::<String>()) {
        if let Ok(uri) = RedirectUri::parse(&text) {
            prop_assert!(uri.as_str() == text && text.is_ascii() && !uri.matches_loopback(&RedirectUri::parse("app:x").unwrap()));
        }
        if let Ok(tag) = LanguageTag::parse(&text) {
            prop_assert!(tag.as_str().eq_ignore_ascii_case(&text));
        }
        if let Ok(id) = ClientId::parse(&text) {
            prop_assert_eq!(id.as_str(), text);
        }
    }

    #[test]
    fn near_urls_get_an_answer(text in "(https?|app|javascript)?:?/{0,3}[a-z@\\\\\\[\\]:.%0-9]{0,12}[/?#]?[a-z.%/]{0,8}") {
        for parsed in [Issuer::parse(&text).map(|i| i.to_string()), RedirectUri::parse(&text).map(|r| r.to_string())]
            .into_iter().flatten()
        {
            prop_assert_eq!(&parsed, &text);
            prop_assert!(!text.contains(['\\', '#']));
        }
    }

    #[test]
    fn repeats_are_found_however_many_texts_there_are(texts in prop::collection::vec("a[a-c]{1,2}d", 0..40)) {
        let expected: Vec<usize> =
            (0..texts.len()).filter(|place| texts[..*place].contains(&texts[*place])).collect();
        prop_assert_eq!(repeats(texts.iter().map(String::as_str)), expected);
    }

    #[test]
    fn response_types_are_read_in_any_order(words in prop::collection::btree_set("[a-z_]{1,8}", 1..5)) {
        let forwards: Vec<_> = words.iter().cloned().collect();
        let backwards: Vec<_> = words.iter().rev().cloned().collect();
        let parsed = ResponseType::parse(&forwards.join(" ")).unwrap();
        prop_assert_eq!(&parsed, &ResponseType::parse(&backwards.join(" ")).unwrap());
        prop_assert_eq!(parsed.words().collect::<Vec<_>>(), forwards);
    }

    #[test]
    fn scopes_are_read_back(words in prop::collection::vec("[!#-\\[\\]-~]{1,6}", 0..8)) {
        let scopes = Scopes::parse(&words.join(" ")).unwrap();
        prop_assert_eq!(Scopes::parse(&scopes.to_string()).unwrap(), scopes);
    }
}
