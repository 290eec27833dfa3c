//! The `claims` parameter.

mod error;
mod read;

use std::collections::BTreeMap;
use std::fmt;

use avouch_json::Limits;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::unique::Unique;
use crate::value::NamesOf;
use crate::{ClaimRef, JsonType, UserInfoReach, path};

pub use error::ClaimsRequestError;

/// The `claims` parameter: individual claims asked for, by the place they shall be returned from
/// ([Core 5.5](https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter)).
///
/// As a form parameter it is JSON text ([`from_json`](Self::from_json), [`to_json`](Self::to_json)); inside a Request
/// Object it is a JSON object (`Serialize`, `Deserialize`). All of them refuse a member that stands there twice, at every
/// level; limits and errors with paths are those of [`from_json`](Self::from_json).
///
/// ```
/// use avouch_claims::{ClaimRequest, ClaimsRequest};
///
/// let request = ClaimsRequest::new()
///     .with_userinfo("email", ClaimRequest::essential())
///     .with_userinfo("picture", ClaimRequest::voluntary())
///     .with_id_token("acr", ClaimRequest::voluntary().with_values(["urn:mace:incommon:iap:silver"]));
/// let json = request.to_json();
/// assert_eq!(
///     json,
///     r#"{"id_token":{"acr":{"values":["urn:mace:incommon:iap:silver"]}},"#.to_owned()
///         + r#""userinfo":{"email":{"essential":true},"picture":null}}"#
/// );
/// assert_eq!(ClaimsRequest::from_json(json.as_bytes(), &avouch_json::Limits::default())?, request);
/// # Ok::<(), avouch_claims::ClaimsRequestError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ClaimsRequest {
    /// Claims to be returned from the UserInfo Endpoint, besides those that scopes ask for.
    pub userinfo: Option<RequestedClaims>,
    /// Claims to be returned in the ID Token, besides those that are always in it.
    pub id_token: Option<RequestedClaims>,
    /// Members that the specification does not know; they ask for nothing.
    pub extra: Map<String, Value>,
}

impl ClaimsRequest {
    /// A request for nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for one claim from the UserInfo Endpoint; an earlier request for the same claim is replaced.
    #[must_use]
    pub fn with_userinfo(mut self, name: impl Into<String>, request: ClaimRequest) -> Self {
        self.userinfo.get_or_insert_default().insert(name, request);
        self
    }

    /// Asks for one claim in the ID Token; an earlier request for the same claim is replaced.
    #[must_use]
    pub fn with_id_token(mut self, name: impl Into<String>, request: ClaimRequest) -> Self {
        self.id_token.get_or_insert_default().insert(name, request);
        self
    }

    /// Reads the parameter's JSON text.
    ///
    /// # Errors
    ///
    /// [`ClaimsRequestError`], with the path of the member that is malformed.
    pub fn from_json(input: &[u8], limits: &Limits) -> Result<Self, ClaimsRequestError> {
        Self::from_members(read::object("claims", input, limits)?)
    }

    /// Reads the members of a JSON object, as it stands in a Request Object.
    ///
    /// # Errors
    ///
    /// [`ClaimsRequestError`], with the path of the member that is malformed.
    pub fn from_members(members: Map<String, Value>) -> Result<Self, ClaimsRequestError> {
        read::claims_request(members)
    }

    /// The JSON object's members. What is a default is written as such: a plain voluntary request is `null`.
    #[must_use]
    pub fn to_members(&self) -> Map<String, Value> {
        let mut members = self.extra.clone();
        for (name, claims) in [("userinfo", &self.userinfo), ("id_token", &self.id_token)] {
            if let Some(claims) = claims {
                members.insert(name.to_owned(), claims.to_value());
            }
        }
        members
    }

