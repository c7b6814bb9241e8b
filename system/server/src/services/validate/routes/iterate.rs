//! `POST /v1/iterate`.

use std::sync::Arc;

use axum::{Extension, extract::State, http::StatusCode, response::Response};
use lakehouse_base::{ErrorCode, TraceId, chat::ChatModel};
use lakehouse_validate::{
    iterate::{self, Run, Services},
    session::Verdict,
};
use lakehouse_wire::{
    iterate::{EXAMPLE, IterateAccepted, IterateExhausted, IterateFailed, IterateRequest},
    read_body,
};

use crate::{
    http::{answer, body::WholeBody, problem::Problem, route::Route},
    services::validate::{Validate, convert},
};

pub(super) fn routes() -> [Route<Arc<Validate>>; 1] {
    [Route::post("/v1/iterate", iterate)
        .named("iterate", "Ask a model for an artifact until one passes")
        .request::<IterateRequest>(EXAMPLE)
        .response::<IterateAccepted>(200, "An attempt passed.")
        .problem(
            400,
            "The request is not as described, or the provider is unknown.",
        )
        .response::<IterateExhausted>(422, "No attempt passed.")
        .response::<IterateFailed>(502, "The provider failed.")
        .problem(507, "The run could not be recorded.")]
}

async fn iterate(
    State(service): State<Arc<Validate>>,
    Extension(trace_id): Extension<TraceId>,
    body: WholeBody,
) -> Result<Response, Problem> {
    let request = {
        let json = body.json()?;
        let request: IterateRequest = read_body(&json)?;
        convert::iterate_request(request)?
    };
    let roster = service.roster.get();
    let services = Services {
        chat: provider(&service, &request.provider)?,
        roster: &roster,
        sessions: &*service.sessions,
    };
    let run = iterate::run(&request, &trace_id, services)
        .await
        .map_err(|error| {
            tracing::error!(%trace_id, %error, "a session record was lost");
            Problem::new(ErrorCode::StorageFull, "session record cannot be written")
        })?;
    service.metrics.iteration(run.record.final_verdict.as_str());
    Ok(answer_run(&run))
}

fn answer_run(run: &Run) -> Response {
    let record = &run.record;
    match record.final_verdict {
        Verdict::Accepted => {
            let artifact = record.artifact.as_deref().unwrap_or_default();
            answer::ok(&convert::accepted(run, artifact))
        }
        Verdict::MaxIterExhausted => {
            answer::with_status(StatusCode::UNPROCESSABLE_ENTITY, &convert::exhausted(run))
        }
        Verdict::InfraError => {
            let error = record.error.as_deref().unwrap_or_default();
            answer::with_status(StatusCode::BAD_GATEWAY, &convert::failed(run, error))
        }
    }
}

fn provider<'a>(service: &'a Validate, name: &str) -> Result<&'a dyn ChatModel, Problem> {
    if let Some((_, model)) = service.chat.iter().find(|(provider, _)| *provider == name) {
        return Ok(model.as_ref());
    }
    let names: Vec<_> = service
        .chat
        .iter()
        .map(|(provider, _)| format!("`{provider}`"))
        .collect();
    let configured = if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    };
    let detail = format!("unknown provider `{name}`; configured: {configured}");
    Err(Problem::bad_request(detail))
}
