//! One member: between a JSON value and its type.

use avouch_jose::{AlgorithmName, JwkSet};
use avouch_json::RawValue;
use avouch_types::{
    Acr, ClaimType, ClientAuthMethod, ClientRegistrationType, CodeChallengeMethod, Display, EndpointUrl,
    GrantType, LanguageTag, Prompt, ResponseMode, ResponseType, Scope, SubjectType, TokenDeliveryMode,
    repeats,
};
use serde_json::{Map, Value};

use super::finding::MetadataRule;
use super::reading::Reading;
use super::web_url::WebUrl;

/// A type that a member of the table can have.
pub(super) trait Member: Sized {
    /// Reads a value that is not `null`. What is wrong is told to `reading`; `None` is for what gives no value at all.
    fn read(value: RawValue<'_>, reading: &mut Reading<'_>) -> Option<Self>;

    /// `None` for what is left out of a document.
    fn write(&self) -> Option<Value>;

    /// Whether this is a list without elements.
    fn is_empty(&self) -> bool {
        false
    }
}

/// A type that is written as a JSON string.
pub(super) trait Text: Sized {
    fn read_text(text: &str, reading: &Reading<'_>) -> Result<Self, MetadataRule>;
    fn text(&self) -> &str;
}

macro_rules! words {
    ($($word:ident)+) => { $(
        impl Text for $word {
            fn read_text(text: &str, _: &Reading<'_>) -> Result<Self, MetadataRule> {
                Self::parse(text).map_err(MetadataRule::Word)
            }

            fn text(&self) -> &str {
                self.as_str()
            }
        }
    )+ };
}

words! {
    Acr ClaimType ClientAuthMethod ClientRegistrationType CodeChallengeMethod Display GrantType LanguageTag Prompt
    ResponseMode ResponseType Scope SubjectType TokenDeliveryMode
}

impl Text for String {
    fn read_text(text: &str, _: &Reading<'_>) -> Result<Self, MetadataRule> {
        Ok(text.to_owned())
    }

    fn text(&self) -> &str {
        self
    }
}

impl Text for AlgorithmName {
    fn read_text(text: &str, _: &Reading<'_>) -> Result<Self, MetadataRule> {
        Ok(Self::from(text))
    }

    fn text(&self) -> &str {
        self.as_str()
    }
}

impl Text for EndpointUrl {
    fn read_text(text: &str, reading: &Reading<'_>) -> Result<Self, MetadataRule> {
        let parsed = if reading.on_loopback() && text.starts_with("http://") {
            avouch_types::dangerous::loopback_http_endpoint(text)
        } else {
            Self::parse(text)
        };
        parsed.map_err(|error| MetadataRule::Url { found: text.to_owned(), error })
    }

    fn text(&self) -> &str {
        self.as_str()
    }
}

impl Text for WebUrl {
    fn read_text(text: &str, _: &Reading<'_>) -> Result<Self, MetadataRule> {
        Self::parse(text).map_err(|error| MetadataRule::Url { found: text.to_owned(), error })
    }

    fn text(&self) -> &str {
        self.as_str()
    }
}

impl<T: Text> Member for T {
    fn read(value: RawValue<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let Some(text) = value.as_str() else { return reading.wrong_type("a string", value) };
        T::read_text(&text, reading).map_err(|rule| reading.fault(rule)).ok()
    }

    fn write(&self) -> Option<Value> {
        Some(self.text().into())
    }
}

/// How many elements a list usually has at most; more are no harm.
const USUAL: usize = 8;

impl<T: Text> Member for Vec<T> {
    /// An element that cannot be read is left out; the others stay.
    fn read(value: RawValue<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let Some(elements) = value.elements() else {
            let _: Option<Self> = reading.wrong_type("an array of strings", value);
            reading.misplaced_text(value)?;
            return T::read(value, reading).map(|only| vec![only]);
        };
        // the places in the document
        let (mut list, mut places) = (Self::with_capacity(USUAL), Vec::with_capacity(USUAL));
        for (index, element) in elements.enumerate() {
            if index == reading.most_elements() {
                reading.too_many_elements();
                return None;
            }
            reading.at(index);
            if let Some(element) = T::read(element, reading) {
                list.push(element);
                places.push(index);
            }
        }
        for place in repeats(list.iter().map(Text::text)).into_iter().filter_map(|again| places.get(again)) {
            reading.at(*place);
            reading.fault(MetadataRule::Repeated);
        }
        Some(list)
    }

    fn write(&self) -> Option<Value> {
        (!self.is_empty()).then(|| self.iter().map(Text::text).collect())
    }

    fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }
}

impl Member for bool {
    fn read(value: RawValue<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        value.as_bool().or_else(|| {
            let _: Option<Self> = reading.wrong_type("a boolean", value);
            reading.misplaced_text(value)?.parse().ok()
        })
    }

    fn write(&self) -> Option<Value> {
        Some((*self).into())
    }
}

impl Member for JwkSet {
    fn read(value: RawValue<'_>, reading: &mut Reading<'_>) -> Option<Self> {
        let set = value.read().ok().and_then(|set| Self::from_value(set, &reading.jose_limits()).ok());
        let Some(set) = set else { return reading.wrong_type("a JWK Set", value) };
        reading.within("keys");
        for entry in set.skipped() {
            reading.at(entry.index);
            reading.fault(MetadataRule::UnreadableKey);
        }
        Some(set)
    }

    fn write(&self) -> Option<Value> {
        serde_json::to_value(self.public()).ok()
    }
}

pub(super) fn is_empty<T: Member>(value: &Option<T>) -> bool {
    value.as_ref().is_some_and(Member::is_empty)
}

pub(super) fn print<T: Member>(document: &mut Map<String, Value>, member: &'static str, value: &Option<T>) {
    if let Some(value) = value.as_ref().and_then(Member::write) {
        document.insert(member.to_owned(), value);
    }
}