    /// The parameter's JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        Value::Object(self.to_members()).to_string()
    }

    /// Holds what was put together here to what [`from_json`](Self::from_json) holds what is received: the values asked for
    /// are of the JSON type that the claim has (Core 5.5.1), as far as it is known. To be called before a request is sent.
    ///
    /// ```
    /// use avouch_claims::{ClaimRequest, ClaimsRequest};
    /// let request = ClaimsRequest::new().with_userinfo("email", ClaimRequest::essential().with_value(5));
    /// assert_eq!(request.check().unwrap_err().path(), "claims.userinfo.email.value");
    /// ```
    ///
    /// # Errors
    ///
    /// [`ClaimsRequestError::ValueOfWrongType`]
    pub fn check(&self) -> Result<(), ClaimsRequestError> {
        for (path, claims) in [("claims.userinfo", &self.userinfo), ("claims.id_token", &self.id_token)] {
            claims.iter().try_for_each(|claims| claims.check(path))?;
        }
        Ok(())
    }

    /// The rule between this parameter and the response type: `userinfo` needs a response type that yields an access
    /// token (Core 5.5).
    ///
    /// # Errors
    ///
    /// [`ClaimsRequestError::UserInfoOutOfReach`] if `userinfo` is asked of a response without an access token.
    pub fn check_reach(&self, reach: UserInfoReach) -> Result<(), ClaimsRequestError> {
        match &self.userinfo {
            Some(_) if reach == UserInfoReach::Beyond => Err(ClaimsRequestError::UserInfoOutOfReach),
            _ => Ok(()),
        }
    }
}

/// The claims asked for from one place, by name; a name may carry a language tag (`family_name#ja-Kana-JP`).
///
/// ```
/// use avouch_claims::{ClaimRequest, RequestedClaims};
/// let mut claims = RequestedClaims::default();
/// claims.insert("auth_time", ClaimRequest::essential());
/// assert!(claims.get("auth_time").is_some_and(|request| request.essential));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestedClaims(BTreeMap<String, ClaimRequest>);

impl RequestedClaims {
    /// How a claim is asked for, if it is.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&ClaimRequest> {
        self.0.get(name)
    }

    /// Reads the JSON object of one place, for a protocol that has only one: `path` is what errors call it.
    ///
    /// ```
    /// use avouch_claims::RequestedClaims;
    /// let wanted = RequestedClaims::from_value("fields", serde_json::json!({"email": {"essential": true}, "name": null}))?;
    /// assert_eq!(wanted.len(), 2);
    /// let error = RequestedClaims::from_value("fields", serde_json::json!({"email": true})).unwrap_err();
    /// assert_eq!(error.path(), "fields.email");
    /// # Ok::<(), avouch_claims::ClaimsRequestError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ClaimsRequestError`], with the path of the member that is malformed.
    pub fn from_value(path: &str, value: Value) -> Result<Self, ClaimsRequestError> {
        read::requested_claims(path, value)
    }

    /// As [`from_value`](Self::from_value), from JSON text.
    ///
    /// ```
    /// use avouch_claims::RequestedClaims;
    /// let limits = avouch_json::Limits::default();
    /// assert!(RequestedClaims::from_json("fields", br#"{"email": null}"#, &limits)?.get("email").is_some());
    /// let error = RequestedClaims::from_json("fields", br#"{"email": null, "email": null}"#, &limits).unwrap_err();
    /// assert_eq!((error.path(), error.section()), ("fields.email", "RFC 8259, 4"));
    /// # Ok::<(), avouch_claims::ClaimsRequestError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ClaimsRequestError`], with the path of the member that is malformed.
    pub fn from_json(path: &str, input: &[u8], limits: &Limits) -> Result<Self, ClaimsRequestError> {
        Self::from_value(path, Value::Object(read::object(path, input, limits)?))
    }

    /// Asks for a claim; an earlier request for the same claim is replaced.
    pub fn insert(&mut self, name: impl Into<String>, request: ClaimRequest) {
        self.0.insert(name.into(), request);
    }

    /// As [`ClaimsRequest::check`], for one place that errors call `path`.
    ///
    /// # Errors
    ///
    /// [`ClaimsRequestError::ValueOfWrongType`]
    pub fn check(&self, path: &str) -> Result<(), ClaimsRequestError> {
        let checked = |(name, request)| read::check_values(|| path::member(path, name), name, request);
        self.iter().try_for_each(checked)
    }

    /// All claims asked for, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ClaimRequest)> {
        self.0.iter().map(|(name, request)| (name.as_str(), request))
    }

    /// How many claims are asked for.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no claim is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The JSON object.
    #[must_use]
    pub fn to_value(&self) -> Value {
        self.iter().map(|(name, request)| (name.to_owned(), request.to_value())).collect()
    }
}

