//! `POST /v1/iterate`.

use std::sync::Arc;

use axum::{
    Extension,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use lakehouse_base::{ErrorCode, TraceId, chat::ChatModel};
use lakehouse_json as json;
use lakehouse_validate::{
    iterate::{self, IterateRequest, Services},
    session::Verdict,
};

use crate::{
    http::{body::WholeBody, problem::Problem},
    schema,
    services::validate::Validate,
};

/// Asks a model for an artifact until it passes.
#[utoipa::path(
    post,
    path = "/v1/iterate",
    tag = "iterate",
    request_body = schema::IterateBody,
    responses(
        (status = 200, description = "An attempt passed.", body = schema::IterateAccepted),
        (status = 400, description = "The request is not of its form, or the provider is unknown.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than the limit.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 422, description = "No attempt passed.", body = schema::IterateExhausted),
        (status = 502, description = "The provider failed.", body = schema::IterateInfraError),
        (status = 507, description = "The run could not be recorded.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn iterate(
    State(service): State<Arc<Validate>>,
    Extension(trace_id): Extension<TraceId>,
    body: WholeBody,
) -> Result<Response, Problem> {
    let request = {
        let json = body.json()?;
        IterateRequest::read(json.as_object().ok_or(json::BodyError::NotAnObject)?)?
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
    let verdict = run.record.final_verdict;
    service.metrics.iteration(verdict.as_str());
    let status = match verdict {
        Verdict::Accepted => StatusCode::OK,
        Verdict::MaxIterExhausted => StatusCode::UNPROCESSABLE_ENTITY,
        Verdict::InfraError => StatusCode::BAD_GATEWAY,
    };
    Ok((
        status,
        [(header::CONTENT_TYPE, "application/json")],
        run.body(),
    )
        .into_response())
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
