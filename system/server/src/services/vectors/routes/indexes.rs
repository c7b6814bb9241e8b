//! Making, describing and dropping indexes.

use std::sync::Arc;

use axum::{extract::State, http::Uri, response::Response};
use lakehouse_json as json;
use lakehouse_json::{Fields, Json, ObjectWriter};
use lakehouse_vector::{Index, IndexConfig, IndexName, Metric, VectorError};

use super::{existing, index_name};
use crate::{
    http::{answer, body::WholeBody, path, problem::Problem},
    schema,
    services::vectors::Vectors,
};

/// Makes an index.
#[utoipa::path(
    put,
    path = "/v1/vectors/indexes/{index}",
    tag = "vectors",
    params(("index" = String, Path, description = "The index's name.")),
    request_body = schema::vectors::IndexBody,
    responses(
        (status = 200, description = "It exists, made of the same.", body = schema::vectors::IndexDescription),
        (status = 201, description = "It was made.", body = schema::vectors::IndexDescription),
        (status = 400, description = "The name or the request is not of its form.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 409, description = "It exists, made of something else.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than the limit.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 507, description = "It could not be written.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn make(
    State(service): State<Arc<Vectors>>,
    uri: Uri,
    body: Result<WholeBody, Problem>,
) -> Result<Response, Problem> {
    let name = index_name(&uri)?;
    let config = {
        let body = body?;
        let json = body.json()?;
        read_config(&json)?
    };
    let (index, is_new) = service.engine.create(&name, config).await?;
    Ok(answer::made(is_new, description(&index)))
}

/// All indexes, by name.
#[utoipa::path(
    get,
    path = "/v1/vectors/indexes",
    tag = "vectors",
    responses((status = 200, description = "Their descriptions.", body = schema::vectors::IndexList)),
)]
pub(super) async fn list(State(service): State<Arc<Vectors>>) -> Response {
    let indexes = service.engine.list();
    answer::list("indexes", indexes.iter().map(|index| description(index)))
}

/// What an index is.
#[utoipa::path(
    get,
    path = "/v1/vectors/indexes/{index}",
    tag = "vectors",
    params(("index" = String, Path, description = "The index's name.")),
    responses(
        (status = 200, description = "Its description.", body = schema::vectors::IndexDescription),
        (status = 400, description = "The name is not of its form.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such index.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn describe(
    State(service): State<Arc<Vectors>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let index = existing(&service, &index_name(&uri)?)?;
    Ok(answer::json(description(&index)))
}

/// Drops an index with all its items.
#[utoipa::path(
    delete,
    path = "/v1/vectors/indexes/{index}",
    tag = "vectors",
    params(("index" = String, Path, description = "The index's name.")),
    responses(
        (status = 200, description = "It is gone.", body = schema::vectors::Dropped),
        (status = 400, description = "The name is not of its form.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such index.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 507, description = "It could not be written.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn drop_index(
    State(service): State<Arc<Vectors>>,
    uri: Uri,
) -> Result<Response, Problem> {
    answer_drop(&service, &index_name(&uri)?).await
}

/// Drops an index, in the legacy dialect.
#[utoipa::path(
    delete,
    path = "/vectors/index/{index}",
    tag = "vectors",
    params(("index" = String, Path, description = "The index's name.")),
    responses(
        (status = 200, description = "It is gone.", body = schema::vectors::Dropped),
        (status = 400, description = "The name is not of its form.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such index.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 507, description = "It could not be written.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn legacy_drop_index(
    State(service): State<Arc<Vectors>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let name = IndexName::parse(path::segment(&uri, 2))?;
    answer_drop(&service, &name).await
}

async fn answer_drop(service: &Vectors, name: &IndexName) -> Result<Response, Problem> {
    let name = name.as_str();
    if !service.engine.drop_index(name).await? {
        return Err(VectorError::UnknownIndex(name.into()).into());
    }
    Ok(answer::dropped(name))
}

fn read_config(json: &Json<'_>) -> Result<IndexConfig, Problem> {
    let object = json.as_object().ok_or(json::BodyError::NotAnObject)?;
    let fields = Fields::new(object).only(&["dimension", "distance", "backend", "space"])?;
    let dimension = fields.required("dimension", "an integer from 1 to 4096", |value| {
        let dimension = usize::try_from(value.as_integer()?).ok()?;
        (1..=super::MOST_COMPONENTS)
            .contains(&dimension)
            .then_some(dimension)
    })?;
    let must_be = "`cosine`, `euclidean` or `dot`";
    let distance = fields.optional("distance", must_be, |value| match value.as_str()? {
        "cosine" => Some(Metric::Cosine),
        "euclidean" => Some(Metric::Euclidean),
        "dot" => Some(Metric::Dot),
        _ => None,
    })?;
    fields.optional("backend", "`hnsw`", |value| {
        (value.as_str()? == "hnsw").then_some(())
    })?;
    let space = fields.optional("space", "a string", Json::as_str)?;
    Ok(IndexConfig {
        dimension,
        distance: distance.unwrap_or(Metric::Cosine),
        space: space.map(str::to_owned),
    })
}

fn description(index: &Index) -> String {
    let config = index.config();
    let mut text = String::new();
    let mut object = ObjectWriter::new(&mut text);
    object
        .string("name", index.name().as_str())
        .count("dimension", config.dimension)
        .string("distance", config.distance_name())
        .string("backend", "hnsw")
        .optional_string("space", config.space.as_deref())
        .count("items", index.len());
    object.finish();
    text
}
