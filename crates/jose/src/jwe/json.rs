//! The general and the flattened JSON serialisation ([RFC 7516 §7.2](https://www.rfc-editor.org/rfc/rfc7516#section-7.2)).

use std::sync::Arc;

use serde_json::{Map, Value};

use super::error::{JweError, Segment};
use super::header::{Parts, wipe_private_keys};
use super::reader::Rules;
use super::unverified::{AdditionalData, Recipient, UnverifiedJwe};
use crate::base64url;

pub(super) fn read(text: &str, rules: &Rules) -> Result<UnverifiedJwe<'static>, JweError> {
    rules.check_length(text)?;
    // whose length has just had its own budget
    let budgets = rules.limits.json.with_bytes(text.len());
    let mut members = avouch_json::object(text.as_bytes(), &budgets).map_err(JweError::Json)?;
    // first, so that no other mistake, of whatever recipient, leaves a private key behind
    wipe_private_keys(unprotected(&mut members))?;
    if let Some(name) = ["payload", "signatures"].into_iter().find(|name| members.contains_key(*name)) {
        return Err(JweError::MixedForms { name });
    }
    let protected = string(&mut members, "protected")?.unwrap_or_default();
    let shared = object(&mut members, "unprotected")?;
    let aad = match string(&mut members, "aad")? {
        None => None,
        Some(encoded) => {
            let octets = base64url::decode(&encoded)
                .map_err(|source| JweError::Encoding { segment: Segment::AdditionalData, source })?;
            Some(AdditionalData { encoded, octets: octets.into() })
        }
    };
    let iv = encoded(&mut members, "iv", Segment::InitializationVector)?.unwrap_or_default();
    let tag = encoded(&mut members, "tag", Segment::Tag)?.unwrap_or_default();
    // the only one that may be empty: that is what an empty plaintext becomes
    let ciphertext = match members.remove("ciphertext") {
        Some(Value::String(ciphertext)) => ciphertext,
        Some(_) => return Err(JweError::MemberType { name: "ciphertext" }),
        None => return Err(JweError::MemberMissing { name: "ciphertext" }),
    };
    check_encoding(&ciphertext, Segment::Ciphertext)?;

    let mut parameters = match protected.as_str() {
        "" => Map::new(),
        encoded => match rules.parameters(encoded)? {
            empty if empty.is_empty() => return Err(JweError::MemberEmpty { name: "protected" }),
            parameters => parameters,
        },
    };
    // before each recipient has a copy
    wipe_private_keys([&mut parameters])?;
    let mut recipients = entries(members, rules.limits.recipients)?.into_iter().map(|mut entry| {
        let parts = Parts {
            protected: parameters.clone(),
            shared: shared.clone(),
            recipient: object(&mut entry, "header")?,
        };
        let encrypted_key = encoded(&mut entry, "encrypted_key", Segment::EncryptedKey)?;
        let header = Arc::new(rules.join(parts)?);
        Ok(Recipient { header, encrypted_key: encrypted_key.unwrap_or_default().into() })
    });
    let first = recipients.next().ok_or(JweError::MemberEmpty { name: "recipients" })??;
    let others = recipients.collect::<Result<Vec<_>, JweError>>()?;
    if others.iter().any(|other| other.header.enc() != first.header.enc()) {
        return Err(JweError::EncryptionsDiffer);
    }
    if others.is_empty() {
        first.header.check_management()?;
    }
    Ok(UnverifiedJwe {
        first,
        others,
        protected: protected.into(),
        aad,
        iv: iv.into(),
        ciphertext: ciphertext.into(),
        tag: tag.into(),
        is_compact: false,
        key_trials: rules.limits.key_trials,
        inflating: rules.inflating,
    })
}

/// All headers that are not protected.
fn unprotected(members: &mut Map<String, Value>) -> Vec<&mut Map<String, Value>> {
    let mut headers = Vec::new();
    for (name, value) in members {
        match (name.as_str(), value) {
            ("unprotected" | "header", Value::Object(header)) => headers.push(header),
            ("recipients", Value::Array(entries)) => {
                headers
                    .extend(entries.iter_mut().filter_map(|entry| entry.get_mut("header")?.as_object_mut()));
            }
            _ => {}
        }
    }
    headers
}

/// The objects that hold what is a recipient's own: the entries of `recipients`, or in the flattened form the JWE itself.
fn entries(mut members: Map<String, Value>, limit: usize) -> Result<Vec<Map<String, Value>>, JweError> {
    let entries = match members.remove("recipients") {
        None => return Ok(vec![members]),
        Some(Value::Array(entries)) => entries,
        Some(_) => return Err(JweError::MemberType { name: "recipients" }),
    };
    if let Some(name) = ["header", "encrypted_key"].into_iter().find(|name| members.contains_key(*name)) {
        return Err(JweError::MixedForms { name });
    }
    if entries.len() > limit {
        return Err(JweError::TooManyRecipients { found: entries.len(), limit });
    }
    let object = |entry| match entry {
        Value::Object(entry) => Ok(entry),
        _ => Err(JweError::MemberType { name: "recipients" }),
    };
    entries.into_iter().map(object).collect()
}

fn string(members: &mut Map<String, Value>, name: &'static str) -> Result<Option<String>, JweError> {
    match members.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Err(JweError::MemberEmpty { name }),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(JweError::MemberType { name }),
    }
}

fn encoded(
    members: &mut Map<String, Value>,
    name: &'static str,
    segment: Segment,
) -> Result<Option<String>, JweError> {
    let text = string(members, name)?;
    text.iter().try_for_each(|text| check_encoding(text, segment))?;
    Ok(text)
}

fn object(members: &mut Map<String, Value>, name: &'static str) -> Result<Map<String, Value>, JweError> {
    match members.remove(name) {
        None => Ok(Map::new()),
        Some(Value::Object(object)) if object.is_empty() => Err(JweError::MemberEmpty { name }),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(JweError::MemberType { name }),
    }
}

fn check_encoding(text: &str, segment: Segment) -> Result<(), JweError> {
    base64url::decode(text).map(drop).map_err(|source| JweError::Encoding { segment, source })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Proves HDR-04. Private keys are wiped from the headers of all recipients, also behind one that is malformed.
    #[test]
    fn private_keys_of_every_recipient_are_wiped() {
        let header = json!({"jwk": {"kty": "oct", "k": "secret"}});
        let entry = json!({"header": header});
        let jwe =
            json!({"unprotected": header, "header": header, "recipients": [entry, 1, {"header": 1}, entry]});
        let Value::Object(mut members) = jwe else { panic!("it is an object") };
        assert!(wipe_private_keys(unprotected(&mut members)).is_err());
        let text = Value::from(members).to_string();
        assert_eq!(text.matches("jwk").count(), 4);
        assert!(!text.contains("secret"), "{text}");
    }
}
