//! Starting the programs: what the command line asks for, put together.

mod addresses;
mod commands;

use std::io::{IsTerminal, Write};
use std::time::Duration;

use avouch_jose::{Jwk, JwsAlgorithm, Limits, SigningKey};
use avouch_provider::{Endpoints, Policy, Provider, ProviderKeys};
use avouch_types::{ClientId, ClientSecret};
use axum::Router;
use axum_server::Handle;
use tokio::task::JoinSet;

use crate::cli::{
    AuthMethod, BothArgs, Cli, ClientCommand, Command, DEMO_CLIENT, LogFormat, OpArgs, PersonCommand, RpArgs,
    TlsArgs,
};
use crate::clock;
use crate::op::passwords::Passwords;
use crate::op::seed::{self, Demo};
use crate::op::store::SqliteStore;
use crate::op::throttle::Throttle;
use crate::op::{Op, keys};
use crate::pages::rp::DemoPerson;
use crate::rp::outgoing::Outgoing;
use crate::rp::provider::{Credentials, Finder, Registration};
use crate::rp::{CALLBACK_PATH, Rp};
use crate::web::serve::{EndSignals, Identity, Listening, end_all};
use addresses::{Address, Transport};

pub use commands::CommandError;

/// How often what is over is forgotten.
const PRUNE_EVERY: Duration = Duration::from_secs(10 * 60);

/// Why a program did not start or did not go on. Its text, with its causes, is one line.
pub type RunError = Box<dyn std::error::Error + Send + Sync>;

/// Does what the command line asks for.
///
/// # Errors
/// [`RunError`], to be shown in one line.
pub async fn run(cli: Cli) -> Result<(), RunError> {
    match cli.command {
        None => both(cli.both).await,
        Some(Command::Op(args)) => op(args).await,
        Some(Command::Rp(args)) => rp(args).await,
        Some(Command::Client(ClientCommand::Add(args))) => Ok(commands::add_client(args).await?),
        Some(Command::Person(PersonCommand::Add(args))) => Ok(commands::add_person(args).await?),
    }
}

async fn both(args: BothArgs) -> Result<(), RunError> {
    start_log(args.op.log);
    let identity = identity(&args.op.tls)?;
    let op_socket = Listening::bind(args.op.op_address, "--op-address")?;
    let rp_socket = Listening::bind(args.rp_address, "--rp-address")?;
    let op_at = Address::of(
        op_socket.address(),
        args.op.op_url.as_deref(),
        transport(&args.op.tls, identity.as_ref()),
        "--op-url",
    )?;
    let rp_at = Address::of(
        rp_socket.address(),
        args.rp_url.as_deref(),
        transport(&args.op.tls, identity.as_ref()),
        "--rp-url",
    )?;
    let (op, store, demo) = provider(&args.op, &op_at, &rp_at).await?;
    let Some(demo) = demo else {
        return Err(
            "without the demonstration client (--no-demo, or an issuer that is not on loopback) there is \
                    nothing for the client to sign in as: run `op` and `rp` by themselves"
                .into(),
        );
    };
    let registration = Registration {
        issuer: op_at.issuer()?,
        client_id: ClientId::parse(DEMO_CLIENT)?,
        credentials: Credentials::SecretBasic(demo.client_secret.clone()),
        redirect_uri: rp_at.redirect_uri(CALLBACK_PATH)?,
        id_token_algorithm: JwsAlgorithm::RS256,
    };
    let trusted = identity.as_ref().map(|identity| identity.certificates.as_str());
    let rp = client(registration, trusted, &rp_at, true)?;
    let signals = EndSignals::catch()?;
    announce(&[
        ("client", rp_at.url.as_str(), "  <- open this in a browser"),
        ("provider", op_at.url.as_str(), ""),
        ("username", seed::USERNAME, ""),
        ("password", seed::PASSWORD, ""),
        ("client-id", DEMO_CLIENT, ""),
        ("client-secret", demo.client_secret.expose(), ""),
    ])?;
    let ended =
        serve(vec![(op_socket, op.routes(), identity.clone()), (rp_socket, rp.routes(), identity)], signals)
            .await;
    store.close().await;
    ended
}

