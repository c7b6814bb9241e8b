//! Routing a request to its instance, and answering it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request as HttpRequest, Response, StatusCode};

use super::answer::{Answer, Content};
use super::instance::{Choice, Instance, Request};
use super::ollama;
use super::reply::Reply;
use super::{Shared, lock, until_set};

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new().fallback(handle).with_state(shared)
}

async fn handle(State(shared): State<Arc<Shared>>, request: HttpRequest<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let path_and_query = parts
        .uri
        .path_and_query()
        .map_or("/", |whole| whole.as_str());
    let (segment, rest) = split_instance(path_and_query);
    let Some(instance) = lock(&shared.instances).get(segment).cloned() else {
        return Reply::error(
            StatusCode::NOT_FOUND,
            format!("unknown instance `{segment}`; use the base URL of an instance"),
        )
        .whole();
    };
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return Reply::error(StatusCode::BAD_REQUEST, "cannot read the request's body").whole();
    };
    let (choice, release) = instance.receive(Request {
        method: parts.method.to_string(),
        path: rest.to_owned(),
        body: body.clone(),
    });
    if let Some(mut release) = release {
        tokio::select! {
            _ = release.changed() => {}
            () = until_set(shared.stopped.clone()) => {}
        }
    }
    let path = rest.split('?').next().unwrap_or_default();
    match choice {
        Choice::Scripted(answer) => {
            tokio::select! {
                () = tokio::time::sleep(answer.delay) => {}
                () = until_set(shared.stopped.clone()) => {}
            }
            scripted(&instance, &answer, &parts.method, path, &body)
        }
        Choice::BeyondScript => {
            Reply::error(StatusCode::INTERNAL_SERVER_ERROR, "script exhausted").whole()
        }
        Choice::Default => match &shared.forward {
            Some(forward) => forward.send(parts.method, rest, body).await,
            None => ollama::default_reply(&instance, &parts.method, path, &body).whole(),
        },
    }
}

fn scripted(
    instance: &Instance,
    answer: &Answer,
    method: &Method,
    path: &str,
    body: &[u8],
) -> Response<Body> {
    let reply = match &answer.content {
        Content::Default => ollama::default_reply(instance, method, path, body),
        Content::Reply(text) => ollama::chat_reply(body, text),
        Content::Vectors(vectors) => ollama::vectors_reply(body, vectors),
        Content::Body { status, body } => Reply::raw(
            // Reading the script checked the status.
            StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            body.clone(),
        ),
    };
    if answer.cut {
        reply.cut()
    } else {
        reply.whole()
    }
}

/// `/go/api/embed?x=1` is instance `go` and `/api/embed?x=1`.
fn split_instance(path_and_query: &str) -> (&str, &str) {
    let below = path_and_query.strip_prefix('/').unwrap_or(path_and_query);
    match below.find(['/', '?']) {
        Some(end) => below.split_at(end),
        None => (below, "/"),
    }
}
