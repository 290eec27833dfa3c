//! How clients authenticate at the token endpoint.

use std::time::Duration;

use avouch_jose::{JwsAlgorithm, SigningKey};
use avouch_messages::client_auth::JWT_BEARER_ASSERTION_TYPE;
use avouch_provider::{ClientAuthentication, ClientSecretHash, EndpointError};
use avouch_types::{ClientSecret, Form};
use http::{Request, header};
use serde_json::{Map, Value};

use super::support::*;

fn post_form(name: &str, secret: &str, code: &str) -> Form {
    code_form(code).with("client_id", name).with("client_secret", secret)
}

fn assertion_form(assertion: &str, code: &str) -> Form {
    code_form(code)
        .with("client_assertion_type", JWT_BEARER_ASSERTION_TYPE)
        .with("client_assertion", assertion)
}

fn code_for(world: &World, client: &str) -> String {
    world.code(&Ask::of(client, REDIRECT))
}

/// Proves CORE-9-02, AUT-02, CORE-3.1.3.2-01. Conformance: server-client-secret-post.
#[test]
fn each_method_works_for_the_client_registered_for_it() {
    let world = World::new();
    // the secret holds what must be form-encoded: a colon, a space, %, + and a letter beyond ASCII
    world.exchange(&code_for(&world, "web")).unwrap();
    world.token_request(None, &post_form("post", SECRET, &code_for(&world, "post"))).unwrap();
    let assertion = world.assertion(|_| {});
    world.token_request(None, &assertion_form(&assertion, &code_for(&world, "jwt"))).unwrap();
    let code = world.code(&Ask::of("native", LOOPBACK));
    let form = code_form(&code).without(&["redirect_uri"]).with("redirect_uri", LOOPBACK);
    world.token_request(None, &form.with("client_id", "native")).unwrap();
}

