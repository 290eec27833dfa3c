//! Which scope value asks for which claims.

use std::borrow::Cow;

use avouch_types::Scopes;

/// Which scope value asks for which claims
/// ([Core 5.4](https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims)), extensible by the host's own scopes.
///
/// Scope values are case-sensitive; one that is not in the table asks for no claim.
///
/// ```
/// use avouch_claims::ScopeClaims;
/// use avouch_types::Scopes;
///
/// let table = ScopeClaims::standard().with("staff", ["department", "room"]);
/// let scopes = Scopes::parse("openid email staff")?;
/// let claims: Vec<_> = table.claims_for(&scopes).collect();
/// assert_eq!(claims, ["email", "email_verified", "department", "room"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeClaims {
    table: Vec<(Cow<'static, str>, Vec<Cow<'static, str>>)>,
}

/// The table of Core 5.4; `openid` and `offline_access` ask for no claim.
const STANDARD: [(&str, &[&str]); 4] = [
    (
        "profile",
        &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ],
    ),
    ("email", &["email", "email_verified"]),
    ("address", &["address"]),
    ("phone", &["phone_number", "phone_number_verified"]),
];

impl ScopeClaims {
    /// The table of Core 5.4: `profile`, `email`, `address`, `phone`.
    #[must_use]
    pub fn standard() -> Self {
        let borrowed = |claims: &[&'static str]| claims.iter().copied().map(Cow::Borrowed).collect();
        Self {
            table: STANDARD.iter().map(|&(scope, claims)| (Cow::Borrowed(scope), borrowed(claims))).collect(),
        }
    }

    /// A table in which no scope value asks for a claim, for a protocol whose scopes are all its own.
    #[must_use]
    pub fn empty() -> Self {
        Self { table: Vec::new() }
    }

    /// Adds claims to those that a scope value asks for already.
    ///
    /// ```
    /// use avouch_claims::ScopeClaims;
    /// let table = ScopeClaims::standard().adding("profile", ["desk", "name"]);
    /// assert_eq!(table.claims_of("profile").count(), 15); // the 14 of Core 5.4, and `desk`
    /// ```
    #[must_use]
    pub fn adding<C: Into<String>>(
        self,
        scope: impl Into<String>,
        claims: impl IntoIterator<Item = C>,
    ) -> Self {
        let scope = scope.into();
        let mut all: Vec<String> = self.claims_of(&scope).map(str::to_owned).collect();
        for claim in claims.into_iter().map(Into::into) {
            if !all.contains(&claim) {
                all.push(claim);
            }
        }
        self.with(scope, all)
    }

    /// Gives a scope value its claims, in place of those it had; [`adding`](Self::adding) leaves it those.
    #[must_use]
    pub fn with<C: Into<String>>(
        mut self,
        scope: impl Into<String>,
        claims: impl IntoIterator<Item = C>,
    ) -> Self {
        let scope = scope.into();
        self.table.retain(|(name, _)| *name != scope);
        self.table
            .push((Cow::Owned(scope), claims.into_iter().map(|claim| Cow::Owned(claim.into())).collect()));
        self
    }

    /// The claims that one scope value asks for.
    pub fn claims_of(&self, scope: &str) -> impl Iterator<Item = &str> {
        let row = self.table.iter().find(|(name, _)| name == scope);
        row.into_iter().flat_map(|(_, claims)| claims).map(AsRef::as_ref)
    }

    /// The claims that scope values ask for, in their order; one that two of them ask for comes twice.
    pub fn claims_for(&self, scopes: &Scopes) -> impl Iterator<Item = &str> {
        scopes.iter().flat_map(|scope| self.claims_of(scope.as_str()))
    }
}

impl Default for ScopeClaims {
    fn default() -> Self {
        Self::standard()
    }
}
