//! The items of an index.

use std::sync::Arc;

use axum::{extract::State, http::Uri, response::Response};
use lakehouse_wire::{
    AtLeast, read_body,
    vectors::{
        DELETE_EXAMPLE, DeleteItems, Deleted, IndexName, Item, ItemId, UPSERT_EXAMPLE, UpsertItems,
        Upserted,
    },
};

use super::{
    NOT_WRITTEN, OTHER_SPACE, UNKNOWN_INDEX, existing, existing_of_space, index_name, item_id,
    no_item,
};
use crate::{
    http::{answer, body::WholeBody, problem::Problem, route::Route},
    services::vectors::{Vectors, convert},
};

const ITEM: &str = "/v1/vectors/indexes/{index}/items/{id}";
const BAD_NAME: &str = "The name or the id is not as described.";
const UNKNOWN_ITEM: &str = "There is no such index or item.";

pub(super) fn routes() -> [Route<Arc<Vectors>>; 4] {
    [
        Route::post("/v1/vectors/indexes/{index}/items", upsert)
            .named("upsertItems", "Insert or replace items, all or none")
            .path_parameter::<IndexName>()
            .request::<UpsertItems>(UPSERT_EXAMPLE)
            .response::<Upserted>(
                200,
                "They are durable, and every search that begins now sees them.",
            )
            .problem(
                400,
                "The request is not as described, or a vector is rejected.",
            )
            .problem(404, UNKNOWN_INDEX)
            .problem(409, OTHER_SPACE)
            .problem(507, NOT_WRITTEN),
        Route::post("/v1/vectors/indexes/{index}/items/delete", delete_items)
            .named("deleteItems", "Delete items")
            .path_parameter::<IndexName>()
            .request::<DeleteItems>(DELETE_EXAMPLE)
            .response::<Deleted>(200, "The index has none of them any more.")
            .problem(404, UNKNOWN_INDEX)
            .problem(507, NOT_WRITTEN),
        Route::get(ITEM, item)
            .named("getItem", "Get an item")
            .path_parameter::<IndexName>()
            .path_parameter::<ItemId>()
            .response::<Item>(200, "The item.")
            .problem(400, BAD_NAME)
            .problem(404, UNKNOWN_ITEM),
        Route::delete(ITEM, delete_item)
            .named("deleteItem", "Delete an item")
            .path_parameter::<IndexName>()
            .path_parameter::<ItemId>()
            .response::<Deleted>(200, "It was deleted.")
            .problem(400, BAD_NAME)
            .problem(404, UNKNOWN_ITEM)
            .problem(507, NOT_WRITTEN),
    ]
}

async fn upsert(
    State(service): State<Arc<Vectors>>,
    uri: Uri,
    body: Result<WholeBody, Problem>,
) -> Result<Response, Problem> {
    let name = index_name(&uri)?;
    let (index, items) = {
        let body = body?;
        let json = body.json()?;
        let request: UpsertItems = read_body(&json)?;
        let space = request.space;
        let items = convert::items(request)?;
        (existing_of_space(&service, &name, space)?, items)
    };
    let count = items.len();
    index.upsert(items).await?;
    service.written.upserted(count);
    let upserted = AtLeast::from_length(count);
    Ok(answer::ok(&Upserted { upserted }))
}

async fn delete_items(
    State(service): State<Arc<Vectors>>,
    uri: Uri,
    body: Result<WholeBody, Problem>,
) -> Result<Response, Problem> {
    let name = index_name(&uri)?;
    let ids: Vec<Box<str>> = {
        let body = body?;
        let json = body.json()?;
        let request: DeleteItems = read_body(&json)?;
        request.ids.0.into_iter().map(Into::into).collect()
    };
    let deleted = existing(&service, &name)?.delete(ids).await?;
    service.written.deleted(deleted);
    let deleted = AtLeast::from_length(deleted);
    Ok(answer::ok(&Deleted { deleted }))
}

async fn item(State(service): State<Arc<Vectors>>, uri: Uri) -> Result<Response, Problem> {
    let name = index_name(&uri)?;
    let id = item_id(&uri)?;
    let item = existing(&service, &name)?.get(&id);
    let item = item.ok_or_else(|| no_item(&name, id))?;
    Ok(answer::ok(&convert::item(&item)))
}

async fn delete_item(State(service): State<Arc<Vectors>>, uri: Uri) -> Result<Response, Problem> {
    let name = index_name(&uri)?;
    let id = item_id(&uri)?;
    let deleted = existing(&service, &name)?.delete(vec![id.clone()]).await?;
    if deleted == 0 {
        return Err(no_item(&name, id));
    }
    service.written.deleted(deleted);
    let deleted = AtLeast::from_length(deleted);
    Ok(answer::ok(&Deleted { deleted }))
}
