//! Each type as it stands on the wire: the JSON that is read is the JSON that is written, to the octet, also for words
//! that nobody registered; and the form of the same parameters is always the same.
#![allow(clippy::unwrap_used)]

use avouch_types::{
    AccessToken, Acr, AcrValues, Amr, ApplicationType, AuthorizationCode, ClaimType, ClientAuthMethod,
    ClientId, ClientSecret, CodeChallengeMethod, CodeVerifier, Display, EndpointUrl, ErrorCode,
    ErrorDescription, ErrorUri, Form, FormLimits, GrantType, Issuer, LanguageTag, MediaType, Nonce, Prompt,
    Prompts, RedirectUri, RefreshToken, ResponseMode, ResponseType, Scope, Scopes, Secret, State,
    SubjectIdentifier, SubjectType, TokenType, TokenTypeHint, TokenTypeIdentifier,
};

macro_rules! golden {
    ($($type:ident: $($text:literal),+;)+) => {
        #[test]
        fn every_type_writes_what_it_reads() {
            $($(
                let json = serde_json::to_string($text).unwrap();
                let value: $type = serde_json::from_str(&json).unwrap();
                assert_eq!(serde_json::to_string(&value).unwrap(), json, stringify!($type));
            )+)+
        }

        #[test]
        fn no_type_is_read_from_anything_but_a_string() {
            $(for json in ["null", "true", "7", "[]", "[\"a\"]", "{}"] {
                assert!(serde_json::from_str::<$type>(json).is_err(), "{} from {json}", stringify!($type));
            })+
        }
    };
}

golden! {
    AccessToken: "SlAV32hkKG", "two words";
    Acr: "urn:mace:incommon:iap:silver", "0", "phr";
    AcrValues: "urn:b urn:a 0", "";
    Amr: "pwd", "NgcMfa";
    ApplicationType: "web", "x-appliance";
    AuthorizationCode: "SplxlOBeZQQYbYS6WxSbIA";
    ClaimType: "aggregated", "x-other";
    ClientAuthMethod: "private_key_jwt", "x-other";
    ClientId: "s6BhdRkqt3", "my client";
    ClientSecret: "gX1fBat3bV", "p\u{e4}ss \u{1f511}";
    CodeChallengeMethod: "S256", "plain", "S512";
    CodeVerifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    Display: "popup", "x-watch";
    EndpointUrl: "https://op.example/authorize?tenant=1&x=%41";
    ErrorCode: "invalid_request", "use_dpop_nonce", "x-teapot";
    ErrorDescription: "it is 'broken'";
    ErrorUri: "https://op.example/errors#17";
    GrantType: "authorization_code", "urn:x:grant";
    Issuer: "https://OP.example:8443/Tenant/";
    LanguageTag: "ja-Kana-JP", "x-private";
    MediaType: "application/jwt", "Application/X+json";
    Nonce: " n-0S6_WzA2Mj\u{e4} ";
    Prompt: "select_account", "x-other";
    Prompts: "login consent";
    RedirectUri: "https://rp.example/cb?x=1", "com.example.app:/cb";
    RefreshToken: "8xLOxBtZp8";
    ResponseMode: "form_post", "form_post.jwt", "web_message";
    ResponseType: "code id_token token", "none", "x_other";
    Scope: "offline_access", "https://example.com/read:all";
    Scopes: "openid email x:y", "";
    Secret: "", "any\ntext";
    State: "af0ifjsldkj";
    SubjectIdentifier: "248289761001", "a b";
    SubjectType: "pairwise", "x-other";
    TokenType: "Bearer", "bearer", "DPoP";
    TokenTypeHint: "access_token", "x-other";
    TokenTypeIdentifier: "urn:ietf:params:oauth:token-type:jwt", "urn:x:token";
}

#[test]
fn a_form_is_written_the_same_each_time() {
    let form = Form::new()
        .with("scope", "openid email")
        .with("redirect_uri", "https://rp.example/cb?a=b&c=%20")
        .with("login_hint", "j\u{e4}ne+x@example.com")
        .with("empty", "")
        .with("*-._~", "A z");
    let encoded = concat!(
        "scope=openid+email&redirect_uri=https%3A%2F%2Frp.example%2Fcb%3Fa%3Db%26c%3D%2520",
        "&login_hint=j%C3%A4ne%2Bx%40example.com&empty=&*-._%7E=A+z"
    );
    assert_eq!(form.to_urlencoded(), encoded);
    let read = Form::parse(encoded.as_bytes(), &FormLimits::default()).unwrap();
    assert_eq!(read, form);
    assert_eq!(read.to_urlencoded(), encoded);
    // other spellings of the same parameters become this one
    let spelt = "scope=openid%20email&redirect%5furi=https://rp.example/cb?a%3Db%26c%3D%2520\
                 &login_hint=j%c3%a4ne%2bx@example.com&empty&%2a-._~=%41%20z&";
    assert_eq!(Form::parse(spelt.as_bytes(), &FormLimits::default()).unwrap().to_urlencoded(), encoded);
}
