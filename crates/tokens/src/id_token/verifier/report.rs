//! Telling an observer how each rule was decided, from the very place that decides it.

use std::fmt;

use super::rules::{Applied, Decision};
use super::{IdTokenError, IdTokenRule, Verdict};

/// Passes decisions on to the observer, if there is one. A failure also says of the remaining rules that they were not reached.
pub(super) struct Report<'a> {
    observer: Option<&'a mut dyn FnMut(IdTokenRule, Verdict)>,
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Report(..)")
    }
}

impl<'a> Report<'a> {
    pub(super) fn new(observer: &'a mut dyn FnMut(IdTokenRule, Verdict)) -> Self {
        Self { observer: Some(observer) }
    }

    /// For those who want no report.
    pub(super) fn unobserved() -> Self {
        Self { observer: None }
    }

    #[inline]
    pub(super) fn not_applicable(&mut self, rule: IdTokenRule, reason: &'static str) {
        if let Some(observer) = &mut self.observer {
            observer(rule, Verdict::NotApplicable(reason));
        }
    }

    /// A rule that applies to every token.
    pub(super) fn settle(
        &mut self,
        rule: IdTokenRule,
        outcome: Result<(), IdTokenError>,
    ) -> Result<(), IdTokenError> {
        self.note(rule, &outcome);
        outcome
    }

    /// The outcome of a rule that yields what the next ones look at.
    #[inline]
    pub(super) fn note<T>(&mut self, rule: IdTokenRule, outcome: &Result<T, IdTokenError>) {
        let Some(observer) = &mut self.observer else { return };
        match outcome {
            Ok(_) => observer(rule, Verdict::Passed),
            Err(error) => {
                observer(rule, Verdict::Failed(error.to_string()));
                for &later in IdTokenRule::ALL.iter().skip_while(|&&other| other != rule).skip(1) {
                    observer(later, Verdict::NotReached);
                }
            }
        }
    }

    /// A rule that may have nothing to decide.
    #[inline]
    pub(super) fn decide(&mut self, rule: IdTokenRule, outcome: Decision) -> Result<(), IdTokenError> {
        match &outcome {
            Ok(Applied::No(reason)) => self.not_applicable(rule, reason),
            _ => self.note(rule, &outcome),
        }
        outcome.map(drop)
    }
}
