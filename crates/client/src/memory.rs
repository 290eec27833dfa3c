//! What a client remembers of a person who is signed in.

use crate::Client;
use avouch_jose::NumericDate;
use avouch_jose::jwt::Audience;
use avouch_tokens::OriginalIdToken;
use avouch_types::{AccessToken, ClientId, Issuer, Nonce, RefreshToken, Scopes, Secret, SubjectIdentifier};
use serde::{Deserialize, Serialize};

/// What later steps compare with: keep it in the session, replace it by what a refresh gives.
///
/// It holds secrets: serialized, it belongs into the server-side session or an encrypted cookie. It says who signed in,
/// but is no proof: read it only from where nobody else can write.
///
/// ```
/// # use avouch_client::{SignInMemory, SignedIn};
/// fn keep(signed_in: &SignedIn) -> serde_json::Result<SignInMemory> {
///     let stored = serde_json::to_string(&signed_in.remember())?;
///     // ... keep `stored` in the session ...
///     serde_json::from_str(&stored)
/// }
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignInMemory {
    /// The provider. With `sub` this is the key of a user account; e-mail addresses and names are not ([Core §5.7]).
    ///
    /// [Core §5.7]: https://openid.net/specs/openid-connect-core-1_0.html#ClaimStability
    #[serde(deserialize_with = "avouch_types::dangerous::stored_issuer")]
    pub iss: Issuer,
    /// The user at that provider.
    pub sub: SubjectIdentifier,
    /// The client whose tokens these are.
    pub client_id: ClientId,
    /// The audience of the ID Token.
    pub aud: Audience,
    /// When the latest ID Token was issued.
    pub iat: NumericDate,
    /// When the user authenticated, if the ID Token said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<NumericDate>,
    /// The nonce of the sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<Nonce>,
    /// The scope that was granted.
    pub scope: Scopes,
    /// The access token.
    pub access_token: AccessToken,
    /// When the access token ends at the latest, counted from the moment of the request; `None` when the provider did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<NumericDate>,
    /// The refresh token, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<RefreshToken>,
    /// The latest ID Token as it came: for [`SignIn::id_token_hint`](crate::SignIn::id_token_hint) and for logging out.
    /// Whoever needs neither may set it to `None` to save space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<Secret>,
}

/// A memory was given to a client that it does not belong to: its tokens would go to a stranger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the memory is of client {} at {}", client_id.as_str(), issuer.as_str())]
#[non_exhaustive]
pub struct OtherClient {
    /// The provider that the memory is of.
    pub issuer: Issuer,
    /// The client that the memory is of.
    pub client_id: ClientId,
}

impl SignInMemory {
    pub(crate) fn check_client(&self, client: &Client) -> Result<(), OtherClient> {
        if self.iss == *client.issuer() && self.client_id == client.registration.client_id {
            return Ok(());
        }
        Err(OtherClient { issuer: self.iss.clone(), client_id: self.client_id.clone() })
    }

    pub(crate) fn original_id_token(&self) -> OriginalIdToken {
        OriginalIdToken {
            iss: self.iss.as_str().to_owned(),
            sub: self.sub.clone(),
            aud: self.aud.clone(),
            iat: self.iat,
            auth_time: self.auth_time,
            nonce: self.nonce.clone(),
        }
    }
}
