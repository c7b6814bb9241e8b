//! A service with scripted answers that records the requests.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use lakehouse_client::Client;
use tokio::net::TcpListener;

#[derive(Clone, Default)]
pub(crate) struct Service(Arc<Mutex<Script>>);

#[derive(Default)]
struct Script {
    answers: VecDeque<(u16, String)>,
    requests: Vec<String>,
}

impl Service {
    /// A service with these answers, and a client of it.
    pub(crate) async fn start(answers: &[(u16, &str)]) -> (Self, Client) {
        let service = Self::default();
        let answers = answers.iter();
        let answers = answers.map(|(status, body)| (*status, (*body).to_owned()));
        service.0.lock().unwrap().answers = answers.collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(service.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (service, Client::new(&url).unwrap())
    }

    /// The requests so far: method, path, content type and body.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.0.lock().unwrap().requests.clone()
    }
}

async fn answer(State(service): State<Service>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let content_type = head.headers["content-type"].to_str().unwrap();
    let body = String::from_utf8_lossy(&body);
    let request = format!("{} {} {content_type} {body}", head.method, head.uri);
    let mut script = service.0.lock().unwrap();
    script.requests.push(request);
    let (status, body) = script.answers.pop_front().expect("an answer is left");
    let status = StatusCode::from_u16(status).unwrap();
    (status, [("retry-after", "0")], body).into_response()
}
