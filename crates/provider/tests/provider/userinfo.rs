//! The UserInfo endpoint.

use http::{Request, StatusCode, header};
use serde_json::{Value, json as object};

use super::support::*;

fn access_token(world: &World, ask: &Ask) -> String {
    let tokens = world.exchange(&world.code(ask)).unwrap();
    tokens["access_token"].as_str().unwrap().to_owned()
}

fn form_post(body: String) -> Request<Vec<u8>> {
    Request::post(format!("{ISSUER}/userinfo"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into_bytes())
        .unwrap()
}

/// Proves CORE-5.3-01, CORE-5.3.2-01, CORE-5.3.2-02, BEA-01. Conformance: userinfo-get, userinfo-post-header, userinfo-post-body.
#[test]
fn the_token_comes_by_get_by_post_or_in_a_form() {
    let world = World::new();
    let token = access_token(&world, &Ask::new());
    let by_get = world.userinfo_with(&token);
    assert_eq!(by_get.status(), StatusCode::OK);
    assert_eq!(by_get.headers()[header::CONTENT_TYPE], "application/json");
    assert_eq!(by_get.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(Value::Object(json(&by_get)), object!({ "sub": "alice" }));

    let mut by_post = bearer(&token);
    *by_post.method_mut() = http::Method::POST;
    assert_eq!(world.userinfo(&by_post).body(), by_get.body());
    let in_form = form_post(format!("access_token={token}"));
    assert_eq!(world.userinfo(&in_form).body(), by_get.body());
    let spaced = Request::get("/userinfo").header(header::AUTHORIZATION, format!("bEARER   {token}"));
    assert_eq!(world.userinfo(&spaced.body(Vec::new()).unwrap()).body(), by_get.body());
}

/// Proves BEA-01, BEA-03, BEA-04, BEA-05, CORE-5.3.3-01.
#[test]
fn each_mistake_has_its_challenge() {
    let world = World::new();
    let token = access_token(&world, &Ask::new());
    let answer = |request: Request<Vec<u8>>| {
        let response = world.userinfo(&request);
        let challenge = response.headers()[header::WWW_AUTHENTICATE].to_str().unwrap().to_owned();
        assert!(challenge.starts_with("Bearer realm=\"userinfo\""), "{challenge}");
        assert!(response.body().is_empty(), "nothing of the claims");
        (response.status().as_u16(), challenge)
    };
    let (status, challenge) = answer(Request::get("/userinfo").body(Vec::new()).unwrap());
    assert_eq!((status, challenge.as_str()), (401, "Bearer realm=\"userinfo\""), "no error information");
    let basic =
        Request::get("/userinfo").header(header::AUTHORIZATION, "Basic eDp5").body(Vec::new()).unwrap();
    assert_eq!(answer(basic).1, "Bearer realm=\"userinfo\"");

    let several = [
        Request::get(format!("/userinfo?access_token={token}")).body(Vec::new()).unwrap(),
        {
            let mut both = form_post(format!("access_token={token}"));
            both.headers_mut().insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
            both
        },
        Request::get("/userinfo")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Vec::new())
            .unwrap(),
        Request::get("/userinfo").header(header::AUTHORIZATION, "Bearer").body(Vec::new()).unwrap(),
        Request::get("/userinfo")
            .header(header::AUTHORIZATION, b"Bearer \xff".as_slice())
            .body(Vec::new())
            .unwrap(),
        form_post(format!("access_token={token}&access_token={token}")),
    ];
    for request in several {
        let (status, challenge) = answer(request);
        assert_eq!(status, 400);
        assert!(challenge.contains("error=\"invalid_request\""), "{challenge}");
    }
    let (status, challenge) = answer(bearer("unheard-of"));
    assert_eq!(status, 401);
    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
    // the body of a GET, and one that is no form, carry no token
    let mut get = form_post(format!("access_token={token}"));
    *get.method_mut() = http::Method::GET;
    assert_eq!(answer(get).0, 401);
    let json = Request::post("/userinfo")
        .header(header::CONTENT_TYPE, "application/json")
        .body(format!("access_token={token}").into_bytes())
        .unwrap();
    assert_eq!(answer(json).0, 401);
}

/// Proves CORE-5.3-01.
#[test]
fn other_methods_are_not_there() {
    let world = World::new();
    let mut request = bearer("x");
    *request.method_mut() = http::Method::DELETE;
    let response = world.userinfo(&request);
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()[header::ALLOW], "GET, POST");
}

