//! The authorization endpoint as pure steps ([Core §3.1.2]).
//!
//! Each step consumes the last, so that the safe order is the only order:
//!
//! 1. [`identify`]: the client is known and the redirect URI is its own. Before that nothing may be sent
//!    anywhere: a [`RequestRefused`] is shown to the person.
//! 2. [`KnownRequest::parse_and_validate`]: everything else about the request. From here on an error is an
//!    [`ErrorResponse`] that goes to the client.
//! 3. [`ValidRequest::evaluate`]: with who is signed in and what they have allowed, can it go on?
//!    [`Evaluation`] says so, or what a person has to do first, or why not.
//! 4. [`AuthorizedRequest::issue_code`]: the code, and the records to store. [`UnstoredCode::stored`] gives
//!    the response when they are.
//!
//! A request that has to wait for a person is kept with [`Waiting::suspend`] and taken up again in
//! its own browser ([`PendingInteraction::in_browser`](crate::storage::PendingInteraction::in_browser)) with
//! [`OwnInteraction::resume`], which goes through steps 1 and 2 once more. What the person has done is noted
//! with [`ValidRequest::logged_in`], [`ValidRequest::choose`] and [`ValidRequest::agree`]; then comes step 3.
//!
//! ```
//! use avouch_jose::NumericDate;
//! use avouch_messages::RequestEnvelope;
//! use avouch_provider::authorize::{Evaluation, LoginReason, Need, identify};
//! use avouch_provider::{Client, ClientAuthentication, Policy};
//! use avouch_types::{ClientId, Form, FormLimits, Issuer, RedirectUri};
//!
//! let policy = Policy::new(Issuer::parse("https://op.example")?);
//! let client = Client::new(
//!     ClientId::parse("app")?,
//!     ClientAuthentication::None,
//!     vec![RedirectUri::parse("https://app.example/cb")?],
//! );
//! let query = "client_id=app&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&response_type=code&scope=openid\
//!     &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
//!
//! let envelope = RequestEnvelope::read(Form::parse_noting_repeats(query.as_bytes(), &FormLimits::default())?);
//! let known = identify(envelope, Some(&client))?;
//! let valid = known.parse_and_validate(&policy)?;
//! let now = NumericDate::from_seconds(1_700_000_000)?;
//! match valid.evaluate(None, None, None, now) {
//!     Evaluation::Interact(waiting) => assert_eq!(*waiting.need(), Need::Login(LoginReason::NotSignedIn)),
//!     other => unreachable!("{other:?}"),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [Core §3.1.2]: https://openid.net/specs/openid-connect-core-1_0.html#AuthorizationEndpoint

mod evaluate;
mod failure;
mod issue;
mod known;
mod need;
mod respond;
mod suspend;
mod valid;

pub use evaluate::{AuthorizedRequest, Evaluation, Waiting};
pub use failure::AuthorizationFailure;
pub use issue::{NotStored, UnstoredCode};
pub(crate) use known::RESPONSE_MODES;
pub use known::{KnownRequest, RequestRefused, identify};
pub use need::{ConsentReason, LoginReason, Need};
pub use respond::{CodeResponse, ErrorResponse};
pub use suspend::{NotResumed, OwnInteraction};
pub use valid::ValidRequest;
