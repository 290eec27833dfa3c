//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use avouch_provider::PkceRequirement;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Where the provider listens unless told otherwise.
pub const OP_ADDRESS: &str = "127.0.0.1:9400";
/// Where the client listens unless told otherwise.
pub const RP_ADDRESS: &str = "127.0.0.1:9401";
/// The identifier of the demonstration client.
pub const DEMO_CLIENT: &str = "demo-client";

/// An OpenID Provider and a client that signs in there and shows how: reference programs made of the Avouch crates.
///
/// Without a command both run on loopback. Open the client's address, which is printed, in a browser.
#[derive(Debug, Parser)]
#[command(name = "avouch-reference", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Options of running both.
    #[command(flatten)]
    pub both: BothArgs,
}

/// What to do, when it is not running both programs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the provider alone.
    Op(OpArgs),
    /// Run the client alone.
    Rp(RpArgs),
    /// Register clients at the provider.
    #[command(subcommand)]
    Client(ClientCommand),
    /// Add people who can sign in at the provider.
    #[command(subcommand)]
    Person(PersonCommand),
}

/// Options of running both programs.
#[derive(Debug, Args)]
pub struct BothArgs {
    /// What the provider serves.
    #[command(flatten)]
    pub op: OpArgs,
    /// Where the client listens.
    #[arg(long, value_name = "IP:PORT", default_value = RP_ADDRESS)]
    pub rp_address: SocketAddr,
    /// The client's address as browsers see it, when that is not http(s)://IP:PORT.
    #[arg(long, value_name = "URL")]
    pub rp_url: Option<String>,
}

/// Options of the provider.
#[derive(Debug, Args)]
pub struct OpArgs {
    /// Where the provider listens; port 0 takes a free one.
    #[arg(long, value_name = "IP:PORT", default_value = OP_ADDRESS)]
    pub op_address: SocketAddr,
    /// The issuer: the provider's address as browsers see it, when that is not http(s)://IP:PORT.
    #[arg(long, value_name = "URL")]
    pub op_url: Option<String>,
    /// The provider's file.
    #[command(flatten)]
    pub file: FileArgs,
    /// The certificate of both programs.
    #[command(flatten)]
    pub tls: TlsArgs,
    /// Seed no demonstration user and client. They are never seeded where the issuer is not on loopback.
    #[arg(long)]
    pub no_demo: bool,
    /// Who must use PKCE. Whoever sends a challenge is held to it in any case.
    #[arg(long, value_enum, default_value_t = Pkce::Everyone)]
    pub pkce: Pkce,
    /// How to write the log, which goes to standard error; RUST_LOG chooses what is in it.
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub log: LogFormat,
}

/// Who must use PKCE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Pkce {
    /// Every client.
    Everyone,
    /// Public clients; those that authenticate may leave it out, as older clients do.
    PublicClients,
}

impl From<Pkce> for PkceRequirement {
    fn from(pkce: Pkce) -> Self {
        match pkce {
            Pkce::Everyone => Self::Everyone,
            Pkce::PublicClients => Self::PublicClients,
        }
    }
}

/// Where the provider's file is.
#[derive(Debug, Args)]
pub struct FileArgs {
    /// The directory of the provider's file, made when it is not there.
    #[arg(long, value_name = "DIR", default_value = "avouch-data")]
    pub data: PathBuf,
    /// The provider's file, when it is not op.sqlite in that directory.
    #[arg(long, value_name = "FILE")]
    pub database: Option<PathBuf>,
}

impl FileArgs {
    /// The provider's file.
    pub fn path(&self) -> PathBuf {
        self.database.clone().unwrap_or_else(|| self.data.join("op.sqlite"))
    }
}

/// HTTPS.
#[derive(Debug, Args)]
pub struct TlsArgs {
    /// Serve https with this certificate chain (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Serve https with a certificate made now and signed by itself.
    #[arg(long, conflicts_with = "tls_cert")]
    pub self_signed: bool,
    /// Serve plain http beyond loopback, to a proxy that speaks https to browsers. Whoever can read what passes between
    /// the proxy and here reads passwords and tokens. Here everybody has the proxy's address, so wrong passwords delay
    /// everybody who has that username: slow guessing down in the proxy, too.
    #[arg(long, conflicts_with_all = ["tls_cert", "self_signed"])]
    pub behind_tls_proxy: bool,
}

