//! Sockets: binding, TLS, and an end that lets running requests finish.

mod limit;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use hyper_util::rt::TokioTimer;
use rcgen::CertifiedKey;

use limit::Limit;

/// How long a client may take to send the head of a request.
const HEAD_PATIENCE: Duration = Duration::from_secs(15);

/// How long running requests may take after the signal to end.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// Why a program cannot serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Something else listens there.
    #[error("{address} is taken: another program listens there (choose another with {flag})")]
    Taken {
        /// The address.
        address: SocketAddr,
        /// The flag that chooses it.
        flag: &'static str,
    },
    /// It cannot be listened at.
    #[error("cannot listen at {address}: {source}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// A certificate or its key cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    CertificateFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The certificate and the key are no certificate and key.
    #[error("the certificate and its key cannot be used: {0}")]
    Certificate(#[source] io::Error),
    /// A self-signed certificate could not be made.
    #[error("no self-signed certificate could be made: {0}")]
    SelfSigned(#[from] rcgen::Error),
    /// The server ended by itself.
    #[error("the server at {address} ended: {source}")]
    Ended {
        /// Where it listened.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

/// A certificate chain and its private key, as PEM.
#[derive(Clone)]
pub struct Identity {
    /// The chain, the server's own certificate first.
    pub certificates: String,
    key: String,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

impl Identity {
    /// Reads a chain and a key from PEM files.
    ///
    /// # Errors
    /// [`ServeError::CertificateFile`].
    pub fn read(certificates: &PathBuf, key: &PathBuf) -> Result<Self, ServeError> {
        let read = |path: &PathBuf| {
            std::fs::read_to_string(path)
                .map_err(|source| ServeError::CertificateFile { path: path.clone(), source })
        };
        Ok(Self { certificates: read(certificates)?, key: read(key)? })
    }

    /// Makes a certificate for these names, signed by itself.
    ///
    /// # Errors
    /// [`ServeError::SelfSigned`].
    pub fn self_signed(names: Vec<String>) -> Result<Self, ServeError> {
        let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(names)?;
        Ok(Self { certificates: cert.pem(), key: signing_key.serialize_pem() })
    }
}

/// A socket that listens already: connections wait until it is served.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
}

impl Listening {
    /// Binds the address; port 0 takes any free one. `flag` is what a person would change.
    ///
    /// # Errors
    /// [`ServeError::Taken`] or [`ServeError::Bind`].
    pub fn bind(address: SocketAddr, flag: &'static str) -> Result<Self, ServeError> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => ServeError::Taken { address, flag },
            _ => ServeError::Bind { address, source },
        };
        let listener = TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `handle` is told to end.
    ///
    /// # Errors
    /// [`ServeError::Certificate`], or [`ServeError::Ended`].
    pub async fn serve(
        self,
        routes: Router,
        identity: Option<Identity>,
        handle: Handle<SocketAddr>,
    ) -> Result<(), ServeError> {
        let address = self.address;
        let ended = |source| ServeError::Ended { address, source };
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        match identity {
            None => {
                let mut server = axum_server::from_tcp(self.listener)
                    .map_err(ended)?
                    .acceptor(Limit::default())
                    .handle(handle)
                    .http1_only();
                server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE);
                server.serve(service).await.map_err(ended)
            }
            Some(identity) => {
                let tls = RustlsConfig::from_pem(identity.certificates.into(), identity.key.into())
                    .await
                    .map_err(ServeError::Certificate)?;
                // HTTP/1.1 alone, for which there is a patience with idle connections.
                let mut config = (*tls.get_inner()).clone();
                config.alpn_protocols = vec![b"http/1.1".to_vec()];
                tls.reload_from_config(Arc::new(config));
                let mut server = axum_server::from_tcp_rustls(self.listener, tls)
                    .map_err(ended)?
                    .map(|tls| tls.acceptor(Limit::default()))
                    .handle(handle)
                    .http1_only();
                server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE);
                server.serve(service).await.map_err(ended)
            }
        }
    }
}

/// Takes no new connections, and lets running requests finish.
pub fn end_all(handles: &[Handle<SocketAddr>]) {
    for handle in handles {
        handle.graceful_shutdown(Some(LAST_REQUESTS));
    }
}

/// The signals that ask the process to end: SIGINT and SIGTERM.
///
/// They are caught from the moment this exists, so it should exist before anybody is told that the program runs.
#[derive(Debug)]
pub struct EndSignals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl EndSignals {
    /// Catches the signals from now on.
    ///
    /// # Errors
    /// The system does not let us.
    pub fn catch() -> io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Tells every handle to end when a signal comes.
    pub async fn end(mut self, handles: Vec<Handle<SocketAddr>>) {
        self.come().await;
        tracing::info!("ending: running requests may finish");
        end_all(&handles);
    }

    #[cfg(unix)]
    async fn come(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn come(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without signals there is nobody to ask us: run on.
            std::future::pending::<()>().await;
        }
    }
}
