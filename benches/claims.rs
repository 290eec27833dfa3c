//! The 20 claims of the ID Token, typed for the crates that take a type.

use serde::{Deserialize, Serialize};

/// The issuer of the token.
pub const ISSUER: &str = "https://op.example.com";
/// The client that the token is for.
pub const CLIENT_ID: &str = "s6BhdRkqt3";
/// The nonce in the token.
pub const NONCE: &str = "n-0S6_WzA2Mj-8fTq0Vb2mQ";
/// When the token was issued, in seconds since the epoch; it expires in the year 2100, since some peers read the clock.
pub const ISSUED_AT: i64 = 1_790_000_000;
pub(crate) const EXPIRES: i64 = 4_102_444_800;

/// Writes a struct of claims with serde, the same names and types for each crate that wants its own selection.
macro_rules! claims {
    ($(#[$meta:meta])* $name:ident { $($claim:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Serialize, Deserialize)]
        #[allow(missing_docs, reason = "the names are those of OpenID Connect Core 2 and 5.1")]
        pub struct $name { $(pub $claim: $type,)* }
    };
}

claims! {
    /// All of them.
    Claims {
        iss: String,
        sub: String,
        aud: String,
        exp: i64,
        iat: i64,
        auth_time: i64,
        nonce: String,
        acr: String,
        amr: Vec<String>,
        sid: String,
        name: String,
        given_name: String,
        family_name: String,
        preferred_username: String,
        email: String,
        email_verified: bool,
        picture: String,
        locale: String,
        zoneinfo: String,
        updated_at: i64,
    }
}

claims! {
    /// Those that biscuit and jwt-simple do not type themselves.
    Rest {
        auth_time: i64,
        acr: String,
        amr: Vec<String>,
        sid: String,
        name: String,
        given_name: String,
        family_name: String,
        preferred_username: String,
        email: String,
        email_verified: bool,
        picture: String,
        locale: String,
        zoneinfo: String,
        updated_at: i64,
    }
}

impl Claims {
    /// The claims that are measured with: 567 bytes of JSON.
    #[must_use]
    pub fn example() -> Self {
        Self {
            iss: ISSUER.into(),
            sub: "248289761001-5f3c".into(),
            aud: CLIENT_ID.into(),
            exp: EXPIRES,
            iat: ISSUED_AT,
            auth_time: ISSUED_AT - 60,
            nonce: NONCE.into(),
            acr: "urn:mace:incommon:iap:silver".into(),
            amr: vec!["pwd".into(), "otp".into()],
            sid: "08a5019c-17e1-4977-8f42-65a12843ea02".into(),
            name: "Jane Amelia Doe".into(),
            given_name: "Jane Amelia".into(),
            family_name: "Doe".into(),
            preferred_username: "jane.doe".into(),
            email: "janedoe@example.com".into(),
            email_verified: true,
            picture: "https://op.example.com/people/248289761001/portrait-1024.jpg".into(),
            locale: "en-US".into(),
            zoneinfo: "Europe/Zurich".into(),
            updated_at: ISSUED_AT - 86_400,
        }
    }

    /// The claims as JSON.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap()
    }
}

impl Rest {
    /// The rest of [`Claims::example`].
    #[must_use]
    pub fn example() -> Self {
        serde_json::from_slice(&Claims::example().to_json()).unwrap()
    }
}
