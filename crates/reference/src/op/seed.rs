//! A person and a client to try everything with. Only where the issuer is on loopback: their password is in this file.

use avouch_claims::{Address, StandardClaims};
use avouch_jose::crypto::{CryptoProvider, RandomError, random_token};
use avouch_jose_ring::SystemRandom;
use avouch_provider::storage::ClientStore;
use avouch_provider::{Client, ClientAuthentication, ClientSecretHash, ClientSecretTooShort};
use avouch_types::{ClientId, ClientSecret, RedirectUri, SubjectIdentifier, WordError};

use super::passwords::{PasswordError, Passwords};
use super::store::{Person, SqliteStore, StoreError};
use crate::cli::DEMO_CLIENT;

/// What the demonstration user types first.
pub const USERNAME: &str = "ada";
/// What the demonstration user types second.
pub const PASSWORD: &str = "analytical-engine";

const SUBJECT: &str = "demo-ada-lovelace";
const SECRET_SETTING: &str = "demo_client_secret";

/// What there is to try with.
#[derive(Debug)]
pub struct Demo {
    /// The client's secret, of this file alone.
    pub client_secret: ClientSecret,
}

/// Why there is nothing to try with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// The file could not be asked or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// There is no randomness for the client's secret.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The client's secret is too short.
    #[error(transparent)]
    Secret(#[from] ClientSecretTooShort),
    /// A word is malformed.
    #[error(transparent)]
    Word(#[from] WordError),
}

/// Makes the person unless there is one of the name, and the client, which follows the address of the demonstration
/// client.
///
/// # Errors
/// [`SeedError`].
pub async fn plant(
    store: &SqliteStore,
    passwords: &Passwords,
    redirect_uri: RedirectUri,
    crypto: &CryptoProvider,
) -> Result<Demo, SeedError> {
    if store.person_named(USERNAME).await?.is_none() {
        store
            .put_person(&Person {
                subject: SubjectIdentifier::parse(SUBJECT)?,
                username: USERNAME.to_owned(),
                password_hash: passwords.hash(PASSWORD).await?,
                claims: ada(),
            })
            .await?;
    }
    let fresh = random_token(&SystemRandom::default(), 32)?;
    let secret = ClientSecret::new(store.setting_or_insert(SECRET_SETTING, &fresh).await?);
    let authentication =
        ClientAuthentication::ClientSecretBasic { secret: ClientSecretHash::of(&secret, crypto)? };
    let mut client =
        Client::new(ClientId::parse(DEMO_CLIENT)?, authentication, vec![redirect_uri]).with_refresh_tokens();
    client.client_name = Some("Avouch demo client".to_owned());
    store.put_client(&client).await?;
    Ok(Demo { client_secret: secret })
}

/// Removes what was planted: a file that was tried out on loopback may be put to work elsewhere. A person with another
/// password, or a client with another secret, is somebody's own, whatever the name, and stays.
///
/// # Errors
/// [`SeedError`].
pub async fn uproot(
    store: &SqliteStore,
    passwords: &Passwords,
    crypto: &CryptoProvider,
) -> Result<(), SeedError> {
    if let Some(person) = store.person_named(USERNAME).await?
        && person.subject.as_str() == SUBJECT
        && passwords.check(PASSWORD, Some(&person.password_hash)).await?
    {
        store.remove_person(SUBJECT).await?;
    }
    let Some(secret) = store.setting(SECRET_SETTING).await? else { return Ok(()) };
    let planted = ClientSecretHash::of(&ClientSecret::new(secret), crypto)?;
    if let Some(client) = store.client(&ClientId::parse(DEMO_CLIENT)?).await?
        && matches!(client.authentication, ClientAuthentication::ClientSecretBasic { secret } if secret == planted)
    {
        store.remove_client(DEMO_CLIENT).await?;
    }
    Ok(store.remove_setting(SECRET_SETTING).await?)
}

/// Somebody real takes the name: what was done with the known password is not theirs.
///
/// # Errors
/// [`StoreError`].
pub async fn make_way(store: &SqliteStore, username: &str) -> Result<(), StoreError> {
    match store.person_named(username).await? {
        Some(person) if person.subject.as_str() == SUBJECT => store.remove_person(SUBJECT).await,
        _ => Ok(()),
    }
}

fn ada() -> StandardClaims {
    let text = |text: &str| Some(text.to_owned());
    StandardClaims {
        name: text("Ada Lovelace"),
        given_name: text("Ada"),
        family_name: text("Lovelace"),
        preferred_username: text(USERNAME),
        email: text("ada@example.org"),
        email_verified: Some(true),
        birthdate: text("1815-12-10"),
        zoneinfo: text("Europe/London"),
        locale: text("en-GB"),
        phone_number: text("+44 20 7946 0958"),
        phone_number_verified: Some(false),
        address: Some(Address {
            formatted: text("12 St James's Square\nLondon SW1Y 4JH\nUnited Kingdom"),
            street_address: text("12 St James's Square"),
            locality: text("London"),
            postal_code: text("SW1Y 4JH"),
            country: text("United Kingdom"),
            ..Address::default()
        }),
        ..StandardClaims::default()
    }
}
