//! `/v1/matrix/playbooks`: recorded answers.

use std::{borrow::Cow, sync::Arc};

use axum::{extract::State, http::Uri, response::Response};
use lakehouse_validate::why_not_recorded;
use lakehouse_wire::{
    AtLeast,
    playbook::{RECORD_EXAMPLE, RecordAnswer, Recorded, Recording, RecordingId},
    read_body,
    vectors::Deleted,
};

use super::{MODEL_FAILED, NOT_WRITTEN};
use crate::{
    http::{answer, body::WholeBody, path, problem::Problem, route::Route},
    services::matrix::{MatrixService, convert},
};

const RECORDING: &str = "/v1/matrix/playbooks/{id}";
const UNKNOWN_RECORDING: &str = "There is no such recording.";

pub(super) fn routes() -> [Route<Arc<MatrixService>>; 3] {
    [
        Route::post("/v1/matrix/playbooks/record", record)
            .named("recordAnswer", "Record an answer")
            .request::<RecordAnswer>(RECORD_EXAMPLE)
            .response::<Recorded>(200, "It was recorded.")
            .problem(
                400,
                "The request is not as described, the text is blank or must not be kept, or the \
                 memory holds vectors of another dimension.",
            )
            .problem(404, "There is no such corpus or document.")
            .problem(409, "The memory is an index without a model.")
            .problem(502, MODEL_FAILED)
            .problem(507, NOT_WRITTEN),
        Route::get(RECORDING, recording)
            .named("getRecording", "Get a recording")
            .path_parameter::<RecordingId>()
            .response::<Recording>(200, "The recording.")
            .problem(404, UNKNOWN_RECORDING),
        Route::delete(RECORDING, delete_recording)
            .named("deleteRecording", "Delete a recording")
            .path_parameter::<RecordingId>()
            .response::<Deleted>(200, "It was deleted.")
            .problem(404, UNKNOWN_RECORDING)
            .problem(507, NOT_WRITTEN),
    ]
}

async fn record(
    State(service): State<Arc<MatrixService>>,
    body: WholeBody,
) -> Result<Response, Problem> {
    let json = body.json()?;
    let request: RecordAnswer = read_body(&json)?;
    let recording = convert::new_recording(&request)?;
    if let Some(reason) = why_not_recorded(request.query_text.0, request.role) {
        return Err(Problem::bad_request(reason));
    }
    let recorded = service.matrix.record(recording).await?;
    service.written.upserted(1);
    Ok(answer::ok(&convert::recorded(&recorded)))
}

async fn recording(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let recording = service.matrix.recording(&recording_id(&uri))?;
    Ok(answer::ok(&convert::recording(&recording)))
}

async fn delete_recording(
    State(service): State<Arc<MatrixService>>,
    uri: Uri,
) -> Result<Response, Problem> {
    service.matrix.delete_recording(&recording_id(&uri)).await?;
    service.written.deleted(1);
    let deleted = AtLeast::new(1);
    Ok(answer::ok(&Deleted { deleted }))
}

/// The id in the path; one that is not UTF-8 stays encoded, and matches no recording.
fn recording_id(uri: &Uri) -> Cow<'_, str> {
    let segment = path::segment(uri, 3);
    path::decoded(segment).map_or(Cow::Borrowed(segment), Cow::Owned)
}
