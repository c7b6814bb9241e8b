//! The nearest items to a vector.

use std::sync::Arc;

use axum::{extract::State, http::Uri, response::Response};
use lakehouse_vector::Search;
use lakehouse_wire::{
    read_body,
    vectors::{IndexName, SEARCH_EXAMPLE, VectorSearch, VectorSearchAnswer},
};

use super::{OTHER_SPACE, UNKNOWN_INDEX, existing_of_space, index_name};
use crate::{
    http::{answer, body::WholeBody, problem::Problem, route::Route},
    services::vectors::{Vectors, convert},
};

pub(super) fn routes() -> [Route<Arc<Vectors>>; 1] {
    [Route::post("/v1/vectors/indexes/{index}/search", search)
        .named("searchIndex", "Find the items nearest to a vector")
        .path_parameter::<IndexName>()
        .request::<VectorSearch>(SEARCH_EXAMPLE)
        .response::<VectorSearchAnswer>(200, "The nearest items that pass the filter.")
        .problem(
            400,
            "The request is not as described, or the vector is rejected.",
        )
        .problem(404, UNKNOWN_INDEX)
        .problem(409, OTHER_SPACE)]
}

async fn search(
    State(service): State<Arc<Vectors>>,
    uri: Uri,
    body: Result<WholeBody, Problem>,
) -> Result<Response, Problem> {
    let name = index_name(&uri)?;
    let body = body?;
    let json = body.json()?;
    let request: VectorSearch = read_body(&json)?;
    let filter = request.filter.as_ref().map(convert::filter);
    let exclude_ids = request.exclude_ids.map_or_else(Vec::new, |ids| ids.0);

    let index = existing_of_space(&service, &name, request.space)?;
    let search = Search {
        filter: filter.as_ref(),
        exclude_ids: &exclude_ids,
        ef: request.ef.map(|ef| ef.as_usize()),
        ..Search::new(&request.vector.0, request.k.as_usize())
    };
    let hits = index.search(&search).await?;
    let notices = filter.as_ref().map(|filter| index.notices(filter));
    let notices = notices.into_iter().flatten();
    let notices: Vec<_> = notices
        .map(|notice| format!("filter: no item {notice}"))
        .collect();
    service.searches.increment(1);
    Ok(answer::ok(&VectorSearchAnswer {
        hits: hits.iter().map(convert::hit).collect(),
        notices: convert::notices(&notices),
    }))
}
