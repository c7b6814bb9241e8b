//! Creating, describing and dropping indexes.

use std::sync::Arc;

use axum::{extract::State, http::Uri, response::Response};
use lakehouse_vector::{IndexName, VectorError};
use lakehouse_wire::{
    read_body,
    vectors::{self as wire, CREATE_EXAMPLE, CreateIndex, Dropped, IndexDescription, IndexList},
};

use super::{NOT_WRITTEN, UNKNOWN_INDEX, existing, index_name};
use crate::{
    http::{answer, body::WholeBody, path, problem::Problem, route::Route},
    services::vectors::{Vectors, convert},
};

const INDEXES: &str = "/v1/vectors/indexes";
const INDEX: &str = "/v1/vectors/indexes/{index}";
const BAD_NAME: &str = "The name is not as described.";

pub(super) fn routes() -> [Route<Arc<Vectors>>; 5] {
    [
        Route::get(INDEXES, list)
            .named("listIndexes", "List all indexes")
            .response::<IndexList>(200, "Their descriptions, by name."),
        Route::put(INDEX, create)
            .named("createIndex", "Create an index")
            .path_parameter::<wire::IndexName>()
            .request::<CreateIndex>(CREATE_EXAMPLE)
            .response::<IndexDescription>(200, "It exists with the same configuration.")
            .response::<IndexDescription>(201, "It was created.")
            .problem(409, "It exists with another configuration.")
            .problem(507, NOT_WRITTEN),
        Route::get(INDEX, describe)
            .named("describeIndex", "Describe an index")
            .path_parameter::<wire::IndexName>()
            .response::<IndexDescription>(200, "Its description.")
            .problem(400, BAD_NAME)
            .problem(404, UNKNOWN_INDEX),
        Route::delete(INDEX, drop_index)
            .named("dropIndex", "Drop an index with all its items")
            .path_parameter::<wire::IndexName>()
            .response::<Dropped>(200, "It was dropped.")
            .problem(400, BAD_NAME)
            .problem(404, UNKNOWN_INDEX)
            .problem(507, NOT_WRITTEN),
        Route::delete("/vectors/index/{index}", legacy_drop_index)
            .named("legacyDropIndex", "Drop an index, in the legacy dialect")
            .path_parameter::<wire::IndexName>()
            .response::<Dropped>(200, "It was dropped.")
            .problem(400, BAD_NAME)
            .problem(404, UNKNOWN_INDEX)
            .problem(507, NOT_WRITTEN),
    ]
}

async fn list(State(service): State<Arc<Vectors>>) -> Response {
    let indexes = service.engine.list();
    answer::ok(&IndexList {
        indexes: indexes
            .iter()
            .map(|index| convert::description(index))
            .collect(),
    })
}

async fn create(
    State(service): State<Arc<Vectors>>,
    uri: Uri,
    body: Result<WholeBody, Problem>,
) -> Result<Response, Problem> {
    let name = index_name(&uri)?;
    let config = {
        let body = body?;
        let json = body.json()?;
        convert::config(&read_body(&json)?)
    };
    let (index, is_new) = service.engine.create(&name, config).await?;
    Ok(answer::created(is_new, &convert::description(&index)))
}

async fn describe(State(service): State<Arc<Vectors>>, uri: Uri) -> Result<Response, Problem> {
    let index = existing(&service, &index_name(&uri)?)?;
    Ok(answer::ok(&convert::description(&index)))
}

async fn drop_index(State(service): State<Arc<Vectors>>, uri: Uri) -> Result<Response, Problem> {
    drop_named(&service, &index_name(&uri)?).await
}

async fn legacy_drop_index(
    State(service): State<Arc<Vectors>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let name = IndexName::parse(path::segment(&uri, 2))?;
    drop_named(&service, &name).await
}

async fn drop_named(service: &Vectors, name: &IndexName) -> Result<Response, Problem> {
    let name = name.as_str();
    if !service.engine.drop_index(name).await? {
        return Err(VectorError::UnknownIndex(name.into()).into());
    }
    Ok(answer::ok(&Dropped { dropped: name }))
}
