use serde::Serialize;
use serde_json::{Map, Value};

use super::header::{B64, HeaderError, check, check_critical_name, check_disjoint, names_a_jwt};
use super::sign::SignError;
use crate::algorithm::JwsAlgorithm;

/// Parameters that no caller sets by name: the key decides them, or they change how the JWS is to be read.
const RESERVED: [&str; 5] = ["alg", "kid", "crit", B64, "enc"];

/// What goes into a protected header beside `alg` and `kid`, which the key decides.
///
/// ```
/// use avouch_jose::jws::HeaderParameters;
///
/// let parameters = HeaderParameters::new().typ("at+jwt").parameter("example", 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct HeaderParameters {
    parameters: Map<String, Value>,
    critical: Vec<String>,
}

/// What goes into the unprotected header of one signature in JSON, where anybody can change it.
///
/// ```
/// use avouch_jose::jws::Unprotected;
///
/// let unprotected = Unprotected::new().kid().parameter("hint", "first drawer");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Unprotected {
    parameters: Map<String, Value>,
    kid: bool,
    algorithm: bool,
}

impl HeaderParameters {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `typ`, best without `application/` before it.
    #[must_use]
    pub fn typ(self, typ: &str) -> Self {
        self.parameter("typ", typ)
    }

    /// Sets `cty`, best without `application/` before it.
    #[must_use]
    pub fn cty(self, cty: &str) -> Self {
        self.parameter("cty", cty)
    }

    /// Sets any parameter. One that the key decides (`alg`, `kid`) or that changes how the token is read (`crit`,
    /// `b64`, `enc`) makes signing fail.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.parameters.insert(name.to_owned(), value.into());
        self
    }

    /// Sets a parameter that whoever reads the token must understand, and lists it in `crit`
    /// ([RFC 7515 §4.1.11](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11)). A registered parameter makes signing
    /// fail.
    #[must_use]
    pub fn critical(mut self, name: &str, value: impl Into<Value>) -> Self {
        if !self.critical.iter().any(|listed| listed == name) {
            self.critical.push(name.to_owned());
        }
        self.parameter(name, value)
    }
}

impl Unprotected {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts the key's `kid` here instead of into the protected header.
    #[must_use]
    pub fn kid(mut self) -> Self {
        self.kid = true;
        self
    }

    /// Puts `alg` here instead of into the protected header. Few readers accept that;
    /// [`Reader::unprotected_algorithm`](super::Reader::unprotected_algorithm) does.
    #[must_use]
    pub fn algorithm(mut self) -> Self {
        self.algorithm = true;
        self
    }

    /// Sets any parameter. One that the key decides (`alg`, `kid`) or that changes how the token is read (`crit`,
    /// `b64`, `enc`) makes signing fail.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.parameters.insert(name.to_owned(), value.into());
        self
    }
}

/// The header of one signature that is about to be made.
pub(super) struct NewHeader<'a> {
    pub(super) protected: &'a HeaderParameters,
    pub(super) unprotected: &'a Unprotected,
    pub(super) algorithm: JwsAlgorithm,
    pub(super) kid: Option<&'a str>,
    pub(super) unencoded: bool,
}

impl NewHeader<'_> {
    /// By the rules by which it would be refused where it is read.
    pub(super) fn check(&self) -> Result<(), SignError> {
        for parameters in [&self.protected.parameters, &self.unprotected.parameters] {
            if let Some(name) = RESERVED.into_iter().find(|name| parameters.contains_key(*name)) {
                return Err(SignError::ReservedParameter { name });
            }
            check(parameters)?;
        }
        check_disjoint(&self.protected.parameters, &self.unprotected.parameters)?;
        for name in &self.protected.critical {
            check_critical_name(name)?;
        }
        if self.unencoded {
            self.check_unencoded()?;
        }
        Ok(())
    }

    fn check_unencoded(&self) -> Result<(), HeaderError> {
        match self.protected.parameters.get("typ").and_then(Value::as_str) {
            Some(typ) if names_a_jwt(typ) => Err(HeaderError::UnencodedJwt),
            _ => Ok(()),
        }
    }

    /// The protected header as JSON, or nothing if there is none.
    pub(super) fn protected_json(&self) -> Vec<u8> {
        let mut object = Object::new();
        if !self.unprotected.algorithm {
            object.member("alg", self.algorithm.name());
        }
        if self.unencoded {
            object.member(B64, &false);
        }
        if self.unencoded || !self.protected.critical.is_empty() {
            let b64 = self.unencoded.then_some(B64);
            let names: Vec<&str> =
                b64.into_iter().chain(self.protected.critical.iter().map(String::as_str)).collect();
            object.member("crit", &names);
        }
        if let Some(kid) = self.kid.filter(|_| !self.unprotected.kid) {
            object.member("kid", kid);
        }
        object.members(&self.protected.parameters);
        object.finish()
    }

    /// The unprotected header as JSON, or nothing if there is none.
    pub(super) fn unprotected_json(&self) -> Vec<u8> {
        let mut object = Object::new();
        if self.unprotected.algorithm {
            object.member("alg", self.algorithm.name());
        }
        if let Some(kid) = self.kid.filter(|_| self.unprotected.kid) {
            object.member("kid", kid);
        }
        object.members(&self.unprotected.parameters);
        object.finish()
    }
}

/// Writes a JSON object member by member, each name once: the caller sees to that.
pub(super) struct Object(Vec<u8>);

impl Object {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(128))
    }

    pub(super) fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        self.name(name);
        write(&mut self.0, value);
    }

    /// A member whose value is JSON already.
    pub(super) fn raw_member(&mut self, name: &str, json: &[u8]) {
        self.name(name);
        self.0.extend_from_slice(json);
    }

    fn members(&mut self, members: &Map<String, Value>) {
        for (name, value) in members {
            self.member(name, value);
        }
    }

    fn name(&mut self, name: &str) {
        self.0.push(if self.0.is_empty() { b'{' } else { b',' });
        write(&mut self.0, name);
        self.0.push(b':');
    }

    /// The object, or nothing if it has no member.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if !self.0.is_empty() {
            self.0.push(b'}');
        }
        self.0
    }
}

fn write<T: Serialize + ?Sized>(json: &mut Vec<u8>, value: &T) {
    // texts, lists of texts and JSON values: nothing in them can fail to be written, and a Vec takes it all
    let _ = serde_json::to_writer(json, value);
}
