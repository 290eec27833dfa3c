//! Why nobody is signed in: which rule failed, in words.

use avouch_client::{
    CallbackError, ExchangeError, RefreshAnswerError, RefreshError, RefreshVerifyError, StartError,
    TokenEndpointError, TokenRequestError, UserInfoError,
};
use avouch_tokens::IdTokenError;
use avouch_types::WordError;

use super::super::outgoing::SendError;
use super::super::provider::ProviderError;
use super::super::sessions::FailureView;
use super::steps::short;
use crate::causes::chain;
use crate::pages::rp::{Field, Rule, RuleVerdict, Step};

/// Whatever can go wrong on the way.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    Send(#[from] SendError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Scope(#[from] WordError),
    #[error(transparent)]
    Callback(#[from] CallbackError),
    #[error(transparent)]
    Request(#[from] TokenRequestError),
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    #[error("the ID Token is not believed")]
    IdToken(#[from] IdTokenError),
    #[error(transparent)]
    UserInfo(#[from] UserInfoError),
    #[error(transparent)]
    Refresh(#[from] RefreshError),
    #[error(transparent)]
    RefreshAnswer(#[from] RefreshAnswerError),
    #[error(transparent)]
    RefreshVerify(#[from] RefreshVerifyError),
}

impl Failure {
    /// The page about it, with what happened up to there.
    pub(super) fn view(&self, steps: Vec<Step>) -> FailureView {
        tracing::warn!(error = chain(self), "nobody is signed in");
        let (code, description) = self.oauth_error();
        let mut facts = Vec::new();
        let mut add = |name: &str, value: String| {
            facts.push(Field { name: name.to_owned(), value, meaning: String::new() });
        };
        if let Some(description) = description {
            add("Description", description);
        }
        let section = self.section();
        if !section.is_empty() {
            add("Rule", short(section));
        }
        add("Detail", chain(self));
        let what = match (self, code.as_str()) {
            (Self::Callback(CallbackError::Refused(_)), "access_denied") => {
                "The provider answered that access was denied: somebody there chose not to allow it."
            }
            (Self::Callback(CallbackError::Refused(_)), _) => {
                "The provider answered with an error instead of a code."
            }
            (Self::Callback(_), _) => {
                "What the browser brought back does not answer the sign-in that was started."
            }
            (Self::IdToken(_), _) => "The ID Token breaks a rule, so nothing in it is believed.",
            (Self::UserInfo(_), _) => "The UserInfo answer cannot be used.",
            (Self::Provider(_) | Self::Send(_), _) => "The provider could not be reached or used.",
            (Self::Exchange(_), _) => "The provider did not give tokens for the code.",
            (Self::Refresh(_) | Self::RefreshAnswer(_) | Self::RefreshVerify(_), _) => {
                "The tokens were not refreshed, and the person is not signed in here any more."
            }
            _ => "The sign-in could not go on.",
        };
        FailureView { title: "You are not signed in".to_owned(), what: what.to_owned(), code, facts, steps }
    }

    /// The check of the callback that failed, as a line of the list, and how many came before it.
    pub(super) fn callback_rule(&self) -> (usize, Rule) {
        let (before, text) = match self {
            Self::Callback(
                CallbackError::IssuerMismatch { .. }
                | CallbackError::IssuerMissing
                | CallbackError::IssuerNotAdvertised,
            ) => (1, "iss is the provider that the browser was sent to."),
            Self::Callback(CallbackError::Refused(_) | CallbackError::Malformed(_)) => {
                (2, "The provider answers with a code.")
            }
            _ => (0, "The response is for the sign-in that was started, and in time."),
        };
        let verdict = RuleVerdict::Failed(chain(self));
        (before, Rule { section: short(self.section()), text: text.to_owned(), verdict })
    }

    fn section(&self) -> &'static str {
        match self {
            Self::Callback(error) => match error {
                CallbackError::Refused(_) => "Core 1.0, 3.1.2.6",
                CallbackError::IssuerMismatch { .. }
                | CallbackError::IssuerMissing
                | CallbackError::IssuerNotAdvertised => "RFC 9207, 2.4",
                _ => "Core 1.0, 3.1.2.7",
            },
            Self::Exchange(_) => "Core 1.0, 3.1.3.5",
            Self::IdToken(error) | Self::RefreshVerify(RefreshVerifyError::IdToken { source: error, .. }) => {
                error.rule().section()
            }
            Self::UserInfo(_) => "Core 1.0, 5.3.4",
            Self::RefreshAnswer(_) => "Core 1.0, 12.2",
            Self::Provider(ProviderError::Metadata(_)) => "Discovery 1.0, 4.3",
            _ => "",
        }
    }

    /// The error that the provider named, and how it described it.
    fn oauth_error(&self) -> (String, Option<String>) {
        let text = |description: &Option<avouch_types::ErrorDescription>| {
            description.as_ref().map(|description| description.as_str().to_owned())
        };
        match self {
            Self::Callback(CallbackError::Refused(error)) => {
                (error.error.as_str().to_owned(), text(&error.error_description))
            }
            Self::Exchange(ExchangeError::TokenEndpoint(TokenEndpointError::Refused {
                response, ..
            }))
            | Self::RefreshAnswer(RefreshAnswerError::TokenEndpoint(TokenEndpointError::Refused {
                response,
                ..
            })) => (response.error.as_str().to_owned(), text(&response.error_description)),
            Self::UserInfo(UserInfoError::Status { error: Some(error), .. }) => {
                (error.as_str().to_owned(), None)
            }
            _ => (String::new(), None),
        }
    }
}
