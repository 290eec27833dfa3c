//! What the tests share: the programs started for real, and a browser that follows redirects only when told to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use avouch_types::{Form, FormLimits};
use http::{HeaderMap, StatusCode};
use reqwest::redirect::Policy;

pub(crate) const USERNAME: &str = "ada";
pub(crate) const PASSWORD: &str = "analytical-engine";

/// A directory that goes away with its test.
pub(crate) struct TempDir(PathBuf);

impl TempDir {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("avouch-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program with these arguments.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_avouch-reference"));
    command.args(arguments).env_remove("RUST_LOG").env_remove("AVOUCH_CLIENT_SECRET").stdin(Stdio::null());
    command
}

/// A program that runs, with what it said when it started.
pub(crate) struct Running {
    child: Child,
    said: BTreeMap<String, String>,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts the program, and waits until it says that it runs.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = program(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let mut stderr = child.stderr.take().unwrap();
        let gathered = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = stderr.read(&mut buffer) {
                gathered.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..read]));
            }
        });
        let mut said = BTreeMap::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
            let mut words = line.split_whitespace();
            match (words.next(), words.next()) {
                (Some("ready"), _) => break,
                (Some(name), Some(value)) => said.insert(name.to_owned(), value.to_owned()),
                _ => None,
            };
        }
        assert!(!said.is_empty(), "the program did not start: {}", log.lock().unwrap());
        Self { child, said, log, reader: Some(reader) }
    }

    /// The provider alone, on a free port.
    pub(crate) fn op(directory: &TempDir) -> Self {
        Self::op_at(directory, "127.0.0.1:0")
    }

    pub(crate) fn op_at(directory: &TempDir, address: &str) -> Self {
        Self::start(&["op", "--op-address", address, "--data", directory.path().to_str().unwrap()])
    }

    /// Both programs, on free ports.
    pub(crate) fn both(directory: &TempDir) -> Self {
        let data = directory.path().to_str().unwrap();
        Self::start(&["--op-address", "127.0.0.1:0", "--rp-address", "127.0.0.1:0", "--data", data])
    }

    /// What it said about `name`.
    pub(crate) fn said(&self, name: &str) -> &str {
        self.said.get(name).unwrap_or_else(|| panic!("it said nothing about {name}"))
    }

    pub(crate) fn op_url(&self, path: &str) -> String {
        format!("{}{path}", self.said("provider"))
    }

    pub(crate) fn rp_url(&self, path: &str) -> String {
        format!("{}{path}", self.said("client"))
    }

    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// SIGKILL: no destructor, no flush.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and how it ended.
    #[cfg(unix)]
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let patience = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                self.reader.take().unwrap().join().unwrap();
                return status;
            }
            assert!(Instant::now() < patience, "it does not end: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = self.reader.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            assert!(!self.log().contains("panicked"), "the program panicked: {}", self.log());
        }
    }
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) url: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a redirect leads.
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}: {}", self.url, self.body);
        self.header("location")
    }

    /// The query or fragment of a redirect.
    pub(crate) fn answer(&self) -> Form {
        let (_, answer) = self.location().split_once(['?', '#']).expect("a redirect with an answer");
        Form::parse(answer.as_bytes(), &FormLimits::default()).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// The value of a hidden field.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let found =
            self.body.split_once(&start).unwrap_or_else(|| panic!("no field {name}: {}", self.body)).1;
        found.split_once('"').unwrap().0.to_owned()
    }

    /// What stands in the first element of this name, without markup.
    pub(crate) fn text_of(&self, element: &str) -> String {
        let found = self.body.split_once(&format!("<{element}")).unwrap_or_default().1;
        let inner = found.split_once('>').unwrap_or_default().1;
        inner.split_once(&format!("</{element}>")).unwrap_or_default().0.trim().to_owned()
    }

    /// The alert, without markup.
    pub(crate) fn alert(&self) -> String {
        let found = self.body.split_once("role=\"alert\"><span>").unwrap_or_default().1;
        found.split_once("</span>").unwrap_or_default().0.to_owned()
    }
}

