//! The client's own requests: straight to the provider, without redirects, with limits on time and size.

use std::time::Duration;

use http::{Request, Response};
use reqwest::Certificate;
use reqwest::redirect::Policy;

/// How long a whole exchange may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest answer that is read.
const MAX_ANSWER: usize = 256 * 1024;

/// Sends requests to the provider.
#[derive(Debug, Clone)]
pub struct Outgoing(reqwest::Client);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// A certificate to trust cannot be read.
    #[error("a certificate to trust cannot be used")]
    Certificate(#[source] reqwest::Error),
    /// There was no complete answer.
    #[error("the provider could not be reached, or its answer broke off")]
    Failed(#[from] reqwest::Error),
    /// The answer is too long.
    #[error("the answer is longer than {MAX_ANSWER} bytes")]
    TooLong,
}

impl Outgoing {
    /// Trusts the system's certificates, and `trusted` (PEM) beside them. Plain http is refused unless
    /// `allow_http`, which is for a provider on loopback.
    ///
    /// # Errors
    /// [`SendError`]: a certificate cannot be used, or TLS cannot be set up.
    pub fn new(trusted: Option<&str>, allow_http: bool) -> Result<Self, SendError> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("avouch-reference/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .https_only(!allow_http);
        if let Some(pem) = trusted {
            let certificates =
                Certificate::from_pem_bundle(pem.as_bytes()).map_err(SendError::Certificate)?;
            for certificate in certificates {
                builder = builder.add_root_certificate(certificate);
            }
        }
        Ok(Self(builder.build()?))
    }

    /// Sends a request and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// [`SendError`]: there is no complete answer, or it is too long.
    pub async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, SendError> {
        let mut answer = self.0.execute(request.try_into()?).await?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(SendError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}
