//! From JSON members to a request, keeping the path for errors.

use avouch_json::Limits;
use serde_json::{Map, Value};

use super::{ClaimRequest, ClaimsRequest, ClaimsRequestError, RequestedClaims};
use crate::{JsonType, StandardClaims, path};

/// JSON text that is to be an object and is called `path`.
pub(super) fn object(
    path: &str,
    input: &[u8],
    limits: &Limits,
) -> Result<Map<String, Value>, ClaimsRequestError> {
    avouch_json::object(input, limits)
        .map_err(|error| ClaimsRequestError::Json { path: path::inside(path, &error.path(input)), error })
}

pub(super) fn claims_request(mut members: Map<String, Value>) -> Result<ClaimsRequest, ClaimsRequestError> {
    let mut place = |name| {
        members.remove(name).map(|value| requested_claims(&path::member("claims", name), value)).transpose()
    };
    let (userinfo, id_token) = (place("userinfo")?, place("id_token")?);
    Ok(ClaimsRequest { userinfo, id_token, extra: members })
}

pub(super) fn requested_claims(path: &str, value: Value) -> Result<RequestedClaims, ClaimsRequestError> {
    let Value::Object(claims) = value else {
        let found = JsonType::of(&value);
        return Err(ClaimsRequestError::PlaceNotAnObject { path: path.to_owned(), found });
    };
    claims
        .into_iter()
        .map(|(name, value)| {
            let request = claim_request(|| path::member(path, &name), &name, value)?;
            Ok((name, request))
        })
        .collect()
}

fn claim_request(
    path: impl Fn() -> String,
    name: &str,
    value: Value,
) -> Result<ClaimRequest, ClaimsRequestError> {
    let mut members = match value {
        Value::Null => return Ok(ClaimRequest::default()),
        Value::Object(members) => members,
        other => return Err(ClaimsRequestError::NotAnObject { path: path(), found: JsonType::of(&other) }),
    };
    let inside = |member: &str| path::member(&path(), member);
    let essential = match members.remove("essential") {
        None => false,
        Some(Value::Bool(essential)) => essential,
        Some(other) => {
            let path = inside("essential");
            return Err(ClaimsRequestError::EssentialNotBoolean { path, found: JsonType::of(&other) });
        }
    };
    let value = members.remove("value");
    let values = match members.remove("values") {
        None => None,
        Some(Value::Array(values)) => Some(values),
        Some(other) => {
            let path = inside("values");
            return Err(ClaimsRequestError::ValuesNotArray { path, found: JsonType::of(&other) });
        }
    };
    let request = ClaimRequest { essential, value, values, extra: members };
    check_values(path, name, &request)?;
    Ok(request)
}

/// What is asked for are values that the claim `name` can have.
pub(super) fn check_values(
    path: impl Fn() -> String,
    name: &str,
    request: &ClaimRequest,
) -> Result<(), ClaimsRequestError> {
    let inside = |member: &str| path::member(&path(), member);
    if let Some(value) = &request.value {
        check_value(|| inside("value"), name, value)?;
    }
    for (index, value) in request.values.iter().flatten().enumerate() {
        check_value(|| path::element(&inside("values"), index), name, value)?;
    }
    Ok(())
}

/// What is asked for must be a valid value of the claim (Core 5.5.1): of its JSON type, as far as that is known.
fn check_value(path: impl Fn() -> String, claim: &str, value: &Value) -> Result<(), ClaimsRequestError> {
    let name = claim.split_once('#').map_or(claim, |(name, _)| name);
    let expected = match name {
        "iss" | "sub" | "acr" | "azp" | "nonce" | "sid" | "at_hash" | "c_hash" | "jti" => {
            Some(JsonType::String)
        }
        "auth_time" | "exp" | "iat" | "nbf" => Some(JsonType::Number),
        "amr" => Some(JsonType::Array),
        _ => StandardClaims::type_of(name),
    };
    let found = JsonType::of(value);
    match expected {
        Some(expected) if expected != found => {
            Err(ClaimsRequestError::ValueOfWrongType { path: path(), expected, found })
        }
        _ => Ok(()),
    }
}
