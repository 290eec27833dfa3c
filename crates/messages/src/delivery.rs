use avouch_types::{Form, RedirectUri, ResponseMode, with_fragment, with_query};

mod form_post;

pub use form_post::FormPost;

/// How an authorization response travels to the redirect URI
/// ([Multiple Response Types §2.1](https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes)).
///
/// ```
/// use avouch_messages::Delivery;
/// use avouch_types::{Form, RedirectUri, ResponseMode};
///
/// let redirect_uri = RedirectUri::parse("https://rp.example/cb?shop=7&state=own")?;
/// let response = Form::new().with("code", "SplxlOBeZQQYbYS6WxSbIA").with("state", "af0ifjsldkj");
/// assert_eq!(
///     Delivery::new(&redirect_uri, &ResponseMode::QUERY, response)?,
///     Delivery::Redirect("https://rp.example/cb?shop=7&code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj".to_owned()),
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// Redirect to this URL, with status 303 or 302, never 307 (Core §16.22).
    Redirect(String),
    /// Answer with this page, status 200.
    FormPost(FormPost),
}

/// A response mode that is not known here: the OP answers HTTP 400 and redirects nowhere (Core §3.1.2.6).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("response mode is not supported")]
pub struct UnsupportedResponseMode {
    /// The mode.
    pub mode: ResponseMode,
}

/// Names that decide what a response says. If the redirect URI's own query has one, it is taken out: a client must not
/// find a `code` beside our `error`, or an `iss` that is not ours, whichever of them it reads first.
const DECISIVE: [&str; 8] =
    ["code", "error", "error_description", "error_uri", "iss", "id_token", "access_token", "response"];

impl Delivery {
    /// Puts the parameters of a response on the way. The query that `redirect_uri` has is kept, but for parameters with a
    /// name that the response uses or that would contradict it: a name never stands twice.
    ///
    /// # Errors
    /// [`UnsupportedResponseMode`] for any mode but query, fragment and form_post.
    pub fn new(
        redirect_uri: &RedirectUri,
        mode: &ResponseMode,
        parameters: Form,
    ) -> Result<Self, UnsupportedResponseMode> {
        let uri = redirect_uri.as_str();
        match mode.as_str() {
            "query" => Ok(Self::Redirect(with_query(&without_decisive(uri), &parameters))),
            "fragment" => Ok(Self::Redirect(with_fragment(uri, &parameters))),
            "form_post" => Ok(Self::FormPost(FormPost::new(redirect_uri.clone(), parameters))),
            _ => Err(UnsupportedResponseMode { mode: mode.clone() }),
        }
    }
}

/// Of a redirect the parameters are not shown: a code may be among them.
impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Redirect(url) => {
                let end = url.find(['?', '#']).unwrap_or(url.len());
                let shown = format!("{}…", url.get(..end).unwrap_or_default());
                f.debug_tuple("Redirect").field(&shown).finish()
            }
            Self::FormPost(page) => f.debug_tuple("FormPost").field(page).finish(),
        }
    }
}

fn without_decisive(uri: &str) -> String {
    let Some((before, query)) = uri.split_once('?') else { return uri.to_owned() };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            !avouch_types::form::decode(name).is_ok_and(|name| DECISIVE.contains(&name.as_str()))
        })
        .collect();
    if kept.is_empty() { before.to_owned() } else { format!("{before}?{}", kept.join("&")) }
}
