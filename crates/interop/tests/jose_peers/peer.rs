//! The scripts that answer for the peers: one JSON object a line in, one a line out.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use avouch_jose::{Jwk, base64url};
use serde_json::{Value, json};

/// A peer that runs until it is dropped.
pub(crate) struct Peer {
    name: &'static str,
    child: Child,
    /// `None` once it has been told to end.
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

fn folder(name: &str, installed: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    assert!(folder.join(installed).is_file(), "{name} is not installed: run crates/interop/install.sh");
    folder
}

impl Peer {
    /// The package `jose` of npm.
    pub(crate) fn jose() -> Self {
        let folder = folder("node", "node_modules/.installed-from");
        Self::start("jose", Command::new("node").arg("jose-peer.mjs").current_dir(folder))
    }

    /// The package `joserfc` of PyPI.
    pub(crate) fn joserfc() -> Self {
        let folder = folder("python", "venv/.installed-from");
        let python = folder.join("venv/bin/python");
        Self::start("joserfc", Command::new(python).arg("joserfc_peer.py").current_dir(folder))
    }

    fn start(name: &'static str, command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let (stdin, stdout) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { name, child, stdin, stdout }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Asks for an operation; what the peer says if it refuses.
    pub(crate) fn ask(&mut self, request: &Value) -> Result<Value, String> {
        writeln!(self.stdin.as_mut().unwrap(), "{request}").unwrap();
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        let mut answer: Value = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("{} ended at {request}: {error} {line}", self.name));
        match answer.get("error") {
            Some(error) => Err(error.as_str().unwrap().to_owned()),
            None => Ok(answer["ok"].take()),
        }
    }

    /// Asks for an operation that must succeed.
    pub(crate) fn get(&mut self, request: &Value) -> Value {
        self.ask(request).unwrap_or_else(|error| panic!("{} at {request}: {error}", self.name))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // it ends when there is nothing more to read
        self.stdin.take();
        let _ = self.child.wait();
    }
}

pub(crate) fn private(jwk: &Jwk) -> Value {
    serde_json::from_str(&jwk.to_private_json()).unwrap()
}

/// The public half; a secret as a whole.
pub(crate) fn public(jwk: &Jwk) -> Value {
    jwk.public().map_or_else(|| private(jwk), |public| json!(public))
}

pub(crate) fn octets(answer: &Value) -> Vec<u8> {
    base64url::decode(answer.as_str().unwrap_or_else(|| panic!("no octets: {answer}"))).unwrap()
}

/// The versions that `package-lock.json` and `requirements.txt` fix, so that nobody tests against others unaware.
#[test]
fn versions() {
    assert_eq!(Peer::jose().get(&json!({"op": "version"})), "6.2.17");
    assert_eq!(Peer::joserfc().get(&json!({"op": "version"})), "1.8.0");
}
