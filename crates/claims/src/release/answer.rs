use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::ClaimRef;

/// What a [`ClaimSet`](super::ClaimSet) releases about a person, each member once and sorted by name, and what it cannot.
///
/// It is written (`Serialize`) as the JSON object of the released members.
///
/// ```
/// use avouch_claims::{ClaimSet, ConsentTo, ScopeClaims, StandardClaims};
/// use avouch_types::Scopes;
///
/// let (table, scopes) = (ScopeClaims::standard(), Scopes::parse("email")?);
/// let person = StandardClaims { email: Some("jane@example.com".to_owned()), ..StandardClaims::default() };
/// let set = ClaimSet::new(&table, &scopes, None, ConsentTo::Everything);
/// let release = set.release(&person);
/// assert_eq!(release.iter().map(|claim| claim.name).collect::<Vec<_>>(), ["email"]);
/// assert_eq!(release.missing()[0].name, "email_verified");
/// # Ok::<(), avouch_types::WordError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Release<'a> {
    pub(super) claims: Vec<ReleasedClaim<'a>>,
    pub(super) missing: Vec<MissingClaim<'a>>,
}

/// One member of a [`Release`].
///
/// ```
/// use avouch_claims::{ClaimRef, ClaimSet, ConsentTo, ReleasedClaim, ScopeClaims, StandardClaims};
/// use avouch_types::Scopes;
///
/// let (table, scopes) = (ScopeClaims::standard(), Scopes::parse("email")?);
/// let person = StandardClaims { email: Some("jane@example.com".to_owned()), ..StandardClaims::default() };
/// let set = ClaimSet::new(&table, &scopes, None, ConsentTo::Everything);
/// let claim = ReleasedClaim { name: "email", value: ClaimRef::Text("jane@example.com") };
/// assert_eq!(set.release(&person).iter().next(), Some(&claim));
/// # Ok::<(), avouch_types::WordError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReleasedClaim<'a> {
    /// The member name, with its language tag if it has one.
    pub name: &'a str,
    /// Its value.
    pub value: ClaimRef<'a>,
}

/// A claim that was asked for and is not released. That is no error (Core 5.5.1); it may be a reason to ask the person.
///
/// ```
/// use avouch_claims::{ClaimSet, ConsentTo, MissingClaim, MissingReason, ScopeClaims, StandardClaims};
/// use avouch_types::Scopes;
///
/// let (table, scopes) = (ScopeClaims::standard(), Scopes::parse("email")?);
/// let person = StandardClaims { email: Some("jane@example.com".to_owned()), ..StandardClaims::default() };
/// let set = ClaimSet::new(&table, &scopes, None, ConsentTo::Everything);
/// let missing = MissingClaim { name: "email_verified", essential: false, reason: MissingReason::NotKnown };
/// assert_eq!(set.release(&person).missing(), [missing]);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingClaim<'a> {
    /// The name as it was asked for.
    pub name: &'a str,
    /// Whether the RP says that it needs the claim.
    pub essential: bool,
    /// Why it is not released.
    pub reason: MissingReason,
}

/// Why a claim is not released.
///
/// ```
/// use avouch_claims::{ClaimSet, ConsentTo, MissingClaim, MissingReason, ScopeClaims, StandardClaims};
/// use avouch_types::Scopes;
///
/// let (table, scopes) = (ScopeClaims::standard(), Scopes::parse("email")?);
/// let person = StandardClaims { email: Some("jane@example.com".to_owned()), ..StandardClaims::default() };
/// let set = ClaimSet::new(&table, &scopes, None, ConsentTo::Everything);
/// let missing = MissingClaim { name: "email_verified", essential: false, reason: MissingReason::NotKnown };
/// assert_eq!(set.release(&person).missing(), [missing]);
/// # Ok::<(), avouch_types::WordError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MissingReason {
    /// The consent does not cover it; whether it is known plays no part.
    NoConsent,
    /// Nothing is known, or nothing in the language asked for.
    NotKnown,
    /// What is known under this name is of another JSON type than the claim, or has no language tag behind its `#`.
    Malformed,
    /// What is known is not the `value` or one of the `values` asked for; for `email_verified` and `phone_number_verified`
    /// also where that is so of what they vouch for.
    OtherValue,
}

impl<'a> Release<'a> {
    /// The members to release.
    pub fn iter(&self) -> impl Iterator<Item = &ReleasedClaim<'a>> {
        self.claims.iter()
    }

    /// The value of one member.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<ClaimRef<'a>> {
        let index = self.claims.binary_search_by_key(&name, |claim| claim.name).ok()?;
        self.claims.get(index).map(|claim| claim.value)
    }

    /// What was asked for and is not released, sorted by name.
    #[must_use]
    pub fn missing(&self) -> &[MissingClaim<'a>] {
        &self.missing
    }

    /// Of what is missing, the claims that the RP says it needs.
    pub fn missing_essential(&self) -> impl Iterator<Item = &MissingClaim<'a>> {
        self.missing.iter().filter(|claim| claim.essential)
    }

    /// The members, as a JSON object of their own.
    #[must_use]
    pub fn to_members(&self) -> Map<String, Value> {
        self.claims.iter().map(|claim| (claim.name.to_owned(), claim.value.to_value())).collect()
    }
}

impl Serialize for Release<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.claims.iter().map(|claim| (claim.name, claim.value)))
    }
}
