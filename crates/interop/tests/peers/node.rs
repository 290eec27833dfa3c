//! Running the scripts of `node/`.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a program may take until it serves.
const START: Duration = Duration::from_secs(60);

/// A script of `node/`, to be run there; an error that says what to do when the peers are not installed.
pub(crate) fn script(name: &str) -> Command {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
    assert!(
        folder.join("node_modules/.installed-from").is_file(),
        "the Node packages are not installed: run crates/interop/install.sh"
    );
    let mut command = Command::new("node");
    command.arg(name).current_dir(folder);
    // A proxy in the environment would lead away from this machine.
    for variable in ["NODE_USE_ENV_PROXY", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(variable);
    }
    command
}

/// Runs a program to its end; fails with all that it said when it does not end well.
pub(crate) fn run(command: &mut Command) -> String {
    run_with(command, "")
}

/// As [`run`], with this on standard input.
pub(crate) fn run_with(command: &mut Command, stdin: &str) -> String {
    let (ended_well, stdout, stderr) = outcome(command, stdin);
    assert!(ended_well, "{} failed\n{stdout}{stderr}", described(command));
    stdout
}

/// Runs a program to its end: whether it ended well, its output, its complaints.
pub(crate) fn outcome(command: &mut Command, stdin: &str) -> (bool, String, String) {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = started(command);
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

fn started(command: &mut Command) -> Child {
    command.spawn().unwrap_or_else(|error| panic!("{} does not start: {error}", described(command)))
}

fn described(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// A program that serves until it is dropped. Its complaints are shown only if the test fails.
pub(crate) struct Server {
    child: Child,
    lines: mpsc::Receiver<String>,
    complaints: Option<JoinHandle<String>>,
}

impl Server {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = started(command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()));
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut stderr = child.stderr.take().unwrap();
        let (sender, lines) = mpsc::channel();
        // Both are read to the end, so that the program never blocks on a full pipe.
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let complaints = std::thread::spawn(move || {
            let mut told = Vec::new();
            let _ = stderr.read_to_end(&mut told);
            String::from_utf8_lossy(&told).into_owned()
        });
        Self { child, lines, complaints: Some(complaints) }
    }

    /// The rest of the next line that begins with `name` and a blank.
    pub(crate) fn announced(&self, name: &str) -> String {
        loop {
            let Ok(line) = self.lines.recv_timeout(START) else {
                panic!("the program ended, or was silent for {START:?}, before it told its {name}")
            };
            if let Some(value) = line.strip_prefix(name).and_then(|rest| rest.strip_prefix(' ')) {
                return value.trim().to_owned();
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking()
            && let Some(Ok(told)) = self.complaints.take().map(JoinHandle::join)
        {
            eprintln!("{told}");
        }
    }
}

/// A directory of a test's own, removed when it is dropped.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("peers-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