/// Proves BEA-07, BEA-08.
#[test]
fn an_access_token_expires() {
    let world = World::new();
    let token = access_token(&world, &Ask::new());
    world.wait(899);
    assert_eq!(world.userinfo_with(&token).status(), StatusCode::OK);
    world.wait(1);
    let response = world.userinfo_with(&token);
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let challenge = response.headers()[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.contains("error=\"invalid_token\""));
}

/// Proves BEA-05. A token without the scope `openid` is not enough, and the challenge says what would be.
#[test]
fn insufficient_scope_names_the_scope() {
    let world = World::new();
    let first = world.offline();
    let form = refresh_form(first["refresh_token"].as_str().unwrap()).with("scope", "email");
    let tokens = world.token_request(Some(&world.basic("web")), &form).unwrap();
    let response = world.userinfo_with(tokens["access_token"].as_str().unwrap());
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let challenge = response.headers()[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.contains("scope=\"openid\", error=\"insufficient_scope\""), "{challenge}");
}

/// Proves CORE-5.4-01, CORE-5.3.2-03, CORE-5.4-02. Conformance: scope-profile, scope-email, scope-address, scope-phone, scope-all.
#[test]
fn scopes_open_their_claims() {
    let world = World::new();
    let all = "openid profile email address phone";
    let cases = [
        ("openid profile", object!({ "sub": "alice", "name": "Alice Adams", "given_name": "Alice" })),
        ("openid email", object!({ "sub": "alice", "email": "alice@op.example", "email_verified": true })),
        ("openid address", object!({ "sub": "alice", "address": { "locality": "Ghent" } })),
        ("openid phone", object!({ "sub": "alice", "phone_number": "+1 555 0100" })),
        (
            all,
            object!({
                "sub": "alice", "name": "Alice Adams", "given_name": "Alice", "email": "alice@op.example",
                "email_verified": true, "address": { "locality": "Ghent" }, "phone_number": "+1 555 0100",
            }),
        ),
    ];
    for (scope, expected) in cases {
        let tokens = world.exchange(&world.code(&Ask::new().with("scope", scope))).unwrap();
        let response = world.userinfo_with(tokens["access_token"].as_str().unwrap());
        assert_eq!(Value::Object(json(&response)), expected, "{scope}");
        // and not in the ID Token, since there is an access token to fetch them with
        let id_token = world.id_token(&tokens);
        assert_eq!((id_token.claims.email, id_token.claims.name), (None, None));
    }
}

/// Proves CORE-5.5-04, CORE-5.5.1-03, CORE-5.5.1-02. Conformance: claims-essential.
#[test]
fn single_claims_come_from_where_they_were_asked_for() {
    let world = World::new();
    let asked = r#"{
        "userinfo": { "name": { "essential": true }, "gender": { "essential": true }, "favourite_colour": null },
        "id_token": { "email": null, "phone_number": { "value": "+1 555 0199" } },
        "unknown": 1
    }"#;
    let tokens = world.exchange(&world.code(&Ask::new().with("claims", asked))).unwrap();
    let userinfo = json(&world.userinfo_with(tokens["access_token"].as_str().unwrap()));
    let expected = object!({ "sub": "alice", "name": "Alice Adams", "favourite_colour": "green" });
    assert_eq!(Value::Object(userinfo), expected, "a missing essential claim is no error");
    let id_token = world.id_token(&tokens);
    assert_eq!(id_token.claims.email.as_deref(), Some("alice@op.example"));
    assert_eq!(id_token.claims.phone_number, None, "another value than the one asked for");
}

