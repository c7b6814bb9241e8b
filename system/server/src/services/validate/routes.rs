//! `/v1/validate` and `/v1/iterate`.

mod iterate;
mod validate;

use std::sync::Arc;

use utoipa_axum::{router::OpenApiRouter, routes};

use super::Validate;

pub(super) fn routes() -> OpenApiRouter<Arc<Validate>> {
    OpenApiRouter::default()
        .routes(routes!(validate::validate))
        .routes(routes!(validate::reload_roster))
        .routes(routes!(iterate::iterate))
}
