//! The nearest items to a vector.

use std::sync::Arc;

use axum::{extract::State, http::Uri, response::Response};
use lakehouse_json as json;
use lakehouse_json::{ArrayWriter, Fields, Json, ObjectWriter};
use lakehouse_vector::{Filter, Hit, Search};

use super::{existing_of_space, index_name, read_ids, read_vector};
use crate::{
    http::{answer, body::WholeBody, problem::Problem},
    schema,
    services::vectors::Vectors,
};

/// How many hits there are without `k`.
const DEFAULT_K: usize = 10;
const MOST_HITS: i64 = 1000;
const MOST_EXCLUDED: usize = 10_000;
const WIDEST: i64 = 10_000;

/// The items nearest to a vector.
#[utoipa::path(
    post,
    path = "/v1/vectors/indexes/{index}/search",
    tag = "vectors",
    params(("index" = String, Path, description = "The index's name.")),
    request_body = schema::vectors::SearchBody,
    responses(
        (status = 200, description = "The nearest items that pass, nearest first, those of equal distance by id.", body = schema::vectors::SearchAnswer),
        (status = 400, description = "The name or the request is not of its form, or the vector is refused.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such index.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The index holds vectors of another space.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than the limit.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn search(
    State(service): State<Arc<Vectors>>,
    uri: Uri,
    body: Result<WholeBody, Problem>,
) -> Result<Response, Problem> {
    let name = index_name(&uri)?;
    let body = body?;
    let json = body.json()?;
    let object = json.as_object().ok_or(json::BodyError::NotAnObject)?;
    let known = ["vector", "k", "filter", "exclude_ids", "ef", "space"];
    let fields = Fields::new(object).only(&known)?;
    let vector = read_vector(&fields)?;
    let k = read_k(&fields, "k")?;
    let filter = read_filter(object)?;
    let exclude_ids = read_exclude_ids(&fields)?;
    let ef = fields.optional("ef", "an integer from 1 to 10000", |value| {
        integer_up_to(value, WIDEST)
    })?;
    let space = fields.optional("space", "a string", Json::as_str)?;

    let index = existing_of_space(&service, &name, space)?;
    let search = Search {
        vector: &vector,
        k,
        filter: filter.as_ref(),
        exclude_ids: &exclude_ids,
        only_ids: None,
        ef,
    };
    let hits = index.search(&search).await?;
    service.searches.increment(1);
    Ok(answer::json(write(&hits)))
}

/// How many hits are asked for, in a field of that name.
pub(crate) fn read_k(fields: &Fields<'_, '_>, name: &str) -> Result<usize, Problem> {
    let k = fields.optional(name, "an integer from 1 to 1000", |value| {
        integer_up_to(value, MOST_HITS)
    })?;
    Ok(k.unwrap_or(DEFAULT_K))
}

/// The field `filter`.
pub(crate) fn read_filter(object: &json::Object<'_>) -> Result<Option<Filter>, Problem> {
    let filter = object.get_some("filter");
    Ok(filter
        .map(|json| Filter::read(json, "filter"))
        .transpose()?)
}

/// The field `exclude_ids`.
pub(crate) fn read_exclude_ids<'j>(fields: &Fields<'j, '_>) -> Result<Vec<&'j str>, Problem> {
    let must_be = "an array of at most 10000 strings";
    let ids = fields.optional("exclude_ids", must_be, |value| {
        read_ids(value, 0..=MOST_EXCLUDED)
    })?;
    Ok(ids.unwrap_or_default())
}

fn integer_up_to(json: &Json<'_>, most: i64) -> Option<usize> {
    let integer = json.as_integer()?;
    let integer = (1..=most).contains(&integer).then_some(integer)?;
    usize::try_from(integer).ok()
}

fn write(hits: &[Hit]) -> String {
    let members: usize = hits
        .iter()
        .map(|hit| hit.id.len() + hit.metadata.as_str().len() + 48)
        .sum();
    let mut body = String::with_capacity(members + 16);
    let mut object = ObjectWriter::new(&mut body);
    object.member("hits", |out| {
        let mut array = ArrayWriter::new(out);
        for hit in hits {
            array.element(|out| {
                let mut object = ObjectWriter::new(out);
                object
                    .string("id", &hit.id)
                    .f32("distance", hit.distance)
                    .raw("metadata", hit.metadata.as_str());
                object.finish();
            });
        }
        array.finish();
    });
    object.finish();
    body
}
