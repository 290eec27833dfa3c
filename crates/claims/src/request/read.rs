//! From JSON members to a request, keeping the path for errors.

use serde_json::{Map, Value};

use super::{ClaimRequest, ClaimsRequest, ClaimsRequestError, RequestedClaims};
use crate::JsonType;

pub(super) fn claims_request(mut members: Map<String, Value>) -> Result<ClaimsRequest, ClaimsRequestError> {
    let mut place = |name| members.remove(name).map(|value| requested_claims(name, value)).transpose();
    let (userinfo, id_token) = (place("userinfo")?, place("id_token")?);
    Ok(ClaimsRequest { userinfo, id_token, extra: members })
}

fn requested_claims(place: &str, value: Value) -> Result<RequestedClaims, ClaimsRequestError> {
    let path = || format!("claims.{place}");
    let Value::Object(claims) = value else {
        return Err(ClaimsRequestError::NotAnObject { path: path(), found: JsonType::of(&value) });
    };
    claims
        .into_iter()
        .map(|(name, value)| {
            let request = claim_request(|| format!("{}.{name}", path()), value)?;
            Ok((name, request))
        })
        .collect()
}

fn claim_request(path: impl Fn() -> String, value: Value) -> Result<ClaimRequest, ClaimsRequestError> {
    let mut members = match value {
        Value::Null => return Ok(ClaimRequest::default()),
        Value::Object(members) => members,
        other => return Err(ClaimsRequestError::NotAnObject { path: path(), found: JsonType::of(&other) }),
    };
    let essential = match members.remove("essential") {
        None => false,
        Some(Value::Bool(essential)) => essential,
        Some(other) => {
            let path = format!("{}.essential", path());
            return Err(ClaimsRequestError::EssentialNotBoolean { path, found: JsonType::of(&other) });
        }
    };
    let values = match members.remove("values") {
        None => None,
        Some(Value::Array(values)) => Some(values),
        Some(other) => {
            let path = format!("{}.values", path());
            return Err(ClaimsRequestError::ValuesNotArray { path, found: JsonType::of(&other) });
        }
    };
    Ok(ClaimRequest { essential, value: members.remove("value"), values, extra: members })
}
