//! The items of an index.

use std::sync::Arc;

use axum::{extract::State, http::Uri, response::Response};
use lakehouse_json as json;
use lakehouse_json::{ArrayWriter, Fields, Json, Object, ObjectWriter, push_f32};
use lakehouse_vector::{Item, Metadata};

use super::{existing, existing_of_space, index_name, item_id, no_item, read_ids, read_vector};
use crate::{
    http::{answer, body::WholeBody, problem::Problem},
    schema,
    services::vectors::Vectors,
};

/// How many items or ids one request may have.
const MOST_ITEMS: usize = 1000;
/// The longest id in bytes.
const LONGEST_ID: usize = 256;

/// Puts items in, all or none; one whose id is there replaces the one that was there.
#[utoipa::path(
    post,
    path = "/v1/vectors/indexes/{index}/items",
    tag = "vectors",
    params(("index" = String, Path, description = "The index's name.")),
    request_body = schema::vectors::ItemsBody,
    responses(
        (status = 200, description = "They are durable, and every search that begins now sees them.", body = schema::vectors::Upserted),
        (status = 400, description = "The name or the request is not of its form, or a vector is refused.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such index.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The index holds vectors of another space.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than the limit.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 507, description = "They could not be written.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn upsert(
    State(service): State<Arc<Vectors>>,
    uri: Uri,
    body: Result<WholeBody, Problem>,
) -> Result<Response, Problem> {
    let name = index_name(&uri)?;
    let (index, items) = {
        let body = body?;
        let json = body.json()?;
        let object = json.as_object().ok_or(json::BodyError::NotAnObject)?;
        let fields = Fields::new(object).only(&["items", "space"])?;
        let objects = fields.required("items", "an array of 1 to 1000 objects", objects)?;
        let space = fields.optional("space", "a string", Json::as_str)?;
        let items = read_items(&objects)?;
        (existing_of_space(&service, &name, space)?, items)
    };
    let count = items.len();
    index.upsert(items).await?;
    service.written.upserted(count);
    Ok(answer::count("upserted", count))
}

/// Takes items out.
#[utoipa::path(
    post,
    path = "/v1/vectors/indexes/{index}/items/delete",
    tag = "vectors",
    params(("index" = String, Path, description = "The index's name.")),
    request_body = schema::vectors::IdsBody,
    responses(
        (status = 200, description = "How many of them were there.", body = schema::vectors::Deleted),
        (status = 400, description = "The name or the request is not of its form.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such index.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than the limit.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 507, description = "It could not be written.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn delete_items(
    State(service): State<Arc<Vectors>>,
    uri: Uri,
    body: Result<WholeBody, Problem>,
) -> Result<Response, Problem> {
    let name = index_name(&uri)?;
    let ids: Vec<Box<str>> = {
        let body = body?;
        let json = body.json()?;
        let object = json.as_object().ok_or(json::BodyError::NotAnObject)?;
        let fields = Fields::new(object).only(&["ids"])?;
        fields.required("ids", "an array of 1 to 1000 strings", |value| {
            let ids = read_ids(value, 1..=MOST_ITEMS)?;
            Some(ids.into_iter().map(Into::into).collect())
        })?
    };
    let deleted = existing(&service, &name)?.delete(ids).await?;
    service.written.deleted(deleted);
    Ok(answer::count("deleted", deleted))
}

/// One item.
#[utoipa::path(
    get,
    path = "/v1/vectors/indexes/{index}/items/{id}",
    tag = "vectors",
    params(
        ("index" = String, Path, description = "The index's name."),
        ("id" = String, Path, description = "The item's id."),
    ),
    responses(
        (status = 200, description = "The item, its vector as it is kept.", body = schema::vectors::Item),
        (status = 400, description = "The name or the id is not of its form.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such index or item.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn item(
    State(service): State<Arc<Vectors>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let name = index_name(&uri)?;
    let id = item_id(&uri)?;
    let item = existing(&service, &name)?.get(&id);
    let item = item.ok_or_else(|| no_item(&name, id))?;
    let mut body = String::new();
    let mut object = ObjectWriter::new(&mut body);
    object.string("id", &item.id);
    object.member("vector", |out| {
        let mut array = ArrayWriter::new(out);
        for component in &item.vector {
            array.element(|out| push_f32(out, *component));
        }
        array.finish();
    });
    object.raw("metadata", item.metadata.as_str());
    object.finish();
    Ok(answer::json(body))
}

/// Takes one item out.
#[utoipa::path(
    delete,
    path = "/v1/vectors/indexes/{index}/items/{id}",
    tag = "vectors",
    params(
        ("index" = String, Path, description = "The index's name."),
        ("id" = String, Path, description = "The item's id."),
    ),
    responses(
        (status = 200, description = "It is gone.", body = schema::vectors::Deleted),
        (status = 400, description = "The name or the id is not of its form.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such index or item.", body = schema::Problem, content_type = "application/problem+json"),
        (status = 507, description = "It could not be written.", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn delete_item(
    State(service): State<Arc<Vectors>>,
    uri: Uri,
) -> Result<Response, Problem> {
    let name = index_name(&uri)?;
    let id = item_id(&uri)?;
    let deleted = existing(&service, &name)?.delete(vec![id.clone()]).await?;
    if deleted == 0 {
        return Err(no_item(&name, id));
    }
    service.written.deleted(deleted);
    Ok(answer::count("deleted", deleted))
}

fn objects<'j, 'a>(json: &'j Json<'a>) -> Option<Vec<&'j Object<'a>>> {
    let elements = json.as_array()?;
    if !(1..=MOST_ITEMS).contains(&elements.len()) {
        return None;
    }
    elements.iter().map(Json::as_object).collect()
}

fn read_items(objects: &[&Object<'_>]) -> Result<Vec<Item>, Problem> {
    let read = |(at, object): (usize, &&Object<'_>)| {
        read_item(object).map_err(|problem| {
            let detail = problem.detail();
            Problem::bad_request(format!("item {at}: {detail}"))
        })
    };
    objects.iter().enumerate().map(read).collect()
}

fn read_item(object: &Object<'_>) -> Result<Item, Problem> {
    let fields = Fields::new(object).only(&["id", "vector", "metadata"])?;
    let id = fields.required("id", "a string of 1 to 256 bytes", read_id)?;
    let vector = read_vector(&fields)?;
    let metadata = fields.optional("metadata", "an object", read_metadata)?;
    Ok(Item {
        id: id.into(),
        vector,
        metadata: metadata.unwrap_or_default(),
        text: None,
    })
}

/// A string of 1 to 256 bytes.
pub(crate) fn read_id<'j>(json: &'j Json<'_>) -> Option<&'j str> {
    let id = json.as_str()?;
    (1..=LONGEST_ID).contains(&id.len()).then_some(id)
}

/// An object, carried over.
pub(crate) fn read_metadata(json: &Json<'_>) -> Option<Metadata> {
    Metadata::from_json(json).ok()
}