async fn op(args: OpArgs) -> Result<(), RunError> {
    start_log(args.log);
    let identity = identity(&args.tls)?;
    let socket = Listening::bind(args.op_address, "--op-address")?;
    let at = Address::of(
        socket.address(),
        args.op_url.as_deref(),
        transport(&args.tls, identity.as_ref()),
        "--op-url",
    )?;
    let rp_at = Address::of(
        crate::cli::RP_ADDRESS.parse()?,
        None,
        transport(&args.tls, identity.as_ref()),
        "--rp-url",
    )?;
    let (op, store, demo) = provider(&args, &at, &rp_at).await?;
    let signals = EndSignals::catch()?;
    match &demo {
        None => announce(&[("provider", at.url.as_str(), "")])?,
        Some(demo) => announce(&[
            ("provider", at.url.as_str(), ""),
            ("username", seed::USERNAME, ""),
            ("password", seed::PASSWORD, ""),
            ("client-id", DEMO_CLIENT, ""),
            ("client-secret", demo.client_secret.expose(), ""),
            ("redirect-uri", rp_at.redirect_uri(CALLBACK_PATH)?.as_str(), ""),
        ])?,
    }
    let ended = serve(vec![(socket, op.routes(), identity)], signals).await;
    store.close().await;
    ended
}

async fn rp(args: RpArgs) -> Result<(), RunError> {
    start_log(args.log);
    let identity = identity(&args.tls)?;
    let socket = Listening::bind(args.rp_address, "--rp-address")?;
    let at = Address::of(
        socket.address(),
        args.rp_url.as_deref(),
        transport(&args.tls, identity.as_ref()),
        "--rp-url",
    )?;
    let issuer = addresses::issuer(&args.issuer)?;
    let registration = Registration {
        issuer: issuer.clone(),
        client_id: ClientId::parse(&args.client_id)?,
        credentials: credentials(&args)?,
        redirect_uri: at.redirect_uri(CALLBACK_PATH)?,
        id_token_algorithm: commands::algorithm(&args.id_token_alg)?,
    };
    let trusted = args.ca.as_deref().map(commands::read).transpose()?;
    let redirect_uri = registration.redirect_uri.clone();
    let rp = client(registration, trusted.as_deref(), &at, false)?;
    let signals = EndSignals::catch()?;
    announce(&[
        ("client", at.url.as_str(), "  <- open this in a browser"),
        ("provider", issuer.as_str(), ""),
        ("redirect-uri", redirect_uri.as_str(), ""),
    ])?;
    serve(vec![(socket, rp.routes(), identity)], signals).await
}

/// Opens the file, makes what is not there, and puts the provider together.
async fn provider(
    args: &OpArgs,
    at: &Address,
    rp_at: &Address,
) -> Result<(Op, SqliteStore, Option<Demo>), RunError> {
    let crypto = avouch_jose_ring::provider();
    let store = SqliteStore::open(&args.file.path()).await?;
    let passwords = Passwords::new()?;
    let issuer = at.issuer()?;
    let demo = if at.is_loopback && !args.no_demo {
        let redirect_uri = rp_at.redirect_uri(CALLBACK_PATH)?;
        Some(seed::plant(&store, &passwords, redirect_uri, &crypto).await?)
    } else {
        seed::uproot(&store, &passwords, &crypto).await?;
        None
    };
    let signing = keys::load_or_make(&store, &crypto, clock::now()).await?;
    let keys = ProviderKeys::new(signing, Vec::new(), &crypto)?;
    let endpoints = Endpoints::beneath(&issuer)?;
    tokio::spawn(prune(store.clone()));
    let mut policy = Policy::new(issuer);
    policy.pkce = args.pkce.into();
    let provider = Provider::new(policy, endpoints, keys, crypto.clone(), store.clone())?;
    let demo_client = demo.is_some().then(|| rp_at.url.clone());
    Ok((Op::new(provider, crypto, passwords, Throttle::new(at.is_direct), demo_client), store, demo))
}

