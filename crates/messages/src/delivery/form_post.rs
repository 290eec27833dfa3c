use avouch_types::{Form, RedirectUri};

/// A page that posts an authorization response to the client
/// ([OAuth 2.0 Form Post Response Mode §2](https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html)).
///
/// It is sent with status 200 and the headers of [`FormPost::HEADERS`]. A Content-Security-Policy has to allow
/// [`FormPost::SCRIPT`] by its hash and the redirect URI as `form-action`; without scripts the page shows a button.
///
/// ```
/// use avouch_messages::FormPost;
/// use avouch_types::{Form, RedirectUri};
///
/// let redirect_uri = RedirectUri::parse("https://rp.example/cb?a=1&b=2")?;
/// let page = FormPost::new(redirect_uri, Form::new().with("state", "\"><script>"));
/// assert!(page.html().contains(r#"action="https://rp.example/cb?a=1&amp;b=2""#));
/// assert!(page.html().contains(r#"value="&quot;&gt;&lt;script&gt;""#));
/// # Ok::<(), avouch_types::UriError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormPost {
    action: RedirectUri,
    parameters: Form,
}

impl FormPost {
    /// The headers of the page: neither the browser nor anything on the way may store it.
    pub const HEADERS: [(&'static str, &'static str); 3] = [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-cache, no-store"),
        ("pragma", "no-cache"),
    ];

    /// The whole content of the page's only script element.
    pub const SCRIPT: &'static str = "document.forms[0].submit()";

    /// The page that posts `parameters` to `action`.
    #[must_use]
    pub fn new(action: RedirectUri, parameters: Form) -> Self {
        Self { action, parameters }
    }

    /// Where the form is posted to.
    #[must_use]
    pub fn action(&self) -> &RedirectUri {
        &self.action
    }

    /// The page.
    #[must_use]
    pub fn html(&self) -> String {
        let mut fields = String::new();
        for (name, value) in self.parameters.iter() {
            let (name, value) = (escape(name), escape(value));
            fields.push_str(&format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n"));
        }
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Signing in</title></head>\n\
             <body>\n<form method=\"post\" action=\"{action}\">\n{fields}\
             <noscript><button type=\"submit\">Continue</button></noscript>\n</form>\n\
             <script>{script}</script>\n</body>\n</html>\n",
            action = escape(self.action.as_str()),
            script = Self::SCRIPT,
        )
    }
}

/// Escapes a text for an attribute in double quotes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}
