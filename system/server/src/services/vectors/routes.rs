//! `/v1/vectors`: indexes, their items, and the nearest of them.

mod indexes;
mod items;
mod search;

use std::sync::Arc;

use axum::http::Uri;
use lakehouse_vector::{Index, IndexName, VectorError};

use super::Vectors;
use crate::http::{
    path,
    problem::Problem,
    route::{Route, tagged},
};

pub(super) fn routes() -> impl Iterator<Item = Route<Arc<Vectors>>> {
    let routes = indexes::routes().into_iter();
    let routes = routes.chain(items::routes()).chain(search::routes());
    tagged("vectors", routes)
}

const NOT_WRITTEN: &str = "It could not be written.";
const UNKNOWN_INDEX: &str = "There is no such index.";
const OTHER_SPACE: &str = "The index holds vectors of another space.";

/// The name of the index in `/v1/vectors/indexes/{index}/…`; the index may not exist.
fn index_name(uri: &Uri) -> Result<IndexName, Problem> {
    Ok(IndexName::parse(path::segment(uri, 3))?)
}

/// The id of the item in `/v1/vectors/indexes/{index}/items/{id}`.
fn item_id(uri: &Uri) -> Result<Box<str>, Problem> {
    path::decoded(path::segment(uri, 5))
        .map(Into::into)
        .ok_or_else(|| Problem::bad_request("item id is not valid UTF-8"))
}

fn existing(service: &Vectors, name: &IndexName) -> Result<Arc<Index>, Problem> {
    let (engine, name) = (&service.engine, name.as_str());
    engine.get(name).ok_or_else(|| {
        let damage = engine.damage(name);
        let error = damage.unwrap_or_else(|| VectorError::UnknownIndex(name.into()));
        error.into()
    })
}

/// The index, checked against the embedding space if one is given.
fn existing_of_space(
    service: &Vectors,
    name: &IndexName,
    space: Option<&str>,
) -> Result<Arc<Index>, Problem> {
    let index = existing(service, name)?;
    let holds = &index.config().space;
    match space {
        Some(given) if holds.as_deref() != Some(given) => Err(VectorError::Space {
            index: name.as_str().into(),
            holds: holds.clone(),
            given: given.to_owned(),
        }
        .into()),
        _ => Ok(index),
    }
}

fn no_item(index: &IndexName, id: Box<str>) -> Problem {
    let index = index.as_str().into();
    VectorError::UnknownItem { index, id }.into()
}
