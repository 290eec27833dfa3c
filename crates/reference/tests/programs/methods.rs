//! The client alone, registered from the command line, with each way to authenticate and each ID Token algorithm.

use avouch_jose::{JwsAlgorithm, SigningKey};

use crate::support::{Browser, PASSWORD, Running, TempDir, USERNAME, program};

#[tokio::test]
async fn each_way_to_authenticate_and_each_id_token_algorithm() {
    let directory = TempDir::new("methods");
    let data = directory.path().to_str().unwrap();
    let op = Running::op(&directory);
    let file = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let secret = "what is long enough: with + and % and / in it";
    let mut browser = Browser::default();

    for (method, key, id_token) in [
        ("client_secret_basic", None, "RS256"),
        ("client_secret_post", None, "ES256"),
        ("private_key_jwt", Some(JwsAlgorithm::ES256), "EdDSA"),
        ("private_key_jwt", Some(JwsAlgorithm::EDDSA), "RS256"),
        ("none", None, "RS256"),
    ] {
        let name = format!("{method}-{id_token}");
        let credentials = match key {
            Some(algorithm) => {
                let (key, private) =
                    SigningKey::generate(algorithm, None, &avouch_jose_ring::provider()).unwrap();
                std::fs::write(file("public.json"), serde_json::to_vec(key.public_jwk().unwrap()).unwrap())
                    .unwrap();
                std::fs::write(file("private.json"), private.to_private_json().as_bytes()).unwrap();
                vec!["--client-jwk".to_owned(), file("private.json")]
            }
            None if method == "none" => Vec::new(),
            None => vec!["--client-secret".to_owned(), secret.to_owned()],
        };
        let mut arguments = vec!["rp", "--rp-address", "127.0.0.1:0", "--issuer", op.said("provider")];
        arguments.extend(["--client-id", &name, "--id-token-alg", id_token, "--auth-method", method]);
        arguments.extend(credentials.iter().map(String::as_str));
        let rp = Running::start(&arguments);

        let mut registration =
            vec!["client", "add", "--data", data, "--client-id", &name, "--auth-method", method];
        registration.extend(["--redirect-uri", rp.said("redirect-uri"), "--id-token-alg", id_token]);
        let public = file("public.json");
        match key {
            Some(_) => registration.extend(["--jwks", &public]),
            None if method == "none" => {}
            None => registration.extend(["--client-secret", secret]),
        }
        let added = program(&registration).output().unwrap();
        assert!(added.status.success(), "{name}: {}", String::from_utf8_lossy(&added.stderr));

        let started = browser.post(&rp.rp_url("/sign-in"), &[]).await;
        let mut page = browser.follow(started).await;
        if page.text_of("h1") == "Sign in" {
            let answered = browser.sign_in(&page, USERNAME, PASSWORD).await;
            page = browser.follow(answered).await;
        }
        let answered = browser.decide(&page, "allow").await;
        let result = browser.follow(answered).await;
        assert_eq!(result.text_of("h1"), "Ada Lovelace", "{name}: {}", result.body);
        assert!(
            result.body.contains(&format!("<span class=\"v\">{id_token}</span>")),
            "{name}: the header's alg"
        );
        assert!(!result.body.contains("Failed: "), "{name}");
    }
}