/// Options of the client alone.
#[derive(Debug, Args)]
pub struct RpArgs {
    /// Where the client listens; port 0 takes a free one.
    #[arg(long, value_name = "IP:PORT", default_value = RP_ADDRESS)]
    pub rp_address: SocketAddr,
    /// The client's address as browsers see it, when that is not http(s)://IP:PORT.
    #[arg(long, value_name = "URL")]
    pub rp_url: Option<String>,
    /// The provider to sign in at.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:9400")]
    pub issuer: String,
    /// The client's identifier there.
    #[arg(long, value_name = "ID", default_value = DEMO_CLIENT)]
    pub client_id: String,
    /// The client's secret there; better in the environment than on the command line.
    #[arg(long, value_name = "SECRET", env = "AVOUCH_CLIENT_SECRET", hide_env_values = true)]
    pub client_secret: Option<String>,
    /// The client's private key (a JWK with "alg"), for private_key_jwt.
    #[arg(long, value_name = "FILE")]
    pub client_jwk: Option<PathBuf>,
    /// How the client authenticates. Default: by its key, its secret (basic), or not at all, whichever it has.
    #[arg(long, value_enum)]
    pub auth_method: Option<AuthMethod>,
    /// The algorithm that the client's ID Tokens are signed with, as registered.
    #[arg(long, value_name = "ALG", default_value = "RS256")]
    pub id_token_alg: String,
    /// A certificate (PEM) to trust beside the system's.
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// The client's own certificate.
    #[command(flatten)]
    pub tls: TlsArgs,
    /// How to write the log, which goes to standard error; RUST_LOG chooses what is in it.
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub log: LogFormat,
}

/// How clients authenticate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum AuthMethod {
    /// ID and secret in the Authorization header.
    ClientSecretBasic,
    /// ID and secret in the form.
    ClientSecretPost,
    /// An assertion signed by the client's key.
    PrivateKeyJwt,
    /// A public client.
    None,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// What to do with clients.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Register a client, or replace the one of the same identifier. The provider may be running.
    Add(ClientAddArgs),
}

/// A client to register.
#[derive(Debug, Args)]
pub struct ClientAddArgs {
    /// The provider's file.
    #[command(flatten)]
    pub file: FileArgs,
    /// Its identifier.
    #[arg(long, value_name = "ID")]
    pub client_id: String,
    /// Where responses may go; may be given several times.
    #[arg(long, value_name = "URI", required = true)]
    pub redirect_uri: Vec<String>,
    /// How it authenticates.
    #[arg(long, value_enum, default_value_t = AuthMethod::ClientSecretBasic)]
    pub auth_method: AuthMethod,
    /// Its secret. Default: one is made and printed.
    #[arg(long, value_name = "SECRET", env = "AVOUCH_CLIENT_SECRET", hide_env_values = true)]
    pub client_secret: Option<String>,
    /// Its public keys (a JWK Set, or one JWK), for private_key_jwt.
    #[arg(long, value_name = "FILE")]
    pub jwks: Option<PathBuf>,
    /// The algorithm that it signs assertions with. Default: what its only key says.
    #[arg(long, value_name = "ALG")]
    pub assertion_alg: Option<String>,
    /// The algorithm that its ID Tokens are signed with: RS256, ES256 or EdDSA.
    #[arg(long, value_name = "ALG", default_value = "RS256")]
    pub id_token_alg: String,
    /// The name that people see.
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// It is a native application: its loopback redirect URIs may use any port.
    #[arg(long)]
    pub native: bool,
}

/// What to do with people.
#[derive(Debug, Subcommand)]
pub enum PersonCommand {
    /// Add a person, or change the one of the same username. The password is read from standard input.
    Add(PersonAddArgs),
}

/// A person to add.
#[derive(Debug, Args)]
pub struct PersonAddArgs {
    /// The provider's file.
    #[command(flatten)]
    pub file: FileArgs,
    /// What they type to sign in.
    #[arg(long, value_name = "TEXT")]
    pub username: String,
    /// Their name.
    #[arg(long, value_name = "TEXT")]
    pub name: Option<String>,
    /// Their email address, which counts as not confirmed.
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
