use avouch_types::{LanguageTag, Scopes};
use serde_json::{Map, Value};

use super::answer::{MissingClaim, MissingReason, Release, ReleasedClaim};
use super::{ConsentTo, LanguageNaming, PROTOCOL_CLAIMS};
use crate::{ClaimRef, ClaimRequest, RequestedClaims, ScopeClaims, StandardClaims};

/// One claim of a [`ClaimSet`].
///
/// ```
/// use avouch_claims::{ClaimSet, ConsentTo, ScopeClaims};
/// use avouch_types::Scopes;
///
/// let (table, scopes) = (ScopeClaims::standard(), Scopes::parse("email")?);
/// let set = ClaimSet::new(&table, &scopes, None, ConsentTo::Everything);
/// assert!(set.get("email").is_some_and(|claim| !claim.is_essential()));
/// # Ok::<(), avouch_types::WordError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedClaim<'a> {
    /// The claim name, with its language tag if it was asked for with one.
    pub name: &'a str,
    /// How the `claims` parameter asks for it; none where only a scope does.
    pub request: Option<&'a ClaimRequest>,
}

impl PlannedClaim<'_> {
    /// Whether the RP says that it needs the claim; what a scope asks for is voluntary.
    #[must_use]
    pub fn is_essential(&self) -> bool {
        self.request.is_some_and(|request| request.essential)
    }

    /// Whether it was asked for with a `value` or `values`.
    fn is_of_value(&self) -> bool {
        self.request.is_some_and(|request| request.value.is_some() || request.values.is_some())
    }

    fn accepts(&self, value: ClaimRef<'_>) -> bool {
        self.request.is_none_or(|request| request.accepts_claim(value))
    }
}

/// The claims asked for from one place, each once, sorted by name.
///
/// OpenID Connect has two places and a [`ReleasePlan`](crate::ReleasePlan) for both; a protocol with one place makes its
/// set here.
///
/// ```
/// use avouch_claims::{ClaimSet, ConsentTo, RequestedClaims, ScopeClaims, StandardClaims};
/// use avouch_types::Scopes;
///
/// let table = ScopeClaims::empty().with("profile:read", ["name", "locale"]);
/// let scopes = Scopes::parse("profile:read")?;
/// let wanted = RequestedClaims::from_value("fields", serde_json::json!({"zoneinfo": {"essential": true}}))?;
/// let fields = ClaimSet::new(&table, &scopes, Some(&wanted), ConsentTo::Everything);
///
/// let person = StandardClaims { name: Some("Jane".to_owned()), ..StandardClaims::default() };
/// let answer = fields.release(&person);
/// assert_eq!(serde_json::to_string(&answer)?, r#"{"name":"Jane"}"#);
/// assert_eq!(answer.missing_essential().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimSet<'a> {
    claims: Vec<PlannedClaim<'a>>,
    consent: ConsentTo<'a>,
    locales: &'a [LanguageTag],
    naming: LanguageNaming,
}

impl<'a> ClaimSet<'a> {
    /// The claims that `scopes` ask for by `table`, and those asked for one by one, of which some may be released.
    #[must_use]
    pub fn new(
        table: &'a ScopeClaims,
        scopes: &Scopes,
        requested: Option<&'a RequestedClaims>,
        consent: ConsentTo<'a>,
    ) -> Self {
        Self::collect(table, Some(scopes), requested, consent)
    }

    pub(super) fn collect(
        table: &'a ScopeClaims,
        scopes: Option<&Scopes>,
        requested: Option<&'a RequestedClaims>,
        consent: ConsentTo<'a>,
    ) -> Self {
        let by_scope =
            || scopes.into_iter().flat_map(Scopes::iter).flat_map(|scope| table.claims_of(scope.as_str()));
        let one_by_one = requested.into_iter().flat_map(RequestedClaims::iter);
        // counted first, so that one allocation holds them all
        let mut claims = Vec::with_capacity(by_scope().count() + requested.map_or(0, RequestedClaims::len));
        claims.extend(one_by_one.map(|(name, request)| PlannedClaim { name, request: Some(request) }));
        claims.extend(by_scope().map(|name| PlannedClaim { name, request: None }));
        // Of one name, the request of the claims parameter comes first and stays.
        claims.sort_unstable_by_key(|claim| (claim.name, claim.request.is_none()));
        claims.dedup_by_key(|claim| claim.name);
        Self { claims, consent, locales: &[], naming: LanguageNaming::default() }
    }

    /// The same claims, preferred in these languages, the best first.
    #[must_use]
    pub fn with_locales(self, locales: &'a [LanguageTag], naming: LanguageNaming) -> Self {
        Self { locales, naming, ..self }
    }