/// In UserInfo, in the ID Token, and in those of a refresh; a language that nothing is known in changes nothing.
///
/// Proves CORE-5.2-04, CORE-5.2-05. Conformance: claims-locales.
#[test]
fn claims_come_in_the_languages_asked_for() {
    let world = World::new();
    let sato = object!({
        "name": "Sato", "name#ja": "佐藤", "name#ja-Kana-JP": "サトウ", "website#de-CH": "https://example.ch", "nickname": "S"
    });
    world.memory().know(subject("alice"), claims(sato));
    let answers = |locales: &str| {
        let ask = Ask::new()
            .with("scope", "openid profile offline_access")
            .with("prompt", "consent")
            .with("claims_locales", locales)
            .with("claims", r#"{"id_token":{"name":null}}"#);
        let tokens = world.exchange(&world.code(&ask)).unwrap();
        let refreshed = world.refresh(tokens["refresh_token"].as_str().unwrap()).unwrap();
        let answers = [tokens, refreshed].map(|tokens| {
            let userinfo = json(&world.userinfo_with(tokens["access_token"].as_str().unwrap()));
            let id_token = world.id_token(&tokens).claims.to_members();
            (Value::Object(userinfo), Value::Object(id_token))
        });
        assert_eq!(answers[0], answers[1]);
        let [answer, _] = answers;
        answer
    };
    let (userinfo, id_token) = answers("ja-Kana-JP");
    assert_eq!(userinfo, object!({"sub": "alice", "name": "サトウ", "nickname": "S"}));
    assert_eq!(id_token, object!({"name": "サトウ"}));
    let (userinfo, id_token) = answers("de ja");
    let website = "https://example.ch";
    let both = object!({"sub": "alice", "name": "Sato", "name#ja": "佐藤", "nickname": "S", "website#de-CH": website});
    assert_eq!(userinfo, both);
    assert_eq!(id_token, object!({"name": "Sato", "name#ja": "佐藤"}));
    let (userinfo, id_token) = answers("se xx-unknown-1");
    assert_eq!(userinfo, object!({"sub": "alice", "name": "Sato", "nickname": "S"}));
    assert_eq!(id_token, object!({"name": "Sato"}));
}

/// There is one subject type, it is listed, and it gives all clients one value. (Pairwise identifiers are derived in
/// `avouch-claims`; this provider has none yet, and does not list them.)
///
/// Proves CORE-8-01.
#[test]
fn all_clients_know_a_person_by_one_identifier() {
    let world = World::new();
    assert_eq!(json(&world.op.discovery())["subject_types_supported"], object!(["public"]));
    let web = world.exchange(&world.code(&Ask::new())).unwrap();
    let code = world.code(&Ask::of("native", LOOPBACK));
    let form = code_form(&code).without(&["redirect_uri"]).with("redirect_uri", LOOPBACK);
    let native = world.token_request(None, &form.with("client_id", "native")).unwrap();
    assert_eq!(world.id_token(&web).sub, world.id_token(&native).sub);
}

/// What the person is known by cannot overwrite what the token is about.
#[test]
fn what_is_known_of_a_person_cannot_speak_for_the_provider() {
    let world = World::new();
    let evil = claims(object!({
        "sub": "mallory", "iss": "https://evil.example", "aud": "other", "auth_time": 1, "acr": "gold", "nonce": "x",
    }));
    world.memory().know(subject("alice"), evil);
    let asked = r#"{"userinfo":{"sub":null,"iss":null},"id_token":{"sub":null,"iss":null,"aud":null,"auth_time":null,"acr":null,"nonce":null}}"#;
    let code = world.code(&Ask::new().with("claims", asked));
    let tokens = world.exchange(&code).unwrap();
    let id_token = world.id_token(&tokens);
    assert_eq!((id_token.iss.as_str(), id_token.sub.as_str()), (ISSUER, "alice"));
    assert_eq!(id_token.acr, None);
    let userinfo = json(&world.userinfo_with(tokens["access_token"].as_str().unwrap()));
    assert_eq!(Value::Object(userinfo), object!({ "sub": "alice" }));
}

#[test]
fn nothing_is_said_about_an_account_that_is_gone() {
    let world = World::new();
    let token = access_token(&world, &Ask::new());
    world.memory().forget(&subject("alice"));
    assert_eq!(world.userinfo_with(&token).status(), StatusCode::UNAUTHORIZED);
}

/// An ID Token is no access token.
#[test]
fn an_id_token_opens_nothing() {
    let world = World::new();
    let tokens = world.exchange(&world.code(&Ask::new())).unwrap();
    let response = world.userinfo_with(tokens["id_token"].as_str().unwrap());
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}
