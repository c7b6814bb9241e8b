//! An HTTP/1.1 client of one server, with one connection that is kept open.
//!
//! A [`Client`] sends a request as it is and returns the answer unchanged: it adds no header,
//! decodes no body, follows no redirect and knows no proxy. Cargo features of other crates cannot
//! change that.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response, Uri, Version};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::io::InspectReader;

/// The port of a URL without one.
const DEFAULT_PORT: u16 = 80;
/// How long a used connection may take to become free; a new one is opened after that.
const READY_TIMEOUT: Duration = Duration::from_secs(1);

/// A client of the server at one base URL.
#[derive(Debug)]
pub(super) struct Client {
    base: Base,
    idle: Option<Connection>,
    resent: usize,
}

/// The parts of a base URL.
#[derive(Debug)]
struct Base {
    /// The host without the brackets of an IPv6 address.
    host: String,
    port: u16,
    /// Host and port as the URL has them.
    authority: String,
    /// The path without a slash at the end.
    path: String,
}

/// An open connection.
#[derive(Debug)]
pub(super) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    /// Whether any byte has arrived since the last request.
    has_received: Arc<AtomicBool>,
    /// Whether another request can be sent after this answer.
    is_reusable: bool,
    /// The task that reads and writes. It ends with the connection.
    _driver: JoinSet<()>,
}

/// A request without an answer.
struct Lost {
    why: String,
    progress: Progress,
}

/// How far a request came before its connection failed.
#[derive(PartialEq, Eq)]
enum Progress {
    /// No byte of it was written.
    Unsent,
    /// No byte of an answer has arrived.
    Unanswered,
    /// A part of an answer has arrived.
    Begun,
}

impl Client {
    /// A client that connects at its first request.
    ///
    /// # Errors
    ///
    /// The base is not an `http://` URL.
    pub(super) fn new(base: &str) -> Result<Client, String> {
        let uri: Uri = base
            .parse()
            .map_err(|error| format!("`{base}` is not a URL: {error}"))?;
        let authority = match (uri.scheme_str(), uri.authority()) {
            (Some("http"), Some(authority)) => authority,
            (Some("https"), _) => {
                return Err(format!(
                    "`{base}` needs TLS, which the harness does not have; use an `http://` URL"
                ));
            }
            _ => return Err(format!("`{base}` is not an `http://` URL")),
        };
        let host = authority.host();
        Ok(Client {
            base: Base {
                host: host.trim_matches(['[', ']']).to_owned(),
                port: authority.port_u16().unwrap_or(DEFAULT_PORT),
                authority: match authority.port() {
                    Some(port) => format!("{host}:{port}"),
                    None => host.to_owned(),
                },
                path: uri.path().trim_end_matches('/').to_owned(),
            },
            idle: None,
            resent: 0,
        })
    }

    /// The value of the header `host`.
    pub(super) fn authority(&self) -> &str {
        &self.base.authority
    }

    /// The path that all requests begin with.
    pub(super) fn path(&self) -> &str {
        &self.base.path
    }

    /// The number of requests that were answered only after they were sent again.
    pub(super) fn resent(&self) -> usize {
        self.resent
    }

    /// Sends a request. Returns the head of the answer, and the connection that its body comes over.
    ///
    /// A server may close a connection at any time, and the client may notice that only after it has
    /// sent the next request. Without a byte of an answer, that request is sent again on a new
    /// connection, once. A failure of a new connection is never hidden.
    ///
    /// # Errors
    ///
    /// Why there is no answer.
    pub(super) async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<(Response<Incoming>, Connection), String> {
        let mut lost = None;
        if let Some(mut connection) = self.idle().await {
            match connection.send(request.clone()).await {
                Ok(response) => return Ok((response, connection)),
                Err(first) if first.progress == Progress::Begun => return Err(first.why),
                Err(first) => lost = Some(first),
            }
        }
        let mut connection = match (Connection::open(&self.base).await, &lost) {
            (Ok(connection), _) => connection,
            // The server is gone, which its lost answer describes better than a refused connection.
            (Err(_), Some(lost)) => return Err(lost.why.clone()),
            (Err(why), None) => return Err(why),
        };
        let response = connection.send(request).await.map_err(|lost| lost.why)?;
        if lost.is_some_and(|lost| lost.progress == Progress::Unanswered) {
            self.resent += 1;
        }
        Ok((response, connection))
    }

