//! `POST /v1/validate` and `POST /v1/validate/roster/reload`.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use lakehouse_base::ErrorCode;
use lakehouse_validate::Mode;
use lakehouse_wire::{
    AtLeast, read_body,
    validate::{
        AllFailures, EXAMPLE, RosterReloaded, ValidateAnswer, ValidateRequest, ValidationRefusal,
    },
};

use crate::{
    http::{answer, body::WholeBody, problem::Problem, route::Route},
    services::validate::{Validate, convert},
};

pub(super) fn routes() -> [Route<Arc<Validate>>; 2] {
    [
        Route::post("/v1/validate", validate)
            .named("validate", "Check a drafted artifact before it is sent")
            .query_parameter::<AllFailures>()
            .request::<ValidateRequest>(EXAMPLE)
            .response::<ValidateAnswer>(200, "The artifact passed.")
            .response::<ValidationRefusal>(422, "The artifact did not pass."),
        Route::post("/v1/validate/roster/reload", reload_roster)
            .named("reloadRoster", "Read the roster file again")
            .response::<RosterReloaded>(200, "The roster was read.")
            .problem(422, "The file is rejected, and the roster stays as it is."),
    ]
}

async fn validate(
    State(service): State<Arc<Validate>>,
    RawQuery(query): RawQuery,
    body: Result<WholeBody, Problem>,
) -> Result<Response, Problem> {
    let mode = read_mode(query.as_deref().unwrap_or_default())?;
    let body = body?;
    let json = body.json()?;
    let ValidateRequest {
        kind,
        artifact,
        context,
    } = read_body(&json)?;
    let (kind, context) = (convert::kind_of(kind), convert::context(context)?);

    let roster = service.roster.get();
    let begun = Instant::now();
    let outcome = lakehouse_validate::validate(kind, artifact.0, &context, &roster, mode);
    let text = convert::outcome(&outcome, kind, mode, begun.elapsed());
    service.metrics.validation(kind.as_str(), outcome.verdict());
    let status = if outcome.passed() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(answer::json(status, text))
}

async fn reload_roster(State(service): State<Arc<Validate>>) -> Result<Response, Problem> {
    let reload = {
        let service = Arc::clone(&service);
        tokio::task::spawn_blocking(move || service.roster.reload())
    };
    let workers = reload
        .await
        .map_err(|_| Problem::new(ErrorCode::Internal, "internal error"))?
        .map_err(|refused| {
            tracing::warn!(error = %refused, "the roster stays as it is");
            Problem::new(ErrorCode::Unprocessable, refused.detail())
        })?;
    let workers = AtLeast::from_length(workers);
    Ok(answer::ok(&RosterReloaded { workers }))
}

/// Reads the query: `all`, which is `true` or `false`. The last of several counts.
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
