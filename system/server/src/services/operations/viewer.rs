//! `/docs`: a page that shows the OpenAPI document with Swagger UI, which is part of the binary.
//!
//! The page and its files are not operations, so the document does not have them.

use std::{borrow::Cow, sync::Arc};

use axum::{
    body::Bytes,
    http::header,
    response::{IntoResponse, Response},
};
use utoipa_swagger_ui::Config;

use crate::http::route::Route;

/// Lets the browser load from this server alone. Swagger UI sets styles in elements, and its style
/// sheet has images in it.
const SECURITY_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
                               img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

/// The files of Swagger UI that the page loads, with their content types.
const SWAGGER_UI: [(&str, &str); 2] = [
    ("/docs/swagger-ui.css", "text/css; charset=utf-8"),
    (
        "/docs/swagger-ui-bundle.js",
        "text/javascript; charset=utf-8",
    ),
];

/// The page and its files.
pub fn pages() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/docs", page),
        Route::get("/docs/page.js", script),
    ];
    routes.extend(SWAGGER_UI.map(|(path, content_type)| swagger_ui(path, content_type)));
    routes
}

async fn page() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, SECURITY_POLICY),
    ];
    (headers, include_str!("viewer/page.html")).into_response()
}

async fn script() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, include_str!("viewer/page.js")).into_response()
}

fn swagger_ui(path: &'static str, content_type: &'static str) -> Route {
    let name = path.trim_start_matches("/docs/");
    let file = utoipa_swagger_ui::serve(name, Arc::new(Config::default()))
        .ok()
        .flatten()
        .expect("Swagger UI has the file, as a test checks");
    let bytes = match file.bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    let headers = [
        (header::CONTENT_TYPE, content_type),
        // The binary contains the files in compressed form only.
        (header::CONTENT_ENCODING, "gzip"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
    ];
    Route::get(path, async move || (headers, bytes.clone()).into_response())
}
