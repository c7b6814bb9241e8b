//! `POST /v1/validate` and `POST /v1/validate/roster/reload`.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use lakehouse_base::ErrorCode;
use lakehouse_json as json;
use lakehouse_validate::{Mode, ValidateRequest};

use crate::{
    http::{body::WholeBody, problem::Problem},
    schema,
    services::validate::Validate,
};

/// Checks a drafted artifact before it leaves.
#[utoipa::path(
    post,
    path = "/v1/validate",
    tag = "validate",
    params(("all" = Option<bool>, Query, description = "Every failure instead of the first.")),
    request_body = schema::ValidateBody,
    responses(
        (status = 200, description = "The artifact passed.", body = schema::ValidateAnswer),
        (status = 400, description = "The request is not of its form.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than the limit.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 422, description = "The artifact did not pass.", body = schema::ValidationRefusal),
    ),
)]
pub(super) async fn validate(
    State(service): State<Arc<Validate>>,
    RawQuery(query): RawQuery,
    body: Result<WholeBody, Problem>,
) -> Result<Response, Problem> {
    let mode = read_mode(query.as_deref().unwrap_or_default())?;
    let body = body?;
    let json = body.json()?;
    let object = json.as_object().ok_or(json::BodyError::NotAnObject)?;
    let request = ValidateRequest::read(object)?;

    let roster = service.roster.get();
    let begun = Instant::now();
    let ValidateRequest {
        kind,
        artifact,
        context,
    } = request;
    let outcome = lakehouse_validate::validate(kind, artifact, &context, &roster, mode);
    let text = outcome.body(kind, mode, begun.elapsed());
    service.metrics.validation(kind.as_str(), outcome.verdict());
    let status = if outcome.passed() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok((status, [(header::CONTENT_TYPE, "application/json")], text).into_response())
}

/// Reads the roster file again; on a failure the roster stays as it is.
#[utoipa::path(
    post,
    path = "/v1/validate/roster/reload",
    tag = "validate",
    responses(
        (status = 200, description = "The roster was read.", body = schema::RosterAnswer),
        (status = 422, description = "The file is refused.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn reload_roster(
    State(service): State<Arc<Validate>>,
) -> Result<Response, Problem> {
    let reload = {
        let service = Arc::clone(&service);
        tokio::task::spawn_blocking(move || service.roster.reload())
    };
    let workers = reload
        .await
        .map_err(|_| Problem::new(ErrorCode::Internal, "internal error"))?
        .map_err(|error| Problem::new(ErrorCode::Unprocessable, error.to_string()))?;
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    Ok((content_type, format!("{{\"workers\":{workers}}}")).into_response())
}

/// Reads the query: `all`, which is `true` or `false`. Of several the last counts.
fn read_mode(query: &str) -> Result<Mode, Problem> {
    let parameters: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    if let Some((name, _)) = parameters.iter().find(|(name, _)| name != "all") {
        let detail = format!("unknown query parameter `{name}`; expected one of `all`");
        return Err(Problem::bad_request(detail));
    }
    match parameters.last().map(|(_, value)| &**value) {
        Some("true") => Ok(Mode::All),
        Some("false") | None => Ok(Mode::First),
        Some(_) => Err(Problem::bad_request(
            "query parameter `all` must be `true` or `false`",
        )),
    }
}