/// Proves AUT-06, CORE-3.1.3.2-01, NAT-08.
#[test]
fn no_other_method_will_do() {
    let world = World::new();
    world.change_client("native", |client| client.redirect_uris = vec![redirect(REDIRECT)]);
    for client in ["web", "post", "jwt", "native"] {
        let assertion = |world: &World| {
            world.assertion(|assertion| {
                assertion.iss = client_id(client);
                assertion.sub = client_id(client);
            })
        };
        type Present<'a> = Box<dyn Fn(&World, &str) -> Result<Map<String, Value>, Box<TokenFailure>> + 'a>;
        let ways: [(&str, Present<'_>); 4] = [
            (
                "web",
                Box::new(|world, code| world.token_request(Some(&world.basic(client)), &code_form(code))),
            ),
            ("post", Box::new(|world, code| world.token_request(None, &post_form(client, SECRET, code)))),
            (
                "jwt",
                Box::new(|world, code| world.token_request(None, &assertion_form(&assertion(world), code))),
            ),
            (
                "native",
                Box::new(|world, code| world.token_request(None, &code_form(code).with("client_id", client))),
            ),
        ];
        for (own, present) in ways {
            let answer = present(&world, &code_for(&world, client));
            if own == client {
                answer.unwrap();
            } else {
                refused_with(answer, 401, "invalid_client");
            }
        }
    }
}

/// Proves TOK-06. The challenge is there also where the Authorization header was not used.
#[test]
fn a_client_that_did_not_authenticate_is_told_how() {
    let world = World::new();
    let wrong = |name: &str, secret: &str| {
        avouch_messages::client_auth::basic_header(&client_id(name), &ClientSecret::new(secret))
    };
    let near = SECRET.replace('+', " ");
    for (name, secret) in [("web", "wrong"), ("web", near.as_str()), ("nobody", SECRET), ("WEB", SECRET)] {
        let failure = world.token_request(Some(&wrong(name, secret)), &code_form("x")).unwrap_err();
        assert_eq!(failure.told(), (401, "invalid_client".to_owned()));
        let challenge = failure.response.headers()[header::WWW_AUTHENTICATE].to_str().unwrap();
        assert!(challenge.starts_with("Basic realm="), "{challenge}");
        assert!(!format!("{:?}", failure.cause).contains(secret));
    }
    refused_with(world.token_request(None, &post_form("post", "wrong", "x")), 401, "invalid_client");
    refused_with(world.token_request(None, &code_form("x")), 401, "invalid_client");
    refused_with(
        world.token_request(None, &code_form("x").with("client_id", "nobody")),
        401,
        "invalid_client",
    );
}

/// Why a client did not authenticate is for the log: the answer is the same, octet for octet.
#[test]
fn the_answer_does_not_tell_why_a_client_did_not_authenticate() {
    let world = World::new();
    let basic = |name: &str, secret: &str| {
        avouch_messages::client_auth::basic_header(&client_id(name), &ClientSecret::new(secret))
    };
    let attempts = [
        (Some(basic("nobody", SECRET)), code_form("x")),
        (Some(basic("web", "wrong")), code_form("x")),
        // the right secret, in another way than it is registered for
        (Some(basic("post", SECRET)), code_form("x")),
        (Some(basic("jwt", SECRET)), code_form("x")),
        (None, post_form("web", SECRET, "x")),
        (None, code_form("x").with("client_id", "web")),
    ];
    let mut causes = std::collections::BTreeSet::new();
    let answers: std::collections::BTreeSet<_> = attempts
        .into_iter()
        .map(|(authorization, form)| {
            let failure = world.token_request(authorization.as_deref(), &form).unwrap_err();
            assert_eq!(failure.told(), (401, "invalid_client".to_owned()));
            causes.insert(failure.cause.to_string());
            (failure.response.body().clone(), format!("{:?}", failure.response.headers()))
        })
        .collect();
    assert_eq!(answers.len(), 1);
    assert!(causes.len() >= 5, "the log has them apart: {causes:?}");
}

/// A host that will not read a large body still gives the answer of the protocol.
#[test]
fn a_request_that_is_too_large_has_an_answer() {
    let answer = avouch_provider::token::respond_too_large();
    assert_eq!(answer.status(), http::StatusCode::BAD_REQUEST);
    assert_eq!(json(&answer)["error"], "invalid_request");
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json");
    let answer = avouch_provider::userinfo::respond_too_large();
    assert_eq!(answer.status(), http::StatusCode::BAD_REQUEST);
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    let challenge = answer.headers()[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(
        challenge.starts_with("Bearer ") && challenge.contains("error=\"invalid_request\""),
        "{challenge}"
    );
}

/// A failed authentication spends nothing.
#[test]
fn a_code_is_not_touched_before_the_client_is_known() {
    let world = World::new();
    let code = code_for(&world, "web");
    refused_with(
        world.token_request(None, &code_form(&code).with("client_id", "web")),
        401,
        "invalid_client",
    );
    refused_with(world.token_request(Some("Basic eA=="), &code_form(&code)), 401, "invalid_client");
    world.exchange(&code).unwrap();
}

/// Proves AUT-01, AUT-03, CORE-9-03.
#[test]
fn one_method_at_a_time() {
    let world = World::new();
    let code = code_for(&world, "web");
    let basic = world.basic("web");
    let both = post_form("web", SECRET, &code);
    refused_with(world.token_request(Some(&basic), &both), 400, "invalid_request");
    let assertion = assertion_form(&world.assertion(|_| {}), &code);
    refused_with(world.token_request(Some(&basic), &assertion), 401, "invalid_client");
    refused_with(world.token_request(None, &assertion.with("client_secret", SECRET)), 401, "invalid_client");
    // credentials in the URI are none
    let request = Request::post(format!("{ISSUER}/token?client_id=post&client_secret=x"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(code_form(&code).to_urlencoded().into_bytes())
        .unwrap();
    refused_with(world.token(&request), 401, "invalid_client");
    // the same header twice
    let request = Request::post(format!("{ISSUER}/token"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::AUTHORIZATION, &basic)
        .header(header::AUTHORIZATION, &basic)
        .body(code_form(&code).to_urlencoded().into_bytes())
        .unwrap();
    refused_with(world.token(&request), 401, "invalid_client");
    world.exchange(&code).unwrap();
}

/// Advisories ask for it: CVE-2026-9803.
#[test]
fn odd_authorization_headers_are_errors_and_nothing_worse() {
    let world = World::new();
    let odd: [&[u8]; 12] = [
        b"",
        b"Basic",
        b"Basic ",
        b"Basic =",
        b"Basic !!!!",
        b"Basic d2Vi",
        b"Basic OjpC",
        b"Basic\td2ViOng=",
        b"Bearer d2ViOng=",
        b"Basic /////w==",
        b"Basic JTp4",
        b"\xff\xfe",
    ];
    for value in odd {
        let request = Request::post(format!("{ISSUER}/token"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::AUTHORIZATION, value)
            .body(code_form("x").to_urlencoded().into_bytes())
            .unwrap();
        refused_with(world.token(&request), 401, "invalid_client");
    }
}

/// Proves CORE-9-05, CORE-9-06, CORE-9-08, CORE-9-09, CORE-9-10. Advisories ask for it, too: CVE-2025-27370, CVE-2025-27371, CVE-2025-2559.
#[test]
fn an_assertion_breaks_no_rule() {
    let world = World::new();
    let refused = |form: Form| refused_with(world.token_request(None, &form), 401, "invalid_client");
    let with = |change: &dyn Fn(&mut avouch_tokens::ClientAssertion)| {
        assertion_form(&world.assertion(|assertion| change(assertion)), "x")
    };
    let now = world.now();
    refused(with(&|assertion| assertion.aud = "https://elsewhere.example".into()));
    refused(with(&|assertion| assertion.aud = "https://op.example/token".into()));
    refused(with(&|assertion| assertion.aud = "https://op.example/".into()));
    refused(with(&|assertion| assertion.iss = client_id("web")));
    refused(with(&|assertion| assertion.sub = client_id("web")));
    refused(with(&|assertion| assertion.jti = String::new()));
    refused(with(&|assertion| assertion.jti = "x".repeat(300)));
    let old = now.saturating_sub(Duration::from_secs(60));
    refused(with(&|assertion| assertion.exp = old));
    let far = now.saturating_add(Duration::from_secs(361));
    refused(with(&|assertion| assertion.exp = far));
    refused(with(&|assertion| assertion.nbf = Some(far)));

    // an array, even of the right audience alone; and a missing jti
    let members = world.assertion(|_| {});
    let payload = avouch_jose::base64url::decode(members.split('.').nth(1).unwrap()).unwrap();
    let resigned = |change: &dyn Fn(&mut Map<String, Value>)| {
        let mut members = avouch_json::object(&payload, &Default::default()).unwrap();
        change(&mut members);
        let json = serde_json::to_vec(&members).unwrap();
        let token = avouch_jose::jws::sign_compact(&Default::default(), &json, &world.client_key).unwrap();
        assertion_form(&token, "x")
    };
    refused(resigned(&|members| drop(members.insert("aud".into(), serde_json::json!([ISSUER])))));
    refused(resigned(&|members| drop(members.remove("jti"))));
    refused(resigned(&|members| drop(members.remove("exp"))));
    refused(resigned(&|members| drop(members.remove("aud"))));

    // another key, another algorithm, none
    let (stranger, _) = SigningKey::generate(JwsAlgorithm::ES256, Some("c1"), &world.crypto).unwrap();
    let claims =
        avouch_tokens::ClientAssertion::new(&client_id("jwt"), ISSUER, "j", now, Duration::from_secs(60));
    refused(assertion_form(&claims.sign(&stranger).unwrap(), "x"));
    refused(assertion_form(&claims.sign(&world.op_key).unwrap(), "x"));
    let mac = SigningKey::hmac_secret(&[7; 32], JwsAlgorithm::HS256, &world.crypto).unwrap();
    refused(assertion_form(&claims.sign(&mac).unwrap(), "x"));
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", members.split('.').nth(1).unwrap());
    refused(assertion_form(&unsigned, "x"));
    refused(assertion_form("no.token", "x"));

    // what stands beside it
    let good = world.assertion(|_| {});
    refused(assertion_form(&good, "x").with("client_id", "web"));
    let saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    refused(code_form("x").with("client_assertion", good.as_str()).with("client_assertion_type", saml));
    refused(code_form("x").with("client_assertion", good.as_str()));

    // and the same assertion is good where nothing is wrong; so none of that has spent it
    let form = assertion_form(&good, &code_for(&world, "jwt")).with("client_id", "jwt");
    world.token_request(None, &form).unwrap();
}

/// Proves CORE-9-07. Advisories ask for it, too: CVE-2020-5300, CVE-2020-15222.
#[test]
fn an_assertion_is_good_once() {
    let world = World::new();
    let assertion = world.assertion(|assertion| {
        assertion.exp = assertion.exp.saturating_add(Duration::from_secs(240));
    });
    let code = code_for(&world, "jwt");
    world.token_request(None, &assertion_form(&assertion, &code)).unwrap();
    for pause in [0, 200, 159] {
        world.wait(pause);
        let code = code_for(&world, "jwt");
        refused_with(world.token_request(None, &assertion_form(&assertion, &code)), 401, "invalid_client");
        // the code was not touched
        let fresh = world.assertion(|_| {});
        world.token_request(None, &assertion_form(&fresh, &code)).unwrap();
    }
}

/// Proves CORE-9-07. The same assertion at the same time, on several threads.
#[test]
fn an_assertion_is_good_once_in_parallel_too() {
    let world = World::new();
    let assertion = world.assertion(|_| {});
    let requests: Vec<_> = (0..4)
        .map(|_| {
            let form = assertion_form(&assertion, &code_for(&world, "jwt"));
            Request::post("/token")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.to_urlencoded().into_bytes())
                .unwrap()
        })
        .collect();
    let (op, now, rng) = (&world.op, world.now(), &world.rng);
    let good: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = requests
            .iter()
            .map(|request| scope.spawn(move || usize::from(run(op.token(request, now, rng)).cause.is_none())))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(good, 1);
}

/// An advisory asks for it: CVE-2026-1486. A key that was taken away is of no use at once.
#[test]
fn an_assertion_by_a_key_that_is_no_longer_registered_is_refused() {
    let world = World::new();
    let assertion = world.assertion(|_| {});
    let (new, _) = SigningKey::generate(JwsAlgorithm::ES256, Some("c2"), &world.crypto).unwrap();
    world.change_client("jwt", |client| {
        client.authentication = ClientAuthentication::PrivateKeyJwt {
            keys: new.public_jwk().cloned().into_iter().collect(),
            algorithm: JwsAlgorithm::ES256,
        };
    });
    refused_with(world.token_request(None, &assertion_form(&assertion, "x")), 401, "invalid_client");
}

/// The stored hash is fast, so that a secret must be one that nobody guesses.
#[test]
fn a_short_secret_is_not_taken() {
    let crypto = avouch_jose_ring::provider();
    assert!(ClientSecretHash::of(&ClientSecret::new("x".repeat(21)), &crypto).is_err());
    let hash = ClientSecretHash::of(&ClientSecret::new("x".repeat(22)), &crypto).unwrap();
    assert_eq!(format!("{hash:?}"), "ClientSecretHash(..)");
}

#[test]
fn a_client_survives_being_stored() {
    let world = World::new();
    for name in ["web", "post", "jwt", "native"] {
        let client = run(avouch_provider::storage::ClientStore::client(world.memory(), &client_id(name)));
        let client = client.unwrap().unwrap();
        let json = serde_json::to_string(&client).unwrap();
        assert!(!json.contains(SECRET));
        let back: avouch_provider::Client = serde_json::from_str(&json).unwrap();
        assert_eq!(format!("{back:?}"), format!("{client:?}"));
        world.memory().register(back);
    }
    let assertion = world.assertion(|_| {});
    world.token_request(None, &assertion_form(&assertion, &code_for(&world, "jwt"))).unwrap();
    world.exchange(&code_for(&world, "web")).unwrap();
}

#[test]
fn the_cause_of_a_refusal_is_there_for_the_log() {
    use avouch_provider::token::TokenError;
    let world = World::new();
    let failure = world.token_request(None, &code_form("x").with("client_id", "web")).unwrap_err();
    let EndpointError::Token(TokenError::MethodNotRegistered { registered, presented }) = failure.cause
    else {
        panic!()
    };
    assert_eq!((registered.as_str(), presented.as_str()), ("client_secret_basic", "none"));
}
