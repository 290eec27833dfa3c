//! Commands that change the provider's file and end.

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use avouch_claims::StandardClaims;
use avouch_jose::crypto::{CryptoProvider, RandomError, random_token};
use avouch_jose::{Jwk, JwkError, JwkSet, JwkSetError, JwsAlgorithm, KeyError, Limits, VerifyingKeys};
use avouch_jose_ring::SystemRandom;
use avouch_provider::{
    Client, ClientAuthentication, ClientSecretHash, ClientSecretTooShort, RedirectUriRefused,
};
use avouch_types::{
    ApplicationType, ClientId, ClientSecret, RedirectUri, SubjectIdentifier, UriError, WordError,
};

use crate::cli::{AuthMethod, ClientAddArgs, PersonAddArgs};
use crate::op::keys::ALGORITHMS;
use crate::op::passwords::{PasswordError, Passwords};
use crate::op::seed;
use crate::op::store::{MAX_USERNAME, OpenError, Person, SqliteStore, StoreError};

/// Why a command did nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The provider's file cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The provider's file cannot be changed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// An algorithm is not known, or not signed with here.
    #[error("{0} is not an algorithm that can be used here")]
    Algorithm(String),
    /// A word is malformed.
    #[error(transparent)]
    Word(#[from] WordError),
    /// A redirect URI is malformed.
    #[error("the redirect URI {uri} cannot be used")]
    RedirectUri {
        /// The URI.
        uri: String,
        /// The rule it breaks.
        source: UriError,
    },
    /// A redirect URI may not be used.
    #[error(transparent)]
    RedirectUriRefused(#[from] RedirectUriRefused),
    /// The secret can be guessed.
    #[error(transparent)]
    Secret(#[from] ClientSecretTooShort),
    /// There is no randomness for a secret.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// `private_key_jwt` needs the client's public keys.
    #[error("private_key_jwt needs --jwks with the client's public keys")]
    KeysMissing,
    /// Those are not keys.
    #[error("--jwks is not a JWK Set")]
    Keys(#[from] JwkSetError),
    /// That is not a key.
    #[error("--jwks is not a JWK")]
    Key(#[from] JwkError),
    /// A private key does not belong into the provider's file.
    #[error("--jwks holds a private or symmetric key: give the public ones only")]
    PrivateKey,
    /// The keys cannot be used with the algorithm.
    #[error("no key in --jwks can be used with {0}")]
    NoKeyFits(JwsAlgorithm),
    /// The keys cannot be prepared.
    #[error("the keys cannot be used")]
    Prepare(#[from] KeyError),
    /// It is not clear which algorithm the client signs with.
    #[error("the keys do not say which algorithm they are for: give --assertion-alg")]
    AssertionAlgorithmMissing,
    /// The username is too long to sign in with.
    #[error("the username is longer than {MAX_USERNAME} bytes")]
    UsernameTooLong,
    /// There is no password.
    #[error("no password on standard input")]
    NoPassword,
    /// The password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The result cannot be told.
    #[error("cannot write to standard output")]
    Write(#[source] io::Error),
}

pub(super) fn read(path: &Path) -> Result<String, CommandError> {
    std::fs::read_to_string(path).map_err(|source| CommandError::Read { path: path.to_owned(), source })
}

pub(super) fn algorithm(name: &str) -> Result<JwsAlgorithm, CommandError> {
    JwsAlgorithm::from_name(name).ok_or_else(|| CommandError::Algorithm(name.to_owned()))
}

pub(super) async fn add_client(args: ClientAddArgs) -> Result<(), CommandError> {
    let crypto = avouch_jose_ring::provider();
    let client_id = ClientId::parse(&args.client_id)?;
    let mut redirect_uris = Vec::new();
    for uri in &args.redirect_uri {
        let parsed = RedirectUri::parse(uri)
            .map_err(|source| CommandError::RedirectUri { uri: uri.clone(), source })?;
        redirect_uris.push(parsed);
    }
    let secret = match (args.auth_method, &args.client_secret) {
        (AuthMethod::PrivateKeyJwt | AuthMethod::None, _) => None,
        (_, Some(secret)) => Some(ClientSecret::new(secret.as_str())),
        (_, None) => Some(ClientSecret::new(random_token(&SystemRandom::default(), 32)?)),
    };
    let hash = |secret: &Option<ClientSecret>| match secret {
        Some(secret) => Ok(ClientSecretHash::of(secret, &crypto)?),
        None => Err(CommandError::NoPassword),
    };
    let authentication = match args.auth_method {
        AuthMethod::ClientSecretBasic => ClientAuthentication::ClientSecretBasic { secret: hash(&secret)? },
        AuthMethod::ClientSecretPost => ClientAuthentication::ClientSecretPost { secret: hash(&secret)? },
        AuthMethod::PrivateKeyJwt => by_key(&args, &crypto)?,
        AuthMethod::None => ClientAuthentication::None,
    };
    let mut client = Client::new(client_id, authentication, redirect_uris).with_refresh_tokens();
    client.client_name = args.name;
    if args.native {
        client.application_type = ApplicationType::NATIVE;
    }
    client.id_token_signed_response_alg = algorithm(&args.id_token_alg)?;
    if !ALGORITHMS.contains(&client.id_token_signed_response_alg) {
        return Err(CommandError::Algorithm(args.id_token_alg));
    }
    for uri in &client.redirect_uris {
        client.check_redirect_uri(uri)?;
    }
    let store = SqliteStore::open(&args.file.path()).await?;
    store.put_client(&client).await?;
    store.close().await;
    let mut out = io::stdout().lock();
    writeln!(out, "client-id      {}", client.client_id).map_err(CommandError::Write)?;
    if let Some(secret) = secret.filter(|_| args.client_secret.is_none()) {
        writeln!(out, "client-secret  {}", secret.expose()).map_err(CommandError::Write)?;
    }
    Ok(())
}

fn by_key(args: &ClientAddArgs, crypto: &CryptoProvider) -> Result<ClientAuthentication, CommandError> {
    let text = read(args.jwks.as_deref().ok_or(CommandError::KeysMissing)?)?;
    let limits = Limits::default();
    let is_set =
        serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|value| value.get("keys").is_some());
    let keys = if is_set {
        JwkSet::from_json(text.as_bytes(), &limits)?
    } else {
        JwkSet::new(vec![Jwk::from_json(text.as_bytes(), &limits)?])
    };
    if keys.keys().iter().any(|key| key.is_private() || key.public().is_none()) {
        return Err(CommandError::PrivateKey);
    }
    let algorithm = match (&args.assertion_alg, keys.keys()) {
        (Some(name), _) => algorithm(name)?,
        (None, [key]) => algorithm(key.alg().ok_or(CommandError::AssertionAlgorithmMissing)?)?,
        (None, _) => return Err(CommandError::AssertionAlgorithmMissing),
    };
    if VerifyingKeys::prepare(&keys, &[algorithm], crypto)?.keys().is_empty() {
        return Err(CommandError::NoKeyFits(algorithm));
    }
    Ok(ClientAuthentication::PrivateKeyJwt { keys, algorithm })
}

pub(super) async fn add_person(args: PersonAddArgs) -> Result<(), CommandError> {
    if args.username.len() > MAX_USERNAME {
        return Err(CommandError::UsernameTooLong);
    }
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    read.map_err(|source| CommandError::Read { path: "standard input".into(), source })?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(CommandError::NoPassword);
    }
    let passwords = Passwords::new()?;
    let claims = StandardClaims {
        preferred_username: Some(args.username.clone()),
        name: args.name,
        email_verified: args.email.as_ref().map(|_| false),
        email: args.email,
        ..StandardClaims::default()
    };
    let person = Person {
        subject: SubjectIdentifier::parse(&random_token(&SystemRandom::default(), 16)?)?,
        username: args.username,
        password_hash: passwords.hash(password).await?,
        claims,
    };
    let store = SqliteStore::open(&args.file.path()).await?;
    seed::make_way(&store, &person.username).await?;
    store.put_person(&person).await?;
    store.close().await;
    Ok(())
}
