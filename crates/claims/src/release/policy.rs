use std::collections::BTreeSet;

use avouch_types::LanguageTag;

use crate::ScopeClaims;

/// Where the claims go that scope values ask for, when there is an access token to fetch them with.
///
/// ```
/// use avouch_claims::{ReleasePolicy, ScopeClaimsIn};
/// let policy = ReleasePolicy { scope_claims_in: ScopeClaimsIn::UserInfoAndIdToken, ..ReleasePolicy::default() };
/// assert_ne!(policy.scope_claims_in, ScopeClaimsIn::default());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScopeClaimsIn {
    /// To UserInfo only, as Core 5.4 says.
    #[default]
    UserInfo,
    /// To UserInfo, and into the ID Token too: for RPs that never call UserInfo. It makes the token larger, and leaves
    /// personal data wherever the token is kept.
    UserInfoAndIdToken,
}

/// The name of a claim that was chosen by `claims_locales` (Core 5.2).
///
/// ```
/// use avouch_claims::{LanguageNaming, ReleasePolicy};
/// let policy = ReleasePolicy { language_naming: LanguageNaming::Tagged, ..ReleasePolicy::default() };
/// assert_ne!(policy.language_naming, LanguageNaming::default());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LanguageNaming {
    /// Where one language is asked for, the claim in that language comes under its plain name, as Core recommends; where
    /// several are, under the name with its tag, besides the one without.
    #[default]
    PlainIfOne,
    /// Always under the name with its tag, besides the one without.
    Tagged,
}

/// What may be released of all that is asked for: the decision of the person, or of who decides for them.
///
/// Scopes that were refused are not among the granted ones in the first place; this is about claims one by one.
///
/// ```
/// use avouch_claims::{ClaimSet, ConsentTo, MissingReason, ScopeClaims, StandardClaims};
/// use avouch_types::Scopes;
///
/// let (table, scopes) = (ScopeClaims::standard(), Scopes::parse("email")?);
/// let allowed = ["email_verified".to_owned()].into();
/// let asked = ClaimSet::new(&table, &scopes, None, ConsentTo::Claims(&allowed));
/// let person = StandardClaims { email: Some("jane@example.com".to_owned()), ..StandardClaims::default() };
/// let release = asked.release(&person);
/// assert!(release.iter().next().is_none());
/// assert_eq!(release.missing()[0].reason, MissingReason::NoConsent);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentTo<'a> {
    /// All that is asked for, by the granted scopes and one by one.
    Everything,
    /// These claims and no others. A name without a tag stands for the claim in every language.
    Claims(&'a BTreeSet<String>),
    /// No claim.
    Nothing,
}

impl ConsentTo<'_> {
    pub(crate) fn covers(self, name: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Claims(names) => {
                let in_a_language =
                    |(plain, tag)| names.contains::<str>(plain) && LanguageTag::check(tag).is_ok();
                names.contains(name) || name.split_once('#').is_some_and(in_a_language)
            }
            Self::Nothing => false,
        }
    }
}

/// What is fixed per provider, or per client, about the release of claims.
///
/// Core leaves room in some places; this is what is done there:
///
/// - Scope claims go to UserInfo when an access token is issued, else into the ID Token (5.4);
///   [`ScopeClaimsIn`] can add the ID Token in the first case.
/// - A provider without support for the `claims` parameter plans without it (5.5): what scopes ask for still comes.
/// - `claims.userinfo` without an access token is dropped, not moved into the ID Token;
///   [`ClaimsRequest::check_reach`](crate::ClaimsRequest::check_reach) refuses such a request earlier.
/// - A claim that both a scope and the `claims` parameter ask for follows the latter: its `value` and `values` hold.
/// - `email_verified` and `phone_number_verified` follow their claim: where `email` is asked for with a `value` or `values` and
///   is not released, `email_verified` is not either ([`MissingReason::OtherValue`](crate::MissingReason::OtherValue)), for it
///   would be read as said of the address that was asked about. Asked for by themselves, they come by themselves.
/// - Without consent nothing is released, essential or not, and that is no error (5.5.1).
/// - A claim asked for in a language is met by that language or a more specific one, and returned under the name it
///   has there (5.2, 5.5.2). A claim asked for without language, where no `claims_locales` says otherwise, is met by
///   the untagged one only.
/// - `claims_locales` choose for each claim asked for without language the one that suits them best
///   ([`StandardClaims::in_best_language`](crate::StandardClaims::in_best_language)), and the untagged one where none
///   does; [`LanguageNaming`] says under which name.
/// - What is null, an empty string or of the wrong JSON type is not released (5.3.2). A value in a wrong format is: it is
///   what is known.
///
/// ```
/// use avouch_claims::{ReleasePolicy, ScopeClaims};
/// let policy = ReleasePolicy {
///     scope_claims: ScopeClaims::standard().with("staff", ["department", "room"]),
///     ..ReleasePolicy::default()
/// };
/// assert_eq!(policy.scope_claims.claims_of("staff").count(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReleasePolicy {
    /// Which scope value asks for which claims. Default: the table of Core 5.4.
    pub scope_claims: ScopeClaims,
    /// Where they go when an access token is issued. Default: UserInfo only.
    pub scope_claims_in: ScopeClaimsIn,
    /// How claims chosen by `claims_locales` are named. Default: plainly where one language is asked for.
    pub language_naming: LanguageNaming,
}
