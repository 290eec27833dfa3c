//! Requests and responses as they are shown.

use avouch_types::{Form, FormLimits};
use http::{HeaderMap, Request, Response};
use serde_json::Value;

use super::explain;
use crate::pages::rp::{Field, JsonPiece, Message, Part};

/// Headers that mean something in the flow.
const SHOWN_HEADERS: [&str; 5] =
    ["authorization", "accept", "content-type", "www-authenticate", "cache-control"];

/// JSON with more values than this is folded.
const FOLD_ABOVE: usize = 12;

/// A request of this client.
pub fn request(request: &Request<Vec<u8>>) -> Message {
    let uri = request.uri().to_string();
    let (target, query) = split_query(&uri);
    let mut parts = Vec::new();
    push(&mut parts, "Query", query.map(parameters).unwrap_or_default());
    push(&mut parts, "Headers", headers(request.headers()));
    if !request.body().is_empty() {
        parts.push(body(request.headers(), request.body()));
    }
    Message {
        verb: request.method().to_string(),
        target: target.to_owned(),
        kind: "request".to_owned(),
        parts,
    }
}

/// A response to this client.
pub fn response(response: &Response<Vec<u8>>) -> Message {
    let status = response.status();
    let mut parts = Vec::new();
    push(&mut parts, "Headers", headers(response.headers()));
    if !response.body().is_empty() {
        parts.push(body(response.headers(), response.body()));
    }
    Message {
        verb: status.as_str().to_owned(),
        target: status.canonical_reason().unwrap_or_default().to_owned(),
        kind: "response".to_owned(),
        parts,
    }
}

/// A message that travelled through the browser as a redirect to `url`.
pub fn redirect(url: &str, kind: &str) -> Message {
    let (target, query) = split_query(url);
    let mut parts = Vec::new();
    push(&mut parts, "Query", query.map(parameters).unwrap_or_default());
    Message { verb: "GET".to_owned(), target: target.to_owned(), kind: kind.to_owned(), parts }
}

fn split_query(url: &str) -> (&str, Option<&str>) {
    match url.split_once('?') {
        Some((target, query)) => (target, Some(query)),
        None => (url, None),
    }
}

fn push(parts: &mut Vec<Part>, caption: &str, fields: Vec<Field>) {
    if !fields.is_empty() {
        parts.push(Part { caption: caption.to_owned(), fields, ..Part::default() });
    }
}

fn parameters(encoded: &str) -> Vec<Field> {
    let Ok(form) = Form::parse_noting_repeats(encoded.as_bytes(), &FormLimits::default()) else {
        return Vec::new();
    };
    form.iter()
        .map(|(name, value)| Field {
            name: name.to_owned(),
            value: explain::shown(name, value),
            meaning: explain::parameter(name).to_owned(),
        })
        .collect()
}

fn headers(headers: &HeaderMap) -> Vec<Field> {
    SHOWN_HEADERS
        .iter()
        .filter_map(|name| Some((*name, headers.get(*name)?)))
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            Field {
                name: name.to_owned(),
                value: explain::shown_header(name, &value),
                meaning: explain::header(name, &value).to_owned(),
            }
        })
        .collect()
}

fn body(headers: &HeaderMap, body: &[u8]) -> Part {
    let content_type = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if content_type.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded")) {
        let fields = parameters(&String::from_utf8_lossy(body));
        return Part { caption: "Body".to_owned(), fields, ..Part::default() };
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => {
            let folded = values_in(&value) > FOLD_ABOVE;
            Part { caption: "Body".to_owned(), json: json(&value), folded, ..Part::default() }
        }
        Err(_) => {
            let caption = format!("Body: {} bytes that are not JSON", body.len());
            Part { caption, ..Part::default() }
        }
    }
}

fn values_in(value: &Value) -> usize {
    match value {
        Value::Object(members) => members.values().map(values_in).sum(),
        Value::Array(values) => values.iter().map(values_in).sum(),
        _ => 1,
    }
}

/// JSON, indented, in coloured pieces; secrets shortened.
pub fn json(value: &Value) -> Vec<JsonPiece> {
    let mut pieces = Vec::new();
    print(value, "", 0, &mut pieces);
    pieces
}

fn print(value: &Value, name: &str, depth: usize, out: &mut Vec<JsonPiece>) {
    let line = |depth: usize| format!("\n{}", "  ".repeat(depth));
    let piece = |class, text: String| JsonPiece { class, text };
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (index, (name, value)) in members.iter().enumerate() {
                out.push(piece("p", format!("{}{}", if index == 0 { "{" } else { "," }, line(depth + 1))));
                out.push(piece("k", Value::from(name.as_str()).to_string()));
                out.push(piece("p", ": ".to_owned()));
                print(value, name, depth + 1, out);
            }
            out.push(piece("p", format!("{}}}", line(depth))));
        }
        // Lists of words stay on one line, which wraps.
        Value::Array(values) if values.iter().all(Value::is_string) => {
            for (index, value) in values.iter().enumerate() {
                out.push(piece("p", if index == 0 { "[" } else { ", " }.to_owned()));
                print(value, name, depth, out);
            }
            out.push(piece("p", if values.is_empty() { "[]" } else { "]" }.to_owned()));
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                out.push(piece("p", format!("{}{}", if index == 0 { "[" } else { "," }, line(depth + 1))));
                print(value, name, depth + 1, out);
            }
            out.push(piece("p", format!("{}]", line(depth))));
        }
        Value::String(text) => out.push(piece("s", Value::from(explain::shown(name, text)).to_string())),
        other => out.push(piece("l", other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(pieces: &[JsonPiece]) -> String {
        pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    #[test]
    fn json_stays_json() {
        let value = json!({"a": [1, {"b": "x\"<"}], "c": ["d", "e"], "f": {}, "g": [], "h": null});
        assert_eq!(serde_json::from_str::<Value>(&text(&json(&value))).unwrap(), value);
    }

    #[test]
    fn no_secret_is_shown() {
        let secret = "2YotnFZFEjr1zCsicMWpAA";
        let answer = Response::builder()
            .header("content-type", "application/json")
            .body(
                json!({"access_token": secret, "refresh_token": secret, "id_token": secret})
                    .to_string()
                    .into(),
            )
            .unwrap();
        let question = Request::builder()
            .uri(format!("https://op.example/token?code={secret}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", format!("Basic {secret}"))
            .body(
                format!(
                    "code={secret}&code_verifier={secret}&client_secret={secret}&client_assertion={secret}"
                )
                .into(),
            )
            .unwrap();
        for message in [request(&question), response(&answer)] {
            assert!(!format!("{message:?}").contains(secret), "{message:?}");
            assert!(format!("{message:?}").contains("2YotnF…"), "{message:?}");
        }
    }

    #[test]
    fn what_is_not_json_is_counted_only() {
        let answer = Response::new(b"<html>".to_vec());
        assert_eq!(response(&answer).parts[0].caption, "Body: 6 bytes that are not JSON");
    }
}