    /// Takes back a connection whose answer was read to its end.
    pub(super) fn reuse(&mut self, connection: Connection) {
        self.idle = Some(connection).filter(|connection| connection.is_reusable);
    }

    /// The connection of the last request, if it is still open.
    async fn idle(&mut self) -> Option<Connection> {
        let mut connection = self.idle.take()?;
        // A server that answers before it has read a long request may never read the rest.
        let is_ready = timeout(READY_TIMEOUT, connection.sender.ready()).await;
        is_ready
            .is_ok_and(|is_open| is_open.is_ok())
            .then_some(connection)
    }
}

impl Connection {
    async fn open(base: &Base) -> Result<Connection, String> {
        let failed = |error: &dyn Error| format!("failed to connect: {}", chain(error));
        let stream = TcpStream::connect((base.host.as_str(), base.port))
            .await
            .map_err(|error| failed(&error))?;
        stream.set_nodelay(true).map_err(|error| failed(&error))?;
        let has_received = Arc::new(AtomicBool::new(false));
        let mark = Arc::clone(&has_received);
        let socket = InspectReader::new(stream, move |bytes: &[u8]| {
            if !bytes.is_empty() {
                mark.store(true, Ordering::Relaxed);
            }
        });
        let (sender, connection) = http1::handshake(TokioIo::new(socket))
            .await
            .map_err(|error| failed(&error))?;
        let mut driver = JoinSet::new();
        driver.spawn(async move {
            // The request that is being sent reports the error.
            let _ = connection.await;
        });
        Ok(Connection {
            sender,
            has_received,
            is_reusable: false,
            _driver: driver,
        })
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, Lost> {
        self.has_received.store(false, Ordering::Relaxed);
        match self.sender.try_send_request(request).await {
            Ok(response) => {
                // To a server that speaks an older version, hyper would send other requests.
                self.is_reusable = response.version() == Version::HTTP_11;
                Ok(response)
            }
            Err(error) => Err(Lost {
                progress: if error.message().is_some() {
                    Progress::Unsent
                } else if self.has_received.load(Ordering::Relaxed) {
                    Progress::Begun
                } else {
                    Progress::Unanswered
                },
                why: chain(error.error()),
            }),
        }
    }
}

/// The host and the port of a base URL.
///
/// # Errors
///
/// It is not an `http://` URL.
pub(crate) fn address(base: &str) -> Result<(String, u16), String> {
    let base = Client::new(base)?.base;
    Ok((base.host, base.port))
}

/// An error and its causes.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut at = error.source();
    while let Some(cause) = at {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        at = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Client;

    #[test]
    fn base_urls_are_read() {
        for (base, authority, host, path) in [
            ("http://127.0.0.1:80", "127.0.0.1:80", "127.0.0.1", ""),
            ("http://localhost/", "localhost", "localhost", ""),
            ("http://me@[::1]:9/api/v2/", "[::1]:9", "::1", "/api/v2"),
        ] {
            let client = Client::new(base).expect("it is a URL");
            assert_eq!(client.authority(), authority);
            assert_eq!(client.base.host, host);
            assert_eq!(client.path(), path);
        }
        for (base, why) in [
            ("https://localhost", "needs TLS"),
            ("localhost:80", "is not an `http://` URL"),
            ("http://a b", "is not a URL"),
        ] {
            let error = Client::new(base).expect_err("it is no such URL");
            assert!(error.contains(why), "{error}");
        }
    }
}
