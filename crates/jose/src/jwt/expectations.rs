use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::audience::{Audience, AudienceView};
use super::claims::RegisteredClaims;
use super::error::ClaimError;
use super::string_or_uri::is_string_or_uri;
use super::view::ClaimsView;
use crate::jws::{Header, same_media_type};
use crate::numeric_date::NumericDate;

/// What the registered claims of a token must be: the issuer and the recipient always, the rest as stated.
///
/// Unless said otherwise, `exp` must be there, no leeway is given, and `typ` does not matter.
///
/// ```
/// use avouch_jose::{NumericDate, jwt::{ClaimError, Expectations, RegisteredClaims}};
///
/// let expectations = Expectations::new("https://issuer.example", "client-1");
/// let claims: RegisteredClaims = serde_json::from_str(
///     r#"{"iss":"https://issuer.example","aud":"client-1","exp":1300819380}"#)?;
/// let exp = NumericDate::from_seconds(1_300_819_380)?;
/// assert_eq!(expectations.check_claims(&claims, exp), Err(ClaimError::Expired { now: exp, exp }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Expectations {
    issuer: String,
    audiences: Vec<String>,
    typ: TypeExpectation,
    expiry: Expiry,
    leeway: Leeway,
}

/// What `typ` must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeExpectation {
    /// Anything, or absent: for kinds of tokens whose specification gives no type.
    Any,
    /// Present and this media type.
    Exactly(String),
    /// Absent, or this media type.
    AbsentOr(String),
}

/// What `exp` must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// Present and in the future.
    Required,
    /// Absent, or in the future.
    IfPresent,
    /// Present, in the future, and not further from now than this.
    Within(Duration),
}

/// By how much two clocks may differ: 0 to 300 seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leeway(Duration);

impl Leeway {
    /// Clocks agree.
    pub const NONE: Self = Self(Duration::ZERO);
    /// Clocks agree to a minute.
    pub const ONE_MINUTE: Self = Self(Duration::from_secs(60));
    /// The most that is allowed.
    pub const FIVE_MINUTES: Self = Self(Duration::from_secs(300));

    /// This much.
    ///
    /// # Errors
    ///
    /// [`LeewayTooLong`] above five minutes.
    pub fn new(leeway: Duration) -> Result<Self, LeewayTooLong> {
        if leeway > Self::FIVE_MINUTES.0 { Err(LeewayTooLong { leeway }) } else { Ok(Self(leeway)) }
    }

    /// As a duration.
    pub fn as_duration(self) -> Duration {
        self.0
    }
}

/// More leeway was asked for than differing clocks explain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeewayTooLong {
    /// What was asked for.
    pub leeway: Duration,
}

impl fmt::Display for LeewayTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a leeway of {:?} is more than five minutes", self.leeway)
    }
}

impl Error for LeewayTooLong {}

