//! Unsecured JWTs ([RFC 7519 §6]): `alg` is `none`, there is no signature, and anybody can have written them.
//!
//! Nothing else in this crate reads or writes one, whatever keys and algorithms are allowed: whoever has a use for such a
//! token says so at each call, without a key. What is read is never [`Verified`](crate::Verified).
//!
//! # What RFC 7519 demands of an implementation
//!
//! [RFC 7519 §8] makes `HS256` and `none` mandatory: the one is in every backend, the other is here. Of encryption, where it
//! is offered, it makes `RSA1_5`, `A128KW`, `A256KW`, `A128CBC-HS256` and `A256CBC-HS512` mandatory. The names are known;
//! which of them can be used is the backend's matter, and ring has neither AES Key Wrap nor AES CBC. `RSA1_5` stands behind
//! [a door of its own](crate::jwe::dangerous), since its padding has been broken again and again.
//!
//! [RFC 7519 §6]: https://www.rfc-editor.org/rfc/rfc7519#section-6
//! [RFC 7519 §8]: https://www.rfc-editor.org/rfc/rfc7519#section-8

use std::error::Error;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::ser::Serialize;
use serde_json::{Map, Value};

use super::claims::RegisteredClaims;
use super::error::{ClaimError, ClaimsError};
use super::expectations::Expectations;
use crate::algorithm::AlgorithmName;
use crate::base64url;
use crate::jws::{Header, JwsError, SignError, UnverifiedJws};
use crate::limits::Limits;
use crate::name::Quoted;
use crate::numeric_date::NumericDate;

/// An unsecured JWT. Nobody vouches for it, and nobody will.
///
/// ```
/// use avouch_jose::{Limits, NumericDate, jwt::{Expectations, RegisteredClaims, dangerous}};
///
/// let claims = RegisteredClaims { iss: Some("joe".to_owned()), aud: Some("ann".into()), ..Default::default() };
/// let token = dangerous::write_unsecured(None, &claims)?;
/// assert_eq!(token, "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLCJhdWQiOiJhbm4ifQ.");
///
/// let jwt = dangerous::read_unsecured(&token, &Limits::default())?;
/// let read: RegisteredClaims = jwt.unverified_claims()?;
/// assert_eq!(read, claims);
/// let refused = jwt.check_claims(&Expectations::new("joe", "eve"), NumericDate::EPOCH);
/// assert!(refused.is_err(), "for somebody else, or so it says");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct UnsecuredJwt {
    header: Header,
    claims: Map<String, Value>,
}

/// Reads an unsecured JWT: `alg` exactly `none`, the third segment empty, the payload a strict JSON object. The rules of
/// headers hold as for any token, `crit` among them.
///
/// # Errors
///
/// [`UnsecuredError`] names the rule it breaks.
pub fn read_unsecured(token: &str, limits: &Limits) -> Result<UnsecuredJwt, UnsecuredError> {
    let jws = UnverifiedJws::parse(token, limits).map_err(UnsecuredError::Jws)?;
    let header = jws.header();
    if header.alg() != AlgorithmName::NONE.as_str() {
        return Err(UnsecuredError::Secured(header.alg().into()));
    }
    // of three segments the third is empty
    if !token.ends_with('.') {
        return Err(UnsecuredError::Signature);
    }
    let payload = jws.unverified_payload().map_err(UnsecuredError::Jws)?;
    let claims = avouch_json::object(&payload, &limits.json).map_err(ClaimsError::from)?;
    Ok(UnsecuredJwt { header: header.clone(), claims })
}

/// Writes claims as an unsecured JWT, with this `typ` in its header. Anybody could have done that.
///
/// # Errors
///
/// [`SignError::Payload`] if the claims cannot be written, [`SignError::ClaimsNotAnObject`] if they are no JSON object.
pub fn write_unsecured<T: Serialize + ?Sized>(typ: Option<&str>, claims: &T) -> Result<String, SignError> {
    let claims = serde_json::to_vec(claims).map_err(SignError::Payload)?;
    if claims.first() != Some(&b'{') {
        return Err(SignError::ClaimsNotAnObject);
    }
    let mut header = Map::new();
    header.insert("alg".to_owned(), AlgorithmName::NONE.as_str().into());
    if let Some(typ) = typ {
        header.insert("typ".to_owned(), typ.into());
    }
    let header = Value::Object(header).to_string();
    Ok(format!("{}.{}.", base64url::encode(header), base64url::encode(claims)))
}

impl UnsecuredJwt {
    /// The header, as somebody wrote it.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The claims that nobody vouches for.
    ///
    /// # Errors
    ///
    /// [`ClaimsError`] if a claim has the wrong type.
    pub fn unverified_claims<T: DeserializeOwned>(&self) -> Result<T, ClaimsError> {
        serde_json::from_value(Value::Object(self.claims.clone()))
            .map_err(|source| ClaimsError::from(avouch_json::JsonError::Data(source)))
    }

    /// Reads the registered claims and checks them. They say what was expected; that they are true nobody knows.
    ///
    /// # Errors
    ///
    /// [`UnsecuredError::Claims`] if a claim has the wrong type, [`UnsecuredError::Claim`] for the first expectation that
    /// is not met.
    pub fn check_claims(
        &self,
        expectations: &Expectations,
        now: NumericDate,
    ) -> Result<RegisteredClaims, UnsecuredError> {
        let claims = self.unverified_claims()?;
        expectations.check(&self.header, &claims, now)?;
        Ok(claims)
    }
}

impl fmt::Debug for UnsecuredJwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnsecuredJwt").field("header", &self.header).finish_non_exhaustive()
    }
}

/// Why a text is not an unsecured JWT.
#[derive(Debug)]
#[non_exhaustive]
pub enum UnsecuredError {
    /// It has not the form of a token, or its header breaks a rule.
    Jws(JwsError),
    /// Its `alg` is not `none`: it has to be verified.
    Secured(AlgorithmName),
    /// Something stands where a signature would.
    Signature,
    /// The payload is not a claims set.
    Claims(ClaimsError),
    /// A claim is not what was expected.
    Claim(ClaimError),
}

impl fmt::Display for UnsecuredError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jws(error) => error.fmt(f),
            Self::Secured(alg) => write!(f, "algorithm {} is not \"none\"", Quoted(alg.as_str())),
            Self::Signature => f.write_str("an unsecured token has a signature"),
            Self::Claims(error) => error.fmt(f),
            Self::Claim(error) => error.fmt(f),
        }
    }
}

impl Error for UnsecuredError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Jws(error) => error.source(),
            Self::Claims(error) => error.source(),
            Self::Claim(error) => error.source(),
            Self::Secured(_) | Self::Signature => None,
        }
    }
}

impl From<ClaimsError> for UnsecuredError {
    fn from(error: ClaimsError) -> Self {
        Self::Claims(error)
    }
}

impl From<ClaimError> for UnsecuredError {
    fn from(error: ClaimError) -> Self {
        Self::Claim(error)
    }
}
