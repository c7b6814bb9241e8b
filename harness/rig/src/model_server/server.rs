//! Routing a request to its instance, and choosing its answer.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State as Extracted;
use axum::http::{Method, Request as HttpRequest, Response, StatusCode};
use bytes::Bytes;

use super::answer::{Answer, Content};
use super::ollama;
use super::reply::Reply;
use super::{Request, Shared, State, lock, until_set};

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new().fallback(handle).with_state(shared)
}

async fn handle(
    Extracted(shared): Extracted<Arc<Shared>>,
    request: HttpRequest<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let path_and_query = parts
        .uri
        .path_and_query()
        .map_or("/", |whole| whole.as_str());
    let (segment, rest) = split_instance(path_and_query);
    let Some(state) = lock(&shared.instances).get(segment).cloned() else {
        return Reply::error(
            StatusCode::NOT_FOUND,
            format!("no instance `{segment}`; use the base URL that was handed out"),
        )
        .whole();
    };
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return Reply::error(StatusCode::BAD_REQUEST, "cannot read the request's body").whole();
    };
    let path = rest.split('?').next().unwrap_or_default().to_owned();

    let choice = {
        let mut state = lock(&state);
        state.requests.push(Request {
            method: parts.method.to_string(),
            path: rest.to_owned(),
            body: body.clone(),
        });
        choose(&mut state, &parts.method, &path)
    };
    match choice {
        Choice::Scripted(answer) => {
            tokio::select! {
                () = tokio::time::sleep(answer.delay) => {}
                () = until_set(shared.stopped.clone()) => {}
            }
            scripted(&answer, &parts.method, &path, &body)
        }
        Choice::BeyondScript => {
            Reply::error(StatusCode::INTERNAL_SERVER_ERROR, "script exhausted").whole()
        }
        Choice::Default => match &shared.forward {
            Some(forward) => forward.send(parts.method, rest, body).await,
            None => ollama::default_reply(&parts.method, &path, &body).whole(),
        },
    }
}

enum Choice {
    Scripted(Answer),
    BeyondScript,
    Default,
}

/// The first scripted answer that is left for this path.
///
/// An answer without a path, and the script's end, concern the two routes that ask a model
/// something; looking at `/api/tags` uses nothing up.
fn choose(state: &mut State, method: &Method, path: &str) -> Choice {
    if !state.scripted {
        return Choice::Default;
    }
    let asks_model = *method == Method::POST && matches!(path, "/api/embed" | "/api/chat");
    let position = state.script.iter().position(|answer| match &answer.path {
        Some(wanted) => wanted == path,
        None => asks_model,
    });
    match position.and_then(|position| state.script.remove(position)) {
        Some(answer) => Choice::Scripted(answer),
        None if asks_model => {
            state.beyond_script += 1;
            Choice::BeyondScript
        }
        None => Choice::Default,
    }
}

fn scripted(answer: &Answer, method: &Method, path: &str, body: &Bytes) -> Response<Body> {
    let reply = match &answer.content {
        Content::Default => ollama::default_reply(method, path, body),
        Content::Reply(text) => ollama::chat_reply(body, text),
        Content::Vectors(vectors) => ollama::vectors_reply(body, vectors),
        Content::Body { status, body } => Reply::raw(
            // The status was checked when the script was read.
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
