//! The routes, a file per surface.

pub mod embed;
pub mod iterate;
pub mod matrix;
pub mod operations;
pub mod playbook;
pub mod validate;
pub mod vectors;

use std::sync::Arc;

use axum::routing::get;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// Routes whose last segment could be an id: of each, its pattern and that of the ids. A path of
/// the first has the methods of the second, too.
pub(crate) const IN_PLACE_OF_AN_ID: [(&str, &str); 2] = [
    (DELETE_ITEMS, "/v1/vectors/indexes/{index}/items/{id}"),
    (RECORD, "/v1/matrix/playbooks/{id}"),
];
const DELETE_ITEMS: &str = "/v1/vectors/indexes/{index}/items/delete";
const RECORD: &str = "/v1/matrix/playbooks/record";

/// The routes that count against the limits on time and number.
pub(crate) fn limited() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::default()
        .routes(routes!(embed::embed))
        .routes(routes!(embed::legacy_embed))
        .routes(routes!(validate::validate))
        .routes(routes!(validate::reload_roster))
        .routes(routes!(iterate::iterate))
        .routes(routes!(vectors::indexes::list))
        .routes(routes!(
            vectors::indexes::make,
            vectors::indexes::describe,
            vectors::indexes::drop_index
        ))
        .routes(routes!(vectors::indexes::legacy_drop_index))
        .routes(routes!(vectors::items::upsert))
        .routes(routes!(vectors::items::delete_items))
        .route(
            DELETE_ITEMS,
            get(vectors::items::item).delete(vectors::items::delete_item),
        )
        .routes(routes!(vectors::items::item, vectors::items::delete_item))
        .routes(routes!(vectors::search::search))
        .routes(routes!(matrix::corpora::list))
        .routes(routes!(
            matrix::corpora::make,
            matrix::corpora::describe,
            matrix::corpora::drop_corpus
        ))
        .routes(routes!(matrix::documents::take))
        .routes(routes!(
            matrix::documents::document,
            matrix::documents::delete_document
        ))
        .routes(routes!(matrix::search::search))
        .routes(routes!(matrix::search::retrieve))
        .routes(routes!(matrix::legacy::search))
        .routes(routes!(matrix::legacy::hybrid))
        .routes(routes!(playbook::record))
        .route(
            RECORD,
            get(playbook::recording).delete(playbook::delete_recording),
        )
        .routes(routes!(playbook::recording, playbook::delete_recording))
}

/// The routes by which a process is watched: they answer when everything is busy too.
pub(crate) fn unlimited() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::default()
        .routes(routes!(operations::health))
        .routes(routes!(operations::ready))
        .routes(routes!(operations::metrics))
        .routes(routes!(operations::openapi))
}
