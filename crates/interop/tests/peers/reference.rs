//! Our reference programs, as the peers meet them: started as programs, told what to do by their command line.

use crate::node::{Scratch, Server, run, run_with};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// The binary of another package: `AVOUCH_REFERENCE` says where it is, else it is built here, into the target directory
/// and by the profile of this test.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| match std::env::var_os("AVOUCH_REFERENCE") {
    Some(path) => PathBuf::from(path),
    None => build(),
});

fn build() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args([
            "build",
            "--locked",
            "--package",
            "avouch-reference",
            "--message-format",
            "json-render-diagnostics",
        ])
        .arg("--target-dir")
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit());
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "avouch-reference cannot be built: see above");
    let messages = String::from_utf8(output.stdout).unwrap();
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == "avouch-reference")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .expect("cargo tells where the program is")
}

fn program() -> Command {
    let mut command = Command::new(&*PROGRAM);
    // Warnings are worth reading when a test fails, each request is not.
    command.env("RUST_LOG", "warn");
    command
}

/// The value of a line `name  value  remark` that the program prints as it starts.
fn told(server: &Server, name: &str) -> String {
    let value = server.announced(name);
    value.split("  ").next().unwrap_or_default().to_owned()
}

/// A person whom a test brings along.
pub(crate) const USERNAME: &str = "grace";
/// As UserInfo has it.
pub(crate) const NAME: &str = "Grace Hopper";
/// As UserInfo has it.
pub(crate) const EMAIL: &str = "grace@example.org";
/// With what a form has to encode.
pub(crate) const PASSWORD: &str = "nanoseconds & 100% cobol+flow-matic";

/// The provider with a file of its own.
pub(crate) struct OurProvider {
    pub(crate) issuer: String,
    pub(crate) scratch: Scratch,
    _server: Server,
}

impl OurProvider {
    pub(crate) fn start() -> Self {
        let scratch = Scratch::new();
        let mut op = program();
        op.args(["op", "--no-demo", "--op-address", "127.0.0.1:0", "--data"]).arg(scratch.path());
        let server = Server::start(&mut op);
        let issuer = told(&server, "provider");
        let added = Self { issuer, scratch, _server: server };
        let mut person = program();
        person.args(["person", "add", "--username", USERNAME, "--name", NAME, "--email", EMAIL]);
        run_with(person.arg("--data").arg(added.scratch.path()), PASSWORD);
        added
    }

    /// Registers a client while the provider runs.
    pub(crate) fn register(&self, client_id: &str, redirect_uri: &str, how: impl FnOnce(&mut Command)) {
        let mut add = program();
        add.args(["client", "add", "--client-id", client_id, "--redirect-uri", redirect_uri, "--data"]);
        how(add.arg(self.scratch.path()));
        run(&mut add);
    }
}

/// Provider and client as a newcomer starts them, with the person and the client of the demonstration.
pub(crate) struct Demonstration {
    pub(crate) client: String,
    pub(crate) username: String,
    pub(crate) password: String,
    _server: Server,
    _scratch: Scratch,
}

impl Demonstration {
    pub(crate) fn start() -> Self {
        let scratch = Scratch::new();
        let mut both = program();
        both.args(["--op-address", "127.0.0.1:0", "--rp-address", "127.0.0.1:0", "--data"])
            .arg(scratch.path());
        let server = Server::start(&mut both);
        Self {
            client: told(&server, "client"),
            username: told(&server, "username"),
            password: told(&server, "password"),
            _server: server,
            _scratch: scratch,
        }
    }
}
