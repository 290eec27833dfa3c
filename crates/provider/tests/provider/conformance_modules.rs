//! Modules of the Basic OP certification plan that no rule's own test stands for.

use avouch_jose::JwsAlgorithm;
use avouch_types::FormLimits;

use super::support::*;

/// Conformance: alternate-happy-flow. A second flow in the same browser, to another redirect URI, with other words.
#[test]
fn alternate_happy_flow() {
    let world = World::new();
    world.code(&Ask::new());
    let uri = "https://rp.example/other";
    let ask = Ask::of("web", uri).with("state", "another").without("nonce").with("scope", "openid phone");
    let code = world.code(&ask);
    let form = code_form(&code).without(&["redirect_uri"]).with("redirect_uri", uri);
    let tokens = world.token_request(Some(&world.basic("web")), &form).unwrap();
    assert_eq!(world.id_token(&tokens).nonce, None);
    assert_eq!(
        json(&world.userinfo_with(tokens["access_token"].as_str().unwrap()))["phone_number"],
        "+1 555 0100"
    );
}

/// Conformance: idtoken-unsigned. Not supported: no client can be registered for it, and nobody gets one.
#[test]
fn idtoken_unsigned() {
    assert!(JwsAlgorithm::from_name("none").is_none());
    let world = World::new();
    let json = serde_json::to_string(&web_client(&world.crypto)).unwrap();
    let unsigned = json.replace("\"RS256\"", "\"none\"");
    assert_ne!(json, unsigned);
    assert!(serde_json::from_str::<avouch_provider::Client>(&unsigned).is_err());
}

/// Conformance: ensure-request-object-with-redirect-uri. The one outside is what counts, and the object is not supported.
#[test]
fn ensure_request_object_with_redirect_uri() {
    let world = World::new();
    let object = "eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL2V2aWwuZXhhbXBsZSJ9.";
    assert_eq!(error_of(world.ask(&Ask::new().with("request", object))), "request_not_supported");
    assert_eq!(
        refusal_of(world.ask(&Ask::new().without("redirect_uri").with("request", object))).status,
        http::StatusCode::BAD_REQUEST
    );
}

/// Conformance: max-age-1, the whole module: sign in, wait, sign in again, and compare the two.
#[test]
fn max_age_1() {
    let world = World::new();
    let first = world.exchange(&world.code(&Ask::new())).unwrap();
    world.wait(2);
    let second = world.exchange(&world.code(&Ask::new().with("max_age", "1"))).unwrap();
    let (first, second) = (world.id_token(&first), world.id_token(&second));
    assert_eq!(first.sub, second.sub);
    assert!(second.auth_time > first.auth_time);
    assert!(world.now().seconds() - second.auth_time.unwrap().seconds() <= 1);
}

/// Every redirect of a success parses as the client will parse it.
#[test]
fn the_client_side_of_the_messages_reads_the_response() {
    let world = World::new();
    world.code(&Ask::new());
    let Outcome::Respond(answer) = world.ask(&Ask::new()) else { panic!() };
    let (_, query) = location(&answer.response).split_once('?').unwrap();
    let form = avouch_types::Form::parse(query.as_bytes(), &FormLimits::default()).unwrap();
    let response = avouch_messages::AuthorizationResponse::parse(&form).unwrap();
    assert_eq!(response.iss(), Some(ISSUER));
    assert!(matches!(response, avouch_messages::AuthorizationResponse::Code(_)));
}
