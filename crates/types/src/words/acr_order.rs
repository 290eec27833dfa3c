use super::Acr;

/// Which authentication context class is stronger than which: the host's decision, for no name says it.
///
/// ```
/// use avouch_types::{Acr, AcrOrder};
///
/// let (silver, gold) = (Acr::parse("urn:example:silver")?, Acr::parse("urn:example:gold")?);
/// let order = AcrOrder::weakest_first([silver.clone(), gold.clone()]);
/// assert!(order.meets(Some(&gold), &silver));
/// assert!(!order.meets(Some(&silver), &gold));
/// assert!(!order.meets(None, &silver));
/// # Ok::<(), avouch_types::WordError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AcrOrder(Vec<Acr>);

impl AcrOrder {
    /// Takes the classes in their order. Of one that stands there twice the first place counts, and [`Acr::ZERO`] has none.
    #[must_use]
    pub fn weakest_first(classes: impl IntoIterator<Item = Acr>) -> Self {
        Self(classes.into_iter().collect())
    }

    /// Whether an authentication was at least as strong as wanted. A class that is not in the order meets itself and nothing
    /// else, and none is met by an authentication of which nothing is known. The empty text meets nothing and is no
    /// measure, and nor is `0`, which gives no confidence: it should not authorise anything that has a value
    /// ([OpenID Connect Core §2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)).
    #[must_use]
    pub fn meets(&self, actual: Option<&Acr>, least: &Acr) -> bool {
        let says_something = |acr: &Acr| *acr != Acr::ZERO && !acr.as_str().is_empty();
        let Some(actual) = actual.filter(|actual| says_something(actual) && says_something(least)) else {
            return false;
        };
        let place = |acr| self.0.iter().position(|own| own == acr);
        actual == least
            || place(least).is_some_and(|least| place(actual).is_some_and(|actual| actual >= least))
    }
}