impl FromIterator<(String, ClaimRequest)> for RequestedClaims {
    fn from_iter<I: IntoIterator<Item = (String, ClaimRequest)>>(claims: I) -> Self {
        Self(claims.into_iter().collect())
    }
}

/// How one claim is asked for
/// ([Core 5.5.1](https://openid.net/specs/openid-connect-core-1_0.html#IndividualClaimsRequests)).
///
/// The default asks voluntarily for any value, which is `null` on the wire.
///
/// ```
/// use avouch_claims::ClaimRequest;
/// let request = ClaimRequest::essential().with_values(["urn:silver", "urn:bronze"]);
/// assert!(request.accepts(&"urn:bronze".into()));
/// assert!(!request.accepts(&"urn:gold".into()));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ClaimRequest {
    /// Whether the RP says that it needs the claim for a smooth authorization. Default: `false`.
    /// No claim's absence is an error for that alone.
    pub essential: bool,
    /// The one value that the claim shall have.
    pub value: Option<Value>,
    /// The values that the claim may have, in order of preference.
    pub values: Option<Vec<Value>>,
    /// Members that the specification does not know; they are ignored.
    pub extra: Map<String, Value>,
}

impl ClaimRequest {
    /// Asks for a claim in the default manner.
    #[must_use]
    pub fn voluntary() -> Self {
        Self::default()
    }

    /// Asks for a claim as an essential one.
    #[must_use]
    pub fn essential() -> Self {
        Self { essential: true, ..Self::default() }
    }

    /// Asks for this value and no other. Of which type it must be hangs on the claim: [`ClaimsRequest::check`].
    #[must_use]
    pub fn with_value(mut self, value: impl Into<Value>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Asks for one of these values, in order of preference; each as [`with_value`](Self::with_value) says.
    #[must_use]
    pub fn with_values<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.values = Some(values.into_iter().map(Into::into).collect());
        self
    }

    /// Whether a claim value meets the request: JSON equality with `value`, if given, and with one of `values`, if
    /// given. A claim whose value does not meet it is left out of the response; for `sub` the authentication fails.
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        self.accepts_claim(ClaimRef::Other(value))
    }

    pub(crate) fn accepts_claim(&self, value: ClaimRef<'_>) -> bool {
        self.value.as_ref().is_none_or(|wanted| value == *wanted)
            && self.values.as_ref().is_none_or(|wanted| wanted.iter().any(|wanted| value == *wanted))
    }

    fn to_value(&self) -> Value {
        if *self == Self::default() {
            return Value::Null;
        }
        let mut members = self.extra.clone();
        if self.essential {
            members.insert("essential".to_owned(), Value::Bool(true));
        }
        if let Some(value) = &self.value {
            members.insert("value".to_owned(), value.clone());
        }
        if let Some(values) = &self.values {
            members.insert("values".to_owned(), Value::Array(values.clone()));
        }
        Value::Object(members)
    }
}

/// Of members that the specification does not know, the names only.
impl fmt::Debug for ClaimsRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClaimsRequest")
            .field("userinfo", &self.userinfo)
            .field("id_token", &self.id_token)
            .field("extra", &NamesOf(&self.extra))
            .finish()
    }
}

/// The types of the values asked for and not the values, which may say who is meant.
impl fmt::Debug for ClaimRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.values.as_ref().map(|values| values.iter().map(JsonType::of).collect::<Vec<_>>());
        f.debug_struct("ClaimRequest")
            .field("essential", &self.essential)
            .field("value", &self.value.as_ref().map(JsonType::of))
            .field("values", &values)
            .field("extra", &NamesOf(&self.extra))
            .finish()
    }
}

impl Serialize for ClaimsRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_members().serialize(serializer)
    }
}

impl Serialize for RequestedClaims {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

/// Paths in errors begin with the claim.
impl<'de> Deserialize<'de> for RequestedClaims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value("", Unique::deserialize(deserializer)?.0).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for ClaimsRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Unique::deserialize(deserializer)?.0 {
            Value::Object(members) => Self::from_members(members).map_err(D::Error::custom),
            other => Err(D::Error::custom(format_args!("claims is {}, not an object", JsonType::of(&other)))),
        }
    }
}
