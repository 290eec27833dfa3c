//! Starting and ending: what the command line promises, and what it says when it cannot keep it.

use std::io::Write;
use std::net::TcpListener;
use std::process::{Output, Stdio};

use http::StatusCode;

use crate::support::{Browser, Running, TempDir, authorization, client, program, read, redeeming, signed_in};

/// It ended with an error, of one line, that says so much.
fn fails_with(output: &Output, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "it did not fail: {said}");
    let line = said.lines().last().unwrap_or_default();
    assert!(line.starts_with("avouch-reference: "), "{said}");
    assert_eq!(said.matches("avouch-reference: ").count(), 1, "{said}");
    for word in words {
        assert!(line.contains(word), "{word} is not in: {line}");
    }
}

fn run(arguments: &[&str]) -> Output {
    program(arguments).output().unwrap()
}

#[test]
fn a_taken_port_is_named() {
    let directory = TempDir::new("taken");
    let data = directory.path().to_str().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    fails_with(&run(&["op", "--op-address", &address, "--data", data]), &[&address, "taken", "--op-address"]);
    fails_with(
        &run(&["--op-address", "127.0.0.1:0", "--rp-address", &address, "--data", data]),
        &[&address, "taken", "--rp-address"],
    );
    fails_with(&run(&["rp", "--rp-address", &address]), &[&address, "taken"]);
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let directory = TempDir::new("unwritable");
    let file = directory.path().join("file");
    std::fs::write(&file, "not a directory").unwrap();
    let op = |data: &str| run(&["op", "--op-address", "127.0.0.1:0", "--data", data]);
    fails_with(&op(file.to_str().unwrap()), &["cannot write the database", "op.sqlite"]);
    fails_with(&op("/proc/nowhere"), &["cannot write the database", "/proc/nowhere"]);
    let database = ["op", "--op-address", "127.0.0.1:0", "--database", file.to_str().unwrap()];
    fails_with(&run(&database), &["cannot open the database"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "not a directory");
}

/// Proves CORE-3.1.2-01, CORE-3.1.3-01.
#[test]
fn plain_http_is_for_loopback_and_for_a_proxy_that_speaks_tls() {
    let directory = TempDir::new("plain");
    let data = directory.path().to_str().unwrap();
    fails_with(&run(&["op", "--op-address", "0.0.0.0:0", "--data", data]), &["plain http", "--tls-cert"]);
    fails_with(&run(&["rp", "--rp-address", "0.0.0.0:0"]), &["plain http", "--tls-cert"]);
    fails_with(&run(&["rp", "--rp-address", "127.0.0.1:0", "--issuer", "http://op.example"]), &["http"]);
    for url in ["http://localhost:9400", "https://op.example"] {
        let op = ["op", "--op-address", "0.0.0.0:0", "--op-url", url, "--data", data];
        fails_with(&run(&op), &["plain http", "--behind-tls-proxy"]);
        let rp = ["rp", "--rp-address", "0.0.0.0:0", "--rp-url", url];
        fails_with(&run(&rp), &["plain http", "--behind-tls-proxy"]);
    }
    let proxy = ["op", "--op-address", "0.0.0.0:0", "--behind-tls-proxy", "--data", data];
    fails_with(&run(&proxy), &["plain http"]);
    // on loopback, since tests serve nobody else; that the flag lets other addresses through is tested beside the rule
    let proxy = ["op", "--op-address", "127.0.0.1:0", "--behind-tls-proxy", "--data", data];
    let proxied = Running::start(&[&proxy[..], &["--op-url", "https://op.example"]].concat());
    assert_eq!(proxied.said("provider"), "https://op.example");
    let url = ["op", "--op-address", "127.0.0.1:0", "--op-url", "http://op.example", "--data", data];
    fails_with(&run(&url), &["--op-url"]);
}

#[test]
fn help_and_mistakes() {
    for arguments in [&["--help"][..], &["op", "--help"], &["rp", "--help"], &["client", "add", "--help"]] {
        let output = run(arguments);
        assert!(output.status.success());
        assert!(String::from_utf8_lossy(&output.stdout).contains("Usage: avouch-reference"));
    }
    let output = run(&["--no-such-flag"]);
    assert_eq!(output.status.code(), Some(2));
}

/// A signal ends it well: running requests finish, and the file needs no recovery.
#[cfg(unix)]
#[test]
fn it_ends_when_asked() {
    let directory = TempDir::new("signal");
    let mut both = Running::both(&directory);
    let status = both.terminate();
    assert!(status.success(), "{status}: {}", both.log());
    assert!(both.log().contains("ending"));
    assert!(!directory.path().join("op.sqlite-wal").exists(), "the log was written back");
}

/// With its own certificate both programs speak https, and cookies are bound to it.
#[tokio::test]
async fn https_with_a_self_signed_certificate() {
    let directory = TempDir::new("https");
    let data = directory.path().to_str().unwrap();
    let both = Running::start(&[
        "--op-address",
        "127.0.0.1:0",
        "--rp-address",
        "127.0.0.1:0",
        "--data",
        data,
        "--self-signed",
    ]);
    assert!(both.said("provider").starts_with("https://127.0.0.1:"));
    let trusting = reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let started = trusting
        .post(both.rp_url("/sign-in"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("");
    // The client has fetched the metadata over https to come so far, trusting this one certificate.
    let started = read(started.send().await.unwrap()).await;
    assert!(started.location().starts_with(&both.op_url("/authorize?")), "{}", started.body);
    let cookie = started.header("set-cookie");
    assert!(cookie.starts_with("__Host-avouch_rp=") && cookie.contains("; Secure"), "{cookie}");
    let waiting = read(trusting.get(started.location()).send().await.unwrap()).await;
    assert!(waiting.header("set-cookie").starts_with("__Host-avouch_op_browser="));
}

/// The client speaks to a provider whose certificate it can check for the issuer's host, and to no other.
///
/// Proves CORE-16.17-01, DISC-7.1-01, END-05.
#[tokio::test]
async fn certificates_are_checked() {
    let directory = TempDir::new("certificates");
    let data = directory.path().to_str().unwrap();
    let file = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    for name in ["127.0.0.1", "op.example"] {
        let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        std::fs::write(file(&format!("{name}.pem")), made.cert.pem()).unwrap();
        std::fs::write(file(&format!("{name}.key")), made.signing_key.serialize_pem()).unwrap();
    }
    for (served, trusted, expected) in [
        ("127.0.0.1", Some("127.0.0.1"), StatusCode::SEE_OTHER),
        ("127.0.0.1", None, StatusCode::BAD_GATEWAY),
        ("127.0.0.1", Some("op.example"), StatusCode::BAD_GATEWAY),
        ("op.example", Some("op.example"), StatusCode::BAD_GATEWAY),
    ] {
        let (certificate, key) = (file(&format!("{served}.pem")), file(&format!("{served}.key")));
        let op = Running::start(&[
            "op",
            "--op-address",
            "127.0.0.1:0",
            "--data",
            data,
            "--tls-cert",
            &certificate,
            "--tls-key",
            &key,
        ]);
        let authority = trusted.map(|name| file(&format!("{name}.pem")));
        let mut arguments = vec!["rp", "--rp-address", "127.0.0.1:0", "--issuer", op.said("provider")];
        arguments.extend(["--client-secret", op.said("client-secret")]);
        if let Some(authority) = &authority {
            arguments.extend(["--ca", authority]);
        }
        let rp = Running::start(&arguments);
        let started = Browser::default().post(&rp.rp_url("/sign-in"), &[]).await;
        assert_eq!(started.status, expected, "serves {served}, trusted {trusted:?}: {}", started.body);
    }
}

/// What is not on loopback has no user whose password stands in the source, even if the file once had.
#[tokio::test]
async fn the_demonstration_is_for_loopback_only() {
    let directory = TempDir::new("demo");
    let data = directory.path().to_str().unwrap();
    let op = Running::op(&directory);
    let mut browser = signed_in(&op, "openid").await;
    let query = authorization(&op, &[]);
    drop(op);
    for flags in [&["--op-url", "https://op.example"][..], &["--no-demo"]] {
        let mut arguments = vec!["op", "--op-address", "127.0.0.1:0", "--data", data];
        arguments.extend_from_slice(flags);
        let mut command = program(&arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = String::new();
        let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
        while !said.contains("ready") {
            std::io::BufRead::read_line(&mut out, &mut said).unwrap();
        }
        assert!(!said.contains("password"), "{said}");
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let op = Running::start(&["op", "--op-address", "127.0.0.1:0", "--data", data, "--no-demo"]);
    let refused = browser.get(&op.op_url(&format!("/authorize?{query}"))).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "the client is gone");
}

/// Somebody who has taken the demonstration user's name stays, as somebody else than the demonstration user was.
#[tokio::test]
async fn a_real_account_of_the_demonstration_name_stays() {
    let directory = TempDir::new("real-ada");
    let data = directory.path().to_str().unwrap();
    let op = Running::op(&directory);
    let mut tried_out = signed_in(&op, "openid").await;
    let mut child = program(&["person", "add", "--data", data, "--username", "ada", "--name", "Ada King"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"difference-engine\n").unwrap();
    assert!(child.wait().unwrap().success());
    let query = authorization(&op, &[("prompt", Some("none"))]);
    let answer = tried_out.get(&op.op_url(&format!("/authorize?{query}"))).await.answer();
    assert_eq!(answer.get("error"), Some("login_required"), "the session of the known password is over");
    drop(op);
    drop(Running::start(&["op", "--op-address", "127.0.0.1:0", "--data", data, "--no-demo"]));
    let op = Running::op(&directory);
    let mut browser = Browser::default();
    let page = browser.get(&op.op_url(&format!("/authorize?{}", authorization(&op, &[])))).await;
    let page = browser.follow(page).await;
    let page = browser.sign_in(&page, "ada", "difference-engine").await;
    assert!(browser.follow(page).await.body.contains("Ada King"));
}

/// Clients and people can be added while the provider runs.
#[tokio::test]
async fn clients_and_people_are_added_from_the_command_line() {
    let directory = TempDir::new("add");
    let data = directory.path().to_str().unwrap();
    let op = Running::op(&directory);
    let redirect_uri = "https://rp.example/callback";
    let add = ["client", "add", "--data", data, "--client-id", "mine", "--redirect-uri", redirect_uri];
    let output = run(&add);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let secret = said.split_once("client-secret").unwrap().1.trim().to_owned();

    let mut child =
        program(&["person", "add", "--data", data, "--username", "grace", "--name", "Grace Hopper"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
    child.stdin.take().unwrap().write_all(b"nanosecond\n").unwrap();
    assert!(child.wait().unwrap().success());

    let mut browser = Browser::default();
    let query = authorization(&op, &[("client_id", Some("mine")), ("redirect_uri", Some(redirect_uri))]);
    let page = browser.get(&op.op_url(&format!("/authorize?{query}"))).await;
    let page = browser.follow(page).await;
    let page = browser.sign_in(&page, "grace", "nanosecond").await;
    let page = browser.follow(page).await;
    assert!(page.body.contains("Grace Hopper") && page.body.contains("https://rp.example"));
    let answer = browser.decide(&page, "allow").await.answer();
    let mut fields = redeeming(&op, answer.get("code").unwrap());
    fields[2].1 = redirect_uri;
    let request = client()
        .post(op.op_url("/token"))
        .basic_auth("mine", Some(secret))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(crate::support::form(&fields));
    assert_eq!(read(request.send().await.unwrap()).await.status, StatusCode::OK);
}

#[test]
fn a_client_that_cannot_work_is_not_added() {
    let directory = TempDir::new("bad-client");
    let data = directory.path().to_str().unwrap();
    let key = directory.path().join("key.json");
    std::fs::write(&key, r#"{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","alg":"HS256"}"#)
        .unwrap();
    let add = |more: &[&str]| {
        let mut arguments = vec!["client", "add", "--data", data, "--client-id", "c"];
        arguments.extend_from_slice(more);
        run(&arguments)
    };
    let uri = ["--redirect-uri", "https://rp.example/cb"];
    fails_with(&add(&["--redirect-uri", "/cb"]), &["/cb"]);
    fails_with(&add(&["--redirect-uri", "http://rp.example/cb"]), &["plain http"]);
    fails_with(&add(&[uri[0], uri[1], "--client-secret", "short"]), &["octets"]);
    fails_with(&add(&[uri[0], uri[1], "--id-token-alg", "none"]), &["none"]);
    fails_with(&add(&[uri[0], uri[1], "--id-token-alg", "HS256"]), &["HS256"]);
    fails_with(&add(&[uri[0], uri[1], "--auth-method", "private_key_jwt"]), &["--jwks"]);
    let jwt = [uri[0], uri[1], "--auth-method", "private_key_jwt", "--jwks", key.to_str().unwrap()];
    fails_with(&add(&jwt), &["private or symmetric"]);
    assert!(!directory.path().join("op.sqlite").exists(), "nothing was made");
}

/// Nothing but the bare names of what went wrong is in the log, as JSON too.
#[tokio::test]
async fn the_log_can_be_json() {
    let directory = TempDir::new("json-log");
    let data = directory.path().to_str().unwrap();
    let op = Running::start(&["op", "--op-address", "127.0.0.1:0", "--data", data, "--log", "json"]);
    let refused = Browser::default().get(&op.op_url("/authorize?client_id=nobody")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    for _ in 0..100 {
        if op.log().contains('\n') {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let log = op.log();
    let line: serde_json::Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
    assert_eq!(line["level"], "INFO");
    assert!(line["fields"]["cause"].as_str().unwrap().contains("client"), "{line}");
}
