//! What must be remembered while the user is at the provider.

use avouch_jose::NumericDate;
use avouch_types::{
    Acr, ClientId, CodeVerifier, Issuer, Nonce, RedirectUri, Scopes, State, SubjectIdentifier,
};
use serde::{Deserialize, Serialize};

/// A sign-in under way. Keep it where only this browser's session can reach it, under its [`state`](Self::state), and
/// take it out (not copy it) when the callback comes.
///
/// It holds secrets: serialized, it belongs into the server-side session or an encrypted cookie.
///
/// ```
/// # use avouch_client::{Client, PendingSignIn};
/// # use avouch_jose::{NumericDate, crypto::SecureRandom};
/// fn begin(client: &Client, now: NumericDate, rng: &dyn SecureRandom) -> Result<(), Box<dyn std::error::Error>> {
///     let (url, pending) = client.sign_in().start(now, rng)?.into_parts();
///     let stored = serde_json::to_string(&pending)?;
///     // ... keep `stored` in the session, send the browser to `url` ...
///     let pending: PendingSignIn = serde_json::from_str(&stored)?;
/// #   drop((url, pending));
///     Ok(())
/// }
/// ```
#[derive(Debug, Serialize, Deserialize)]
pub struct PendingSignIn {
    #[serde(deserialize_with = "avouch_types::dangerous::stored_issuer")]
    pub(crate) issuer: Issuer,
    pub(crate) client_id: ClientId,
    pub(crate) redirect_uri: RedirectUri,
    pub(crate) state: State,
    pub(crate) nonce: Nonce,
    pub(crate) code_verifier: CodeVerifier,
    pub(crate) scope: Scopes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) max_age: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) required_acr: Vec<Acr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expected_subject: Option<SubjectIdentifier>,
    #[serde(default)]
    pub(crate) auth_time_required: bool,
    pub(crate) created_at: NumericDate,
    pub(crate) expires_at: NumericDate,
}

impl PendingSignIn {
    /// The look-up key: the callback brings the same value (see [`CallbackParams::state`](crate::CallbackParams::state)).
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The provider the user was sent to.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// When the sign-in was started.
    #[must_use]
    pub fn created_at(&self) -> NumericDate {
        self.created_at
    }

    /// From when on a callback is refused; a store may forget the value then.
    #[must_use]
    pub fn expires_at(&self) -> NumericDate {
        self.expires_at
    }
}
