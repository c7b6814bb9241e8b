//! The routes, a file per surface.

pub mod embed;
pub mod iterate;
pub mod operations;
pub mod validate;

use std::sync::Arc;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::App;

/// The routes that count against the limits on time and number.
pub(crate) fn limited() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::default()
        .routes(routes!(embed::embed))
        .routes(routes!(embed::legacy_embed))
        .routes(routes!(validate::validate))
        .routes(routes!(validate::reload_roster))
        .routes(routes!(iterate::iterate))
}

/// The routes by which a process is watched: they answer when everything is busy too.
pub(crate) fn unlimited() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::default()
        .routes(routes!(operations::health))
        .routes(routes!(operations::ready))
        .routes(routes!(operations::metrics))
        .routes(routes!(operations::openapi))
}