    /// The claims, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = &PlannedClaim<'a>> {
        self.claims.iter()
    }

    /// One claim by its name as asked for.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&PlannedClaim<'a>> {
        let index = self.claims.binary_search_by_key(&name, |claim| claim.name).ok()?;
        self.claims.get(index)
    }

    /// Whether a claim is asked for.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Of what is asked for, the [`PROTOCOL_CLAIMS`]: they are never released nor called missing, the host writes them itself.
    ///
    /// ```
    /// use avouch_claims::{ClaimSet, ConsentTo, ScopeClaims, StandardClaims};
    /// use avouch_types::Scopes;
    ///
    /// let (table, scopes) = (ScopeClaims::empty().with("me", ["sub", "name"]), Scopes::parse("me")?);
    /// let set = ClaimSet::new(&table, &scopes, None, ConsentTo::Everything);
    /// let mut answer = set.select(&StandardClaims { name: Some("Jane".to_owned()), ..StandardClaims::default() });
    /// for claim in set.protocol_claims().filter(|claim| claim.name == "sub") {
    ///     answer.insert(claim.name.to_owned(), "248289761001".into()); // who this is to that client
    /// }
    /// assert_eq!(answer.len(), 2);
    /// # Ok::<(), avouch_types::WordError>(())
    /// ```
    pub fn protocol_claims(&self) -> impl Iterator<Item = &PlannedClaim<'a>> {
        self.iter().filter(|claim| PROTOCOL_CLAIMS.contains(&claim.name))
    }

    /// Whether a claim is asked for and may be released: for what is known in other ways than as a claim of the person
    /// ([`ExternalClaims::retain`](crate::ExternalClaims::retain)).
    #[must_use]
    pub fn permits(&self, name: &str) -> bool {
        self.contains(name) && self.consent.covers(name)
    }

    /// Whether no claim is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }

    /// Of what is known about the person, the members to release; [`PROTOCOL_CLAIMS`] are never among them.
    #[must_use]
    pub fn select(&self, known: &StandardClaims) -> Map<String, Value> {
        self.release(known).to_members()
    }

    /// Of what is known about the person, what to release, borrowed, and what is missing. [`PROTOCOL_CLAIMS`] are in
    /// neither: the provider writes them itself.
    ///
    /// However many claims there are, this makes two allocations: the two lists.
    #[must_use]
    pub fn release<'s>(&'s self, known: &'s StandardClaims) -> Release<'s> {
        let mut release = Release {
            claims: Vec::with_capacity(self.claims.len() * if self.locales.is_empty() { 1 } else { 2 }),
            missing: Vec::with_capacity(self.claims.len()),
        };
        for claim in self.claims.iter().filter(|claim| !PROTOCOL_CLAIMS.contains(&claim.name)) {
            let outcome = if self.would_vouch_for_another_value(claim.name, &release.missing) {
                Err(MissingReason::OtherValue)
            } else {
                self.release_one(claim, known, &mut release.claims)
            };
            if let Err(reason) = outcome {
                let (name, essential) = (claim.name, claim.is_essential());
                release.missing.push(MissingClaim { name, essential, reason });
            }
        }
        // one member may meet two claims: `website#de` and `website#de-CH`
        release.claims.sort_unstable_by_key(|claim| claim.name);
        release.claims.dedup_by_key(|claim| claim.name);
        release
    }

    /// Whether a claim says of the value of another that it is verified, where that one was asked for with a value that it
    /// does not have, or not for this client: `true` would be read as said of the value asked for. The other one comes
    /// earlier in the order of names, so what is missing of it is known.
    fn would_vouch_for_another_value(&self, name: &str, missing: &[MissingClaim<'_>]) -> bool {
        let verified = match name {
            "email_verified" => "email",
            "phone_number_verified" => "phone_number",
            _ => return false,
        };
        self.get(verified).is_some_and(PlannedClaim::is_of_value)
            && missing.iter().any(|claim| claim.name == verified)
    }

    fn release_one<'s>(
        &'s self,
        claim: &PlannedClaim<'s>,
        known: &'s StandardClaims,
        released: &mut Vec<ReleasedClaim<'s>>,
    ) -> Result<(), MissingReason> {
        if !self.consent.covers(claim.name) {
            return Err(MissingReason::NoConsent);
        }
        let plain = known.get(claim.name).map(|value| ReleasedClaim { name: claim.name, value });
        let (best, plain) = match claim.name.split_once('#') {
            Some((name, tag)) => {
                let found =
                    LanguageTag::parse(tag).ok().and_then(|language| known.in_language(name, &language));
                // a `#` may also be part of a name that means no language, as in a URI
                let plain = plain.filter(|_| found.is_none() && StandardClaims::type_of(name).is_none());
                (found, plain)
            }
            None => (known.in_best_language(claim.name, self.locales), plain),
        };
        let best = best.map(|(name, value)| ReleasedClaim { name, value });
        let says_something = |claim: &ReleasedClaim<'s>| !claim.value.is_empty();
        let (best, plain) = (best.filter(says_something), plain.filter(says_something));
        if best.is_none() && plain.is_none() {
            // what is known under this very name and was not found, or is empty beside
            let unusable = known.get(claim.name).is_some_and(|value| !value.is_empty());
            let malformed = unusable || known.malformed.contains_key(claim.name);
            return Err(if malformed { MissingReason::Malformed } else { MissingReason::NotKnown });
        }
        let accepted = |found: &ReleasedClaim<'s>| claim.accepts(found.value);
        // where that member is asked for too, under its own name, it has to meet that request as well
        let met =
            |found: &ReleasedClaim<'s>| self.get(found.name).is_none_or(|asked| asked.accepts(found.value));
        let (best, plain) = (best.filter(accepted).filter(met), plain.filter(accepted));
        let before = released.len();
        match best {
            Some(best) if self.is_plain(claim) => released.push(ReleasedClaim { name: claim.name, ..best }),
            best => released.extend(best.into_iter().chain(plain)),
        }
        if released.len() > before { Ok(()) } else { Err(MissingReason::OtherValue) }
    }

    /// Whether a claim that was chosen by language comes under its plain name.
    fn is_plain(&self, claim: &PlannedClaim<'_>) -> bool {
        let one = |(first, others): (&LanguageTag, &[LanguageTag])| others.iter().all(|tag| tag == first);
        self.naming == LanguageNaming::PlainIfOne
            && self.locales.split_first().is_some_and(one)
            && !claim.name.contains('#')
    }
}