async fn prune(store: SqliteStore) {
    let mut rounds = tokio::time::interval(PRUNE_EVERY);
    loop {
        rounds.tick().await;
        match store.prune(clock::now()).await {
            Ok(pruned) => tracing::debug!(?pruned, "pruned"),
            Err(error) => tracing::error!(error = crate::causes::chain(&error), "pruning failed"),
        }
    }
}

fn client(
    registration: Registration,
    trusted: Option<&str>,
    at: &Address,
    demo: bool,
) -> Result<Rp, RunError> {
    let outgoing = Outgoing::new(trusted, registration.issuer.is_loopback_http())?;
    let finder = Finder::new(registration, outgoing, avouch_jose_ring::provider());
    let person =
        demo.then(|| DemoPerson { username: seed::USERNAME.to_owned(), password: seed::PASSWORD.to_owned() });
    Ok(Rp::new(finder, at.is_https(), person))
}

fn credentials(args: &RpArgs) -> Result<Credentials, RunError> {
    let method = args.auth_method.unwrap_or(match (&args.client_jwk, &args.client_secret) {
        (Some(_), _) => AuthMethod::PrivateKeyJwt,
        (None, Some(_)) => AuthMethod::ClientSecretBasic,
        (None, None) => AuthMethod::None,
    });
    let secret = || args.client_secret.as_deref().map(ClientSecret::new).ok_or("--client-secret is missing");
    Ok(match method {
        AuthMethod::ClientSecretBasic => Credentials::SecretBasic(secret()?),
        AuthMethod::ClientSecretPost => Credentials::SecretPost(secret()?),
        AuthMethod::None => Credentials::None,
        AuthMethod::PrivateKeyJwt => {
            let path = args.client_jwk.as_deref().ok_or("--client-jwk is missing")?;
            let jwk = Jwk::from_json(commands::read(path)?.as_bytes(), &Limits::default())?;
            let algorithm = commands::algorithm(jwk.alg().ok_or("the client's key has no \"alg\"")?)?;
            Credentials::PrivateKeyJwt(Box::new(SigningKey::prepare(
                &jwk,
                algorithm,
                &avouch_jose_ring::provider(),
            )?))
        }
    })
}

fn identity(tls: &TlsArgs) -> Result<Option<Identity>, RunError> {
    Ok(match (&tls.tls_cert, &tls.tls_key) {
        (Some(certificates), Some(key)) => Some(Identity::read(certificates, key)?),
        _ if tls.self_signed => {
            Some(Identity::self_signed(["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec())?)
        }
        _ => None,
    })
}

fn transport(tls: &TlsArgs, identity: Option<&Identity>) -> Transport {
    match identity {
        Some(_) => Transport::Tls,
        None if tls.behind_tls_proxy => Transport::BehindTlsProxy,
        None => Transport::Plain,
    }
}

/// Serves all sockets until a signal comes, or one of them ends.
async fn serve(
    servers: Vec<(Listening, Router, Option<Identity>)>,
    signals: EndSignals,
) -> Result<(), RunError> {
    let handles: Vec<_> = servers.iter().map(|_| Handle::new()).collect();
    tokio::spawn(signals.end(handles.clone()));
    let mut running = JoinSet::new();
    for ((socket, routes, identity), handle) in servers.into_iter().zip(handles.clone()) {
        running.spawn(socket.serve(routes, identity, handle));
    }
    let mut first: Result<(), RunError> = Ok(());
    while let Some(ended) = running.join_next().await {
        // The others end with it, and may finish what they have begun.
        end_all(&handles);
        let ended = ended.map_err(RunError::from).and_then(|ended| Ok(ended?));
        first = first.and(ended);
    }
    first
}

/// Tells, for people and programs alike, what was started: a name and a value per line, then
/// `ready`: connections are accepted from now on, if only after a moment.
fn announce(lines: &[(&str, &str, &str)]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for (name, value, remark) in lines {
        writeln!(out, "{name:<14} {value}{remark}")?;
    }
    writeln!(out, "{:<14} Ctrl-C ends it", "ready")?;
    out.flush()
}

fn start_log(format: LogFormat) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    // A second start in one process, in a test, keeps the first log.
    let _ = match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
}
