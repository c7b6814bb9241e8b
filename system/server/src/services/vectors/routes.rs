//! `/v1/vectors`: indexes, their items, and the nearest of them.

mod indexes;
pub(crate) mod items;
pub(crate) mod search;

use std::{ops::RangeInclusive, sync::Arc};

use axum::{http::Uri, routing::get};
use lakehouse_json::{Fields, Json};
use lakehouse_vector::{Index, IndexName, VectorError};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Vectors;
use crate::http::{path, problem::Problem};

/// The most components of a vector.
const MOST_COMPONENTS: usize = 4096;
/// No component is further from 0.
const COMPONENT_LIMIT: u64 = 1_000_000_000_000_000;

pub(super) fn routes() -> OpenApiRouter<Arc<Vectors>> {
    OpenApiRouter::default()
        .routes(routes!(indexes::list))
        .routes(routes!(
            indexes::make,
            indexes::describe,
            indexes::drop_index
        ))
        .routes(routes!(indexes::legacy_drop_index))
        .routes(routes!(items::upsert))
        .routes(routes!(items::delete_items))
        // An item may be called `delete`.
        .route(
            "/v1/vectors/indexes/{index}/items/delete",
            get(items::item).delete(items::delete_item),
        )
        .routes(routes!(items::item, items::delete_item))
        .routes(routes!(search::search))
}

/// The index that `/v1/vectors/indexes/{index}/…` names, as far as its form goes.
fn index_name(uri: &Uri) -> Result<IndexName, Problem> {
    Ok(IndexName::parse(path::segment(uri, 3))?)
}

/// The item that `/v1/vectors/indexes/{index}/items/{id}` names.
fn item_id(uri: &Uri) -> Result<Box<str>, Problem> {
    path::decoded(path::segment(uri, 5))
        .map(Into::into)
        .ok_or_else(|| Problem::bad_request("item id is not valid UTF-8"))
}

fn existing(service: &Vectors, name: &IndexName) -> Result<Arc<Index>, Problem> {
    let name = name.as_str();
    service
        .engine
        .get(name)
        .ok_or_else(|| VectorError::UnknownIndex(name.into()).into())
}

/// The index, which holds vectors of the space that is given, if one is.
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

fn read_vector(fields: &Fields<'_, '_>) -> Result<Vec<f32>, Problem> {
    let must_be = "an array of 1 to 4096 numbers";
    Ok(fields.required("vector", must_be, components)?)
}

/// A component beyond the limit is made infinite: that it is beyond is told by its digits, which
/// nobody sees any more when the vector is checked.
fn components(json: &Json<'_>) -> Option<Vec<f32>> {
    let elements = json.as_array()?;
    if !(1..=MOST_COMPONENTS).contains(&elements.len()) {
        return None;
    }
    let component = |element: &Json<'_>| {
        let number = element.as_number()?;
        let value = number.as_f64();
        let is_clearly_within = value.abs() < COMPONENT_LIMIT as f64;
        if is_clearly_within || number.is_within(COMPONENT_LIMIT) {
            Some(value as f32)
        } else {
            Some(f32::INFINITY)
        }
    };
    elements.iter().map(component).collect()
}

/// An array of strings, of a length within `range`.
fn read_ids<'j>(json: &'j Json<'_>, range: RangeInclusive<usize>) -> Option<Vec<&'j str>> {
    let elements = json.as_array()?;
    if !range.contains(&elements.len()) {
        return None;
    }
    elements.iter().map(Json::as_str).collect()
}
