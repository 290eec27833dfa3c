//! Telling an observer how each rule was decided, from the very place that decides it.

use std::fmt;

use super::rules::{Applied, Decision};
use super::{IdTokenError, IdTokenRule, Verdict};

/// Passes decisions on to the observer. A failure also says of the remaining rules that they were not reached.
pub(super) struct Report<'a> {
    observer: &'a mut dyn FnMut(IdTokenRule, Verdict),
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Report(..)")
    }
}

impl<'a> Report<'a> {
    pub(super) fn new(observer: &'a mut dyn FnMut(IdTokenRule, Verdict)) -> Self {
        Self { observer }
    }

    pub(super) fn not_applicable(&mut self, rule: IdTokenRule, reason: &'static str) {
        (self.observer)(rule, Verdict::NotApplicable(reason));
    }

    /// A rule that applies to every token and yields what the next ones look at.
    pub(super) fn settle<T>(
        &mut self,
        rule: IdTokenRule,
        outcome: Result<T, IdTokenError>,
    ) -> Result<T, IdTokenError> {
        match &outcome {
            Ok(_) => (self.observer)(rule, Verdict::Passed),
            Err(error) => self.fail(rule, error),
        }
        outcome
    }

    /// A rule that may have nothing to decide.
    pub(super) fn decide(&mut self, rule: IdTokenRule, outcome: Decision) -> Result<(), IdTokenError> {
        match outcome {
            Ok(Applied::No(reason)) => {
                self.not_applicable(rule, reason);
                Ok(())
            }
            Ok(Applied::Yes) => self.settle(rule, Ok(())),
            Err(error) => self.settle(rule, Err(error)),
        }
    }

    fn fail(&mut self, rule: IdTokenRule, error: &IdTokenError) {
        (self.observer)(rule, Verdict::Failed(error.to_string()));
        for &later in IdTokenRule::ALL.iter().skip_while(|&&other| other != rule).skip(1) {
            (self.observer)(later, Verdict::NotReached);
        }
    }
}
