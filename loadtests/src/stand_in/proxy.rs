//! A reverse proxy that forwards everything, or corrupts answers by one [`Lie`].

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anstream::println;
use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, HOST, HeaderName};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};

use super::lies::{Exchange, Liar, Lie};

/// Serves a proxy to a server, such as `http://127.0.0.1:3110`, on a free port, which is printed.
///
/// # Errors
/// `url` is not of the form `http://HOST:PORT`, or no port is free.
pub async fn run(url: &str, lie: Option<Lie>) -> Result<()> {
    let router = router(url, lie).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, router).await?;
    Ok(())
}

/// The routes of a proxy to a server.
///
/// # Errors
/// `url` is not of the form `http://HOST:PORT`, or the host has no address.
pub async fn router(url: &str, lie: Option<Lie>) -> Result<Router> {
    let uri: Uri = url
        .parse()
        .with_context(|| format!("`{url}` is not a URL"))?;
    let authority = uri
        .authority()
        .filter(|_| uri.scheme_str() == Some("http"))
        .with_context(|| format!("`{url}` is not of the form `http://HOST:PORT`"))?;
    let address = tokio::net::lookup_host((authority.host(), authority.port_u16().unwrap_or(80)))
        .await
        .with_context(|| format!("cannot resolve the host of `{url}`"))?
        .next()
        .with_context(|| format!("the host of `{url}` has no address"))?;
    let proxy = Proxy {
        address,
        host: HeaderValue::from_str(authority.as_str())?,
        idle: Mutex::default(),
        liar: lie.map(Liar::new),
    };
    Ok(Router::new().fallback(answer).with_state(Arc::new(proxy)))
}

struct Proxy {
    address: SocketAddr,
    host: HeaderValue,
    idle: Mutex<Vec<Connection>>,
    liar: Option<Liar>,
}

type Connection = SendRequest<Full<Bytes>>;

async fn answer(State(proxy): State<Arc<Proxy>>, request: Request) -> Response {
    match proxy.forward(request).await {
        Ok(response) => response,
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{error:#}")).into_response(),
    }
}

impl Proxy {
    async fn forward(&self, request: Request) -> Result<Response> {
        let (mut parts, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX)
            .await
            .context("the request was cut off")?;
        remove_hop_by_hop_headers(&mut parts.headers);
        parts.headers.insert(HOST, self.host.clone());
        if self.liar.is_some() {
            // A compressed answer could not be changed.
            parts.headers.remove(ACCEPT_ENCODING);
        }
        let began = Instant::now();
        let response = self.exchange(&parts, body.clone()).await?;
        match &self.liar {
            None => Ok(response.map(Body::from)),
            Some(liar) => {
                tokio::time::sleep(liar.delay(began.elapsed())).await;
                Ok(corrupt(liar, parts.uri.path(), &body, response))
            }
        }
    }

    async fn exchange(&self, parts: &Parts, body: Bytes) -> Result<hyper::Response<Bytes>> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = parts.method.clone();
        *request.uri_mut() = parts.uri.clone();
        *request.headers_mut() = parts.headers.clone();
        let (mut connection, response) = self.send(request).await?;
        let (mut parts, body) = response.into_parts();
        let body = body
            .collect()
            .await
            .context("the answer was cut off")?
            .to_bytes();
        if connection.ready().await.is_ok() {
            self.idle().push(connection);
        }
        remove_hop_by_hop_headers(&mut parts.headers);
        Ok(hyper::Response::from_parts(parts, body))
    }

    /// Sends a request on an idle connection, or on a new one if the server has closed it.
    async fn send(
        &self,
        mut request: hyper::Request<Full<Bytes>>,
    ) -> Result<(Connection, hyper::Response<hyper::body::Incoming>)> {
        loop {
            let idle = self.idle().pop();
            let is_new = idle.is_none();
            let mut connection = match idle {
                Some(connection) => connection,
                None => self.connect().await?,
            };
            match connection.try_send_request(request).await {
                Ok(response) => return Ok((connection, response)),
                Err(mut error) => match error.take_message() {
                    Some(unsent) if !is_new => request = unsent,
                    _ => return Err(error.into_error()).context("no answer"),
                },
            }
        }
    }

    async fn connect(&self) -> Result<Connection> {
        let stream = TcpStream::connect(self.address)
            .await
            .context("cannot connect")?;
        stream.set_nodelay(true)?;
        let (connection, driver) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(driver);
        Ok(connection)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes the headers that concern a single connection.
fn remove_hop_by_hop_headers(headers: &mut HeaderMap) {
    const HOP_BY_HOP: [HeaderName; 6] = [
        HeaderName::from_static("connection"),
        HeaderName::from_static("keep-alive"),
        HeaderName::from_static("te"),
        HeaderName::from_static("trailer"),
        HeaderName::from_static("transfer-encoding"),
        HeaderName::from_static("upgrade"),
    ];
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
}

/// The answer, changed if the lie concerns it and both bodies are JSON.
fn corrupt(liar: &Liar, path: &str, request: &Bytes, response: hyper::Response<Bytes>) -> Response {
    let (mut parts, body) = response.into_parts();
    let parse = || {
        let request = serde_json::from_slice::<Value>(request).ok()?;
        Some((request, serde_json::from_slice::<Value>(&body).ok()?))
    };
    let Some((request, mut answer)) = parse() else {
        return Response::from_parts(parts, Body::from(body));
    };
    let exchange = Exchange {
        path,
        request: &request,
        status: &mut parts.status,
        answer: &mut answer,
    };
    if !liar.corrupt(exchange) {
        return Response::from_parts(parts, Body::from(body));
    }
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(answer.to_string()))
}
