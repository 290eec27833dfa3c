use crate::word::{cut, pieces};
use crate::{Form, form};

/// `uri` (without fragment) with `parameters` added to its query. What the query already has is kept as it is written, but
/// for parameters of the same names: those are replaced, so that no name stands there twice (RFC 6749 §3.1 forbids that,
/// and two readers would choose differently).
///
/// ```
/// use avouch_types::{Form, with_query};
/// let response = Form::new().with("code", "SplxlOBeZQQYbYS6WxSbIA");
/// assert_eq!(
///     with_query("https://rp.example/cb?shop=7&c%6fde=old", &response),
///     "https://rp.example/cb?shop=7&code=SplxlOBeZQQYbYS6WxSbIA",
/// );
/// ```
#[must_use]
pub fn with_query(uri: &str, parameters: &Form) -> String {
    if parameters.is_empty() {
        return uri.to_owned();
    }
    let (before, query) = cut(uri, b'?');
    let mut url = String::with_capacity(uri.len() + 1 + parameters.encoded_len());
    url.push_str(before);
    let mut separator = '?';
    for pair in pieces(query.unwrap_or_default(), b'&')
        .filter(|pair| !pair.is_empty() && !names_one_of(pair, parameters))
    {
        url.push(separator);
        url.push_str(pair);
        separator = '&';
    }
    url.push(separator);
    parameters.encode_behind(url)
}

/// `uri` (without fragment) with `parameters` as its fragment; its query is kept untouched
/// ([Multiple Response Types §2.1](https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes)).
#[must_use]
pub fn with_fragment(uri: &str, parameters: &Form) -> String {
    let mut url = String::with_capacity(uri.len() + 1 + parameters.encoded_len());
    url.push_str(uri);
    url.push('#');
    parameters.encode_behind(url)
}

fn names_one_of(pair: &str, parameters: &Form) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    form::decode(name).is_ok_and(|name| parameters.iter().any(|(own, _)| own == name))
}