/// A browser without scripts. Cookies do not know ports, so both programs see all of them, as in a real one.
#[derive(Clone, Default)]
pub(crate) struct Browser {
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) async fn get(&mut self, url: &str) -> Page {
        self.send(client().get(url)).await
    }

    pub(crate) async fn post(&mut self, url: &str, fields: &[(&str, &str)]) -> Page {
        let body = form(fields);
        self.send(client().post(url).header("content-type", "application/x-www-form-urlencoded").body(body))
            .await
    }

    pub(crate) async fn send(&mut self, request: reqwest::RequestBuilder) -> Page {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) };
        let page = read(request.send().await.unwrap()).await;
        for cookie in page.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (pair, attributes) = cookie.split_once(';').unwrap();
            assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"), "{cookie}");
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        page
    }

    /// Follows redirects to the page at their end.
    pub(crate) async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..10 {
            if !page.status.is_redirection() {
                return page;
            }
            let next = absolute(&page.url, page.header("location"));
            page = self.get(&next).await;
        }
        panic!("redirected for ever: {}", page.url);
    }

    /// Follows redirects until one leads to an address that starts so, which is not visited.
    pub(crate) async fn follow_until(&mut self, mut page: Page, until: &str) -> Page {
        for _ in 0..10 {
            let next = absolute(&page.url, page.location());
            if next.starts_with(until) {
                return page;
            }
            page = self.get(&next).await;
        }
        panic!("redirected for ever: {}", page.url);
    }

    /// Fills in the sign-in page.
    pub(crate) async fn sign_in(&mut self, page: &Page, username: &str, password: &str) -> Page {
        let csrf = page.hidden("csrf");
        let fields =
            [("csrf", csrf.as_str()), ("step", "sign-in"), ("username", username), ("password", password)];
        self.post(&page.url, &fields).await
    }

    /// Answers the consent page.
    pub(crate) async fn decide(&mut self, page: &Page, decision: &str) -> Page {
        let csrf = page.hidden("csrf");
        self.post(&page.url, &[("csrf", csrf.as_str()), ("step", "consent"), ("decision", decision)]).await
    }
}

fn absolute(base: &str, location: &str) -> String {
    match location.strip_prefix('/') {
        Some(path) => {
            let origin: Vec<_> = base.splitn(4, '/').take(3).collect();
            format!("{}/{path}", origin.join("/"))
        }
        None => location.to_owned(),
    }
}

pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        // Plain http only: no time is spent on the system's certificates.
        .tls_certs_only([])
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap()
}

pub(crate) async fn read(response: reqwest::Response) -> Page {
    Page {
        url: response.url().to_string(),
        status: response.status(),
        headers: response.headers().clone(),
        body: response.text().await.unwrap(),
    }
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    fields.iter().fold(Form::new(), |form, (name, value)| form.with(*name, *value)).to_urlencoded()
}

/// The value that a verifier's challenge has.
pub(crate) fn challenge(verifier: &str) -> String {
    avouch_jose::base64url::encode(avouch_jose_ring::provider().sha256(verifier.as_bytes()))
}

/// The verifier of every request that [`authorization`] makes.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// The query of an authorization request of the demonstration client; `changes` replace parameters, or with `None`
/// take them out.
pub(crate) fn authorization(op: &Running, changes: &[(&str, Option<&str>)]) -> String {
    let challenge = challenge(VERIFIER);
    let base = [
        ("response_type", "code"),
        ("client_id", "demo-client"),
        ("redirect_uri", op.said("redirect-uri")),
        ("scope", "openid"),
        ("state", "the-state"),
        ("nonce", "the-nonce"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let kept = base.into_iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    let new = changes.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
    form(&kept.chain(new).collect::<Vec<_>>())
}

/// A browser in which Ada is signed in at the provider alone, and has allowed the demonstration client all of `scope`.
pub(crate) async fn signed_in(op: &Running, scope: &str) -> Browser {
    let mut browser = Browser::default();
    let request = authorization(op, &[("scope", Some(scope)), ("prompt", Some("consent"))]);
    let page = browser.get(&op.op_url(&format!("/authorize?{request}"))).await;
    let page = browser.follow(page).await;
    let page = browser.sign_in(&page, USERNAME, PASSWORD).await;
    let page = browser.follow(page).await;
    assert!(browser.decide(&page, "allow").await.answer().get("code").is_some());
    browser
}

/// A request to the token endpoint as the demonstration client.
pub(crate) fn token_request(op: &Running, fields: &[(&str, &str)]) -> reqwest::RequestBuilder {
    client()
        .post(op.op_url("/token"))
        .basic_auth("demo-client", Some(op.said("client-secret")))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form(fields))
}

/// The fields that redeem a code.
pub(crate) fn redeeming<'a>(op: &'a Running, code: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", op.said("redirect-uri")),
        ("code_verifier", VERIFIER),
    ]
}