impl Expectations {
    /// Issued by `issuer`, for `audience`; both compared exactly.
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            audiences: vec![audience.into()],
            typ: TypeExpectation::Any,
            expiry: Expiry::Required,
            leeway: Leeway::NONE,
        }
    }

    /// Lets the recipient go by another name as well.
    pub fn or_audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Sets what `typ` must be.
    pub fn typ(mut self, typ: TypeExpectation) -> Self {
        self.typ = typ;
        self
    }

    /// Sets what `exp` must be.
    pub fn expiry(mut self, expiry: Expiry) -> Self {
        self.expiry = expiry;
        self
    }

    /// Sets by how much clocks may differ.
    pub fn leeway(mut self, leeway: Leeway) -> Self {
        self.leeway = leeway;
        self
    }

    /// Checks the header's `typ`, then the claims.
    ///
    /// # Errors
    ///
    /// [`ClaimError`] for the first expectation that is not met.
    pub fn check(
        &self,
        header: &Header,
        claims: &RegisteredClaims,
        now: NumericDate,
    ) -> Result<(), ClaimError> {
        self.check_type(header)?;
        self.check_claims(claims, now)
    }

    /// Checks the header's `typ`.
    ///
    /// # Errors
    ///
    /// [`ClaimError::Type`].
    pub fn check_type(&self, header: &Header) -> Result<(), ClaimError> {
        let (expected, absence_met) = match &self.typ {
            TypeExpectation::Any => return Ok(()),
            TypeExpectation::Exactly(expected) => (expected, false),
            TypeExpectation::AbsentOr(expected) => (expected, true),
        };
        if header.typ().map_or(absence_met, |found| same_media_type(found, expected)) {
            return Ok(());
        }
        Err(ClaimError::Type { expected: expected.clone(), found: header.typ().map(str::to_owned) })
    }

    /// Checks `iss`, `sub`, `aud`, `exp` and `nbf`.
    ///
    /// # Errors
    ///
    /// [`ClaimError`] for the first expectation that is not met.
    pub fn check_claims(&self, claims: &RegisteredClaims, now: NumericDate) -> Result<(), ClaimError> {
        let RegisteredClaims { iss, sub, aud, exp, nbf, .. } = claims;
        let aud = aud.as_ref().map(Recipients::Owned);
        self.judge(Claims { iss: iss.as_deref(), sub: sub.as_deref(), aud, exp: *exp, nbf: *nbf }, now)
    }

    /// Checks the same of claims that were not copied.
    ///
    /// # Errors
    ///
    /// [`ClaimError`] for the first expectation that is not met.
    pub fn check_view(&self, claims: &ClaimsView<'_>, now: NumericDate) -> Result<(), ClaimError> {
        let aud = claims.aud().map(Recipients::View);
        let (iss, sub, exp, nbf) = (claims.iss(), claims.sub(), claims.exp(), claims.nbf());
        self.judge(Claims { iss, sub, aud, exp, nbf }, now)
    }

    fn judge(&self, claims: Claims<'_>, now: NumericDate) -> Result<(), ClaimError> {
        for (claim, value) in [("iss", claims.iss), ("sub", claims.sub)] {
            if value.is_some_and(|value| !is_string_or_uri(value)) {
                return Err(ClaimError::NotUri { claim });
            }
        }
        let issuer = claims.iss.ok_or(ClaimError::Missing { claim: "iss" })?;
        if issuer != self.issuer {
            return Err(ClaimError::Issuer { expected: self.issuer.clone(), found: issuer.to_owned() });
        }
        let audience = claims.aud.ok_or(ClaimError::Missing { claim: "aud" })?;
        if !audience.are_strings_or_uris() {
            return Err(ClaimError::NotUri { claim: "aud" });
        }
        if !self.audiences.iter().any(|each| audience.contain(each)) {
            return Err(ClaimError::Audience {
                expected: self.audiences.clone(),
                found: audience.to_owned(),
            });
        }
        self.check_expiry(claims.exp, now)?;
        match claims.nbf {
            Some(nbf) if now.saturating_add(self.leeway.0) < nbf => Err(ClaimError::NotYetValid { now, nbf }),
            _ => Ok(()),
        }
    }

    fn check_expiry(&self, exp: Option<NumericDate>, now: NumericDate) -> Result<(), ClaimError> {
        let Some(exp) = exp else {
            return match self.expiry {
                Expiry::IfPresent => Ok(()),
                Expiry::Required | Expiry::Within(_) => Err(ClaimError::Missing { claim: "exp" }),
            };
        };
        if now >= exp.saturating_add(self.leeway.0) {
            return Err(ClaimError::Expired { now, exp });
        }
        match self.expiry {
            Expiry::Within(limit) if exp > now.saturating_add(limit).saturating_add(self.leeway.0) => {
                Err(ClaimError::ExpiresTooLate { now, exp, limit })
            }
            _ => Ok(()),
        }
    }
}

/// The claims that are compared, wherever they are kept.
struct Claims<'c> {
    iss: Option<&'c str>,
    sub: Option<&'c str>,
    aud: Option<Recipients<'c>>,
    exp: Option<NumericDate>,
    nbf: Option<NumericDate>,
}

enum Recipients<'c> {
    Owned(&'c Audience),
    View(&'c AudienceView<'c>),
}

impl Recipients<'_> {
    fn contain(&self, recipient: &str) -> bool {
        match self {
            Self::Owned(audience) => audience.contains(recipient),
            Self::View(audience) => audience.contains(recipient),
        }
    }

    fn are_strings_or_uris(&self) -> bool {
        match self {
            Self::Owned(audience) => audience.as_slice().iter().all(|each| is_string_or_uri(each)),
            Self::View(audience) => audience.iter().all(|each| is_string_or_uri(&each)),
        }
    }

    fn to_owned(&self) -> Audience {
        match self {
            Self::Owned(audience) => (*audience).clone(),
            Self::View(audience) => (*audience).into(),
        }
    }
}
