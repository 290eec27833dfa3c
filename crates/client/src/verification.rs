//! From tokens to a verified ID Token over a key source that may have to be filled first ([Core §10.1.1]).
//!
//! [Core §10.1.1]: https://openid.net/specs/openid-connect-core-1_0.html#RotateSigKeys

use crate::{
    Client, KeyNeed, RefreshVerifyError, Refreshed, RefreshedAwaitingKeys, SignedIn, TokensAwaitingKeys,
};
use avouch_discovery::{KeyFetch, KeyPlan, KeySource};
use avouch_jose::jws::JwsError;
use avouch_jose::{NumericDate, VerifyingKeys};
use avouch_tokens::{IdTokenError, RuleVerdict};

/// Finds the keys for one answer of the token endpoint and verifies it: asks the key source for a plan, and once more for
/// newer keys when none of those at hand verifies the token.
///
/// Nothing is sent and nobody waited for in here: repeat [`step`](Self::step), and do what it says. The key source is
/// borrowed during a step only, so it can be behind a lock that is not held while a request is under way.
///
/// ```
/// use avouch_client::{KeySource, NumericDate, SignedIn, TokensAwaitingKeys, VerificationStep};
///
/// /// `send` gives `None` where no answer came.
/// fn verify(
///     tokens: &TokensAwaitingKeys<'_>,
///     keys: &mut KeySource,
///     send: impl Fn(http::Request<Vec<u8>>) -> Option<http::Response<Vec<u8>>>,
///     now: NumericDate,
/// ) -> Result<SignedIn, Box<dyn std::error::Error>> {
///     let mut verification = tokens.verification();
///     loop {
///         match verification.step(keys, now)? {
///             VerificationStep::Done(signed_in) => return Ok(signed_in),
///             VerificationStep::Fetch(fetch) => keys.report(send(fetch.request()?).as_ref(), now),
///             // somebody else fetches: a server may wait a moment and take the next step
///             VerificationStep::InFlight { .. } | VerificationStep::Wait { .. } => {
///                 return Err("the provider's keys cannot be had now".into());
///             }
///         }
///     }
/// }
/// ```
#[derive(Debug)]
#[must_use]
pub struct Verification<'t, T> {
    tokens: &'t T,
    /// Newer keys were asked for already.
    asked_again: bool,
    report: Vec<RuleVerdict>,
}

/// What to do next.
#[derive(Debug)]
#[must_use]
pub enum VerificationStep<T> {
    /// The tokens are verified.
    Done(T),
    /// Fetch, tell [`KeySource::report`] what came of it, and take the next step.
    Fetch(KeyFetch),
    /// Somebody else is fetching the keys: take the next step in a moment.
    InFlight {
        /// When whoever fetches is taken for lost.
        until: NumericDate,
    },
    /// No key can be had: the provider does not publish the one that the token names, or does not answer.
    /// [`KeySource::fault`] may know why.
    Wait {
        /// When the provider may be asked again.
        until: NumericDate,
    },
}

/// Tokens that a [`Verification`] can be made of: those of a sign-in and those of a refresh.
pub trait AwaitingKeys: sealed::AwaitingKeys {}

impl<T: sealed::AwaitingKeys> AwaitingKeys for T {}

mod sealed {
    use super::{Client, IdTokenError, KeyNeed, NumericDate, RuleVerdict, VerifyingKeys};

    pub trait AwaitingKeys {
        type Done;
        type Refused;

        fn client(&self) -> &Client;
        fn need(&self) -> KeyNeed<'_>;
        fn attempt(
            &self,
            keys: &VerifyingKeys,
            now: NumericDate,
        ) -> (Result<Self::Done, Self::Refused>, Vec<RuleVerdict>);
        fn rule(refused: &Self::Refused) -> Option<&IdTokenError>;
    }
}

impl<'t, T: AwaitingKeys> Verification<'t, T> {
    pub(crate) fn new(tokens: &'t T) -> Self {
        Self { tokens, asked_again: false, report: Vec::new() }
    }

    /// Verifies, if the keys are at hand.
    ///
    /// # Errors
    /// As `verify` of the tokens: the first rule that is broken. It is final.
    pub fn step(
        &mut self,
        keys: &mut KeySource,
        now: NumericDate,
    ) -> Result<VerificationStep<T::Done>, T::Refused> {
        let client = self.tokens.client();
        let KeyNeed::Jwks { kid, .. } = self.tokens.need() else {
            return self.attempt(&client.own_keys, now).map(VerificationStep::Done);
        };
        if !self.asked_again {
            match keys.plan(kid, now) {
                KeyPlan::Ready(_) => {}
                KeyPlan::Fetch(fetch) => return Ok(VerificationStep::Fetch(fetch)),
                KeyPlan::InFlight { until } => return Ok(VerificationStep::InFlight { until }),
                KeyPlan::Wait { until } => return Ok(VerificationStep::Wait { until }),
            }
        }
        let outcome = match keys.verifying_keys(&[client.id_token_algorithm()], &client.crypto) {
            Ok(keys) => self.attempt(&keys, now),
            Err(_) => self.attempt(&client.own_keys, now),
        };
        let newer_might_help = outcome.as_ref().err().and_then(T::rule).is_some_and(newer_keys_might_help);
        if newer_might_help && !self.asked_again {
            match keys.refresh(now) {
                KeyPlan::Fetch(fetch) => {
                    self.asked_again = true;
                    return Ok(VerificationStep::Fetch(fetch));
                }
                // nothing was asked for this token yet: what somebody else fetches is to be waited for
                KeyPlan::InFlight { until } => return Ok(VerificationStep::InFlight { until }),
                KeyPlan::Ready(_) | KeyPlan::Wait { .. } => self.asked_again = true,
            }
        }
        outcome.map(VerificationStep::Done)
    }

    /// How each rule was decided at the latest attempt; empty before it.
    #[must_use]
    pub fn report(&self) -> &[RuleVerdict] {
        &self.report
    }

    fn attempt(&mut self, keys: &VerifyingKeys, now: NumericDate) -> Result<T::Done, T::Refused> {
        let (outcome, report) = self.tokens.attempt(keys, now);
        self.report = report;
        outcome
    }
}

/// No key fits; or one fits and the signature is bad, since a provider that names no keys, or gives a new key the old name,
/// rotates unseen.
fn newer_keys_might_help(rule: &IdTokenError) -> bool {
    matches!(rule, IdTokenError::Signature(JwsError::NoMatchingKey { .. } | JwsError::SignatureInvalid))
}

impl<'c> TokensAwaitingKeys<'c> {
    /// Verifies with the keys of a [`KeySource`], fetched when that is due.
    pub fn verification(&self) -> Verification<'_, TokensAwaitingKeys<'c>> {
        Verification::new(self)
    }
}

impl<'c> RefreshedAwaitingKeys<'c> {
    /// Verifies with the keys of a [`KeySource`], fetched when that is due; without an ID Token the first step is the
    /// last.
    pub fn verification(&self) -> Verification<'_, RefreshedAwaitingKeys<'c>> {
        Verification::new(self)
    }
}

impl sealed::AwaitingKeys for TokensAwaitingKeys<'_> {
    type Done = SignedIn;
    type Refused = IdTokenError;

    fn client(&self) -> &Client {
        self.client
    }

    fn need(&self) -> KeyNeed<'_> {
        self.needs()
    }

    fn attempt(
        &self,
        keys: &VerifyingKeys,
        now: NumericDate,
    ) -> (Result<SignedIn, IdTokenError>, Vec<RuleVerdict>) {
        self.verify_with_report(keys, now)
    }

    fn rule(refused: &IdTokenError) -> Option<&IdTokenError> {
        Some(refused)
    }
}

impl sealed::AwaitingKeys for RefreshedAwaitingKeys<'_> {
    type Done = Refreshed;
    type Refused = RefreshVerifyError;

    fn client(&self) -> &Client {
        self.client
    }

    fn need(&self) -> KeyNeed<'_> {
        self.needs()
    }

    fn attempt(
        &self,
        keys: &VerifyingKeys,
        now: NumericDate,
    ) -> (Result<Refreshed, RefreshVerifyError>, Vec<RuleVerdict>) {
        self.verify_with_report(Some(keys), now)
    }

    fn rule(refused: &RefreshVerifyError) -> Option<&IdTokenError> {
        match refused {
            RefreshVerifyError::IdToken { source, .. } => Some(source),
            RefreshVerifyError::KeysMissing { .. } => None,
        }
    }
}
